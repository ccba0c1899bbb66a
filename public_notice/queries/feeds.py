"""The register as an Atom feed, for readers and for other sites."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from core.steps.templatetags.look import date_long
from public_notice.models import Notice
from public_notice.queries.corrected import corrected_in_words


class TextFeed(Atom1Feed):
    """A feed whose summaries are text (RFC 4287, 3.1.1): Django calls them HTML, and readers run what is typed."""

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        """Write an entry with its summary, which is text where nothing else is said of it."""
        super().add_item_elements(handler, {**item, "description": None})
        if item["description"] is not None:
            handler.addQuickElement("summary", item["description"])


def feed_of_notices(rows: Iterable[Notice], query: str) -> str:
    """Return notices as a feed; `query` is how the register was narrowed, with its question mark, or empty."""
    address = f"{settings.SITE_URL}/notices/"
    feed = TextFeed(
        _("承诺公示"),
        f"{address}{query}",
        "",
        feed_url=f"{address}feed/{query}",
        language="zh-hans",
    )
    period = _("公示期%(start)s—%(end)s；对公示内容有异议的，可以在期内提出。")
    for notice in rows:
        said = {"start": date_long(notice.starts_on), "end": date_long(notice.ends_on)}
        feed.add_item(
            notice.title,
            f"{address}{notice.public_id}/",
            f"{period % said} {corrected_in_words(notice.paper)}".rstrip(),
            unique_id=f"{address}{notice.public_id}/",
            pubdate=notice.published_at,
            updateddate=max(notice.closed_at or notice.published_at, notice.paper.issued_at),
        )
    return str(feed.writeString("utf-8"))
