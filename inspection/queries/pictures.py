"""Inspections as a month, as a load and as a map: each picture's rows, each in a fixed number of queries."""

from calendar import Calendar as Weeks
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Membership
from accounts.queries import county
from approvals.models import Filing
from approvals.rules.outline import outline_of
from approvals.rules.sketch import sketched
from approvals.stages import WORKS
from inspection.models import Acceptance, Check
from inspection.queries.checks import check_list

BARS = 240


@dataclass
class DayOf:
    """One day of a month with what takes place on it."""

    day: date
    mine: bool
    checks: list[Check] = field(default_factory=list)
    visits: list[Acceptance] = field(default_factory=list)


def month_of(by: Membership, first: date) -> list[list[DayOf]]:
    """Return the weeks of a month, Monday first, with checks and acceptance visits as a person may see them."""
    weeks = Weeks().monthdatescalendar(first.year, first.month)
    days = {d: DayOf(d, d.month == first.month) for week in weeks for d in week}
    for check in _checks_between(by, weeks[0][0], weeks[-1][-1]):
        days[held_or_planned(check)].checks.append(check)
    for visit in _visits(by, weeks[0][0], weeks[-1][-1]):
        assert visit.visit_at is not None
        days[timezone.localdate(visit.visit_at)].visits.append(visit)
    return [[days[d] for d in week] for week in weeks]


def held_or_planned(check: Check) -> date:
    """Return the day of a check: when it was held, else when it is planned."""
    return timezone.localdate(check.held_at) if check.held_at else check.planned_on


def _checks_between(by: Membership, first: date, last: date) -> list[Check]:
    """Return the checks of some days that were not called off, in the order of their days."""
    near = check_list(by).filter(called_off_at=None)
    held = near.filter(held_at__date__range=(first, last))
    open_ones = near.filter(held_at=None, planned_on__range=(first, last))
    found = [*held, *open_ones]
    return sorted(found, key=lambda check: (held_or_planned(check), check.pk))


def _visits(by: Membership, first: date, last: date) -> QuerySet[Acceptance]:
    seen = Filing.objects.visible_to(by).order_by().values("pk")
    found = Acceptance.objects.filter(filing__in=seen, visit_at__date__range=(first, last))
    return found.select_related("filing__enterprise").order_by("visit_at", "pk")


def load_in(weeks: list[list[DayOf]]) -> list[dict[str, Any]]:
    """Return the load of a month, without the days of its neighbours."""
    return load_of(check for week in weeks for day in week if day.mine for check in day.checks)


def load_of(checks: Iterable[Check]) -> list[dict[str, Any]]:
    """Return who holds how many checks: each department, then its officers by name, with a bar for the eye."""
    planned: Counter[tuple[str, str]] = Counter()
    held: Counter[tuple[str, str]] = Counter()
    for check in checks:
        counted = held if check.held_at else planned
        names = {officer["name"] for officer in check.officers}
        for name in ("", *sorted(names)):
            counted[(check.department.label, name)] += 1
    most = max((planned + held).values(), default=1)
    return [
        {
            "department": department, "officer": officer, "planned": planned[(department, officer)],
            "held": held[(department, officer)],
            "width": (planned + held)[(department, officer)] * BARS // most,
        }
        for department, officer in sorted({*planned, *held})
    ]  # fmt: skip


def sites_of(by: Membership) -> list[Filing]:
    """Return the projects under construction or at acceptance that a person may see."""
    found = Filing.objects.visible_to(by).filter(stage__in=WORKS)
    return list(found.select_related("enterprise", "site").order_by("pk"))


def map_of(sites: list[Filing]) -> dict[str, Any]:
    """Return the sketch with the projects whose place is known, numbered as in the table; empty for nothing to draw."""
    numbered = enumerate(sites, start=1)
    known = [
        (number, float(one.longitude), float(one.latitude))
        for number, one in numbered
        if one.longitude is not None and one.latitude is not None
    ]
    return sketched(outline_of(county().profile), known)


def month_from(text: str, at: datetime) -> date:
    """Return the first day of the month that an address names (2018-03); of today's where it names none."""
    try:
        year, month = (int(part) for part in text.split("-"))
        return date(year, month, 1) if 2000 <= year <= 2999 else _this(at)  # noqa: PLR2004 - years of the system
    except ValueError:
        return _this(at)


def _this(at: datetime) -> date:
    return timezone.localdate(at).replace(day=1)


def beside(first: date) -> tuple[date, date]:
    """Return the months before and after."""
    return (first - timedelta(days=1)).replace(day=1), (first + timedelta(days=32)).replace(day=1)
