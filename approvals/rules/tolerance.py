"""容缺: until when a promise may run, what it holds up, and what became of it. Pure."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.rules.limits import GAP_SUSPENDED
from approvals.stages import GapOutcome, GapState, ToleranceModel
from core.deadlines.models import Timed

# What a promised paper must be there before; the start gate waits for every one of them.
BEFORE = {
    ToleranceModel.COMPLETE: gettext_lazy("补齐以前，所涉事项不作决定，不发开工告知书"),
    ToleranceModel.CONDITIONAL: gettext_lazy(
        "所涉事项可以先作附解除条件的决定，未补齐的自退件时失效；补齐以前不发开工告知书"
    ),
}
DECLARATION = gettext_lazy(
    "自愿申请容缺，知悉逾期的后果；没有未修复的失信记录，以前的承诺没有虚假。"
)


def models_of(models: list[str]) -> list[str]:
    """Return in which ways the items of a paper are tolerated, the stricter first; of no item: the first way."""
    return sorted(set(models)) or [ToleranceModel.COMPLETE.value]


def blocks(models: list[str]) -> str:
    """Say what waits until the paper is there."""
    said = [str(BEFORE[ToleranceModel(model)]) for model in models_of(models)]
    return _("；").join(said)


def outcome_of(gap: Any, at: datetime) -> GapOutcome:
    """Return what became of a gap by an instant: by the dates, whether or not a sweep has come.

    What was supplied in time and found right is in time, however long the window looked at it.
    """
    if gap.state == GapState.FAILED:
        return GapOutcome.NEVER
    second = gap.rule == GAP_SUSPENDED.code
    if gap.state == GapState.CLOSED:
        return GapOutcome.LATE if second or _came_late(gap) else GapOutcome.IN_TIME
    if gap.ended_at is not None:
        return GapOutcome.DROPPED
    overdue = second or (gap.late(at) and not gap.supplied_in_time)
    return GapOutcome.OVERDUE if overdue else GapOutcome.OPEN


def _came_late(gap: Timed) -> bool:
    came = gap.material.handed_in_at  # type: ignore[attr-defined]
    return gap.due_at is not None and came is not None and came > gap.due_at
