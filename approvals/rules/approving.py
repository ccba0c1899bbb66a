"""When the approval of one item can be taken up, so that its limits begin."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from approvals.rules import limits
from approvals.stages import Approval, ItemClass, Stage, StartGate

if TYPE_CHECKING:
    from approvals.models import ChecklistItem, StageLimit

# From the acceptance of the filing until the start: before it nothing is complete, after it nothing is owed.
OPEN = (
    Stage.ACCEPTED, Stage.SURVEYING, Stage.PREREVIEWING, Stage.COMMITTING, Stage.COMMITTED, Stage.NOTICED,
    Stage.CLEARED,
)  # fmt: skip


def why_not_taken_up(item: "ChecklistItem", running: Iterable["StageLimit"]) -> list[str]:
    """Return what stands against taking up an item's approval; `running` are the item's limits."""
    if item.filing.stage not in OPEN:
        return [_("申报件受理以后、开工告知以前才能受理事项的审批。")]
    if item.applies is False or item.approval != Approval.OWED:
        return [_("这一事项现在没有应办的审批。")]
    if item.start_gate not in (StartGate.PRIOR, StartGate.SERVICE_DONE):
        return [_("这一事项凭承诺办理，公示期满后自动开始计时。")]
    if not item.item.statutory_days:
        return [_("法律没有规定这一事项的审批期限，不计时。")]
    if any(limit.rule == limits.STATUTORY_APPROVAL.code for limit in running):
        return [_("这一事项已经受理，期限正在计算。")]
    return []


def is_refusable(item: "ChecklistItem") -> bool:
    """Return whether an item's approval may be refused now, or was: one that somebody decides, while cases are decided.

    A service of the county is rendered, not granted, and what stands on a commitment alone has no decision to refuse.
    """
    return (
        item.filing.stage in OPEN
        and item.filing.suspended_at is None
        and item.applies is not False
        and item.item_class != ItemClass.SERVICE
        and item.start_gate in (StartGate.PRIOR, StartGate.PAPER)
        and item.approval in (Approval.OWED, Approval.REFUSED)
    )
