/* Small comforts. Every page works without this file. */
(function () {
  "use strict";

  // The cursor goes to the first wrong field while the summary above it stays in view.
  var wrong = document.querySelector("main [aria-invalid='true']");
  if (wrong) { wrong.focus({ preventScroll: true }); }

  // Arrow keys walk through the links of a list; Enter opens as always.
  document.addEventListener("keydown", function (event) {
    var step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    var list = step && event.target.closest("[data-walk]");
    if (!list) { return; }
    var stops = Array.prototype.slice.call(list.querySelectorAll("[data-stop]"));
    var next = stops[stops.indexOf(event.target) + step];
    if (next && stops.indexOf(event.target) >= 0) { event.preventDefault(); next.focus(); }
  });

  // An open menu closes on Escape or when the focus goes elsewhere.
  document.querySelectorAll("details[data-menu]").forEach(function (menu) {
    document.addEventListener("click", function (event) {
      if (!menu.contains(event.target)) { menu.open = false; }
    });
    menu.addEventListener("keydown", function (event) {
      if (event.key === "Escape") { menu.open = false; menu.querySelector("summary").focus(); }
    });
  });

  // Whoever is not logged in finds no page here that was kept at hand for somebody who was.
  if (window.caches && !document.querySelector(".acting")) { window.caches.delete("chengnuo-site"); }

  // With the logout go the names of the files that were sent from here in pieces (upload.js).
  document.querySelectorAll("form[data-logout]").forEach(function (form) {
    form.addEventListener("submit", function () {
      try {
        Object.keys(localStorage).forEach(function (name) { if (/^upload[|]/.test(name)) { localStorage.removeItem(name); } });
      } catch (refused) { return; }
    });
  });

  // A form is sent once, however often the button is pressed.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post" || event.defaultPrevented) { return; }
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) { delete form.dataset.sent; });
  });

  // A print button exists only where it can work.
  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });
})();
