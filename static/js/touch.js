/* The touch page of the hall: keys write at once, answers leave no history, and without a touch everything is forgotten. */
(function () {
  "use strict";

  var SECOND = 1000, timer = null, into = null;

  function main() { return document.getElementById("main"); }

  // Another visit begins with an empty page, and there is no way back to this one.
  function forget() { window.location.replace(main().dataset.start); }

  function touched() {
    clearTimeout(timer);
    timer = setTimeout(forget, Number(main().dataset.forgets) * SECOND);
  }

  function choose(field) {
    if (!field) { return; }
    into = field;
    document.querySelector("[name=into][type=hidden]").value = field.name;
    document.querySelectorAll(".touch-fields p").forEach(function (box) {
      box.classList.toggle("touch-now", box.contains(field));
    });
  }

  function press(key) {
    if (key === "clear") { into.value = ""; }
    else if (key === "back") { into.value = into.value.slice(0, -1); }
    else if (into.value.length < Number(into.maxLength)) { into.value += key; }
  }

  function ready() {
    var named = document.querySelector("[name=into][type=hidden]");
    if (named) { choose(document.querySelector(".touch-fields [name=" + named.value + "]")); }
    touched();
  }

  function look(form) {
    var said = new FormData(form);
    said.append("look", "1");
    fetch(main().dataset.start, { method: "POST", body: said, cache: "no-store", redirect: "error" })
      .then(function (answer) { return answer.text(); })
      .then(function (text) {
        var fresh = new DOMParser().parseFromString(text, "text/html").getElementById("main");
        if (!fresh) { throw new Error("another page"); }
        main().replaceWith(fresh);
        ready();
      })
      .catch(forget);
  }

  document.addEventListener("click", function (event) {
    var key = event.target.closest("[name=key]"), away = event.target.closest("a[href]");
    touched();
    if (key) { event.preventDefault(); press(key.value); }
    if (away) { event.preventDefault(); forget(); }
  });
  document.addEventListener("focusin", function (event) {
    if (event.target.closest(".touch-fields input")) { choose(event.target); }
  });
  document.addEventListener("submit", function (event) { event.preventDefault(); look(event.target); });
  ["pointerdown", "keydown", "scroll"].forEach(function (name) { document.addEventListener(name, touched, { passive: true }); });
  // A page that the browser had kept is not shown again.
  window.addEventListener("pageshow", function (event) { if (event.persisted) { forget(); } });

  ready();
})();
