"""What a promised date that has passed comes to: the case stands still, and then it is returned."""

from datetime import datetime

from accounts.services import system_actor
from approvals.models import Filing, Gap
from approvals.rules import limits
from approvals.services import leaving
from approvals.services.telling import tell_enterprise
from approvals.stages import GapState
from core.deadlines.services import end, start
from core.ledger.services import record
from core.notify.words import said as _
from core.steps.moves import locked, move
from core.steps.reasons import NotNow


def caught_up(filing: Filing, at: datetime) -> Filing:
    """Bring a case to where its promised dates have brought it by an instant, whether or not a sweep came by.

    The caller holds its lock and goes on with what is returned. Raises NotNow where the second date has passed, too:
    the case is returned as of then, and whoever acts later takes nothing back.
    """
    late = [
        gap
        for gap in filing.gaps.filter(ended_at=None, deemed=False).select_related("material")
        if gap.broken(at)
    ]
    for gap in late:
        if gap.rule == limits.GAP.code:
            suspend_for_gap(gap, at)
    if any(gap.broken(at) for gap in late):
        rule = limits.GAP_SUSPENDED
        words = _("“%(limit)s”的期限已经届满：%(what)s。")
        raise NotNow([words % {"limit": rule.name, "what": rule.silence.label}])
    return locked(filing) if late else filing  # type: ignore[no-any-return]


def suspend_for_gap(gap: Gap, at: datetime) -> None:
    """中止: the promised date passed; the case stands still and a second and last limit runs."""
    filing = locked(gap.filing)
    if gap.deemed:
        # What was missing when silence accepted the case cannot hold it up; it keeps the start gate shut.
        gap.ended_at, gap.act_at = None, None
        gap.save()
        record(filing.book, "gap_overdue", by=system_actor(), at=at, material=gap.material)
        return
    gap.state = GapState.SUSPENDED if gap.state == GapState.OPEN else gap.state
    effective = gap.expires_at
    start(gap, limits.GAP_SUSPENDED, at=effective, rulebook=filing.rulebook)
    filing.suspended_at = filing.suspended_at or effective
    filing.save()
    record(
        filing.book,
        "suspend",
        by=system_actor(),
        at=effective,
        material=gap.material,
        until=gap.due_at,
    )
    leaving.suspended(filing, gap, at=effective, now=at)
    tell_enterprise(
        filing, _("容缺材料逾期未补，中止办理；请在第二次期限内补齐"), f"suspended{gap.pk}", at
    )


def return_for_gap(gap: Gap, now: datetime) -> None:
    """退件: the second limit passed too; effective at its end, whenever it was found."""
    filing, at = locked(gap.filing), gap.expires_at
    reason = _("容缺材料“%(what)s”两次逾期未补齐") % {"what": gap.material.name}
    gap.state = GapState.FAILED
    end(gap, at=at)
    filing = move(filing.send_back, by=system_actor(), at=at, reason=reason)  # type: ignore[assignment]
    rules = [limits.GAP.code, limits.GAP_SUSPENDED.code]
    leaving.returned(filing, reason=reason, rules=rules, at=at, now=now)
    tell_enterprise(filing, _("已退件：%(why)s；可以重新申报") % {"why": reason}, "returned", at)
