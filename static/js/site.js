/* On a site without a network: what is entered stays on the device until the server has said that it has it.

   Without this file every form of the page sends itself. An entry is named here, so that sent twice it is there once;
   it belongs to whoever made it, in the office they made it in, and nobody else on this device sends or sees it.

   The survey and the check during construction are both this script. The page says what goes where: `data-entry` is the
   kind of a form's entries and `data-send` their address below `data-api`; a field goes under its name or its `data-as`,
   only while what its `data-when` names is chosen, and may not stay empty where it is `data-needed`. A form with `covers`
   names the entries of the kinds in `data-covers` that come before it; one with `data-draft` is kept while it is filled
   in, and one with `data-once` is there once. */
(function () {
  "use strict";

  var root = document.getElementById("site");
  if (!root || !window.indexedDB || !window.fetch || !window.crypto) { return; }
  var words = root.dataset;
  var bar = document.getElementById("unsent");
  var mine = Number(words.person);
  var token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  var SILENT = ["csrfmiddlewaretoken", "uid", "person", "made_at", "sha256", "covers", "drawn"];
  var SOON = 1000, EVERY = 30000, STALE = 120000;
  var store, busy = false, again = false, trouble = "", arrived = false, last = 0, notes = [], pause = SOON, retry;

  // — the device's store ————————————————————————————————————————————————————————

  var opening = indexedDB.open("chengnuo-site", 2);
  opening.onupgradeneeded = function () {
    ["entries", "arrived", "drafts"].forEach(function (kind) {
      if (!opening.result.objectStoreNames.contains(kind)) { opening.result.createObjectStore(kind, { keyPath: "uid" }); }
    });
  };
  opening.onsuccess = function () {
    store = opening.result;
    store.onversionchange = function () { store.close(); };
    begin();
  };

  function ask(kind, mode, act) {
    return new Promise(function (done, fail) {
      var work = store.transaction(kind, mode);
      var asked = act(work.objectStore(kind));
      work.oncomplete = function () { done(asked.result); };
      work.onerror = work.onabort = function () { fail(work.error); };
    });
  }

  function put(kind, row) { return ask(kind, "readwrite", function (rows) { return rows.put(row); }); }

  function drop(kind, uid) { return ask(kind, "readwrite", function (rows) { return rows.delete(uid); }); }

  // Only one's own: of what another has left on this device not even the number is said.
  function own(kind) {
    return ask(kind, "readonly", function (rows) { return rows.getAll(); }).then(function (rows) {
      return rows.filter(function (row) { return row.owner === mine; }).sort(function (a, b) { return a.n - b.n; });
    });
  }

  // — entering ——————————————————————————————————————————————————————————————————

  function name() {
    var bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = bytes[6] & 15 | 64;
    bytes[8] = bytes[8] & 63 | 128;
    var hex = Array.prototype.map.call(bytes, function (one) { return ("0" + one.toString(16)).slice(-2); }).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  function digest(file) {
    if (!crypto.subtle) { return Promise.resolve(""); }  // an address without https: the server reckons it alone
    return file.arrayBuffer().then(function (bytes) {  // a file that cannot be read is no evidence: said, not kept
      return crypto.subtle.digest("SHA-256", bytes).then(function (found) {
        return Array.prototype.map.call(new Uint8Array(found), function (one) { return ("0" + one.toString(16)).slice(-2); }).join("");
      }, function () { return ""; });
    });
  }

  // The first field of a name: of a group of choices, the first of them.
  function field(form, name) {
    var found = form.elements[name];
    return found && !found.tagName && found.length ? found[0] : found;
  }

  function chosen(form, when) {
    var parts = when.split("="), found = form.elements[parts[0]];
    return Boolean(found) && found.value === parts[1];
  }

  function counts(form, one) { return !one.dataset.when || chosen(form, one.dataset.when); }

  function said(form) {
    var found = {};
    new FormData(form).forEach(function (value, key) {
      var one = field(form, key);
      if (typeof value === "string" && value && SILENT.indexOf(key) < 0 && counts(form, one)) { found[one.dataset.as || key] = value; }
    });
    return found;
  }

  // The label of the first field that may not stay empty and is; the cursor goes there.
  function missing(form) {
    var seen = {}, found = Array.prototype.find.call(form.elements, function (one) {
      if (!("needed" in one.dataset) || seen[one.name] || !counts(form, one)) { return false; }
      seen[one.name] = true;
      var pad = one.closest(".field").querySelector("[data-pad]");
      return !form.elements[one.name].value && !(pad && pad.drawn) && !(form.mends && form.mends.file && pad);
    });
    if (!found) { return ""; }
    for (var box = found.closest("details"); box; box = box.parentElement.closest("details")) { box.open = true; }
    found.focus();
    var within = found.closest("section"), head = found.closest("fieldset") || found.closest(".field");
    var label = head.querySelector("legend, label").childNodes[0].textContent.trim();
    var code = within && within.querySelector("h3 .code");
    return words.fill + (code && code.textContent !== label ? code.textContent + " " : "") + label;
  }

  function wrong(kind, fields) {
    if (kind === "presence" && !(fields.name || "").trim()) { return words.name; }
    if (kind === "finding" && !fields.result) { return words.choose; }
    if (kind === "finding" && fields.result !== "fine" && !(fields.text || "").trim()) { return words.say; }
    return "";
  }

  function complain(form, text) {
    var shown = form.querySelector("[data-wrong]");
    if (!shown) {
      shown = document.createElement("p");
      shown.className = "message message-error";
      shown.setAttribute("role", "alert");
      shown.dataset.wrong = "";
      form.prepend(shown);
    }
    shown.hidden = !text;
    shown.textContent = text;
  }

  function take(kind, form, holder) {
    var fields = said(form), text = wrong(kind, fields) || missing(form), pad = form.querySelector("[data-pad]");
    var upload = form.elements.upload, file = upload && counts(form, upload) && upload.files[0] || null, before = form.mends;
    if (!file && before && before.file && counts(form, upload) && !(pad && pad.drawn)) {  // what was chosen or drawn before
      file = before.file;
      if (before.fields.drawn) { fields.drawn = before.fields.drawn; }
    }
    if (kind === "photo" && !file) { return; }
    complain(form, text);
    if (text) { return; }
    if (file || !pad || !pad.drawn || !counts(form, upload)) { entered(kind, form, holder, fields, file); return; }
    fields.drawn = "true";
    pad.querySelector("canvas").toBlob(function (drawn) { entered(kind, form, holder, fields, drawn); }, "image/png");
  }

  // What is there once: another one waits until the first is given up; one that was refused gives way.
  function alone(kind, holder) {
    if (!("once" in holder.dataset)) { return Promise.resolve(true); }
    return own("entries").then(function (rows) {
      var before = rows.filter(function (row) { return row.page === words.page && row.kind === kind; });
      if (before.some(function (row) { return row.state === "waiting"; })) { return false; }
      return Promise.all(before.map(function (row) { return drop("entries", row.uid); })).then(function () { return true; });
    });
  }

  function entered(kind, form, holder, fields, file) {
    var point = holder.closest("[data-topic], [data-spot]"), place = point && point.place;
    if (place) { Object.keys(place).forEach(function (key) { fields[key] = place[key]; }); }
    if (point && kind === "photo") { unplace(point); }  // the next one is taken somewhere else
    last = Math.max(Date.now(), last + 1);
    var entry = {
      uid: name(), n: last, owner: mine, page: words.page, kind: kind, address: words.api + holder.dataset.send, file: file,
      parts: Boolean(file) || Boolean(form.querySelector("[data-as]")),
      label: fields.name || holder.dataset.label || "", fields: fields, words: spoken(kind), made: new Date(last).toISOString(),
      state: "waiting", typed: filled(form)
    };
    var ready = file ? digest(file).then(function (found) { if (found) { fields.sha256 = found; } }) : Promise.resolve();
    if (form.elements.covers) { ready = covered(form, holder).then(function (uids) { fields.covers = uids; }); }
    ready.then(function () { return alone(kind, holder); }).then(function (free) {
      if (!free) { complain(form, words.twice); return null; }
      if (fields.covers && !fields.covers.length && words.nothing) { complain(form, words.nothing); return null; }
      return put("entries", entry).then(function () { return mended(kind, form); }).then(function () {
        kept(kind, form, holder, entry);
      }, function () { plainly(form); });
    }, function () {
      if (!file) { plainly(form); return; }
      form.elements.upload.value = "";  // what was typed beside it stays
      complain(form, words.unread);
    });
  }

  // The device keeps nothing: the plain form still can be sent, but without a network it would take the words with it.
  function plainly(form) {
    form.querySelector("[type=submit]").hidden = false;
    if (navigator.onLine) { form.submit(); return; }
    complain(form, words.unkept);
  }

  function kept(kind, form, holder, entry) {
    if (navigator.storage && navigator.storage.persist) { navigator.storage.persist(); }
    if (!("once" in holder.dataset)) { cleared(form, holder); }
    if (kind === "presence") { listed(entry); }
    show();
    flush();
    if (kind === "finding") {
      var next = holder.closest("[data-topic]").querySelector("nav [data-go]:last-child");
      if (next && next.textContent && holder.closest("[data-topic]").nextElementSibling.dataset.topic) { go(next.dataset.go); }
    }
  }

  // — mending what was refused ————————————————————————————————————————————————————

  // The form an entry came from: of several of a kind, the one of its point.
  function source(entry) {
    return Array.prototype.find.call(document.querySelectorAll("[data-entry=" + entry.kind + "]"), function (holder) {
      var topic = holder.querySelector("form").elements.topic;
      return words.api + holder.dataset.send === entry.address && (!topic || topic.value === entry.fields.topic);
    });
  }

  // What was refused goes back into its form with the reason; it stays on the device until what is mended is kept.
  function mend(entry) {
    var holder = source(entry), form = holder.querySelector("form"), point = holder.closest("[data-topic]");
    if (point && point.hidden) { go(point.dataset.topic); }
    form.reset();
    entry.typed.forEach(function (pair) {
      var one = field(form, pair[0]);
      if (!one) { return; }
      if (one.type === "checkbox") { one.checked = true; } else { form.elements[pair[0]].value = pair[1]; }
    });
    opens(form);
    form.mends = entry;
    form.querySelector("[type=submit]").hidden = false;
    complain(form, words.refused + entry.reasons.join(" ") + " " + words.mending);
    var alert = form.querySelector("[data-wrong]");
    alert.tabIndex = -1;
    alert.focus();
    alert.scrollIntoView({ block: "center" });
  }

  function mended(kind, form) {
    var before = form.mends;
    form.mends = null;
    if (kind === "photo") { form.querySelector("[type=submit]").hidden = true; }
    return before ? drop("entries", before.uid) : null;
  }

  function cleared(form, holder) {
    form.reset();
    form.querySelectorAll("[data-pad]").forEach(wipe);
    opens(form);
    if ("draft" in holder.dataset) { drop("drafts", draft(holder)); }
  }

  function listed(entry) {
    var row = document.createElement("li");
    row.textContent = entry.fields.name + " " + (entry.fields.card || "");
    document.querySelector("[data-presence-list]").append(row);
  }

  // All that this department is known to have said here: by the page, by what has arrived since, by what waits.
  function covered(form, holder) {
    var kinds = holder.dataset.covers.split(" ");
    var known = form.elements.covers.value.split(/\s+/).filter(Boolean);
    return Promise.all([own("arrived"), own("entries")]).then(function (both) {
      both[0].concat(both[1]).forEach(function (row) {
        var counts = row.page === words.page && row.state !== "refused" && kinds.indexOf(row.kind) >= 0;
        if (counts && known.indexOf(row.uid) < 0) { known.push(row.uid); }
      });
      return known;
    });
  }

  // — sending ———————————————————————————————————————————————————————————————————

  function body(entry) {
    var all = Object.assign({ uid: entry.uid, made_at: entry.made, person: entry.owner }, entry.fields);
    if (!entry.file && !entry.parts) { return JSON.stringify(all); }
    var form = new FormData();
    Object.keys(all).forEach(function (key) {
      [].concat(all[key]).forEach(function (value) { form.append(key, value); });
    });
    if (entry.file) { form.append("upload", entry.file, entry.file.name || (entry.fields.drawn ? "signature.png" : "photo.jpg")); }
    return form;
  }

  function send(entry) {
    var headers = { "Accept": "application/json", "X-CSRFToken": token, "Idempotency-Key": entry.uid };
    if (!entry.file && !entry.parts) { headers["Content-Type"] = "application/json"; }
    return fetch(entry.address, { method: "POST", headers: headers, body: body(entry), cache: "no-store" }).then(function (answer) {
      return answer.json().catch(function () { return {}; }).then(function (found) { return { status: answer.status, ok: answer.ok, body: found }; });
    });
  }

  // Who is logged in now, and with which token: the page itself says it.
  function renew() {
    return fetch(words.page, { cache: "no-store", credentials: "same-origin" }).then(function (answer) {
      return answer.text().then(function (text) {
        var page = new DOMParser().parseFromString(text, "text/html");
        var site = page.getElementById("site");
        if (!site) { return answer.redirected ? "login" : "other"; }
        if (Number(site.dataset.person) !== mine) { return "other"; }
        token = page.querySelector("[name=csrfmiddlewaretoken]").value;
        return "";
      });
    });
  }

  function one(entry, tried) {
    return send(entry).then(function (answer) {
      if (answer.ok) { return came(entry, answer.body); }
      if (answer.status === 401) { trouble = "login"; return Promise.reject(); }
      if (answer.status === 403 && !tried) {
        return renew().then(function (what) {
          if (what) { trouble = what; return Promise.reject(); }
          return one(entry, true);
        });
      }
      if (answer.status >= 500 || answer.status === 429) { trouble = "later"; return Promise.reject(); }
      entry.reasons = [].concat(answer.body.reasons || answer.body.detail || String(answer.status));
      if (answer.status === 409 && !entry.fields.covers) { trouble = "later"; }  // not now: it stays and is tried again
      else { entry.state = "refused"; }
      return put("entries", entry);
    });
  }

  function came(entry, answer) {
    arrived = true;
    pause = SOON;
    var spoken = entry.words || words;
    if (answer.counted === false) { notes.push(title(entry) + spoken.uncounted); }
    if (entry.fields.covers && answer.counted !== false) { notes.push(spoken.signed); }
    document.querySelectorAll("[data-once][data-entry=" + entry.kind + "]").forEach(function (holder) {
      if (entry.page !== words.page) { return; }
      holder.hidden = true;
      drop("drafts", draft(holder));
    });
    return put("arrived", { uid: entry.uid, n: entry.n, owner: mine, page: entry.page, kind: entry.kind, topic: entry.fields.topic }).then(function () {
      return drop("entries", entry.uid);
    }).then(show);
  }

  // A network is said to be back before anything gets through: tried again soon, and then more and more seldom.
  function sooner() {
    clearTimeout(retry);
    retry = setTimeout(flush, pause);
    pause = Math.min(2 * pause, EVERY);
  }

  function flush() {
    if (busy) { again = true; return; }
    busy = true;
    trouble = "";
    show();
    own("entries").then(function (rows) {
      return rows.filter(function (row) { return row.state === "waiting"; }).reduce(function (before, row) {
        return before.then(function () { return one(row, false); });
      }, Promise.resolve());
    }).catch(function () {
      trouble = trouble || "later";
      if (trouble === "later" && navigator.onLine) { sooner(); }
    }).then(function () {
      busy = false;
      if (again) { again = false; flush(); return; }
      show();
    });
  }

  // — showing ———————————————————————————————————————————————————————————————————

  // What is said of an entry later: the page that sends it may be another one, which has no words for it.
  function spoken(kind) { return { title: words[kind], signed: words.signed, uncounted: words.uncounted }; }

  function title(entry) { return (entry.words ? entry.words.title : words[entry.kind] || "") + (entry.label ? " · " + entry.label : "") + " "; }

  function button(text, act) {
    var made = document.createElement("button");
    made.type = "button";
    made.className = "btn btn-outline-primary";
    made.textContent = text;
    made.addEventListener("click", function () { act(made); });
    return made;
  }

  function row(entry) {
    var shown = document.createElement("li");
    shown.textContent = title(entry);
    if (!entry.reasons) { return shown; }
    var why = document.createElement("b");
    why.textContent = (entry.state === "refused" ? words.refused : "") + entry.reasons.join(" ") + " ";
    shown.append(why);
    if (entry.state === "refused" && entry.typed && entry.page === words.page && source(entry)) {
      shown.append(button(words.mend, function () { mend(entry); }), " ");
    }
    shown.append(button(words.again, function () {
      entry.state = "waiting";
      delete entry.reasons;
      put("entries", entry).then(flush);
    }), " ", button(words.drop, function (pressed) {
      if (pressed.textContent !== words.really) { pressed.textContent = words.really; return; }
      drop("entries", entry.uid).then(show);
    }));
    return shown;
  }

  function show() {
    return own("entries").then(function (rows) {
      var state = !navigator.onLine ? "offline" : trouble || (busy && rows.length ? "sending" : "");
      var waits = rows.some(function (one) { return one.state === "waiting"; });
      bar.hidden = !(rows.length || arrived || notes.length || !navigator.onLine);
      bar.dataset.state = rows.length ? "left" : "sent";
      set("[data-count]", rows.length ? words.left.replace("{n}", rows.length) : words.allSent);
      set("[data-network]", rows.length || state === "offline" ? words[state] || "" : "");
      bar.querySelector("[data-send-now]").hidden = !waits || busy || state === "login" || state === "offline";
      bar.querySelector("[data-log-in]").hidden = state !== "login";
      var list = bar.querySelector("[data-kept]"), which = bar.querySelector("[data-which]");
      which.hidden = !(rows.length || notes.length);
      if (notes.length || rows.some(function (one) { return one.reasons; })) { which.open = true; }
      list.replaceChildren.apply(list, rows.map(row).concat(notes.map(function (text) {
        var shown = document.createElement("li");
        shown.textContent = text;
        return shown;
      })));
      return own("arrived").then(function (came) { tags(rows, came); });
    });
  }

  function set(where, text) {
    var found = bar.querySelector(where);
    if (found.textContent !== text) { found.textContent = text; }
  }

  function tags(rows, came) {
    document.querySelectorAll("[data-topic]").forEach(function (point) {
      function here(one) { return one.page === words.page && (one.topic || one.fields && one.fields.topic) === point.dataset.topic; }
      var tag = point.querySelector("[data-local]");
      tag.textContent = rows.some(here) ? words.unsent : words.arrived;
      tag.hidden = !(rows.some(here) || came.some(here));
    });
  }

  function go(topic) {
    var wanted = document.getElementById("point-" + topic);
    document.querySelectorAll("[data-topic]").forEach(function (point) { point.hidden = point !== wanted; });
    wanted.querySelector("h3").focus();
    wanted.scrollIntoView();
  }

  // A position is that of one photograph, and of the moment in which it was asked for.
  function unplace(point) {
    clearTimeout(point.fading);
    point.turn = (point.turn || 0) + 1;
    delete point.place;
    point.querySelector("[data-place-said]").textContent = "";
  }

  function locate(pressed) {
    var point = pressed.closest("[data-topic], [data-spot]"), shown = point.querySelector("[data-place-said]");
    unplace(point);
    var turn = point.turn;
    navigator.geolocation.getCurrentPosition(function (found) {
      if (turn !== point.turn) { return; }  // it comes after the photograph that it was asked for
      point.fading = setTimeout(function () { unplace(point); }, STALE);
      point.place = {
        latitude: found.coords.latitude.toFixed(6), longitude: found.coords.longitude.toFixed(6),
        accuracy: Math.round(found.coords.accuracy)
      };
      shown.textContent = words.placed + " ±" + point.place.accuracy + " m";
    }, function () { if (turn === point.turn) { shown.textContent = words.unplaced; } }, { enableHighAccuracy: true, timeout: 20000 });
  }

  // — a form that is being filled in ———————————————————————————————————————————————

  function draft(holder) { return words.page + holder.dataset.entry + mine; }

  function filled(form) {
    return Array.prototype.filter.call(form.elements, function (one) {
      var choice = one.type === "radio" || one.type === "checkbox";
      return one.name && one.type !== "hidden" && one.type !== "file" && (choice ? one.checked : one.value);
    }).map(function (one) { return [one.name, one.value]; });
  }

  function drafted(holder, form) {
    var keep = null;
    form.addEventListener("input", function () {
      clearTimeout(keep);
      keep = setTimeout(function () {
        put("drafts", { uid: draft(holder), owner: mine, n: Date.now(), values: filled(form) }).catch(function () { return null; });
      }, 300);
    });
    own("drafts").then(function (rows) {
      var mineNow = rows.filter(function (row) { return row.uid === draft(holder); })[0];
      (mineNow ? mineNow.values : []).forEach(function (pair) {
        if (form.elements[pair[0]]) { form.elements[pair[0]].value = pair[1]; }
      });
      opens(form);
    });
  }

  // What a choice asks for is opened, and what it does not is out of the way.
  function opens(form) {
    form.querySelectorAll("[data-opens]").forEach(function (box) { if (chosen(form, box.dataset.opens)) { box.open = true; } });
    form.querySelectorAll(".field [data-when]").forEach(function (one) {
      if (!one.closest("[data-opens]")) { one.closest(".field").hidden = !counts(form, one); }
    });
  }

  // — a signature drawn by hand —————————————————————————————————————————————————————

  function wipe(pad) {
    var canvas = pad.querySelector("canvas"), pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pad.drawn = false;
  }

  function pads(form) {
    var template = document.getElementById("pad");
    if (!template || !form.elements.upload || !form.elements.drawn) { return; }
    form.elements.upload.after(template.content.cloneNode(true));
    var pad = form.querySelector("[data-pad]"), canvas = pad.querySelector("canvas"), pen = canvas.getContext("2d"), down = false;
    function at(event) {
      var box = canvas.getBoundingClientRect();
      return [(event.clientX - box.left) * canvas.width / box.width, (event.clientY - box.top) * canvas.height / box.height];
    }
    wipe(pad);
    pen.lineWidth = 5;
    pen.lineCap = pen.lineJoin = "round";
    canvas.addEventListener("pointerdown", function (event) {
      down = true;
      canvas.setPointerCapture(event.pointerId);
      pen.beginPath();
      pen.moveTo.apply(pen, at(event));
      event.preventDefault();
    });
    canvas.addEventListener("pointermove", function (event) {
      if (!down) { return; }
      pen.lineTo.apply(pen, at(event));
      pen.stroke();
      pad.drawn = true;
    });
    ["pointerup", "pointercancel"].forEach(function (end) { canvas.addEventListener(end, function () { down = false; }); });
    pad.querySelector("[data-clear]").addEventListener("click", function () { wipe(pad); });
  }

  function begin() {
    document.querySelectorAll("[data-entry]").forEach(function (holder) {
      var form = holder.querySelector("form"), kind = holder.dataset.entry;
      form.addEventListener("submit", function (event) { event.preventDefault(); take(kind, form, holder); });
      form.addEventListener("change", function () { opens(form); });
      pads(form);
      opens(form);
      if ("draft" in holder.dataset) { drafted(holder, form); }
      if (kind === "photo") {
        holder.classList.add("at-once");
        form.querySelector("[type=submit]").hidden = true;
        form.elements.upload.addEventListener("change", function () { take(kind, form, holder); });
      }
    });
    document.addEventListener("click", function (event) {
      var way = event.target.closest("[data-go]");
      if (way) { event.preventDefault(); go(way.dataset.go); }
    });
    document.querySelectorAll("[data-place]").forEach(function (pressed) {
      pressed.hidden = !navigator.geolocation;
      pressed.addEventListener("click", function () { locate(pressed); });
    });
    bar.querySelector("[data-send-now]").addEventListener("click", flush);
    window.addEventListener("online", function () { pause = SOON; flush(); });
    window.addEventListener("offline", show);
    setInterval(function () { own("entries").then(function (rows) { if (rows.length) { flush(); } }); }, EVERY);
    keep();
    tidy().then(flush);
  }

  // What the page itself knows by now need not be remembered here.
  function tidy() {
    var covers = document.querySelector("[data-entry] [name=covers]"), known = covers ? covers.value.split(/\s+/) : [];
    return own("arrived").then(function (rows) {
      return Promise.all(rows.filter(function (one) { return known.indexOf(one.uid) >= 0; }).map(function (one) { return drop("arrived", one.uid); }));
    });
  }

  // The page and what it is made of are kept at hand; of another person's pages none is left.
  function keep() {
    if (!navigator.serviceWorker || !window.caches) { return; }
    var before = localStorage.getItem("chengnuo-site-person");
    var cleared = before === String(mine) ? Promise.resolve() : caches.delete("chengnuo-site");
    localStorage.setItem("chengnuo-site-person", String(mine));
    cleared.then(function () { return navigator.serviceWorker.register(words.worker); }).then(function () {
      return navigator.serviceWorker.ready;
    }).then(function (worker) {
      var parts = Array.prototype.map.call(document.querySelectorAll("script[src], link[rel=stylesheet], link[rel=icon], img[src]"), function (one) {
        return one.src || one.href;
      });
      worker.active.postMessage({ keep: [words.page].concat(parts) });
    }).catch(function () { return null; });
  }
})();
