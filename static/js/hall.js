/* The screen in the hall: the clock, a new picture after each round, and a word where none comes. The turning is the style sheet's. */
(function () {
  "use strict";

  var SECOND = 1000, ahead = 0, timer = null;

  function board() { return document.getElementById("hall"); }
  function find(name) { return document.querySelector("[data-" + name + "]"); }

  function tick() {
    var parts = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", second: "2-digit" });
    find("clock").textContent = parts.format(new Date(Date.now() + ahead));
  }

  function set() { ahead = Number(board().dataset.now) - Date.now(); }

  function put(text) {
    var page = new DOMParser().parseFromString(text, "text/html"), fresh = page.getElementById("hall");
    if (!fresh) { throw new Error("another page"); }
    board().replaceWith(fresh);
    ["day", "seen"].forEach(function (name) {
      var now = find(name), next = page.querySelector("[data-" + name + "]");
      if (now && next) { now.replaceWith(next); }
    });
    find("lost").hidden = true;
    set();
  }

  // Where the network or the server is away, the last picture stays, and says since when it is the last.
  function ask() {
    fetch(window.location.href, { cache: "no-store", redirect: "error" })
      .then(function (answer) { if (!answer.ok) { throw new Error(String(answer.status)); } return answer.text(); })
      .then(put)
      .catch(function () { find("lost").hidden = false; })
      .then(wait);
  }

  function wait() {
    clearTimeout(timer);
    timer = setTimeout(ask, Number(board().dataset.round) * SECOND);
  }

  set();
  tick();
  setInterval(tick, SECOND);
  wait();
  window.addEventListener("online", ask);
})();
