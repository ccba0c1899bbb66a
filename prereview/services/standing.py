"""The gate of a department's acts: who may act is asked at the time of the act, and kept with it."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied

from accounts.models import Membership
from prereview.queries.standing import Standing, standing_of


def stands(thing: Any, duty: str, *, by: Membership, at: datetime) -> Standing:
    """Return how a person stands to an act; PermissionDenied, with its sentence, for who may not act."""
    found = standing_of(thing, duty, by, at)
    if found.refusal:
        raise PermissionDenied(found.refusal)
    return found
