"""Editions as plain rows: what a stranger needs to reckon an outcome anew, and the digest that binds it to a proof."""

import hashlib
from functools import lru_cache
from typing import Any

from accounts.once import once
from approvals.models import CatalogueEdition, CatalogueItem
from core.deadlines.models import CalendarDay, CalendarEdition, RulebookEdition, RuleValue
from core.ledger.rules import canonical

RULE = ("code", "name", "value", "unit", "starts_at", "bound", "basis", "certainty")
ITEM = (
    "code", "name", "item_class", "department__code", "legal_basis", "red_line", "red_line_basis", "opinion_default",
    "start_gate", "default_basis", "default_approver",
)  # fmt: skip


def calendar_rows(edition: CalendarEdition) -> dict[str, Any]:
    """Return a calendar: from when to when, and every day that differs from its weekday (off, work, shut)."""
    days = CalendarDay.objects.filter(edition=edition).order_by("date", "kind")
    return {
        "edition": edition.number,
        "digest": edition.digest,
        "known_from": edition.known_from,
        "first": edition.first_day,
        "last": edition.last_day,
        "days": [[day.date, day.kind, day.name, day.notice] for day in days],
    }


def rulebook_rows(edition: RulebookEdition) -> dict[str, Any]:
    """Return the numbers of a rulebook with their legal bases."""
    rows = RuleValue.objects.filter(edition=edition).order_by("code").values(*RULE)
    return {
        "edition": edition.number,
        "digest": edition.digest,
        "in_force_from": edition.in_force_from,
        "source": edition.source,
        "rules": list(rows),
    }


def catalogue_rows(edition: CatalogueEdition) -> dict[str, Any]:
    """Return what a catalogue says of its items that bears on silence."""
    rows = CatalogueItem.objects.filter(edition=edition).order_by("code").values(*ITEM)
    return {
        "edition": edition.number,
        "digest": edition.digest,
        "in_force_from": edition.in_force_from,
        "source": edition.source,
        "items": list(rows),
    }


ROWS: dict[type[Any], Any] = {
    CalendarEdition: calendar_rows, RulebookEdition: rulebook_rows, CatalogueEdition: catalogue_rows,
}  # fmt: skip


def written(edition: Any) -> bytes:
    """Return an edition as it stands in an evidence pack: canonical JSON, one line."""
    return canonical(ROWS[type(edition)](edition)).encode()


@lru_cache(maxsize=64)
def _digest(kind: Any, pk: int, _own: str) -> str:
    return hashlib.sha256(written(kind._default_manager.get(pk=pk))).hexdigest()


def digest_of_rows(edition: Any) -> str:
    """Return the SHA-256 of an edition as it is written; an edition never changes, so it is reckoned once."""
    kind: Any = type(edition)
    return _digest(kind, edition.pk, edition.digest)


@once
def bound(*editions: Any) -> dict[str, str]:
    """Return the digests of editions by their kind: a proof that names them can be reckoned anew from the rows."""
    names = {
        CalendarEdition: "calendar", RulebookEdition: "rulebook", CatalogueEdition: "catalogue",
    }  # fmt: skip
    return {names[type(one)]: digest_of_rows(one) for one in editions if one is not None}
