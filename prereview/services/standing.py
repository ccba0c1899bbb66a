"""The gate of a department's acts: who may act is asked at the time of the act, and kept with it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied

from accounts.models import Membership
from approvals.models import Filing
from prereview.queries.standing import Standing, standing_of


@dataclass(frozen=True)
class InCase:
    """One case of a session: at its stop who stays out of it stays out, whatever else they may do that day."""

    filing_id: int
    book_id: int


def in_case(filing: Filing, duty: str, *, by: Membership, at: datetime) -> Standing:
    """Return how a person stands to an act in one case; whoever asks says no where it has a refusal."""
    return standing_of(InCase(filing.pk, filing.book_id), duty, by, at)


def stands(thing: Any, duty: str, *, by: Membership, at: datetime) -> Standing:
    """Return how a person stands to an act; PermissionDenied, with its sentence, for who may not act."""
    found = standing_of(thing, duty, by, at)
    if found.refusal:
        raise PermissionDenied(found.refusal)
    return found
