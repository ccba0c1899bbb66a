"""What a trial tells beside the items: how long it takes by the book, and what is free of charge."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from accounts.queries import county
from approvals.models import CatalogueEdition, CatalogueItem
from approvals.queries import Preview
from approvals.rules.fees import Fee, fee_of
from approvals.rules.forecast import WAY, Leg, forecast
from approvals.rules.questionnaire import Answer
from core.deadlines.queries import NoEdition, calendar_at, rulebook_at, unit_said, value_of

BEFORE_START = ("prior_approval", "paper_on_commitment")


def estimated(seen: Preview, at: datetime) -> list[Leg] | None:
    """Return the way of a project filed today, limit after limit; its last day is the earliest start.

    None where the mechanism is closed to it, or rulebook or calendar are wanting.
    """
    if seen.reasons:
        return None
    try:
        rulebook, calendar = rulebook_at(at), calendar_at(at)
    except NoEdition:
        return None
    lengths = {}
    for code, _name, _actor in WAY:
        value = value_of(rulebook, code)
        lengths[code] = (value.number, unit_said(value.unit).value)
    return forecast(timezone.localdate(at), lengths, calendar)


def owed_before_start(seen: Preview) -> int:
    """Return how many items want an approval or a paper before the start."""
    return sum(item.start_gate in BEFORE_START for item in seen.items)


def items_shown(edition: CatalogueEdition) -> dict[str, CatalogueItem]:
    """Return the items of an edition by code, with what a list of them shows: each its department with its names."""
    found = edition.items.select_related("department").prefetch_related("department__names")
    return {item.code: item for item in found}


def fees_of(items: list[CatalogueItem]) -> dict[str, Fee]:
    """Return what the county says of the charge for each item, by code."""
    said = county().profile.get("fees", {})
    return {item.code: fee_of(said, item.code, item.item_class) for item in items}


def pairs_of(answers: Mapping[str, Answer]) -> list[tuple[str, str]]:
    """Return answers as a form sends them, one pair for each choice."""
    return [
        (fact, str(one))
        for fact, answer in answers.items()
        for one in (answer if isinstance(answer, list) else [answer])
    ]


def address_of(answers: Mapping[str, Answer]) -> str:
    """Return the address of the page at which these answers are read again."""
    said = urlencode(pairs_of(answers))
    return reverse("approvals:trial") + (f"?{said}" if said else "")
