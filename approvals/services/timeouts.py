"""What happens, as 系统, when a limit of this desk passes in silence."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.queries import holders, people_of
from accounts.services import system_actor
from accounts.stages import Role
from approvals import policies
from approvals.models import Filing, Gap, StageLimit
from approvals.rules import limits
from approvals.services import leaving
from approvals.services.gaps_late import return_for_gap, suspend_for_gap
from approvals.services.intake import deem_accepted
from approvals.services.telling import tell_enterprise
from core.deadlines.rules import in_sets, on_silence
from core.deadlines.services import end, start
from core.ledger.services import Act, record, record_all
from core.notify.services import Told, tell_all
from core.notify.words import in_both
from core.notify.words import said as _
from core.sets import Beside, rows_by_key
from core.steps.moves import move

ESCALATE = (
    limits.CHECKLIST,
    limits.ACCEPTANCE,
    limits.SURVEY,
    limits.MEETING,
    limits.PUBLISH,
    limits.GATE,
    limits.START_NOTICE,
    limits.PAPER_ON_COMMITMENT,
    limits.STATUTORY_APPROVAL,
    limits.PROMISED_APPROVAL,
    limits.FIRST_CHECK,
    limits.AMENDMENT,
)


@on_silence(*ESCALATE)
def escalate(limit: StageLimit, now: datetime) -> None:
    """转督办: the supervisor learns of it; the limit stays open and red until the thing is done."""
    limit.escalated_at, limit.act_at = limit.expires_at, None
    limit.save()
    record(limit.book, "escalate", by=system_actor(), at=limit.expires_at, **_escalated(limit))
    tell_overdue(limit, limit.item.department_id if limit.item else None, now)


def _escalated(limit: StageLimit) -> dict[str, str]:
    return {"rule": limit.rule, "item": limit.item.code if limit.item else ""}


@in_sets(StageLimit, *ESCALATE)
def escalate_all(keys: Sequence[int], now: datetime) -> set[int]:
    """转督办 of many limits: the rows that `escalate` writes for each, in few statements."""
    found = {limit.pk: limit for limit in rows_by_key(StageLimit, keys)}
    Beside().put(found.values(), "filing__enterprise", "item")
    late = [found[key] for key in keys]
    StageLimit.objects.filter(pk__in=found).update(escalated_at=F("due_at"), act_at=None)
    acts = [Act(one.book_id, "escalate", _escalated(one), one.expires_at) for one in late]
    record_all(acts, by=system_actor(), at=now)
    _tell([(one, one.item.department_id if one.item else None) for one in late], now)
    return set(found)


def tell_overdue(limit: Any, department_id: int | None, now: datetime) -> None:
    """Tell the supervisors, and the head of the department whose limit it is, that one of a case has passed."""
    _tell([(limit, department_id)], now)


OVERDUE = gettext_noop("%(project)s：“%(limit)s”逾期，转督办")


def _tell(late: Sequence[tuple[Any, int | None]], now: datetime) -> None:
    day, told = timezone.localdate(now), []
    supervisors = list(holders(Role.SUPERVISOR, day))
    names = [{"project": one.filing, "limit": one.called} for one, _department in late]
    subjects = in_both([(OVERDUE, one) for one in names])
    for (limit, department), subject in zip(late, subjects, strict=True):
        heads = people_of([department], day, (Role.HEAD,)) if department else []
        about = f"escalated:{limit._meta.label_lower}:{limit.pk}:{limit.rule}"
        link = f"/cases/{limit.filing.public_id}/"
        told.append(Told([*supervisors, *heads], subject, about, link))
    tell_all(told, now)


@on_silence(limits.STATUTORY_ACCEPTANCE)
def accept_by_silence(limit: StageLimit, now: datetime) -> None:
    """视为受理 at the limit's end, whenever the sweep came."""
    deem_accepted(limit.filing, at=limit.expires_at)


@on_silence(limits.CORRECTION)
def return_uncorrected(limit: StageLimit, now: datetime) -> None:
    """退件: the correction never came."""
    filing: Filing = limit.filing
    reason = _("未在补正期限内补正")
    move(filing.send_back, by=system_actor(), at=limit.expires_at, reason=reason)
    leaving.returned(filing, reason=reason, rules=[limit.rule], at=limit.expires_at, now=now)
    tell_enterprise(
        filing, _("已退件：%(why)s；可以重新申报") % {"why": reason}, "returned", limit.expires_at
    )


@on_silence(limits.SIGN)
def remind_to_sign(limit: StageLimit, now: datetime) -> None:
    """催办一次: then the second limit runs; who cannot be reached is not reminded, and so never in default."""
    if limit.filing.cannot_sign(limit):
        escalate(limit, now)
        return
    end(limit, at=limit.expires_at)
    filing = limit.filing
    start(
        StageLimit(filing=filing, book=filing.book), limits.SIGN_AFTER_REMINDER, at=limit.expires_at,
        rulebook=filing.rulebook,
    )  # fmt: skip
    record(filing.book, "remind_to_sign", by=system_actor(), at=limit.expires_at)
    tell_enterprise(filing, _("请签署承诺书：逾期未签，承诺程序失效"), "sign", now)


@on_silence(limits.SIGN_AFTER_REMINDER)
def lapse(limit: StageLimit, now: datetime) -> None:
    """失效: without a mark in the credit record; never of who could not have signed."""
    if limit.filing.cannot_sign(limit):
        escalate(limit, now)
        return
    filing = limit.filing
    if policies.letter_is_signed(filing):
        end(limit, at=limit.expires_at)
        return
    reason = _("催办后仍未签署承诺书")
    move(filing.lapse, by=system_actor(), at=limit.expires_at, reason=reason)
    leaving.lapsed(filing, reason=reason, at=limit.expires_at, now=now)
    tell_enterprise(filing, _("承诺程序失效；可以重新申报"), "lapsed", limit.expires_at)


@on_silence(limits.GAP)
def gap_late(gap: Gap, now: datetime) -> None:
    """中止 at the promised date; what was supplied in time and waits for the window's check does not suspend."""
    if gap.supplied_in_time:
        gap.act_at = None
        gap.save()
        return
    suspend_for_gap(gap, now)


@on_silence(limits.GAP_SUSPENDED)
def gap_never(gap: Gap, now: datetime) -> None:
    """退件 at the end of the second limit; a supply by then that waits for the window's check holds it off."""
    if gap.supplied_in_time:
        gap.act_at = None
        gap.save()
        return
    return_for_gap(gap, now)
