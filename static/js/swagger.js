// The schema as a page; in a session a step needs the site's CSRF token.
const place = document.getElementById("swagger");
const cookie = (name) => document.cookie.split("; ").find((part) => part.startsWith(`${name}=`))?.split("=")[1];

window.SwaggerUIBundle({
  url: place.dataset.schema,
  domNode: place,
  deepLinking: true,
  validatorUrl: null,
  docExpansion: "none",
  requestInterceptor: (request) => {
    request.headers["Accept-Language"] = document.documentElement.lang; // the page's, whatever the browser says
    const token = cookie("csrftoken");
    if (token && request.method !== "GET" && new URL(request.url, location.href).origin === location.origin) {
      request.headers["X-CSRFToken"] = token;
    }
    return request;
  },
});
