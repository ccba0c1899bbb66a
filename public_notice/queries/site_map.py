"""The map of the public pages for search engines (sitemaps.org), in pieces that no register outgrows."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from core.documents.sheets import CHUNK
from public_notice.models import Notice
from public_notice.queries.bulletins import published

PIECE = 50_000  # addresses of one piece: the bound of the protocol
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
PAGES = ("", "notices/", "open/", "bulletins/", "credit/", "checkpoints/", "draws/", "due/")


def pieces() -> range:
    """Return the numbers of the pieces: 0 holds the pages, each other the notices of so many keys. One question."""
    newest = Notice.objects.aggregate(newest=Max("pk"))["newest"]
    return range(1 if newest is None else newest // PIECE + 2)


def index_of(numbers: range) -> bytes:
    """Return the index of the pieces."""
    rows = "".join(
        f"<sitemap><loc>{settings.SITE_URL}/sitemap-{number}.xml</loc></sitemap>\n"
        for number in numbers
    )
    return f'{HEAD}<sitemapindex xmlns="{NAMESPACE}">\n{rows}</sitemapindex>\n'.encode()


def piece_of(number: int) -> Iterator[bytes]:
    """Yield a piece in constant memory; our own addresses need no escaping."""
    yield f'{HEAD}<urlset xmlns="{NAMESPACE}">\n'.encode()
    yield from _pages() if number == 0 else _notices(number - 1)
    yield b"</urlset>\n"


def _pages() -> Iterator[bytes]:
    for page in PAGES:
        yield _row(page, None)
    for period, reviewed_at in published().values_list("period", "reviewed_at"):
        yield _row(f"bulletins/{period}/", reviewed_at)


def _notices(part: int) -> Iterator[bytes]:
    mine = Notice.objects.filter(pk__gte=part * PIECE, pk__lt=(part + 1) * PIECE).order_by("pk")
    facts = mine.values_list("public_id", "published_at", "closed_at")
    for public_id, published_at, closed_at in facts.iterator(chunk_size=CHUNK):
        yield _row(f"notices/{public_id}/", closed_at or published_at)


def _row(path: str, changed: datetime | None) -> bytes:
    last = f"<lastmod>{timezone.localtime(changed).isoformat()}</lastmod>" if changed else ""
    return f"<url><loc>{settings.SITE_URL}/{path}</loc>{last}</url>\n".encode()
