"""不相容的岗位: one natural person does not file, accept, give the opinion and inspect in one and the same case.

Asked of the case's own ledger, which names each act's person whatever office they acted under. Whether the one who gave
the department's opinion may inspect the works later is the county's to decide (P76: a small department has two people).
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.asked import Asked
from accounts.models import Membership
from accounts.stages import Role
from core.ledger.models import Entry

FILED = Q(actor__role=Role.ENTERPRISE)
OPINED = Q(act__in=("give_opinion", "countersign"))
ACCEPTED = Q(act__in=("decide_eligible", "accept", "ask_correction", "refuse"))


def acted_before(book_id: int | OuterRef, user_id: int, parts: Q) -> Exists:
    """Return whether a natural person has had a part in a case, under whatever office, to be asked with a query."""
    return Exists(Entry.objects.filter(parts, book=book_id, actor__user=user_id))


def acted_in(books: Iterable[int], by: Membership, parts: Q) -> set[int]:
    """Return in which of some cases a natural person has had a part: one query."""
    found = Entry.objects.filter(parts, book__in=books, actor__user=by.user_id)
    return set(found.order_by().values_list("book", flat=True))


def why_apart(book_id: int, by: Membership, parts: Q) -> str:
    """Return the sentence that refuses whoever had one of these parts in a case; empty where they had none."""
    return said_apart() if _had(book_id, by.user_id, parts) else ""


@Asked
def _had(book: int, user: int, parts: Q) -> QuerySet[Any]:
    found = Entry.objects.filter(parts, book=book, actor__user=user)
    return found.order_by().values_list("pk", flat=True)[:1]


def said_apart() -> str:
    """Return the sentence itself."""
    return _("您在本件中已经以别的身份办理过：申报、受理、提出意见和监管检查须由不同的人办理。")
