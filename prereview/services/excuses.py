"""Who answers the summons: coming, or an excuse, which the convenor decides."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership
from accounts.queries import people_of
from core.deadlines.queries import calendar_or_none
from core.documents.contents import check_upload
from core.documents.services import keep
from core.ledger.services import lock
from core.notify.services import tell
from core.notify.words import said as _
from core.steps.moves import act, permit
from core.steps.papers import date_text
from core.steps.reasons import NotNow, require
from prereview import policies
from prereview.models import Invitation
from prereview.queries import grounds_at
from prereview.services.outcome import advance_all, start_clock
from prereview.services.serving import acknowledge, fresh
from prereview.services.standing import stands
from prereview.stages import Answer, Duty, SessionStage, SlotState


def _before_opening(invitation: Invitation, at: datetime) -> None:
    """Refuse what was received at the opening or after it; the opening is the recorded one, to the microsecond."""
    session = invitation.session
    opened = session.opened_at
    too_late = at >= opened if opened else session.stage != SessionStage.CALLED
    if too_late or session.stage == SessionStage.CANCELLED:
        raise NotNow([str(policies.before_opening.reason)])  # type: ignore[attr-defined]


@transaction.atomic
def answer_coming(
    invitation: Invitation, *, representative: str, by: Membership, at: datetime
) -> Invitation:
    """到会: who comes for the department; answering is also signing for the summons."""
    invitation = acknowledge(invitation, by=by, at=at, duty=Duty.ATTEND)
    standing = stands(invitation, Duty.ATTEND, by=by, at=at)
    _before_opening(invitation, at)
    act(
        invitation, "answer_coming", policy=policies.own_department, by=by, at=at,
        department=invitation.department.code, **standing.evidence,
    )  # fmt: skip
    invitation.answer, invitation.answered_at = Answer.COMING, at
    invitation.representative = representative
    invitation.save()
    return invitation


@transaction.atomic
def lodge_excuse(
    invitation: Invitation,
    *,
    ground: str,
    text: str,
    by: Membership,
    at: datetime,
    substitute: str = "",
    upload: UploadedFile | None = None,
) -> Invitation:
    """请假: before the opening, by the department's head, on a ground of the county's list; the convenor decides.

    The paper that shows the ground may come along, and whom the department would send instead.
    """
    permit(invitation, policies.head_of_department, by=by, at=at)
    invitation = acknowledge(invitation, by=by, at=at, duty=Duty.HEAD)
    standing = stands(invitation, Duty.HEAD, by=by, at=at)
    _before_opening(invitation, at)
    known = [one.name for one in grounds_at(at)]
    if ground not in known:
        raise ValidationError(
            {"ground": _("请选择县规则列明的事由：%(all)s。") % {"all": "、".join(known)}}
        )
    if not text.strip():
        raise ValidationError({"text": _("请说明不能到会的具体情况。")})
    if upload is not None:
        check_upload(upload)
    act(
        invitation, "lodge_excuse", policy=policies.head_of_department, by=by, at=at,
        department=invitation.department.code, ground=ground, substitute=substitute.strip() or None,
        **standing.evidence,
    )  # fmt: skip
    invitation.answer, invitation.answered_at = Answer.EXCUSE, at
    invitation.excuse_ground, invitation.excuse_text = ground, text
    invitation.excuse_substitute = substitute.strip()
    invitation.excuse_file = keep(upload, book=invitation.book, by=by, at=at) if upload else None
    invitation.save()
    _tell_excuse(invitation, at)
    return invitation


def _tell_excuse(invitation: Invitation, at: datetime) -> None:
    """Tell the convenor whose word is wanted."""
    tell(
        [invitation.session.convenor],
        _("%(department)s请假：%(ground)s")
        % {"department": invitation.department, "ground": invitation.excuse_ground},
        about=f"excuse:{invitation.pk}",
        at=at,
        link=f"/sessions/{invitation.session.public_id}/",
    )


@transaction.atomic
def decide_excuse(
    invitation: Invitation,
    *,
    granted: bool,
    reason: str,
    by: Membership,
    at: datetime,
    opinion_by: date | None = None,
    substitute: str = "",
) -> Invitation:
    """决定请假: granted, the department owes a written opinion by a date; with a substitute it still has to come.

    Refused, absence has its consequence. A date that passes in silence is a timeout; a substitute that does not
    come is an absence.
    """
    invitation = fresh(invitation)
    require(invitation, policies.excuse_is_open, policies.summons_holds)
    permit(invitation, policies.convenor, by=by, at=at)
    if opinion_by is not None and granted:
        _check_date(invitation, opinion_by, at)
    if substitute.strip() and (not granted or invitation.session.stage != SessionStage.CALLED):
        raise ValidationError(
            {"substitute": _("派员代替只能在会议（勘察）开始前、准许请假时确定。")}
        )
    act(
        invitation, "decide_excuse", policy=policies.convenor, by=by, at=at,
        department=invitation.department.code, granted=granted, reason=reason,
        opinion_by=opinion_by if granted else None, substitute=substitute.strip() or None,
    )  # fmt: skip
    if granted and substitute.strip():
        invitation.answer, invitation.representative = Answer.SUBSTITUTE, substitute.strip()
    else:
        invitation.answer = Answer.GRANTED if granted else Answer.REFUSED
        invitation.opinion_by = opinion_by if granted else None
    invitation.decided_at, invitation.decision_reason = at, reason
    invitation.save()
    _tell_decision(invitation, at)
    _let_slots_follow(invitation, at)
    return invitation


def _check_date(invitation: Invitation, day: date, at: datetime) -> None:
    """Refuse a date for the written opinion that is no working day after the session, or that no calendar reaches."""
    calendar = calendar_or_none(at)
    meets = timezone.localdate(invitation.session.opens_at)
    first = max(meets, timezone.localdate(at))
    if calendar is None or not calendar.covers(day):
        raise ValidationError({"opinion_by": _("这一天所在年度的放假安排尚未公布，请另定日期。")})
    if day <= first or not calendar.is_working(day):
        raise ValidationError(
            {"opinion_by": _("书面意见的期限须是会议（勘察）和决定之后的一个工作日。")}
        )


ANSWERS = {
    Answer.GRANTED: _("请假已准，请提出书面意见"),
    Answer.SUBSTITUTE: _("请假不免除到会：请由%(who)s代替到会"),
    Answer.REFUSED: _("请假未准，请到会"),
}


def _tell_decision(invitation: Invitation, at: datetime) -> None:
    """Tell the department what was decided and what it owes now."""
    subject = ANSWERS[Answer(invitation.answer)] % {"who": invitation.representative}
    if invitation.opinion_by:
        subject = _("请假已准，请在%(day)s前提出书面意见") % {
            "day": date_text(invitation.opinion_by)
        }
    tell(
        people_of([invitation.department_id], timezone.localdate(at)),
        subject,
        about=f"excuse_decided:{invitation.pk}",
        at=at,
        body=invitation.decision_reason,
        link=f"/sessions/{invitation.session.public_id}/",
    )


def _let_slots_follow(invitation: Invitation, at: datetime) -> None:
    """Let the slots that this summons decides on be looked at again; a grant after the close starts their time anew."""
    closed = invitation.session.agenda.filter(closed_at__isnull=False)
    for agenda in closed.order_by("filing__book_id"):
        lock(agenda.filing.book_id)
        if invitation.answer == Answer.GRANTED and not invitation.present_at(agenda.recorded_close):
            own = agenda.slots.unsettled().filter(department_id=invitation.department_id)
            for slot in own.filter(state=SlotState.HELD, served_again_at=None):
                start_clock(slot, agenda.recorded_close)
        advance_all(agenda, at, department_id=invitation.department_id)
