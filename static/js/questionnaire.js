/* Keeps each answer as it is given and renews the questions and the list beside them. Without it the button does the same. */
(function () {
  "use strict";
  var running = null;

  function renew(form) {
    var wanted = form.dataset.keep.split(",");
    if (running) { running.abort(); }
    running = new AbortController();
    fetch(form.action, { method: "POST", body: new FormData(form), signal: running.signal, credentials: "same-origin" })
      .then(function (answer) { return answer.text(); })
      .then(function (text) {
        var fresh = new DOMParser().parseFromString(text, "text/html");
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
