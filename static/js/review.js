/* Papers by keys, one at a time, with their pages beside the answers and the list. Without it the form does the same. */
(function () {
  "use strict";

  var place = document.querySelector("[data-review]");
  var form = place && place.querySelector("form[data-decisions]");
  if (!form) { return; }
  var papers = all(place, "[data-paper]");
  var links = all(place, "[data-go]");
  var help = document.querySelector("[data-keys]");
  var keysOn = document.querySelector("[data-keys-on]");
  var tally = form.querySelector("[data-tally]"), follows = form.querySelector("[data-follows]");
  var now = Math.max(0, links.findIndex(function (link) { return link.hasAttribute("aria-current"); }));
  var saving = false;
  var started = false;
  var wide = window.matchMedia("(min-width: 62rem)");

  function all(from, what) { return Array.prototype.slice.call(from.querySelectorAll(what)); }

  function radios(paper) { return all(paper, "input[type=radio]"); }

  function verdict(paper) {
    var chosen = radios(paper).find(function (radio) { return radio.checked; });
    return chosen ? chosen.value : "";
  }

  /* — one paper at a time — */

  function show(index, focus) {
    if (!papers[index]) { return; }
    now = index;
    papers.forEach(function (paper, at) { paper.hidden = at !== index; });
    links.forEach(function (link, at) {
      if (at === index) { link.setAttribute("aria-current", "true"); } else { link.removeAttribute("aria-current"); }
    });
    var items = papers[index].dataset.items.split(" ");
    all(place, "[data-item]").forEach(function (item) {
      item.classList.toggle("for-it", items.indexOf(item.dataset.item) >= 0);
    });
    if (focus) { links[index].focus({ preventScroll: true }); into(links[index]); }
    look(papers[index]);
  }

  // The paper begins at the top of the window; the list of papers is moved by itself.
  function into(link) {
    var list = link.closest(".review-index"), row = link.parentNode;
    if (!wide.matches && started) { papers[now].scrollIntoView({ block: "start" }); }
    if (wide.matches && (place.getBoundingClientRect().top < 0 || started)) { place.scrollIntoView({ block: "start" }); }
    if (list.scrollHeight > list.clientHeight) { list.scrollTop = row.offsetTop - list.offsetTop - list.clientHeight / 3; }
    started = true;
  }

  function onward() {
    var order = papers.map(function (_paper, at) { return (now + 1 + at) % papers.length; });
    var next = order.find(function (at) {
      var paper = papers[at];
      return at !== now && radios(paper).length && paper.dataset.stands !== "done" && !verdict(paper);
    });
    if (next === undefined) { toSave(); } else { show(next, true); }
  }

  // What each paper means for what follows, by what is decided here, else as it stands: done, back, left.
  function sum() {
    var sums = { done: 0, back: 0, left: 0 };
    papers.forEach(function (paper) {
      var word = verdict(paper), stands = paper.dataset.stands;
      if (word && stands !== "outside") { stands = word === "fine" ? "done" : "back"; }
      sums[stands] += 1;
    });
    return sums;
  }

  // One button is the next one; one that cannot be the next cannot be pressed, and a sentence says why.
  function fitting() {
    var sums = sum(), word = sums.left ? "" : sums.back ? "correct" : "accept";
    var buttons = all(form, "button[name=then]");
    var wanted = buttons.find(function (button) { return button.value === word; }) || buttons[0];
    buttons.forEach(function (button) {
      button.classList.toggle("btn-primary", button === wanted);
      button.classList.toggle("btn-outline-primary", button !== wanted);
      button.disabled = button.value === "accept" ? sums.left + sums.back > 0 : button.value === "correct" && !sums.back;
    });
    if (follows) {
      var why = sums.left ? (sums.back ? "leftBack" : "left") : sums.back ? "back" : "done";
      follows.textContent = follows.dataset[why].replace("{n}", sums.left || sums.back);
    }
    return wanted;
  }

  function toSave() { fitting().focus(); }

  /* — the drawn pages: each file of the paper after the other — */

  function look(paper) {
    var sheet = paper.querySelector("[data-sheet]");
    if (!sheet || sheet.dataset.looked) { return; }
    sheet.dataset.looked = "1";
    turn(sheet, 0, 1);
  }

  function turn(sheet, which, page) {
    var file = all(sheet, "[data-file]")[which];
    if (!file) { return; }
    pages(file).then(function (count) {
      if (page === 0) { page = count; }
      if (page > count) { if (all(sheet, "[data-file]")[which + 1]) { turn(sheet, which + 1, 1); } return; }
      sheet.dataset.at = which + "/" + page;
      draw(sheet, file, page, sheet.dataset.words.replace("{page}", page).replace("{pages}", count));
    }, function (fault) {
      if (fault.busy) { delete sheet.dataset.looked; }
      sheet.dataset.at = which + "/1";
      draw(sheet, file, 0, fault.message);
    });
  }

  function draw(sheet, file, page, words) {
    var link = sheet.querySelector("a.drawn-link");
    sheet.querySelector("[data-caption]").textContent = file.dataset.name + " · " + words;
    if (!page) { if (link) { link.remove(); } return; }
    if (!link) {
      link = document.createElement("a");
      link.className = "drawn-link";
      link.target = "_blank";
      link.append(document.createElement("img"));
      link.firstChild.className = "drawn";
      sheet.append(link);
    }
    link.href = file.dataset.file + "?page=" + page;
    link.firstChild.src = file.dataset.file + page + "/";
    link.firstChild.alt = file.dataset.name + " " + words;
  }

  function pages(file) {
    file.asked = file.asked || fetch(file.dataset.pages, { headers: { Accept: "application/json" } }).then(function (answer) {
      return answer.json().then(function (found) {
        if (found.pages) { return found.pages; }
        var fault = new Error(found.said || found.detail);
        // Others were being drawn: it is asked for again when the paper is looked at again.
        if (found.busy) { fault.busy = true; file.asked = null; }
        throw fault;
      });
    });
    return file.asked;
  }

  function leaf(step) {
    var sheet = papers[now] && papers[now].querySelector("[data-sheet]");
    if (!sheet || !sheet.dataset.at) { return; }
    var at = sheet.dataset.at.split("/").map(Number);
    if (at[1] + step >= 1) { turn(sheet, at[0], at[1] + step); } else if (at[0]) { turn(sheet, at[0] - 1, 0); }
  }

  /* — deciding — */

  function decide(word) {
    var wanted = papers[now] && radios(papers[now]).find(function (radio) { return radio.value === word; });
    if (wanted) { wanted.checked = true; count(); }
    return Boolean(wanted);
  }

  function reason() { return papers[now] && papers[now].querySelector("textarea"); }

  function usual(button) {
    if (!button || !decide("return")) { return; }
    reason().value = button.dataset.reason;
    onward();
  }

  function count() {
    var sums = {}, said = [];
    papers.forEach(function (paper, at) {
      var word = verdict(paper), mark = links[at].parentNode.querySelector("[data-decided]");
      mark.textContent = word ? tally.dataset[word] : "";
      mark.dataset.word = word;
      if (word) { sums[word] = (sums[word] || 0) + 1; }
    });
    sums.left = sum().left;
    ["fine", "return", "gap", "left"].forEach(function (word) {
      if (sums[word]) { said.push(tally.dataset[word] + " " + sums[word]); }
    });
    tally.textContent = said.join(" · ");
    fitting();
  }

  var acts = {
    j: function () { show(Math.min(now + 1, papers.length - 1), true); },
    k: function () { show(Math.max(now - 1, 0), true); },
    a: function () { if (decide("fine")) { onward(); } },
    r: function () { if (decide("return")) { reason().focus(); } },
    g: function () { if (decide("gap")) { onward(); } },
    u: function () { decide(""); },
    n: function () { leaf(1); },
    p: function () { leaf(-1); },
    z: function () { place.classList.toggle("review-large"); },
    s: toSave
  };
  acts.ArrowDown = acts.j;
  acts.ArrowUp = acts.k;

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !keysOn.checked) { return; }
    // A key that is held down decides once, and its Enter does not press what comes under it.
    if (event.repeat && !/^([jknp]|Arrow\w+)$/.test(event.key)) {
      if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); }
      return;
    }
    var target = event.target;
    if (target.tagName === "TEXTAREA") {
      // Enter: written, to the next one; with Shift a new line. Escape: back to the list of papers.
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing && target.value.trim()) { event.preventDefault(); onward(); }
      if (event.key === "Escape") { show(now, true); }
      return;
    }
    if (/^Arrow/.test(event.key) && !target.closest(".review-index")) { return; }
    if (/^[1-9]$/.test(event.key) && papers[now]) {
      usual(papers[now].querySelectorAll("[data-reason]")[event.key - 1]);
      return;
    }
    if (acts[event.key]) { event.preventDefault(); acts[event.key](); }
  });

  links.forEach(function (link, at) {
    link.addEventListener("click", function (event) { event.preventDefault(); show(at, true); });
  });
  place.addEventListener("click", function (event) {
    var chip = event.target.closest("[data-reason]");
    if (chip) { usual(chip); }
    var step = event.target.closest("[data-step]");
    if (step) { show(now + Number(step.dataset.step), true); }
  });
  form.addEventListener("change", count);
  form.addEventListener("submit", function () { saving = true; });
  window.addEventListener("beforeunload", function (event) {
    if (!saving && papers.some(verdict)) { event.preventDefault(); event.returnValue = tally.dataset.leave; }
  });

  // The keys can be switched off, for whoever speaks to the machine; the browser remembers it.
  try { keysOn.checked = localStorage.getItem("review-keys") !== "off"; } catch (refused) { keysOn.checked = true; }
  keysOn.addEventListener("change", function () {
    try { localStorage.setItem("review-keys", keysOn.checked ? "on" : "off"); } catch (refused) { return; }
  });
  help.hidden = !papers.some(function (paper) { return radios(paper).length; });
  all(place, "[data-usual], [data-near]").forEach(function (more) { more.hidden = false; });
  show(now, !document.querySelector(".error-summary"));
  if (papers.some(verdict)) { count(); } else { fitting(); }
})();
