"""检索文本重建: by which words older notices are found, written anew as those of today's notices are."""

from django.db import transaction
from django.db.models import QuerySet

from core.ledger.services import lock
from public_notice.models import Notice
from public_notice.services.notices import findable, make_findable

TOGETHER = 500  # notices that are read at a time


def find_anew() -> int:
    """Keep anew by which words each notice is found; return how many were found by others. Safe to repeat.

    A notice is written under the lock of its case, so a correction at the same moment is not undone.
    """
    last = changed = 0
    while some := list(_published().filter(pk__gt=last).order_by("pk")[:TOGETHER]):
        stale = [one for one in some if _text(one) != findable(one, _before(one))["text"]]
        for one in stale:
            _anew(one.pk, one.book_id)
        changed += len(stale)
        last = some[-1].pk
    return changed


@transaction.atomic
def _anew(key: int, book: int) -> None:
    lock(book)
    notice = _published().get(pk=key)
    make_findable(notice, was=_before(notice))


def _published() -> QuerySet[Notice]:
    return Notice.objects.select_related("paper", "filing__industry", "words")


def _text(notice: Notice) -> str:
    words = getattr(notice, "words", None)
    return words.text if words else ""


def _before(notice: Notice) -> list[str]:
    """Return the numbers of the versions before the one that stands."""
    return [one.number for one in notice.paper.line[1:]]
