"""Every running limit of every desk, its case, and the organisations on which it waits: a fixed number of queries."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, reduce
from typing import Any

from django.db.models import Q, QuerySet

from accounts.queries import county, departments_with
from approvals.models import ChecklistItem, Clause, Gap
from approvals.rules import limits as filing_limits
from approvals.stages import ACCEPTANCE_LEAD, Approval, GapState
from core.deadlines.models import timed_models
from desk.rules.ladder import WAITS_ON
from desk.stages import Party
from inspection.models import AcceptanceVerdict
from inspection.stages import Verdict
from prereview.models import Slot
from prereview.stages import SlotState
from public_notice.models import Publication

# The ways from a limit to its case, and to what its rows name; a model takes those that begin with a field of its own.
CASE = ("filing", "slot__filing", "opinion__slot__filing", "measure__filing", "notice__filing")
NAMED = (
    "department", "item__department", "item__item", "slot__department", "slot__item__item",
    "opinion__slot__department", "opinion__slot__item__item", "session",
    "measure__proposed_by", "material", "calendar", "node",
)  # fmt: skip


@dataclass(frozen=True)
class Open:
    """A running limit; `owners` are the organisations that have to act, `filing` is None for a summons."""

    limit: Any
    filing: Any
    party: Party
    owners: tuple[int, ...]

    @property
    def reference(self) -> str:
        """Name the limit among all kinds of limits."""
        return f"{self.limit._meta.label_lower}:{self.limit.pk}"

    @property
    def department(self) -> Any:
        """Return the one department whose limit it is, where the limit names one."""
        found = (getattr(of, "department", None) for of in _about(self.limit))
        return next(filter(None, found), None)

    @property
    def item(self) -> Any:
        """Return the checklist item it is about, if it is about one."""
        found = (getattr(of, "item", None) for of in _about(self.limit))
        return next(filter(None, found), None)

    @property
    def subject(self) -> Any:
        """Return what it belongs to, as people name it: the case, the session, or the thing itself."""
        return self.filing or getattr(self.limit, "session", None) or self.limit

    @property
    def link(self) -> str:
        """Return the page of what it belongs to."""
        if self.filing is not None:
            return f"/cases/{self.filing.public_id}/"
        session = getattr(self.limit, "session", None)
        return f"/sessions/{session.public_id}/" if session else "/openness/check/"

    @property
    def group(self) -> tuple[Any, ...]:
        """What is said in one message: the same limit of one case, of the same people, until the same instant.

        Each node of the works is a limit of its own: a message names it.
        """
        limit = self.limit
        return (
            limit.book_id, limit.rule, self.party, self.owners, limit.due_at, limit.silence, self.apart,
        )  # fmt: skip

    @property
    def apart(self) -> str:
        """What keeps the messages of this limit apart from those of another of the same rule; mostly nothing."""
        node = getattr(self.limit, "node_id", None)
        return f":node{node}" if node else ""


def open_limits(which: Q | None = None) -> Iterator[Open]:
    """Yield the running, dated limits, or those that `which` selects; none of a case that ended or stands still."""
    here = county()
    owed = _Owed(here.window_id, here.supervision_id)
    for model in timed_models():
        for limit in _running(model).filter(which or Q()):
            filing = _filing(limit)
            if filing is None or not (filing.ended or _stands_still(limit, filing)):
                party = owed.published_by(limit) or _party(limit)
                yield Open(limit, filing, party, owed.by(limit, party, filing))


def _running(model: Any) -> QuerySet[Any]:
    found = model._default_manager.filter(
        ended_at=None, started_at__isnull=False, provisional=False, due_at__isnull=False
    ).exclude(rule__in=[code for code, party in WAITS_ON.items() if party == Party.NOBODY])
    if model is Slot:
        found = found.exclude(state=SlotState.SETTLED)
    ways = [f"{way}__enterprise" for way in CASE] + list(NAMED)
    return found.select_related(*[way for way in ways if _leads(model, way)])


@cache
def _leads(model: Any, way: str) -> bool:
    """Whether a way begins and goes on with relations of a model: a notice is a paper here and a publication there."""
    first, _dash, rest = way.partition("__")
    field = next((f for f in model._meta.fields if f.name == first and f.is_relation), None)
    return field is not None and (not rest or _leads(field.related_model, rest))


def _filing(limit: Any) -> Any:
    for way in CASE:
        if _leads(limit.__class__, way):
            return reduce(getattr, way.split("__"), limit)
    return None


def _about(limit: Any) -> tuple[Any, ...]:
    """Return the limit and what it hangs on, nearest first: each may name a department and an item."""
    slot = getattr(limit, "slot", None) or getattr(getattr(limit, "opinion", None), "slot", None)
    return (limit, getattr(limit, "item", None), slot)


def _stands_still(limit: Any, filing: Any) -> bool:
    """While a case is suspended nothing runs but the enterprise's time to bring what is missing."""
    return filing.suspended_at is not None and not isinstance(limit, Gap)


