/* Whoever logs in on this device finds no page that was kept for somebody else. What somebody has not sent stays, for them. */
(function () {
  "use strict";
  if (window.caches) { window.caches.delete("chengnuo-site"); }
})();
