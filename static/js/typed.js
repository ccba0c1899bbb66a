/* Keeps what is typed into a step on the server while it is typed; nothing stays on this machine. Without it, the button
   sends it all the same. */
(function () {
  "use strict";
  var place = document.querySelector("form input[name=typed-in]");
  var form = place && place.form;
  if (!form || !window.fetch || !window.URLSearchParams) { return; }
  var PAUSE = 1500;
  var shown = form.querySelector("[data-typed]"), out = form.querySelector("[data-typed-out]");
  var timer = null, running = null, sent = false, stopped = false, renewed = false, last = typed().toString();

  // What a person has typed or chosen; no file and no password.
  function typed() {
    var found = new URLSearchParams();
    new FormData(form).forEach(function (said, name) {
      var field = form.elements[name];
      if (typeof said === "string" && name !== "csrfmiddlewaretoken" && field.type !== "password") { found.append(name, said); }
    });
    return found;
  }

  function token(value) {
    document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach(function (field) { if (value) { field.value = value; } });
    return form.elements.csrfmiddlewaretoken.value;
  }

  function keep() {
    var said = typed(), text = said.toString();
    window.clearTimeout(timer);
    if (sent || stopped || running || text === last) { return; }
    var headers = { "X-CSRFToken": token(), "X-Typed": "1" };
    // `keepalive`: what was typed last is kept though the page is being left; browsers take 64 kB so.
    var asked = { method: "POST", headers: headers, body: said, redirect: "manual", keepalive: text.length < 60000 };
    running = fetch(place.value, asked).then(function (answer) {
      if (answer.status === 204) { last = text; renewed = false; shown.textContent = shown.dataset.kept; return true; }
      var unknown = answer.status === 403 || answer.type === "opaqueredirect";
      if (!unknown || renewed) { stopped = true; shown.textContent = ""; return false; }
      renewed = true;
      return renew();
    }).catch(function () { return false; /* no network: tried again with the next word */ }).then(function (onwards) {
      running = null;
      if (onwards && typed().toString() !== last) { later(); }
    });
  }

  function later() {
    window.clearTimeout(timer);
    if (!sent && !stopped && out.hidden) { timer = window.setTimeout(keep, PAUSE); }
  }

  // Logged in again, perhaps in another window: the page goes on with the token of that login. Else it says how.
  function renew() {
    return fetch(place.value, { redirect: "manual" }).then(function (answer) {
      if (answer.type === "opaqueredirect") { out.hidden = false; shown.textContent = ""; return false; }
      return answer.ok ? answer.text() : "";
    }).then(function (page) {
      if (page === false) { return false; }
      var fresh = new DOMParser().parseFromString(page, "text/html").querySelector("[name=csrfmiddlewaretoken]");
      stopped = !fresh;
      if (fresh) { token(fresh.value); out.hidden = true; }
      return Boolean(fresh);
    });
  }

  function back() {
    if (!out.hidden && document.visibilityState === "visible") { renewed = false; renew().then(later, function () { return null; }); }
  }

  form.addEventListener("input", later);
  form.addEventListener("change", later);
  window.addEventListener("focus", back);
  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState === "hidden") { keep(); } else { back(); }
  });
  // What is on its way to be kept arrives before the step itself, so that it is not there again afterwards.
  form.addEventListener("submit", function (event) {
    var button = event.submitter;
    window.clearTimeout(timer);
    if (!running || event.defaultPrevented) { sent = true; return; }
    event.preventDefault();
    Promise.race([running, new Promise(function (over) { window.setTimeout(over, 1000); })]).then(function () {
      sent = true;
      running = null;
      form.requestSubmit(button);
    });
  });
  window.addEventListener("pageshow", function () { sent = false; });
})();
