"""约谈 and 移送 as they wait for the supervisor: reckoned from the defaults that stand, less what was done."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Min
from django.utils import timezone

from accounts.models import Organisation
from core.deadlines.queries import rulebook_at, start_of, value_of
from prereview import rules
from prereview.models import AgendaItem, FollowUp, Opinion, Slot
from prereview.rules.accountability import Numbers, Occasion, followed_up, period_of
from prereview.stages import DEEMED, FollowUpKind


@dataclass(frozen=True)
class Task:
    """One thing to be done about a department: what, for which occasion, the how-manieth, and the note once done."""

    department: Organisation
    agenda: AgendaItem
    effective_at: datetime
    nth: int
    kind: str
    slot_id: int
    done: FollowUp | None

    @property
    def label(self) -> str:
        """Return the kind in words."""
        return str(FollowUpKind(self.kind).label)


def numbers_at(at: datetime) -> Numbers:
    """Return the county's numbers in force at an instant."""
    book = rulebook_at(at)
    interview, referral, years = (
        value_of(book, code).number for code in (rules.INTERVIEW, rules.REFERRAL, rules.PERIOD)
    )
    return Numbers(interview, referral, years)


def _since(at: datetime, years: int) -> datetime:
    """Return the beginning of the period before the present one: older tasks are history, in the book."""
    year = timezone.localdate(at).year
    first = 2000 + (period_of(year, years) - 1) * max(years, 1)
    return start_of(timezone.localdate(at).replace(year=first, month=1, day=1))


def _occasions(since: datetime) -> tuple[list[Occasion], dict[tuple[int, int], int]]:
    """Return the occasions of defaults that stand, and one slot of each by which a page finds it: one query."""
    rows = (
        Opinion.objects.filter(position__in=DEEMED, withdrawn_at=None, effective_at__gte=since)
        .order_by()
        .values_list("slot__department_id", "slot__agenda_id")
        .annotate(first=Min("effective_at"), slot=Min("slot_id"))
    )
    found, slots = [], {}
    for department, agenda, first, slot in rows:
        found.append(Occasion(department, agenda, first, timezone.localdate(first).year))
        slots[(department, agenda)] = slot
    return found, slots


def tasks(at: datetime, *, open_only: bool = True) -> list[Task]:
    """Return what is to be done about departments, oldest first, of this period and the one before: five queries."""
    numbers = numbers_at(at)
    occasions, slots = _occasions(_since(at, numbers.years))
    wanted = [row for row in followed_up(occasions, numbers) if row[2]]
    agendas = {one.agenda for one, _nth, _kind in wanted}
    kept = FollowUp.objects.filter(agenda__in=agendas).select_related("done_by__user")
    done = {(one.department_id, one.agenda_id): one for one in kept}
    left = [row for row in wanted if not (open_only and (row[0].department, row[0].agenda) in done)]
    departments = Organisation.objects.in_bulk({one.department for one, _n, _k in left})
    items = AgendaItem.objects.select_related("session", "filing").in_bulk(
        {one.agenda for one, _n, _k in left}
    )
    return [
        Task(
            departments[one.department], items[one.agenda], one.effective_at, nth, kind,
            slots[(one.department, one.agenda)], done.get((one.department, one.agenda)),
        )
        for one, nth, kind in left
    ]  # fmt: skip


def task_of(slot: Slot, at: datetime) -> Task | None:
    """Return the task that a slot's default led to, done or not; None where it leads to nothing."""
    mine: Any = (
        t
        for t in tasks(at, open_only=False)
        if (t.department.pk, t.agenda.pk) == (slot.department_id, slot.agenda_id)
    )
    return next(mine, None)
