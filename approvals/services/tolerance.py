"""容缺: asked for by the enterprise, promised with a date; late it suspends, then the case is returned."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import Membership
from accounts.services import system_actor
from approvals import policies
from approvals.models import ChecklistItem, Filing, Gap, Material
from approvals.queries.gaps import bars_of, open_promises
from approvals.rules import limits
from approvals.services.gaps_late import caught_up
from approvals.services.gate import open_gate, stand_on_commitment, start_papers
from approvals.services.papers import tolerance as papers
from approvals.services.promising import take_up_gap
from approvals.services.telling import tell_enterprise
from approvals.stages import GapState, MaterialState, Stage
from core.deadlines.calendar import CalendarGap
from core.deadlines.queries import calendar_at, value_of
from core.deadlines.services import end, start
from core.ledger.services import record
from core.notify.words import said as _
from core.steps.moves import act, locked, permit
from core.steps.papers import date_text
from core.steps.reasons import NotNow


@transaction.atomic
def promise_gap(
    material: Material,
    *,
    reason: str,
    signed: bool,
    by_day: date | None = None,
    by: Membership,
    at: datetime,
) -> Gap:
    """容缺申请: only what the catalogue marks, only on the enterprise's request, against its signed promise (DOC07).

    `by_day` is the day the enterprise promises; without one the longest that may be promised (`most_days`). Raises
    NotNow where the list, the stage or a standing credit record forbids it, ValidationError by field otherwise.
    """
    filing = locked(material.filing)
    material = Material.objects.select_related("filing").get(pk=material.pk)
    permit(filing, policies.disposes, by=by, at=at)
    _may_promise(filing, material, at)
    if not reason.strip():
        raise ValidationError({"reason": _("请写明缺少的原因。")})
    if not signed:
        raise ValidationError({"signed": _("请确认声明并签署承诺：不签署的不能容缺。")})
    length = _promised_days(filing, material, by_day, at)
    gap = take_up_gap(filing, material, reason=reason, promised_at=at, length=length, at=at)
    act(
        filing, "promise_gap", policy=policies.disposes, by=by, at=at,
        material=material, due_at=gap.due_at, reason=reason,
    )  # fmt: skip
    gap.paper = papers.promise(gap, by=by, at=at)
    gap.save(update_fields=["paper"])
    return gap


def _may_promise(filing: Filing, material: Material, at: datetime) -> None:
    if not material.tolerable:
        raise NotNow([_("清单没有标明这件材料可以容缺，须随申报提交。")])
    if filing.stage not in (Stage.LISTED, Stage.RECEIVED, Stage.CORRECTING):
        raise NotNow([_("容缺只在受理前申请。")])
    if material.state not in (MaterialState.WANTED, MaterialState.RETURNED):
        raise NotNow([_("这件材料已提交或已申请容缺。")])
    if against := why_barred(filing, at):
        raise NotNow(against)
    if late := filing.overtaken("promise_gap", at):
        raise NotNow(late)


def why_barred(filing: Filing, at: datetime) -> list[str]:
    """Return the credit records that stand against tolerance at an instant, each as a sentence; empty: none does."""
    return [
        _(
            "本单位有未修复的失信记录（%(organ)s%(number)s，%(until)s），修复或者期满以前不能容缺，材料须交齐。"
        )
        % {
            "organ": bar.organ,
            "number": bar.organ_number,
            "until": _("至%(day)s") % {"day": date_text(bar.until)} if bar.until else _("未定止期"),
        }
        for bar in bars_of(filing.enterprise, at)
    ]


def most_days(filing: Filing, material: Material) -> int:
    """Return how many working days may be promised: P25, or an item's own promised limit where that is shorter."""
    days = [value_of(filing.pinned_rulebook, limits.GAP.code).number]
    listed = ChecklistItem.objects.filter(filing=filing, code__in=material.item_codes)
    days += [n for n in listed.values_list("item__promised_days", flat=True) if n]
    return min(days)


