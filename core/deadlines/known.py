"""What the county knows of the days: its calendar editions as pure data, national days and county closures apart.

An edition is complete in itself. Its days are the State Council's (off, work) and the county's own closures (shut);
a day that is both off and shut is off, one that is both worked and shut is shut.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from core.deadlines.calendar import Calendar, CalendarEditionData, Mark, Notice
from core.deadlines.models import CalendarDay, CalendarEdition, EditionKind

SHUT = "shut"


def digest_of(content: Any) -> str:
    """Return the SHA-256 of plain content."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def calendar_digest(data: CalendarEditionData) -> str:
    """Return the digest of a calendar's content, so that a rewritten file with the same days is the same."""
    marks = [[day.isoformat(), m.kind, m.name, m.notice] for day, m in data.marks.items()]
    notices = [[n.number, n.issued.isoformat(), n.url] for n in data.notices]
    span = [data.known_from.isoformat(), data.first.isoformat(), data.last.isoformat()]
    return digest_of([data.number, span, marks, notices])


def last_edition() -> CalendarEdition | None:
    """Return the newest edition, whoever made it known."""
    return CalendarEdition.objects.order_by("-number").first()


def from_notices() -> int:
    """Return how many editions came of notices: the number of the next one among them is one more."""
    return CalendarEdition.objects.filter(kind=EditionKind.NOTICE).count()


def last_known_from() -> date | None:
    """Return the day of the newest notice that has been loaded."""
    told = CalendarEdition.objects.filter(kind=EditionKind.NOTICE)
    return told.order_by("-number").values_list("known_from", flat=True).first()


def national(edition: CalendarEdition) -> CalendarEditionData:
    """Return the State Council's part of an edition, as a file of the pack would give it."""
    rows: Any = edition.days.exclude(kind=SHUT).order_by(
        "date"
    )  # their kind is a word of the table
    notices = tuple(
        Notice(n["number"], date.fromisoformat(n["issued"]), n["url"]) for n in edition.notices
    )
    return CalendarEditionData(
        number=edition.number,
        known_from=max((n.issued for n in notices), default=edition.known_from),
        first=edition.first_day,
        last=edition.last_day,
        marks={row.date: Mark(row.kind, row.name, row.notice) for row in rows},
        notices=notices,
    )


def closures(edition: CalendarEdition) -> dict[date, Mark]:
    """Return the county's closure days of an edition."""
    rows = edition.days.filter(kind=SHUT).order_by("date")
    return {row.date: Mark("shut", row.name, row.notice) for row in rows}


def together(days: Mapping[date, Mark], shut: Mapping[date, Mark]) -> dict[date, Mark]:
    """Return the marks that count: a closure over a day that is worked, not over one that is off anyway."""
    off = {day for day, mark in days.items() if mark.kind == "off"}
    return {**days, **{day: mark for day, mark in shut.items() if day not in off}}


def calendar_from(
    data: CalendarEditionData, shut: Mapping[date, Mark], edition: str = ""
) -> Calendar:
    """Return the pure calendar of the national days and the closures that lie in their span."""
    inside = {day: mark for day, mark in shut.items() if data.first <= day <= data.last}
    return Calendar(data.first, data.last, together(data.marks, inside), edition=edition)


@lru_cache(maxsize=64)
def built(pk: int, _digest: str) -> Calendar:
    """Return the pure calendar of an edition; editions never change, so one is built once."""
    edition = CalendarEdition.objects.get(pk=pk)
    days: dict[str, dict[date, Mark]] = {SHUT: {}, "": {}}
    rows: Any = CalendarDay.objects.filter(edition=edition)
    for row in rows:
        days[SHUT if row.kind == SHUT else ""][row.date] = Mark(row.kind, row.name, row.notice)
    marks = together(days[""], days[SHUT])
    return Calendar(edition.first_day, edition.last_day, marks, edition=str(edition.number))
