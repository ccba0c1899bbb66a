"""A stranger who follows every link of the public side: pages, feeds, open data, interfaces."""

import re
from html import unescape
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.test import Client

from core import clock

FIRST = (
    "/",
    "/open/",
    "/credit/",
    "/draws/",
    "/sitemap.xml",
    "/api/v1/credit-marks/",
    "/statistics/",
)
LINK = re.compile(r'(?:href|src|action)="([^"#]+)"|<loc>([^<]+)|"(https?://[^"]+)"')
QUERIES = 2  # with which one path is asked at most
NOT_OURS = ("/static/", "/accounts/", "/language/", "/i18n/", "/api/schema", "/api/docs")


def read(path, at):
    """What a stranger is answered: the words, or nothing for what is no text."""
    with clock.driven(at):
        answer = Client().get(path)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return body.decode("utf-8", "replace")


def links(path, body):
    for found in LINK.findall(body):
        to = urlsplit(urljoin(f"{settings.SITE_URL}{path}", unescape(next(filter(None, found)))))
        if f"{to.scheme}://{to.netloc}" == settings.SITE_URL and not to.path.startswith(NOT_OURS):
            yield to.path + (f"?{to.query}" if to.query else "")


def followed(at, most):
    """Every public address that is reached from the first ones, with what it says."""
    waiting, seen, by_path = list(FIRST), {}, {}
    while waiting and len(seen) < most:
        path = waiting.pop(0)
        bare = path.partition("?")[0]
        if path in seen or by_path.get(bare, 0) > QUERIES - 1:
            continue
        by_path[bare] = by_path.get(bare, 0) + 1
        seen[path] = read(path, at)
        waiting.extend(links(path, seen[path]))
    return seen
