"""公示处置: one person proposes, another decides; what was decided stands on the notice with its reason."""

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership
from accounts.queries import holders
from accounts.services import system_actor
from accounts.stages import Role
from approvals.models import Filing
from approvals.services import offer_letter, tell_enterprise
from approvals.services.commitment import conditions_of
from approvals.stages import Stage
from core.deadlines.calendar import CalendarGap
from core.deadlines.counting import last_day_of
from core.deadlines.queries import calendar_of, end_of
from core.deadlines.services import take_back
from core.ledger.services import lock, record
from core.notify.services import tell
from core.notify.words import said as _
from core.steps.moves import move, permit
from core.steps.reasons import NotNow, need_words, require
from public_notice import policies
from public_notice.models import LostDay, Notice, Objection, Proposal
from public_notice.rules.gate import mask
from public_notice.services.watching import settle_days
from public_notice.stages import ProposalKind, ProposalState


@transaction.atomic
def propose(
    notice: Notice,
    *,
    kind: str,
    reason: str,
    by: Membership,
    at: datetime,
    back_to: str = "",
    objection: str = "",
    day: date | None = None,
) -> Proposal:
    """提出处置: nothing changes yet; a supervisor or the convenor is told and decides, never the one who proposed."""
    notice = _locked(notice)
    permit(notice, policies.window, by=by, at=at)
    need_words(reason)
    made = Proposal(
        notice=notice, book=notice.book, kind=kind, reason=reason.strip()[:300], asked_by=by, asked_at=at,
    )  # fmt: skip
    _about(made, back_to=back_to, objection=objection, day=day)
    require(made, *policies.of_proposal(kind))
    same = {"kind": kind, "objection": made.objection, "lost_day": made.lost_day}
    if notice.proposals.filter(state=ProposalState.ASKED, **same).exists():
        raise NotNow([_("同一处置已经提出，正等第二人决定。")])
    made.save()
    record(
        notice.book, "propose_on_notice", by=by, at=at, notice=notice.public_id, kind=kind, reason=mask(made.reason),
        **_facts(made),
    )  # fmt: skip
    today = timezone.localdate(at)
    tell(
        [*holders(Role.SUPERVISOR, today), *holders(Role.CONVENOR, today)],
        _("公示处置待您决定：%(title)s") % {"title": notice.title},
        about=f"proposal:{made.pk}",
        at=at,
        link=f"/cases/{notice.filing.public_id}/notice/",
    )
    return made


@transaction.atomic
def decide_proposal(
    proposal: Proposal, *, granted: bool, by: Membership, at: datetime, note: str = ""
) -> Proposal:
    """决定处置: by another person; granted, it takes effect with the decision; refused, it needs a reason."""
    notice = _locked(proposal.notice)
    proposal = Proposal.objects.select_related("asked_by", "objection", "lost_day__extension").get(
        pk=proposal.pk
    )
    proposal.notice = notice
    permit(proposal, policies.decides_proposals, by=by, at=at)
    require(proposal, policies.proposal_is_open, policies.decided_by_another(by))
    if granted:
        settle_days(notice, at)
        require(proposal, *policies.of_proposal(proposal.kind))
        EFFECTS[proposal.kind](proposal, by, at)
    else:
        need_words(note)
    proposal.state = ProposalState.GRANTED if granted else ProposalState.REFUSED
    proposal.decided_by, proposal.decided_at, proposal.note = by, at, note.strip()[:300]
    proposal.save()
    record(
        notice.book, "decide_on_notice", by=by, at=at, notice=notice.public_id, kind=proposal.kind,
        granted=granted, note=mask(proposal.note), **_facts(proposal),
    )  # fmt: skip
    tell(
        [proposal.asked_by],
        _("您提出的公示处置已有决定：%(title)s") % {"title": notice.title},
        about=f"decided:{proposal.pk}",
        at=at,
        link=f"/cases/{notice.filing.public_id}/notice/",
    )
    return proposal


def _locked(notice: Notice) -> Notice:
    lock(notice.book_id)
    return Notice.objects.select_related("filing", "calendar", "book").get(pk=notice.pk)


