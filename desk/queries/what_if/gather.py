"""The facts of every case, in a number of queries that does not grow with them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from accounts.models import Organisation
from accounts.stages import Kind
from approvals.models import Filing
from approvals.rules.limits import MEETING, START_NOTICE
from approvals.stages import ENDS, Stage, StartGate
from core.deadlines.models import CalendarEdition, RuleValue
from core.deadlines.queries import calendar_of
from desk.queries.what_if.acts import acts_of_slots, agendas, approvals, changes_done, struck
from desk.queries.what_if.breaks import breaks
from desk.queries.what_if.items import Catalogues, catalogues, items_of
from desk.queries.what_if.limits import Limits, limits_of, notices
from desk.rules.what_if.facts import AgendaFacts, CaseFacts, GateFacts, ItemFacts, Recorded
from desk.rules.what_if.numbers import Days, Edition, Number, number_of
from prereview.rules import MINUTES

OF_A_CASE = (
    "pk", "book_id", "public_id", "project_name", "stage", "stage_since", "rulebook_id", "catalogue_id", "answers",
)  # fmt: skip


@dataclass(frozen=True)
class Gathered:
    """Every case with the editions it may be judged by, and the departments by code."""

    cases: tuple[CaseFacts, ...]
    editions: tuple[Edition, ...]
    days: Days
    departments: dict[str, Organisation]
    catalogues: Catalogues


class _Cases:
    """Puts together what the queries brought, case by case."""

    def __init__(self, now: datetime, editions: tuple[Edition, ...]) -> None:
        broken = breaks()
        self.agendas, self.slots = agendas(), acts_of_slots(now, broken)
        self.timed, self.notices, self.items = limits_of(editions, broken), notices(), items_of()
        self.obtained, self.struck, self.done = approvals(), struck(), changes_done()

    def of(self, row: dict[str, Any]) -> CaseFacts:
        """Return the facts of one filing."""
        pk, book, items = row["pk"], row["book_id"], self.items
        mine = tuple(replace(a, slots=tuple(self.slots[a.pk])) for a in self.agendas[pk])
        listed = items.of.get(pk, ())
        return CaseFacts(
            pk=pk, public_id=row["public_id"], name=row["project_name"], rulebook=row["rulebook_id"],
            catalogue=row["catalogue_id"], left_at=row["stage_since"] if row["stage"] in ENDS else None,
            answers=row["answers"], items=listed, declined=items.declined.get(pk, frozenset()),
            struck=items.struck.get(pk, frozenset()), agendas=mine, limits=tuple(self.timed.of_book[book]),
            notices=tuple(self.notices[pk]), gate=self._gate(pk, book, listed),
            recorded=_recorded(mine, self.timed, book),
        )  # fmt: skip

    def _gate(self, pk: int, book: int, listed: tuple[ItemFacts, ...]) -> GateFacts:
        wanted = frozenset(item.code for item in listed if item.gate != StartGate.COMMITMENT)
        rest = (*self.timed.gaps_closed[book], *self.done[pk], *self.struck[book])
        return GateFacts(self.obtained[book], wanted, rest)


def gather(now: datetime) -> Gathered:
    """Return the facts of every submitted case."""
    editions = rulebooks()
    cases = _Cases(now, editions)
    rows = Filing.objects.exclude(stage=Stage.DRAFT).exclude(rulebook=None).order_by("pk")
    known = CalendarEdition.objects.order_by("number")
    return Gathered(
        cases=tuple(cases.of(row) for row in rows.values(*OF_A_CASE)),
        editions=editions,
        days=Days([(edition.known_from, calendar_of(edition)) for edition in known]),
        departments={o.code: o for o in Organisation.objects.filter(kind=Kind.DEPARTMENT)},
        catalogues=catalogues(),
    )


def rulebooks() -> tuple[Edition, ...]:
    """Return every edition of the rulebook with its numbers, by the day from which it is in force."""
    numbers: dict[tuple[int, Any, int], dict[str, Number]] = defaultdict(dict)
    for row in RuleValue.objects.order_by("edition__number").values_list(
        "edition__number", "edition__in_force_from", "edition_id", "code", "value", "unit"
    ):
        found = number_of(row[4], row[5])
        if found is not None:
            numbers[row[:3]][row[3]] = found
    return tuple(Edition(pk, first, rows) for (_number, first, pk), rows in numbers.items())


def _recorded(mine: Sequence[AgendaFacts], timed: Limits, book: int) -> Recorded:
    """Return what followed each item by the books: after a survey the meeting's limit, after a meeting the minutes'."""
    after = {}
    for agenda in mine:
        if agenda.closed_at is None:
            continue
        wanted = MEETING.code if agenda.survey else MINUTES.code
        starts = [s for rule, s in timed.starts[book] if rule == wanted and s >= agenda.closed_at]
        if starts:
            after[agenda.pk] = min(starts)
    return Recorded(
        after, min((s for rule, s in timed.starts[book] if rule == START_NOTICE.code), default=None)
    )
