/* Keeps each answer as it is given and renews the questions and the list beside them. Without it the button does the same. */
(function () {
  "use strict";
  var running = null;

  /* A form that only reads keeps its answers in the address, so that the page can be kept and opened again. */
  function asked(form, signal) {
    var said = new FormData(form);
    if (form.method === "post") {
      return fetch(form.action, { method: "POST", body: said, signal: signal, credentials: "same-origin" });
    }
    var address = location.pathname + "?" + new URLSearchParams(said);
    history.replaceState(null, "", address);
    return fetch(address, { signal: signal, credentials: "same-origin" });
  }

  function renew(form) {
    var wanted = form.dataset.keep.split(",");
    if (running) { running.abort(); }
    running = new AbortController();
    asked(form, running.signal)
      .then(function (answer) {
        return answer.text().then(function (text) { return { text: text, address: answer.redirected && answer.url }; });
      })
      .then(function (answer) {
        var fresh = new DOMParser().parseFromString(answer.text, "text/html");
        /* Led elsewhere: the login has run out. What was sent is kept and is there again after it. */
        if (answer.address && !fresh.querySelector(wanted[0])) { location.assign(answer.address); return; }
        var focused = document.activeElement && document.activeElement.id;
        wanted.forEach(function (place) {
          var from = fresh.querySelector(place), to = document.querySelector(place);
          if (from && to) { to.replaceWith(document.adoptNode(from)); }
        });
        var again = focused && document.getElementById(focused);
        if (again) { again.focus({ preventScroll: true }); }
      })
      .catch(function () { /* offline or replaced by a newer answer: the button still sends the whole form */ });
  }

  document.addEventListener("change", function (event) {
    var form = event.target.form;
    if (form && form.dataset.keep) { renew(form); }
  });
})();
