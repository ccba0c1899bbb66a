// The schema as a page. A step needs a key of its own each time, and in a session the site's CSRF token.
const place = document.getElementById("swagger");
const cookie = (name) => document.cookie.split("; ").find((part) => part.startsWith(`${name}=`))?.split("=")[1];

window.SwaggerUIBundle({
  url: place.dataset.schema,
  domNode: place,
  deepLinking: true,
  validatorUrl: null,
  docExpansion: "none",
  requestInterceptor: (request) => {
    const token = cookie("csrftoken");
    if (token && request.method !== "GET" && new URL(request.url, location.href).origin === location.origin) {
      request.headers["X-CSRFToken"] = token;
    }
    return request;
  },
});
