/* On a site without a network: what is entered stays on the device until the server has said that it has it.

   Without this file every form of the page sends itself. An entry is named here, so that sent twice it is there once;
   it belongs to whoever made it, in the office they made it in, and nobody else on this device sends or sees it. */
(function () {
  "use strict";

  var root = document.getElementById("site");
  if (!root || !window.indexedDB || !window.fetch || !window.crypto) { return; }
  var words = root.dataset;
  var bar = document.getElementById("unsent");
  var mine = Number(words.person);
  var token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  var ADDRESS = { presence: "site-presence/", finding: "site-finding/", photo: "site-photo/", sign: "site-signature/" };
  var EVERY = 30000;
  var store, busy = false, again = false, trouble = "", arrived = false, last = 0, notes = [];

  // — the device's store ————————————————————————————————————————————————————————

  var opening = indexedDB.open("chengnuo-site", 1);
  opening.onupgradeneeded = function () {
    opening.result.createObjectStore("entries", { keyPath: "uid" });
    opening.result.createObjectStore("arrived", { keyPath: "uid" });
  };
  opening.onsuccess = function () { store = opening.result; begin(); };

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

  function said(form) {
    var found = {};
    new FormData(form).forEach(function (value, key) {
      if (typeof value === "string" && ["csrfmiddlewaretoken", "uid", "person", "made_at", "sha256"].indexOf(key) < 0 && value) { found[key] = value; }
    });
    return found;
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
    var fields = said(form), file = null, text = wrong(kind, fields);
    if (kind === "photo") {
      file = form.elements.upload.files[0];
      if (!file) { return; }
    }
    complain(form, text);
    if (text) { return; }
    var place = (holder.closest("[data-topic]") || {}).place;
    if (place) { Object.keys(place).forEach(function (key) { fields[key] = place[key]; }); }
    last = Math.max(Date.now(), last + 1);
    var entry = {
      uid: name(), n: last, owner: mine, page: words.page, kind: kind, address: words.api + ADDRESS[kind], file: file,
      label: fields.name || holder.dataset.label || "", fields: fields, made: new Date(last).toISOString(), state: "waiting"
    };
    var ready = file ? digest(file).then(function (found) { if (found) { fields.sha256 = found; } }) : Promise.resolve();
    if (kind === "sign") { ready = covered(form).then(function (uids) { fields.covers = uids; }); }
    ready.then(function () {
      if (kind === "sign" && !fields.covers.length) { complain(form, words.nothing); return null; }
      return put("entries", entry).then(function () { kept(kind, form, holder, entry); }, function () { plainly(form); });
    }, function () {
      if (!file) { plainly(form); return; }
      form.reset();
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
    form.reset();
    if (kind === "presence") { listed(entry); }
    show();
    flush();
    if (kind === "finding") {
      var next = holder.closest("[data-topic]").querySelector("nav [data-go]:last-child");
      if (next && next.textContent && holder.closest("[data-topic]").nextElementSibling.dataset.topic) { go(next.dataset.go); }
    }
  }

  function listed(entry) {
    var row = document.createElement("li");
    row.textContent = entry.fields.name + " " + (entry.fields.card || "");
    document.querySelector("[data-presence-list]").append(row);
  }

  // All that this department is known to have said here: by the page, by what has arrived since, by what waits.
  function covered(form) {
    var known = form.elements.covers.value.split(/\s+/).filter(Boolean);
    return Promise.all([own("arrived"), own("entries")]).then(function (both) {
      both[0].concat(both[1]).forEach(function (row) {
        var counts = row.page === words.page && row.state !== "refused" && (row.kind === "finding" || row.kind === "photo");
        if (counts && known.indexOf(row.uid) < 0) { known.push(row.uid); }
      });
      return known;
    });
  }

  // — sending ———————————————————————————————————————————————————————————————————

  function body(entry) {
    var all = Object.assign({ uid: entry.uid, made_at: entry.made, person: entry.owner }, entry.fields);
    if (!entry.file) { return JSON.stringify(all); }
    var form = new FormData();
    Object.keys(all).forEach(function (key) { form.append(key, all[key]); });
    form.append("upload", entry.file, entry.file.name || "photo.jpg");
    return form;
  }

  function send(entry) {
    var headers = { "Accept": "application/json", "X-CSRFToken": token, "Idempotency-Key": entry.uid };
    if (!entry.file) { headers["Content-Type"] = "application/json"; }
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
      if (answer.status === 409 && entry.kind !== "sign") { trouble = "later"; }  // not now: it stays and is tried again
      else { entry.state = "refused"; }
      return put("entries", entry);
    });
  }

  function came(entry, answer) {
    arrived = true;
    if (answer.counted === false) { notes.push(title(entry) + words.uncounted); }
    if (entry.kind === "sign" && answer.counted !== false) { notes.push(words.signed); }
    return put("arrived", { uid: entry.uid, n: entry.n, owner: mine, page: entry.page, kind: entry.kind, topic: entry.fields.topic }).then(function () {
      return drop("entries", entry.uid);
    }).then(show);
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
    }).then(function () {
      busy = false;
      if (again) { again = false; flush(); return; }
      show();
    });
  }

  // — showing ———————————————————————————————————————————————————————————————————

  function title(entry) { return words[entry.kind] + (entry.label ? " · " + entry.label : "") + " "; }

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
    shown.append(why, button(words.again, function () {
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

  function locate(pressed) {
    var point = pressed.closest("[data-topic]"), shown = point.querySelector("[data-place-said]");
    navigator.geolocation.getCurrentPosition(function (found) {
      point.place = {
        latitude: found.coords.latitude.toFixed(6), longitude: found.coords.longitude.toFixed(6),
        accuracy: Math.round(found.coords.accuracy)
      };
      shown.textContent = words.placed + " ±" + point.place.accuracy + " m";
    }, function () { shown.textContent = words.unplaced; }, { enableHighAccuracy: true, timeout: 20000 });
  }

  function begin() {
    document.querySelectorAll("[data-entry]").forEach(function (holder) {
      var form = holder.querySelector("form"), kind = holder.dataset.entry;
      form.addEventListener("submit", function (event) { event.preventDefault(); take(kind, form, holder); });
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
    window.addEventListener("online", flush);
    window.addEventListener("offline", show);
    setInterval(function () { own("entries").then(function (rows) { if (rows.length) { flush(); } }); }, EVERY);
    keep();
    tidy().then(flush);
  }

  // What the page itself knows by now need not be remembered here.
  function tidy() {
    var known = document.querySelector("[data-entry=sign] [name=covers]").value.split(/\s+/);
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
