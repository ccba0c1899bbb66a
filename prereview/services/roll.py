"""Who was served, who answers, who is excused, who is in the room."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import Membership
from accounts.stages import Role
from approvals.rules.limits import MEETING
from core.deadlines.services import end
from core.documents.services import keep
from core.ledger.services import lock, record
from core.notify.services import tell
from core.notify.words import said as _
from core.steps.moves import act, locked, move, permit
from core.steps.reasons import NotNow, require
from prereview import policies
from prereview.models import AgendaItem, Invitation, Session
from prereview.services.outcome import advance_all, go_on
from prereview.stages import Answer, Channel, SessionStage


def _fresh(invitation: Invitation) -> Invitation:
    lock(invitation.book_id)
    return Invitation.objects.select_related("session", "department").get(pk=invitation.pk)


@transaction.atomic
def acknowledge(invitation: Invitation, *, by: Membership, at: datetime) -> Invitation:
    """签收: the department has the summons; said twice it stands once."""
    invitation = _fresh(invitation)
    permit(invitation, policies.own_department, by=by, at=at)
    if invitation.acknowledged_at is None:
        act(
            invitation, "acknowledge", policy=policies.own_department, by=by, at=at,
            department=invitation.department.code,
        )  # fmt: skip
        invitation.acknowledged_at, invitation.acknowledged_by = at, by
        end(invitation, at=at)
    return invitation


@transaction.atomic
def serve_by_second_channel(
    invitation: Invitation,
    *,
    channel: str,
    received_by: str,
    by: Membership,
    at: datetime,
    upload: UploadedFile | None = None,
) -> Invitation:
    """第二种方式送达: on paper with the signed scan, or by telephone with the note of two persons."""
    invitation = _fresh(invitation)
    permit(invitation, policies.window, by=by, at=at)
    if invitation.proven:  # a proof in time must not be written over by a later one
        raise NotNow([_("该部门已签收，不需要另行送达。")])
    if channel not in (Channel.PAPER, Channel.PHONE) or not received_by.strip():
        raise ValidationError({"received_by": _("请写明送达方式和签收（接听）人。")})
    if upload is None:
        raise ValidationError(
            {"upload": _("没有凭证不能认定送达：请上传签收单或两人签名的电话记录。")}
        )
    act(
        invitation, "serve_again", policy=policies.window, by=by, at=at,
        department=invitation.department.code, channel=channel,
    )  # fmt: skip
    invitation.channel, invitation.received_by = channel, received_by
    invitation.proof = keep(upload, book=invitation.book, by=by, at=at)
    invitation.acknowledged_at = at
    end(invitation, at=at)
    return invitation


@transaction.atomic
def answer_coming(
    invitation: Invitation, *, representative: str, by: Membership, at: datetime
) -> Invitation:
    """到会: who comes for the department; answering is also signing for the summons."""
    invitation = acknowledge(invitation, by=by, at=at)
    act(
        invitation, "answer_coming", policy=policies.own_department, by=by, at=at,
        conditions=(policies.before_opening,), department=invitation.department.code,
    )  # fmt: skip
    invitation.answer, invitation.answered_at = Answer.COMING, at
    invitation.representative = representative
    invitation.save()
    return invitation


@transaction.atomic
def lodge_excuse(
    invitation: Invitation, *, ground: str, text: str, by: Membership, at: datetime
) -> Invitation:
    """请假: before the opening, by the department's head, with ground and reason; the convenor decides."""
    invitation = acknowledge(invitation, by=by, at=at)
    if not text.strip():
        raise ValidationError({"text": _("请说明不能到会的具体情况。")})
    act(
        invitation, "lodge_excuse", policy=policies.head_of_department, by=by, at=at,
        conditions=(policies.before_opening,), department=invitation.department.code, ground=ground,
    )  # fmt: skip
    invitation.answer, invitation.answered_at = Answer.EXCUSE, at
    invitation.excuse_ground, invitation.excuse_text = ground, text
    invitation.save()
    tell(
        [invitation.session.convenor],
        _("%(department)s请假：%(ground)s")
        % {"department": invitation.department, "ground": ground},
        about=f"excuse:{invitation.pk}",
        at=at,
        link=f"/sessions/{invitation.session.public_id}/",
    )
    return invitation


@transaction.atomic
def decide_excuse(
    invitation: Invitation, *, granted: bool, reason: str, by: Membership, at: datetime
) -> Invitation:
    """决定请假: granted, the department owes a written opinion; refused, absence has its consequence."""
    invitation = _fresh(invitation)
    act(
        invitation, "decide_excuse", policy=policies.convenor, by=by, at=at,
        conditions=(policies.excuse_is_open,),
        department=invitation.department.code, granted=granted, reason=reason,
    )  # fmt: skip
    invitation.answer = Answer.GRANTED if granted else Answer.REFUSED
    invitation.decided_at, invitation.decision_reason = at, reason
    invitation.save()
    _let_slots_follow(invitation, at)
    return invitation