def _about(made: Proposal, *, back_to: str, objection: str, day: date | None) -> None:
    """Set what the proposal is about; ValidationError where it is not said, or is of another notice."""
    if made.kind == ProposalKind.TAKE_DOWN:
        if back_to not in (Stage.COMMITTING, Stage.PREREVIEWING):
            raise ValidationError({"back_to": _("撤下公示的，请选择退回到哪一步。")})
        made.back_to = back_to
    elif made.kind == ProposalKind.HIDE:
        made.objection = made.notice.objections.filter(number=objection).first()
        if made.objection is None:
            raise ValidationError({"objection": _("这份公示没有这件异议。")})
    elif made.kind == ProposalKind.OVERRULE:
        lost = made.notice.lost_days.select_related("extension")
        made.lost_day = lost.filter(day=day).first() if day else None
        if made.lost_day is None:
            raise ValidationError({"day": _("这一天没有被自检认定为不计入。")})
    else:
        raise ValidationError({"kind": _("请选择一种处置。")})


def _facts(made: Proposal) -> dict[str, object]:
    return {
        "back_to": made.back_to or None,
        "objection": made.objection.number if made.objection else None,
        "day": made.lost_day.day if made.lost_day else None,
    }


def _take_down(proposal: Proposal, by: Membership, at: datetime) -> None:
    """撤下: the notice ends before its time and publishes nothing; the case is signed or looked at again."""
    notice = proposal.notice
    move(notice.take_down, by=system_actor(), at=at, reason=mask(proposal.reason))
    filing = Filing.objects.get(pk=notice.filing_id)
    if filing.stage != Stage.NOTICED:
        return
    # The window proposed it: the case goes back by its hand, with the decision of the second person in the entry.
    asked = proposal.asked_by
    if proposal.back_to == Stage.PREREVIEWING:
        filing.letters.filter(withdrawn_at=None).update(withdrawn_at=at)
        filing = move(filing.review_again, by=asked, at=at, reason=mask(proposal.reason))  # type: ignore[assignment]
    else:
        letter = filing.letter()
        kept = conditions_of(letter) if letter else []
        filing = move(filing.recommit, by=asked, at=at, reason=mask(proposal.reason))  # type: ignore[assignment]
        offer_letter(filing, conditions=kept, by=asked, at=at)
    tell_enterprise(filing, _("公示已撤下，退回办理"), "taken_down", at)


def _hide(proposal: Proposal, by: Membership, at: datetime) -> None:
    """隐藏: number, time, finding and the place stay; only the words are no longer shown."""
    objection: Objection = proposal.objection  # type: ignore[assignment]
    objection.hidden_at, objection.hidden_reason = at, proposal.reason
    objection.save(update_fields=["hidden_at", "hidden_reason"])


def _overrule(proposal: Proposal, by: Membership, at: datetime) -> None:
    """恢复计日: the end is a day earlier again, where that still leaves everybody a whole working day."""
    notice, lost = proposal.notice, proposal.lost_day
    assert lost is not None
    if not _leaves_a_day(notice, lost, at):
        raise NotNow([_("公告的截止日已近，恢复计日会使人来不及提出异议：公告的截止日不再提前。")])
    take_back(notice, lost.extension, at)
    notice.ends_on = last_day_of(notice.due_at) if notice.due_at else None
    notice.save(update_fields=["ends_on"])
    lost.overruled_at = at
    lost.save(update_fields=["overruled_at"])
    day = {"day": lost.day.isoformat()}
    tell_enterprise(
        notice.filing, _("%(day)s恢复计入公示期") % day, f"overruled:{notice.pk}:{lost.day}", at
    )


def _leaves_a_day(notice: Notice, lost: LostDay, at: datetime) -> bool:
    """Whether the end without the day is not before the end of the next working day."""
    if notice.due_at is None or notice.calendar is None:
        return False
    calendar, earlier = calendar_of(notice.calendar), last_day_of(notice.due_at)
    try:
        least = calendar.add_working(timezone.localdate(at), 1)
        earlier -= timedelta(days=1)
        while notice.unit == "working_day" and not calendar.is_working(earlier):
            earlier -= timedelta(days=1)
    except CalendarGap:
        return False
    return end_of(earlier) >= end_of(least)


EFFECTS = {
    ProposalKind.TAKE_DOWN.value: _take_down,
    ProposalKind.HIDE.value: _hide,
    ProposalKind.OVERRULE.value: _overrule,
}