def _party(limit: Any) -> Party:
    if isinstance(limit, Slot) and limit.state in (SlotState.HELD, SlotState.CANDIDATE):
        return Party.CONVENOR
    if isinstance(limit, Gap) and limit.state == GapState.SUPPLIED:
        return Party.WINDOW
    return WAITS_ON.get(limit.rule, Party.CONVENOR)


class _Owed:
    """The departments of limits that name none, asked once for all cases and only where one is needed."""

    def __init__(self, window_id: int, supervision_id: int) -> None:
        self.window_id, self.supervision_id = window_id, supervision_id
        self._known: dict[str, dict[int, list[int]]] = {}

    def published_by(self, limit: Any) -> Party | None:
        """Return on whom a publication waits: window and supervision have offices of their own."""
        if not isinstance(limit, Publication):
            return None
        named = {self.window_id: Party.WINDOW, self.supervision_id: Party.SUPERVISOR}
        return named.get(limit.department_id, Party.DEPARTMENT)

    def by(self, limit: Any, party: Party, filing: Any) -> tuple[int, ...]:
        if party == Party.ENTERPRISE:
            return (filing.enterprise_id,)
        if party != Party.DEPARTMENT:
            return (self.supervision_id if party == Party.SUPERVISOR else self.window_id,)
        found = (getattr(of, "department_id", None) for of in _about(limit))
        one = next(filter(None, found), None)
        if one is not None:
            return (one,)
        return tuple(self._several(limit.rule).get(filing.pk, ())) or (self.window_id,)

    def _several(self, rule: str) -> dict[int, list[int]]:
        if rule not in self._known:
            found: dict[int, list[int]] = defaultdict(list)
            for filing, department in SEVERAL.get(rule, _nobody)():
                if department not in found[filing]:
                    found[filing].append(department)
            self._known[rule] = found
        return self._known[rule]


Pairs = Iterable[tuple[int, int]]


def _running_in(way: str, rule: str) -> Q:
    return Q(**{f"{way}limits__rule": rule, f"{way}limits__ended_at": None})


def _owe_the_gate() -> Pairs:
    items = ChecklistItem.objects.filter(_running_in("filing__", filing_limits.GATE.code))
    owed = items.filter(approval=Approval.OWED).exclude(applies=False)
    return owed.order_by("department__code").values_list("filing_id", "department_id")


def _have_clauses() -> Pairs:
    clauses = Clause.objects.filter(
        _running_in("letter__filing__", filing_limits.FIRST_CHECK.code), letter__withdrawn_at=None
    )
    return clauses.order_by("checked_by__code").values_list("letter__filing_id", "checked_by_id")


def _owe_verdicts() -> Pairs:
    """The departments that still have to speak, and the lead of the acceptance, who concludes."""
    running = _running_in("acceptance__filing__", filing_limits.JOINT_ACCEPTANCE.code)
    verdicts = AcceptanceVerdict.objects.filter(running, acceptance__result="")
    leads = [lead.pk for lead in departments_with(ACCEPTANCE_LEAD)]
    for filing, department, verdict in verdicts.order_by("department__code").values_list(
        "acceptance__filing_id", "department_id", "verdict"
    ):
        yield from ((filing, lead) for lead in leads)
        if verdict == Verdict.AWAITED:
            yield (filing, department)


def _nobody() -> Pairs:
    return ()


SEVERAL: dict[str, Callable[[], Pairs]] = {
    filing_limits.GATE.code: _owe_the_gate,
    filing_limits.FIRST_CHECK.code: _have_clauses,
    filing_limits.JOINT_ACCEPTANCE.code: _owe_verdicts,
}