def _let_slots_follow(invitation: Invitation, at: datetime) -> None:
    """Let the slots that this summons decides on be looked at again."""
    for agenda in invitation.session.agenda.filter(closed_at__isnull=False).order_by(
        "filing__book_id"
    ):
        lock(agenda.filing.book_id)
        advance_all(agenda, at, department_id=invitation.department_id)


@transaction.atomic
def open_session(session: Session, *, by: Membership, at: datetime) -> Session:
    """宣布开始: from the hour of the summons on; raises NotNow before it."""
    if at < session.opens_at:
        raise NotNow([str(policies.TOO_EARLY)])
    return move(session.open, by=by, at=at)  # type: ignore[return-value]


@transaction.atomic
def check_in(
    invitation: Invitation, *, by: Membership, at: datetime, representative: str = ""
) -> Invitation:
    """签到: by the representative or by the convenor at the door, while the session runs."""
    invitation = _fresh(invitation)
    require(invitation.session, policies.session_is_open)
    permit(invitation, policies.convenor_or_department, by=by, at=at)
    if invitation.checked_in_at is None:
        act(
            invitation, "check_in", policy=policies.convenor_or_department, by=by, at=at,
            department=invitation.department.code,
        )  # fmt: skip
        invitation.checked_in_at = at
        invitation.representative = representative or invitation.representative or _name_of(by)
        if invitation.acknowledged_at is None:
            invitation.acknowledged_at = at  # who is in the room has been reached
            end(invitation, at=at, save=False)
        invitation.save()
    return invitation


def _name_of(by: Membership) -> str:
    return by.user.name if by.role in (Role.CLERK, Role.HEAD) else ""


@transaction.atomic
def leave(invitation: Invitation, *, by: Membership, at: datetime) -> Invitation:
    """离开: before the end; items still to be closed are decided without the department; said twice it stands once."""
    invitation = _fresh(invitation)
    require(invitation.session, policies.session_is_open)
    permit(invitation, policies.convenor_or_department, by=by, at=at)
    if invitation.checked_in_at is None:
        raise NotNow([_("该部门尚未签到。")])
    if invitation.left_at is not None:
        return invitation  # the first leaving stands: a later one would make present who was away
    act(
        invitation, "leave", policy=policies.convenor_or_department, by=by, at=at,
        department=invitation.department.code,
    )  # fmt: skip
    invitation.left_at = at
    invitation.save()
    return invitation


def _agenda(agenda: AgendaItem) -> AgendaItem:
    session = locked(agenda.session)
    if session.stage != SessionStage.OPEN:
        raise NotNow([str(policies.session_is_open.reason)])  # type: ignore[attr-defined]
    return AgendaItem.objects.select_related("session", "filing").get(pk=agenda.pk)


@transaction.atomic
def open_item(agenda: AgendaItem, *, by: Membership, at: datetime) -> AgendaItem:
    """开始一项议程."""
    agenda = _agenda(agenda)
    if agenda.opened_at is None:
        act(
            agenda, "open_item", policy=policies.convenor, by=by, at=at, filing=agenda.filing.number
        )
        agenda.opened_at = at
        agenda.save()
    return agenda


@transaction.atomic
def close_item(agenda: AgendaItem, *, by: Membership, at: datetime) -> AgendaItem:
    """结束一项议程: its recorded close is the instant at which absence is due and the opinion limit starts."""
    agenda = _agenda(agenda)
    permit(agenda, policies.convenor, by=by, at=at)
    if agenda.closed_at is None:
        act(
            agenda,
            "close_item",
            policy=policies.convenor,
            by=by,
            at=at,
            filing=agenda.filing.number,
        )
        agenda.opened_at = agenda.opened_at or at
        agenda.closed_at = at
        agenda.save()
        lock(agenda.filing.book_id)
        record(
            agenda.filing.book, "agenda_closed", by=by, at=at, session=agenda.session.number,
            present=sorted(_present(agenda)),
        )  # fmt: skip
        _meeting_was_held(agenda, at)
        advance_all(agenda, at)
        go_on(agenda, at)
    return agenda


def _meeting_was_held(agenda: AgendaItem, at: datetime) -> None:
    """End the limit within which the meeting was to be held: from here the opinions have their own."""
    if not agenda.session.is_survey:
        for limit in agenda.filing.limits.filter(rule=MEETING.code, ended_at=None):
            end(limit, at=at)


def _present(agenda: AgendaItem) -> list[str]:
    summoned = agenda.session.invitations.select_related("department")
    return [i.department.code for i in summoned if i.present_at(agenda.recorded_close)]


@transaction.atomic
def close_session(session: Session, *, by: Membership, at: datetime) -> Session:
    """宣布结束: every item has its close."""
    return move(session.close, by=by, at=at)  # type: ignore[return-value]
