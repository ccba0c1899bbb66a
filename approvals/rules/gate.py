"""The start gate: what still stands between a filing and its start notification, item by item. Pure."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from approvals.stages import Approval, StartGate


@dataclass(frozen=True)
class Missing:
    """One thing that keeps the gate shut: what, whose move it is, and why."""

    subject: str
    whose: str
    reason: Any


REASONS = {
    StartGate.SERVICE_DONE: _("政府统一服务尚未完成"),
    StartGate.COMMITMENT: _("承诺尚未签署并公示期满"),
    StartGate.PAPER: _("凭承诺出具的文书尚未出具"),
    StartGate.PRIOR: _("法律规定开工前须取得的批准尚未取得"),
}
SATISFIED = {
    StartGate.SERVICE_DONE: (Approval.ISSUED,),
    StartGate.COMMITMENT: (Approval.REPLACED, Approval.ISSUED),
    StartGate.PAPER: (Approval.ISSUED,),
    StartGate.PRIOR: (Approval.ISSUED,),
}


def item_missing(gate: str, approval: str) -> Any | None:
    """Return the reason an item keeps the gate shut, or None when it does not.

    A deemed opinion is no argument here: only the approval, the service or the published commitment count.
    """
    if approval in SATISFIED[StartGate(gate)]:
        return None
    if approval == Approval.REFUSED:
        return _("批准已被拒绝")
    return REASONS[StartGate(gate)]
