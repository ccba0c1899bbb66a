"""What is late, with net working days: days off and days on which the clock stood are nobody's delay."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from accounts.models import Organisation
from accounts.stages import Kind
from core.deadlines.calendar import Calendar
from core.deadlines.counting import load_interruptions
from core.deadlines.net import net_days
from core.deadlines.queries import calendar_or_none
from core.steps.limits import card
from desk.models import Raised
from desk.queries.open_limits import Open, open_limits
from desk.stages import Party, Rung
from prereview.models import Dispatch, Opinion, Slot
from prereview.stages import GIVEN

HEIGHT = {rung.value: height for height, rung in enumerate(Rung)}


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to, by codes; empty: everything."""

    department: str = ""
    rule: str = ""
    rung: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "Wanted":
        """Return what a query asks for; a zero byte, which no database can hold, is in no code."""
        names = ("department", "rule", "rung")
        return cls(*(asked.get(name, "").replace("\0", "\ufffd") for name in names))


def delays(at: datetime, wanted: Wanted | None = None) -> list[dict[str, Any]]:
    """Return every limit of a case that has passed and is open, oldest first.

    Opinions have lists of their own, and a file that was not signed for in time is the window's to serve.
    """
    wanted, calendar = wanted or Wanted(), calendar_or_none(at)
    late = [
        found
        for found in open_limits(Q(due_at__lt=at))
        if found.filing is not None and not isinstance(found.limit, (Slot, Dispatch))
    ]
    load_interruptions(found.limit for found in late)
    bodies = {o.pk: o for o in Organisation.objects.filter(kind=Kind.DEPARTMENT)}
    rungs = _rungs(late)
    rows = [_row(found, at, calendar, bodies, rungs) for found in late]
    chosen = [row for row in rows if fits(row, wanted)]
    return sorted(chosen, key=lambda row: (row["due_at"], row["limit"]))


def _rungs(late: Iterable[Open]) -> dict[tuple[str, datetime], str]:
    """Return the highest rung each delay was told on."""
    since = min((found.limit.due_at for found in late), default=None)
    reached: dict[tuple[str, datetime], str] = {}
    if since is None:
        return reached
    said = Raised.objects.filter(due_at__gte=since).values_list("limit", "due_at", "rung")
    for limit, due_at, rung in said:
        before = reached.get((limit, due_at))
        if before is None or HEIGHT[rung] > HEIGHT[before]:
            reached[limit, due_at] = rung
    return reached


def _row(
    found: Open, at: datetime, calendar: Calendar | None, bodies: dict[int, Any], rungs: Any
) -> dict[str, Any]:
    limit = found.limit
    owners = [bodies[pk] for pk in found.owners if pk in bodies]
    named = owners if found.party == Party.DEPARTMENT else []
    days = net_days(limit, at, calendar)
    rung = rungs.get((found.reference, limit.due_at), "")
    return {
        "limit": found.reference,
        "filing": found.filing,
        "item": found.item,
        "rule": limit.rule,
        "departments": owners if found.party != Party.ENTERPRISE else [],
        "who": "、".join(body.label for body in named) or str(found.party.label),
        "rung": rung,
        "rung_label": str(Rung(rung).label) if rung else "",
        "used": days[0] if days else None,
        "days_late": days[1] if days else None,
        **card(limit, at, calendar, table=False),
    }


def fits(row: dict[str, Any], wanted: Wanted) -> bool:
    """Whether a row is one of those that are wanted."""
    codes = {body.code for body in row["departments"]}
    return (
        (not wanted.department or wanted.department in codes)
        and (not wanted.rule or row["rule"] == wanted.rule)
        and (not wanted.rung or row["rung"] == wanted.rung)
    )


def days_by_department(at: datetime, late: list[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    """Return per department how many limits are late, by how many days, and the days that its opinions took."""
    found: dict[int, dict[str, Any]] = defaultdict(lambda: {"late": 0, "days_late": 0, "took": []})
    for row in late:
        for body in row["departments"]:
            found[body.pk]["late"] += 1
            found[body.pk]["days_late"] += row["days_late"] or 0
    calendar = calendar_or_none(at)
    given = list(Opinion.objects.filter(position__in=GIVEN).select_related("slot__calendar"))
    load_interruptions(opinion.slot for opinion in given)
    for opinion in given:
        if (days := _took(opinion, calendar)) is not None:
            found[opinion.slot.department_id]["took"].append(days)
    for row in found.values():
        took = row.pop("took")
        row["average"] = round(sum(took) / len(took), 1) if took else None
    return found


def _took(opinion: Opinion, calendar: Calendar | None) -> int | None:
    """Return the net working days from the start of an opinion's limit to the opinion."""
    days = net_days(opinion.slot, opinion.effective_at, calendar)
    return days[0] if days else None
