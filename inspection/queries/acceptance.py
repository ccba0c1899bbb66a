"""Rounds and verdicts of the joint acceptance as pages, papers and services ask for them."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from accounts.asked import Asked
from accounts.models import Organisation
from accounts.queries import county
from approvals.models import ChecklistItem, Clause, Filing
from approvals.rules import limits
from approvals.stages import ItemClass
from core.deadlines.calendar import Calendar
from core.deadlines.counting import last_day_of
from core.deadlines.queries import calendar_at
from core.rows import Read
from inspection.models import Acceptance, AcceptanceVerdict
from inspection.queries.works import examined
from inspection.stages import Verdict


@dataclass(frozen=True)
class Matter:
    """What one department has to find: a clause it checks, or an item of its own that has no clause."""

    department: Organisation
    item: ChecklistItem
    clause: Clause | None = None


def matters_of(filing: Filing) -> list[Matter]:
    """Return all that the joint acceptance looks at: every clause of the present letter, then the items without one.

    What the government itself supplies (政府统一服务) is nobody's to accept.
    """
    letter = filing.letter()
    clauses = letter.clauses.select_related("item", "checked_by") if letter else []
    found = [Matter(clause.checked_by, clause.item, clause) for clause in clauses]
    promised = {matter.item.pk for matter in found}
    items = filing.items.exclude(applies=False).exclude(item_class=ItemClass.SERVICE)
    rest = [item for item in items.select_related("department") if item.pk not in promised]
    return found + [Matter(item.department, item) for item in rest]


def present_round(filing: Filing) -> Acceptance | None:
    """Return the last round of a filing, if acceptance was ever applied for."""
    return filing.acceptances.select_related("paper").order_by("-round").first()


def rounds_of(filing: Filing) -> QuerySet[Acceptance]:
    """Return the rounds of a filing, each with how many verdicts it has and how many were given."""
    given = Count("verdicts", filter=~Q(verdicts__verdict=Verdict.AWAITED))
    return filing.acceptances.annotate(total=Count("verdicts"), given=given).order_by("round")


def verdicts_of(filing: Filing) -> QuerySet[AcceptanceVerdict]:
    """Return all verdicts of a filing with what is shown of them, the oldest round first: two queries.

    `looked` tells of a clause whether a check during the works examined it.
    """
    return (
        AcceptanceVerdict.objects.filter(acceptance__filing=filing)
        .annotate(looked=Exists(examined().filter(clause=OuterRef("clause"))))
        .select_related(
            "acceptance", "department", "item__item", "clause", "given_by__user", "evidence"
        )
        .prefetch_related("department__names")
        .order_by("acceptance__round", "pk")
    )


def standing(verdicts: list[AcceptanceVerdict]) -> list[AcceptanceVerdict]:
    """Return the last verdict on each matter, in the order of the first round: what passed earlier stands."""
    last: dict[tuple[int, int, int | None], AcceptanceVerdict] = {}
    for verdict in verdicts:
        last[verdict.department_id, verdict.item_id, verdict.clause_id] = verdict
    return list(last.values())


def not_passed(filing: Filing, clauses: QuerySet[Clause]) -> QuerySet[Clause]:
    """Return those clauses of a case on which the last verdict is not that they pass; what passed earlier stands."""
    verdicts = AcceptanceVerdict.objects.filter(acceptance__filing=filing, clause=OuterRef("pk"))
    last = Subquery(verdicts.order_by("-acceptance__round").values("verdict")[:1])
    none = Q(last_verdict__isnull=True)
    return clauses.annotate(last_verdict=last).filter(none | ~Q(last_verdict=Verdict.PASSED))


def to_mend(filing: Filing) -> QuerySet[AcceptanceVerdict]:
    """Return what the last concluded round found wanting: the correction list."""
    last = filing.acceptances.exclude(concluded_at=None).order_by("-round").first()
    return verdicts_of(filing).filter(acceptance=last, verdict=Verdict.FAILED)


def awaited_departments(acceptance: Acceptance) -> list[Organisation]:
    """Return the departments that have not spoken on everything that is theirs."""
    return _awaited_in(acceptance.pk)


@Asked
def _awaited_in(acceptance: int) -> QuerySet[Organisation]:
    waiting = AcceptanceVerdict.objects.filter(acceptance=acceptance, verdict=Verdict.AWAITED)
    return Organisation.objects.filter(pk__in=waiting.values("department_id")).order_by("code")


# A round, and a verdict with what is said of it, as they are now.
ROUND = Read(lambda: Acceptance.objects.select_related("filing__enterprise"), "pk")
BESIDE = ("department", "item", "clause")
VERDICT = Read(lambda: AcceptanceVerdict.objects.select_related(*BESIDE), "pk")


@Asked
def waiting_of(acceptance: int, department: int) -> QuerySet[AcceptanceVerdict]:
    """Return what a department has not spoken on in a round, by the keys of both."""
    of = {"acceptance": acceptance, "department": department, "verdict": Verdict.AWAITED}
    return AcceptanceVerdict.objects.filter(**of).select_related(*BESIDE)


def specials() -> dict[str, str]:
    """Return by item code what the county calls its part of the joint acceptance (规划核实, 消防 …)."""
    return dict(county().profile.get("acceptance", {}).get("specials_zh", {}))


@dataclass(frozen=True)
class Silent:
    """A department that has not spoken on all that is its own: how much, how long, and how long past the limit.

    `late` from the first instant after the limit; `over` counts working days, so that over a holiday it is still 0.
    """

    department: Organisation
    items: int
    waited: int | None
    over: int | None
    late: bool


def silent_in(
    acceptance: Acceptance, verdicts: list[AcceptanceVerdict], at: datetime
) -> list[Silent]:
    """Return who is awaited in a round that is not concluded, in working days of today; one query at most.

    None where a year has no calendar yet. Nothing follows from these days but that they are seen.
    """
    waiting = [
        v for v in verdicts if v.acceptance_id == acceptance.pk and v.verdict == Verdict.AWAITED
    ]
    if acceptance.concluded_at is not None or not waiting:
        return []
    limits_of_round = acceptance.filing.limits.filter(
        rule=limits.JOINT_ACCEPTANCE.code, ended_at=None
    )
    limit = limits_of_round.first()
    calendar, today = calendar_at(at), timezone.localdate(at)
    due = limit.due_at if limit is not None else None
    late = due is not None and at > due
    over = _working(calendar, last_day_of(due), today) if due is not None and late else 0
    waited = _working(calendar, timezone.localdate(acceptance.applied_at), today)
    by_department = {v.department_id: v.department for v in waiting}
    counted = Counter(v.department_id for v in waiting)
    return [Silent(d, counted[pk], waited, over, late) for pk, d in by_department.items()]


def _working(calendar: Calendar, first: date, last: date) -> int | None:
    if not (calendar.covers(first) and calendar.covers(last)):
        return None
    return calendar.working_days_between(first, last)
