"""不相容的岗位: the refusal of whoever had another part in the same case."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q

from accounts.models import Membership
from approvals.queries.apart import ACCEPTED, FILED, why_apart

__all__ = ["ACCEPTED", "FILED", "keep_apart"]


def keep_apart(book_id: int, by: Membership, parts: Q) -> None:
    """Raise PermissionDenied for a natural person who had one of these parts in the case, under whatever office."""
    if why := why_apart(book_id, by, parts):
        raise PermissionDenied(why)
