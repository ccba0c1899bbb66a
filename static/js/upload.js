/* Files that are large are sent in pieces and go on after a break. Without this file the form sends them at once. */
(function () {
  "use strict";

  var form = document.querySelector("form[data-pieces]");
  if (!form || !window.fetch || !window.crypto) { return; }
  var PIECE = 4 << 20;
  var WAITS = [1000, 3000, 9000];
  var inputs = Array.prototype.filter.call(form.elements, function (field) { return field.type === "file"; });

  // A file may be dropped anywhere on its paper; beside one, the browser would leave the page and open it.
  var mouse = window.matchMedia("(pointer: fine)").matches;
  document.querySelectorAll("[data-droppable]").forEach(function (hint) { hint.hidden = !mouse; });
  ["dragover", "drop"].forEach(function (kind) {
    window.addEventListener(kind, function (event) { event.preventDefault(); });
  });
  inputs.forEach(function (input) {
    var place = input.closest(".material");
    if (!place) { return; }
    place.addEventListener("dragover", function (event) { event.preventDefault(); place.classList.add("dropping"); });
    place.addEventListener("dragleave", function () { place.classList.remove("dropping"); });
    place.addEventListener("drop", function (event) {
      event.preventDefault();
      place.classList.remove("dropping");
      input.files = event.dataTransfer.files;
      input.focus();
    });
  });

  form.addEventListener("submit", function (event) {
    var button = event.submitter;
    var chosen = inputs.filter(function (input) { return input.files.length; });
    var total = 0;
    chosen.forEach(function (input) { Array.prototype.forEach.call(input.files, function (file) { total += file.size; }); });
    if (!button || button.value !== "upload" || total <= PIECE) { return; }
    event.preventDefault();
    if (form.dataset.sending) { return; }
    form.dataset.sending = "1";
    var shown = progress(chosen[0], total);
    form.querySelectorAll("input[name^='sent-']").forEach(function (left) { left.remove(); });
    sendAll(chosen, shown).then(function () {
      form.requestSubmit(button);
    }, function (fault) {
      delete form.dataset.sending;
      shown.say(fault.said || form.dataset.broken);
    });
  });

  // A page that is gone back to can send again.
  window.addEventListener("pageshow", function () { delete form.dataset.sending; });

  function progress(input, total) {
    var bar = document.createElement("progress");
    var words = document.createElement("span");
    bar.max = total;
    words.setAttribute("role", "status");
    words.className = "small";
    input.after(bar, words);
    var done = 0;
    return {
      add: function (bytes) {
        done += bytes;
        bar.value = done;
        words.textContent = form.dataset.going + " " + Math.floor(100 * done / total) + "%";
      },
      say: function (text) {
        var way = document.createElement("a");
        bar.remove();
        words.textContent = text + " ";
        words.className = "message message-warning";
        way.href = form.dataset.coming;
        way.textContent = form.dataset.comingName;
        words.append(way);
      }
    };
  }

  // One after the other: a line at a building site is thin enough for one.
  function sendAll(chosen, shown) {
    return chosen.reduce(function (before, input) {
      return before.then(function () {
        var files = Array.prototype.slice.call(input.files);
        return files.reduce(function (earlier, file) {
          return earlier.then(function () { return send(file, shown); }).then(function (id) { name(input, id); });
        }, Promise.resolve());
      });
    }, Promise.resolve()).then(function () { chosen.forEach(function (input) { input.value = ""; }); });
  }

  function name(input, id) {
    var hidden = document.createElement("input");
    hidden.type = "hidden";
    hidden.name = input.name.replace("file-", "sent-");
    hidden.value = id;
    form.append(hidden);
  }

  // The mark of a file stays: chosen again, it need not be sent again; once handed in, its address is gone.
  function mark(file) { return ["upload", file.name, file.size, file.lastModified].join("|"); }

  function known(file) { try { return localStorage.getItem(mark(file)); } catch (refused) { return null; } }

  function keep(file, id) { try { localStorage.setItem(mark(file), id); } catch (refused) { return; } }

  function send(file, shown) {
    return begun(file).then(function (coming) {
      shown.add(coming.received);
      return rest(file, coming, shown);
    }).then(function (coming) { return coming.id; });
  }

  // A file that was begun before, in this browser, goes on where it broke off.
  function begun(file) {
    var before = known(file);
    var asked = before ? ask("GET", before + "/") : Promise.reject();
    return asked.catch(function () {
      return ask("POST", "", JSON.stringify({ name: file.name, size: file.size }), "application/json");
    }).then(function (coming) { keep(file, coming.id); return coming; });
  }

  function rest(file, coming, shown) {
    if (coming.received >= file.size) { return Promise.resolve(coming); }
    var before = coming.received;
    return piece(file, coming, 0).then(function (now) {
      shown.add(now.received - before);
      return rest(file, now, shown);
    });
  }

  function piece(file, coming, tried) {
    var body = new FormData();
    body.append("offset", coming.received);
    body.append("piece", file.slice(coming.received, coming.received + PIECE), "piece");
    return ask("POST", coming.id + "/receive/", body).catch(function (fault) {
      if (tried >= WAITS.length || (fault.status && fault.status < 500 && fault.status !== 422)) { throw fault; }
      return new Promise(function (later) { setTimeout(later, WAITS[tried]); }).then(function () {
        return ask("GET", coming.id + "/");
      }).catch(function () { return coming; }).then(function (now) {
        return now.received > coming.received ? now : piece(file, coming, tried + 1);
      });
    });
  }

  function ask(method, place, body, type) {
    var headers = { "Accept": "application/json" };
    if (method === "POST") {
      headers["X-CSRFToken"] = form.querySelector("[name=csrfmiddlewaretoken]").value;
      headers["Idempotency-Key"] = Array.prototype.map.call(crypto.getRandomValues(new Uint8Array(16)), function (byte) {
        return ("0" + byte.toString(16)).slice(-2);
      }).join("");
    }
    if (type) { headers["Content-Type"] = type; }
    return fetch(form.dataset.pieces + place, { method: method, headers: headers, body: body }).then(function (answer) {
      if (answer.ok) { return answer.json(); }
      return answer.json().catch(function () { return {}; }).then(function (problem) {
        var sentences = (problem.reasons || []).concat(problem.detail || []);
        throw { status: answer.status, said: sentences.join(" ") };
      });
    });
  }
})();
