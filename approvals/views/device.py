"""The worker that keeps a page of a site at hand where there is no network."""

from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_safe

# The position is asked for on the pages of a site alone.
ALLOWED = "geolocation=(self)"


@require_safe
def worker(request: HttpRequest) -> FileResponse:
    """Hand out the script that keeps the page at hand; it may only do so for addresses below its own."""
    place = finders.find("js/site-worker.js")
    script = Path(str(place)).open("rb")  # noqa: SIM115 - the response closes it
    return FileResponse(script, content_type="text/javascript")
