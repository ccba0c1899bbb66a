"""容缺: asked for by the enterprise, promised with a date; late it suspends, then the case is returned."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from accounts.models import Membership
from accounts.services import system_actor
from approvals import policies
from approvals.models import ChecklistItem, Filing, Gap, Material
from approvals.rules import limits
from approvals.services import leaving
from approvals.services.gate import open_gate
from approvals.services.telling import tell_enterprise
from approvals.stages import GapState, MaterialState, Stage
from core.deadlines.queries import value_of
from core.deadlines.services import end, start
from core.ledger.services import record
from core.notify.words import said as _
from core.steps.moves import act, locked, move, permit
from core.steps.reasons import NotNow


@transaction.atomic
def promise_gap(material: Material, *, reason: str, by: Membership, at: datetime) -> Gap:
    """容缺申请: only what the catalogue marks, only on the enterprise's request, against its promise.

    The first limit is P25, or the item's promised days where those are fewer.
    """
    filing = locked(material.filing)
    material = Material.objects.select_related("filing").get(pk=material.pk)
    permit(filing, policies.disposes, by=by, at=at)
    if not material.tolerable:
        raise NotNow([_("清单没有标明这件材料可以容缺，须随申报提交。")])
    if filing.stage not in (Stage.LISTED, Stage.RECEIVED, Stage.CORRECTING):
        raise NotNow([_("容缺只在受理前申请。")])
    if material.state not in (MaterialState.WANTED, MaterialState.RETURNED):
        raise NotNow([_("这件材料已提交或已申请容缺。")])
    if late := filing.overtaken("promise_gap", at):
        raise NotNow(late)
    if not reason.strip():
        raise ValidationError({"reason": _("请写明缺少的原因。")})
    gap = Gap(filing=filing, book=filing.book, material=material, reason=reason, promised_at=at)
    start(gap, limits.GAP, at=at, rulebook=filing.rulebook, length=_first_limit(filing, material))
    material.state = MaterialState.GAP
    material.save()
    act(
        filing, "promise_gap", policy=policies.disposes, by=by, at=at,
        material=material, due_at=gap.due_at, reason=reason,
    )  # fmt: skip
    return gap


def _first_limit(filing: Filing, material: Material) -> int:
    days = [value_of(filing.pinned_rulebook, limits.GAP.code).number]
    listed = ChecklistItem.objects.filter(filing=filing, code__in=material.item_codes)
    days += [n for n in listed.values_list("item__promised_days", flat=True) if n]
    return min(days)


@transaction.atomic
def check_gap(gap: Gap, *, fine: bool, reason: str = "", by: Membership, at: datetime) -> Gap:
    """核验补齐: closed when it is right; wrong, the enterprise is told once more and the clock runs on."""
    filing = locked(gap.filing)
    gap = Gap.objects.select_related("material").get(pk=gap.pk)
    if filing.ended:
        raise NotNow([_("本件已经终结。")])
    if gap.state != GapState.SUPPLIED:
        raise NotNow([_("容缺材料还没有补交。")])
    if not fine and not reason:
        raise ValidationError({"reason": _("请写明还需怎样补正。")})
    if fine and gap.material.withheld:
        raise NotNow(
            [_("“%(what)s”的文件还没有通过查毒，不能核收。") % {"what": gap.material.name}]
        )
    act(
        filing, "check_gap", policy=policies.window, by=by, at=at,
        material=gap.material, fine=fine, reason=reason or None,
    )  # fmt: skip
    if fine:
        _close(gap, at)
        _resume(filing, at)
        open_gate(filing, at)
    else:
        want_again(gap, at)
        gap.material.reason = reason
        gap.material.save()
        tell_enterprise(
            filing, _("补交的材料仍需补正：%(why)s") % {"why": reason}, f"gap{gap.pk}", at
        )
    return gap


def want_again(gap: Gap, at: datetime) -> None:
    """再次补正: what was supplied is not right; the promise stands, and the enterprise was told once more."""
    second = gap.rule == limits.GAP_SUSPENDED.code
    gap.state = GapState.SUSPENDED if second else GapState.OPEN
    gap.told_again_at = at
    if gap.act_at is None and gap.expires_at and at > gap.expires_at and not gap.deemed:
        # It was supplied in time and waited for the window: the enterprise gets the time anew.
        start(gap, gap.declared, at=at, rulebook=gap.filing.rulebook, length=gap.length)
    gap.save()


def _close(gap: Gap, at: datetime) -> None:
    gap.state, gap.closed_at = GapState.CLOSED, at
    end(gap, at=at)
    material = gap.material
    material.state, material.checked_at, material.reason = MaterialState.ACCEPTED, at, ""
    material.save()


_SUSPENDS = Q(rule=limits.GAP_SUSPENDED.code, closed_at=None)


def _resume(filing: Filing, at: datetime) -> None:
    # Supplied is not yet checked: only a gap that the window has closed no longer suspends.
    if filing.suspended_at and not filing.gaps.filter(_SUSPENDS).exists():
        filing.suspended_at = None
        filing.save()
        record(filing.book, "resume", by=system_actor(), at=at)
        tell_enterprise(filing, _("容缺材料已补齐，恢复办理"), "resumed", at)


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