def _promised_days(filing: Filing, material: Material, by_day: date | None, at: datetime) -> int:
    """Return the length of the promise in working days; ValidationError for a day that cannot be promised."""
    most, today, calendar = most_days(filing, material), timezone.localdate(at), calendar_at(at)
    if by_day is None:
        return most
    try:
        last = calendar.add_working(today, most)
        if by_day > last:
            said = {"day": date_text(last), "n": most}
            text = _("最迟可以承诺到%(day)s（%(n)d个工作日，不超过所涉事项的承诺时限）。")
            raise ValidationError({"by_day": text % said})
        if by_day <= today or not calendar.is_working(by_day):
            raise ValidationError({"by_day": _("请选今天以后的一个工作日。")})
    except CalendarGap:
        raise ValidationError({"by_day": _("这一天的放假安排还没有公布，请不选日期。")}) from None
    return calendar.working_days_between(today, by_day)


@transaction.atomic
def check_gap(gap: Gap, *, fine: bool, reason: str = "", by: Membership, at: datetime) -> Gap:
    """核验补齐: closed when it is right (DOC58); wrong, it is told in writing (DOC57) and the clock runs on."""
    filing = caught_up(locked(gap.filing), at)
    gap = Gap.objects.select_related("material", "calendar").get(pk=gap.pk)
    gap.filing = filing
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
        _found_right(filing, gap, by, at)
    else:
        _found_wrong(filing, gap, reason, by, at)
    return gap


def _found_right(filing: Filing, gap: Gap, by: Membership, at: datetime) -> None:
    _close(gap, at)
    decided = _no_longer_conditional(filing, gap, at)
    if filing.cleared_at is not None:
        stand_on_commitment(filing)
        start_papers(filing, at)
    resumed = resume(filing, _("容缺材料已补齐，恢复办理"), at)
    papers.checked(gap, resumed=resumed, decided=decided, by=by, at=at)
    open_gate(filing, at)


def _found_wrong(filing: Filing, gap: Gap, reason: str, by: Membership, at: datetime) -> None:
    gap.times_wrong += 1
    anew = want_again(gap, at)
    gap.material.reason = reason
    gap.material.save()
    papers.told_again(gap, reason=reason, anew=anew, by=by, at=at)
    told = _("补交的材料仍需补正：%(why)s") % {"why": reason}
    tell_enterprise(filing, told, f"gap{gap.pk}", at)


def _no_longer_conditional(filing: Filing, gap: Gap, at: datetime) -> list[str]:
    """模式二: what was decided against this promise stands without a condition now; return the items by name."""
    freed = []
    waiting = filing.items.filter(conditional=True, code__in=gap.material.item_codes)
    for item in waiting.select_related("item", "filing"):
        if open_promises(item):
            continue  # another promised paper of it is still to come
        item.conditional = False
        item.save(update_fields=["conditional"])
        record(filing.book, "approval_unconditional", by=system_actor(), at=at, item=item.code)
        freed.append(str(item.item.name))
    return freed


def want_again(gap: Gap, at: datetime) -> bool:
    """再次补正: what was supplied is not right; the promise stands. Return whether its days run anew from now.

    They do where it was supplied in time and waited for the window past the date, whether or not a sweep came by.
    """
    anew = not gap.deemed and gap.supplied_in_time and gap.due_at is not None and at > gap.due_at
    second = gap.rule == limits.GAP_SUSPENDED.code
    gap.state = GapState.SUSPENDED if second else GapState.OPEN
    gap.told_again_at = at
    if anew:
        start(gap, gap.declared, at=at, rulebook=gap.filing.rulebook, length=gap.length)
    gap.save()
    return anew


def _close(gap: Gap, at: datetime) -> None:
    gap.state, gap.closed_at = GapState.CLOSED, at
    end(gap, at=at)
    material = gap.material
    material.state, material.checked_at, material.reason = MaterialState.ACCEPTED, at, ""
    material.save()


_SUSPENDS = Q(rule=limits.GAP_SUSPENDED.code, closed_at=None, ended_at=None)


def resume(filing: Filing, why: str, at: datetime) -> bool:
    """恢复办理, where the case stood still and nothing stops it any more; return whether it goes on from now."""
    # Supplied is not yet checked: only a gap that the window has closed no longer suspends.
    if filing.suspended_at is None or filing.gaps.filter(_SUSPENDS).exists():
        return False
    filing.suspended_at = None
    filing.save()
    record(filing.book, "resume", by=system_actor(), at=at)
    tell_enterprise(filing, why, "resumed", at)
    return True
