"""For search engines: the map of the public pages, and what they need not ask for."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from core import clock
from public_notice.queries.open_forms import etag_of, stamp
from public_notice.queries.site_map import index_of, piece_of, pieces
from public_notice.views.for_all import for_all, kept, refused

XML = "application/xml; charset=utf-8"
TEXT = "text/plain; charset=utf-8"
# Behind a login, or a step and no page: a crawler finds nothing there.
NOT_FOR_CRAWLERS = (
    "/accounts/", "/account/", "/admin/", "/cases/", "/desk/", "/notices/export/", "/pulse/", "/language/",
)  # fmt: skip


@for_all
def index(request: HttpRequest) -> HttpResponseBase:
    """Give the index of the pieces."""
    mark = etag_of(stamp(clock.now()), "sitemap")
    return kept(request, mark, lambda: index_of(pieces()), XML)


@for_all
def piece(request: HttpRequest, piece: int) -> HttpResponseBase:
    """Give one piece."""
    if piece not in pieces():
        return refused(404, _("网站地图没有这一部分。"))
    mark = etag_of(stamp(clock.now()), "sitemap", str(piece))
    return kept(request, mark, lambda: piece_of(piece), XML)


@for_all
def robots(request: HttpRequest) -> HttpResponseBase:
    """Say what need not be asked for, and where the map is."""
    lines = (
        "User-agent: *",
        *(f"Disallow: {path}" for path in NOT_FOR_CRAWLERS),
        f"Sitemap: {settings.SITE_URL}/sitemap.xml",
    )
    text = "".join(f"{line}\n" for line in lines).encode()
    return kept(request, etag_of(stamp(clock.now()), "robots"), lambda: text, TEXT)
