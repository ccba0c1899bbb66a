/* The clock of a room, and how long its code still stands. The room itself is drawn by the server; see views/live.py. */
(function () {
  "use strict";

  var room = document.querySelector("[data-room]");
  if (!room) { return; }
  // The county's clock, which may stand elsewhere than this machine's.
  var ahead = Number(room.dataset.now) - Date.now();
  var lost = document.querySelector("[data-lost]"), heard = document.querySelector("[data-heard]");
  var ENDS = 1000, TICK = 250;

  function two(number) { return String(number).padStart(2, "0"); }

  function tick() {
    var now = Date.now() + ahead, clock = room.querySelector("[data-clock]"), left = room.querySelector("[data-until]");
    if (clock) {
      var parts = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", second: "2-digit" });
      clock.textContent = parts.format(new Date(now));
    }
    if (left) { left.textContent = two(Math.max(0, Math.ceil((Number(left.dataset.until) - now) / ENDS))) + " s"; }
  }

  // What changed is said once to who listens, in one sentence.
  function say() {
    var word = room.querySelector("[data-say]");
    if (word && heard && heard.textContent !== word.textContent) { heard.textContent = word.textContent; }
  }

  document.addEventListener("htmx:beforeSwap", function (event) {
    // A login that ran out answers with another page: then the whole page is asked for.
    if (event.detail.xhr.status === 200 && event.detail.serverResponse.indexOf('id="board"') < 0) {
      event.detail.shouldSwap = false;
      window.location.reload();
    }
  });
  document.addEventListener("htmx:afterSettle", function () { tick(); say(); });
  ["htmx:sendError", "htmx:responseError", "htmx:timeout"].forEach(function (name) {
    document.addEventListener(name, function () { if (lost) { lost.hidden = false; } });
  });
  document.addEventListener("htmx:afterOnLoad", function () { if (lost) { lost.hidden = true; } });

  tick();
  setInterval(tick, TICK);
})();
