"""What Django has no setting for, on the head of every answer: the outermost middleware."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# Nothing the pages do needs a device or a sensor; photographs come through a file field. A page that asks for one of
# them (the position, on a site) says so itself, and all others stay off there, too.
DEVICES = (
    "accelerometer", "autoplay", "bluetooth", "camera", "display-capture", "encrypted-media", "fullscreen",
    "geolocation", "gyroscope", "hid", "magnetometer", "microphone", "midi", "payment", "serial", "usb",
)  # fmt: skip
DEFAULTS = {
    "Permissions-Policy": ", ".join(f"{device}=()" for device in DEVICES),
    "Cross-Origin-Resource-Policy": "same-origin",
    # What says nothing else is for one reader and for now; public pages and static files say more.
    "Cache-Control": "private, no-store",
}


class HeadersMiddleware:
    """Set what is missing on the way out; what a view has set itself stays."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with every header of the list."""
        response = self.get_response(request)
        if allowed := response.headers.get("Permissions-Policy"):
            others = (f"{device}=()" for device in DEVICES if f"{device}=" not in allowed)
            response.headers["Permissions-Policy"] = ", ".join((allowed, *others))
        for name, value in DEFAULTS.items():
            response.headers.setdefault(name, value)
        return response
