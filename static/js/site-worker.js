/* Keeps the pages of a site at hand for where there is no network. Entries are not its business: they wait in the page. */
"use strict";

var KEPT = "chengnuo-site";
var PAGE = /^\/(agenda|checks)\/\d+\/site\/$/;

self.addEventListener("install", function () { self.skipWaiting(); });
self.addEventListener("activate", function (event) { event.waitUntil(self.clients.claim()); });

// What the page was made of: kept whole, and only what is really it and no page of a login.
self.addEventListener("message", function (event) {
  var wanted = event.data && event.data.keep;
  if (!wanted) { return; }
  event.waitUntil(caches.open(KEPT).then(function (cache) {
    return Promise.all(wanted.map(function (address) {
      return fetch(address, { credentials: "same-origin" }).then(function (answer) {
        if (answer.ok && !answer.redirected) { return cache.put(plain(address), answer); }
      }).catch(function () { return null; });
    }));
  }));
});

function plain(address) {
  var found = new URL(address, self.location.origin);
  return PAGE.test(found.pathname) ? found.origin + found.pathname : found.href;
}

self.addEventListener("fetch", function (event) {
  var found = new URL(event.request.url);
  if (event.request.method !== "GET" || found.origin !== self.location.origin) { return; }
  var page = event.request.mode === "navigate" && PAGE.test(found.pathname);
  if (!page && found.pathname.indexOf("/static/") !== 0) { return; }
  event.respondWith(fetch(event.request).catch(function (fault) {
    return caches.open(KEPT).then(function (cache) { return cache.match(plain(event.request.url)); }).then(function (kept) {
      if (kept) { return kept; }
      throw fault;
    });
  }));
});
