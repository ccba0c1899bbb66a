/* How far a long import or export has come. Without this file the work is the same, only nothing is said meanwhile. */
(function () {
  "use strict";

  if (!window.fetch || !window.crypto) { return; }
  var PAUSE = 700; // between two looks; what is done before the first says nothing
  var QUIET = 8; // looks that see nothing, after which one gives up

  document.querySelectorAll("[data-watch]").forEach(function (place) {
    place.querySelectorAll("a[download]").forEach(function (link) {
      link.addEventListener("click", function () {
        var token = made(), address = new URL(link.href);
        address.searchParams.set("watch", token);
        link.href = address;
        look(place, token, QUIET);
      });
    });
    place.querySelectorAll("form").forEach(function (form) {
      form.addEventListener("submit", function () {
        var token = made(), hidden = form.elements.watch || document.createElement("input");
        hidden.type = "hidden";
        hidden.name = "watch";
        hidden.value = token;
        form.append(hidden);
        look(place, token, 4 * QUIET);
      });
    });
  });

  function made() {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), function (byte) {
      return byte.toString(16).padStart(2, "0");
    }).join("");
  }

  function look(place, token, quiet) {
    if (!quiet) { say(place, null); return; }
    setTimeout(function () {
      fetch(place.dataset.watch + "?token=" + token, { headers: { Accept: "application/json" } }).then(function (answer) {
        return answer.json();
      }).then(function (seen) {
        var before = place.dataset.seen === token;
        if (seen.phase) { place.dataset.seen = token; say(place, seen); }
        if (before && !seen.phase) { say(place, null); return; }
        look(place, token, seen.phase ? QUIET : quiet - 1);
      }, function () { say(place, null); });
    }, PAUSE);
  }

  function say(place, seen) {
    var shown = place.querySelector(".watched");
    if (!seen) { if (shown) { shown.remove(); } return; }
    if (!shown) {
      shown = document.createElement("span");
      shown.className = "watched small";
      shown.setAttribute("role", "status");
      shown.append(document.createElement("progress"), document.createElement("span"));
      place.append(shown);
    }
    var bar = shown.firstChild, all = seen.all;
    if (all) { bar.max = all; bar.value = seen.done; } else { bar.removeAttribute("value"); }
    shown.lastChild.textContent = " " + place.dataset[seen.phase] + " " + seen.done + (all ? " / " + all : "");
  }
})();
