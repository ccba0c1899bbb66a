"""Who was served, who answers, who is excused, who is in the room."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet

from accounts.asked import Asked
from accounts.models import Membership
from accounts.stages import Role
from approvals.models import Filing, StageLimit
from approvals.rules.limits import MEETING
from approvals.stages import Channel
from core.beside import Beside
from core.deadlines.services import end
from core.documents.services import keep
from core.ledger.services import lock, locked_with, record_with
from core.notify.words import said as _
from core.rows import Read
from core.steps.moves import act, move, permit
from core.steps.reasons import NotNow, require
from prereview import policies
from prereview.models import AgendaItem, Invitation, Session
from prereview.policies.session import NO_RECORDER
from prereview.queries import why_not_open
from prereview.queries.room import may_record, wants_recorder, why_not_begun
from prereview.queries.visit import why_not_closed
from prereview.services.outcome import advance_all, all_settled, go_on
from prereview.services.roll_copy import hand_out
from prereview.services.serving import fresh, note
from prereview.services.standing import stands
from prereview.services.survey_record import record_second_visit
from prereview.stages import Answer, Authority, CameBy, Duty, SessionStage


@transaction.atomic
def open_session(
    session: Session, *, by: Membership, at: datetime, recorder: Membership | None = None
) -> Session:
    """宣布开始: from the hour of the summons on, on its day, which is worked; raises NotNow otherwise.

    With a `recorder`, another person of the window's office, roll and minutes are two persons' word.
    """
    if reason := why_not_open(session, at):
        raise NotNow([str(reason)])
    if recorder is not None and session.is_survey:
        raise ValidationError({"recorder": NO_RECORDER})
    if recorder is None and wants_recorder(session, at):
        raise ValidationError({"recorder": _("按县规则，开会时须指定一名记录人。")})
    if recorder is not None and not may_record(session, recorder, at, by):
        raise ValidationError(
            {"recorder": _("记录人须是审批服务部门的在任人员，且不是召集人或者宣布开始的人本人。")}
        )
    return move(session.open, by=by, at=at, recorder=recorder)  # type: ignore[return-value]


def _manner(invitation: Invitation, by: Membership) -> str:
    """Return how somebody comes in who has typed no code; raises NotNow where the code is wanted."""
    if not policies.own_department(invitation, by):
        return CameBy.HAND
    if invitation.session.recorder_id is None or invitation.session.is_survey:
        return CameBy.PAGE  # on a site there is no wall
    if invitation.online_at is None:
        raise NotNow([_("请输入会场大屏上的动态码签到；经召集人同意线上参加的，在本页直接签到。")])
    return CameBy.ONLINE


def _one_person_one_department(invitation: Invitation, by: Membership) -> None:
    """Refuse a person who is in the room for another department already."""
    others = invitation.session.invitations.exclude(pk=invitation.pk)
    if others.filter(checked_in_by__user=by.user_id).exists():
        raise NotNow([_("您已代表另一部门签到：一人只能代表一个部门。")])


def _authority(
    invitation: Invitation,
    said: str,
    representative: str,
    upload: UploadedFile | None,
    by: Membership,
) -> str:
    """Return by what a representative speaks: where nothing says it, by nothing."""
    if said and said not in Authority.values:
        raise ValidationError({"authority": _("请选择代表的授权。")})
    if said == Authority.LETTER and upload is None:
        raise ValidationError({"upload": _("凭授权委托书到会的，请上传委托书。")})
    if policies.own_department(invitation, by) and said in ("", Authority.ROLE):
        return Authority.ROLE
    if said:
        return said
    announced = (
        invitation.answer in (Answer.COMING, Answer.SUBSTITUTE) and invitation.representative
    )
    named = announced and representative in ("", announced)
    return Authority.NAMED if named else Authority.NONE


@transaction.atomic
def check_in(
    invitation: Invitation,
    *,
    by: Membership,
    at: datetime,
    representative: str = "",
    authority: str = "",
    upload: UploadedFile | None = None,
) -> Invitation:
    """签到: by the representative or by the convenor at the door, while the session runs; with their authority.

    Who comes without authority is there and has given no opinion: the limit runs, and it is no absence.
    """
    return come_in(
        fresh(invitation), by=by, at=at, representative=representative, authority=authority, upload=upload
    )  # fmt: skip


def come_in(
    invitation: Invitation,
    *,
    by: Membership,
    at: datetime,
    came_by: str = "",
    representative: str = "",
    authority: str = "",
    upload: UploadedFile | None = None,
) -> Invitation:
    """Put a department on the roll, once, with how it came; the caller holds its book."""
    require(invitation.session, policies.session_is_open)
    permit(invitation, policies.convenor_or_department, by=by, at=at)
    if invitation.checked_in_at is not None:
        return invitation
    came_by = came_by or _manner(invitation, by)
    if came_by != CameBy.HAND:
        _one_person_one_department(invitation, by)
        invitation.checked_in_by = by
    speaks_by = _authority(invitation, authority, representative, upload, by)
    act(
        invitation, "check_in", policy=policies.convenor_or_department, by=by, at=at,
        department=invitation.department.code, authority=speaks_by, came_by=came_by,
        **_standing(invitation, by, at),
    )  # fmt: skip
    invitation.checked_in_at, invitation.authority, invitation.came_by = at, speaks_by, came_by
    invitation.representative = representative or invitation.representative or _name_of(by)
    if upload is not None:
        invitation.authority_file = keep(upload, book=invitation.book, by=by, at=at)
    if invitation.acknowledged_at is None:
        _reached_in_the_room(invitation, by, at)
    invitation.save()
    _was_there_after_all(invitation, at)
    return invitation


def _standing(invitation: Invitation, by: Membership, at: datetime) -> dict[str, Any]:
    """Return under what entry of the roster the department's own person comes; the convenor at the door needs none."""
    if not policies.own_department(invitation, by):
        return {}
    return stands(invitation, Duty.ATTEND, by=by, at=at).evidence


def _was_there_after_all(invitation: Invitation, at: datetime) -> None:
    """Look again at the slots of an item that closed first, by whose close the department had been received."""
    for agenda in invitation.session.agenda.filter(closed_at__gte=at).order_by("filing__book_id"):
        lock(agenda.filing.book_id)
        advance_all(agenda, agenda.recorded_close, department_id=invitation.department_id)


def _reached_in_the_room(invitation: Invitation, by: Membership, at: datetime) -> None:
    invitation.acknowledged_at = at
    note(
        invitation, Channel.ROOM, received=True, by=by, at=at, acknowledged_by=by,
        receiver=invitation.representative,
    )  # fmt: skip
    end(invitation, at=at, save=False)


def _name_of(by: Membership) -> str:
    return by.user.name if by.role in (Role.CLERK, Role.HEAD) else ""


@transaction.atomic
def leave(invitation: Invitation, *, by: Membership, at: datetime) -> Invitation:
    """离开: before the end; items still to be closed are decided without the department; said twice it stands once."""
    invitation = fresh(invitation)
    require(invitation.session, policies.session_is_open)
    permit(invitation, policies.convenor_or_department, by=by, at=at)
    if invitation.checked_in_at is None:
        raise NotNow([_("该部门尚未签到。")])
    if invitation.left_at is not None:
        return invitation  # the first leaving stands: a later one would make present who was away
    act(
        invitation, "leave", policy=policies.convenor_or_department, by=by, at=at,
        department=invitation.department.code, **_standing(invitation, by, at),
    )  # fmt: skip
    invitation.left_at = at
    invitation.save()
    return invitation


def _agenda(agenda: AgendaItem) -> AgendaItem:
    found: AgendaItem = locked_with(agenda.session.book_id, lambda: AGENDA.get(agenda.pk))
    if found.session.stage != SessionStage.OPEN:
        raise NotNow([str(policies.session_is_open.reason)])  # type: ignore[attr-defined]
    return found


AGENDA = Read(lambda: AgendaItem.objects.select_related("session__book", "filing__rulebook"), "pk")
FILING = Read(lambda: Filing.objects.select_related("book", "rulebook"), "pk")


def _in_its_turn(agenda: AgendaItem, at: datetime) -> None:
    """Refuse a stop of a route before the hour that was told: who comes at that hour would be absent.

    An item is not begun while another runs: the room, its screen and its minutes are at one.
    """
    if agenda.planned_at is not None and at < agenda.planned_at:
        raise NotNow([str(policies.TOO_EARLY)])
    if agenda.opened_at is None and (reasons := why_not_begun(agenda)):
        raise NotNow(reasons)


@transaction.atomic
def open_item(agenda: AgendaItem, *, by: Membership, at: datetime) -> AgendaItem:
    """开始一项议程: one after the other, whatever their order."""
    agenda = _agenda(agenda)
    if agenda.opened_at is None:
        permit(agenda, policies.convenor, by=by, at=at)
        _in_its_turn(agenda, at)
        agenda.opened_at = at
        said = {"filing": agenda.filing.number}
        opened = [Beside(agenda, ("opened_at",))]
        record_with(agenda.book, "open_item", opened, by=by, at=at, evidence=said)
    return agenda


@transaction.atomic
def close_item(agenda: AgendaItem, *, by: Membership, at: datetime) -> AgendaItem:
    """结束一项议程: its recorded close is the instant at which absence is due and the opinion limit starts."""
    agenda = _agenda(agenda)
    permit(agenda, policies.convenor, by=by, at=at)
    if agenda.closed_at is None:
        _in_its_turn(agenda, at)
        if reasons := why_not_closed(agenda, at):
            raise NotNow(reasons)
        agenda.opened_at, agenda.closed_at = agenda.opened_at or at, at
        said = {"filing": agenda.filing.number}
        closed = [Beside(agenda, ("opened_at", "closed_at"))]
        record_with(agenda.book, "close_item", closed, by=by, at=at, evidence=said)
        agenda.filing = locked_with(agenda.filing.book_id, lambda: FILING.get(agenda.filing_id))
        record_with(
            agenda.filing.book, "agenda_closed", _meeting_was_held(agenda, at), by=by, at=at,
            evidence={"session": agenda.session.number, "present": sorted(_present(agenda))},
        )  # fmt: skip
        if not advance_all(agenda, at):
            all_settled(agenda, agenda.filing, at)
        else:
            go_on(agenda, at)
        if agenda.session.is_survey:
            record_second_visit(agenda, at)
    return agenda


ENDED = ("ended_at", "act_at")


def _meeting_was_held(agenda: AgendaItem, at: datetime) -> list[Beside]:
    """End the limit within which the meeting was to be held: from here the opinions have their own."""
    if agenda.session.is_survey:
        return []
    limits = _held_until(agenda.filing_id)
    for limit in limits:
        end(limit, at=at, save=False)
    return [Beside(limit, ENDED) for limit in limits]


@Asked
def _held_until(filing: int) -> QuerySet[StageLimit]:
    return StageLimit.objects.filter(filing=filing, rule=MEETING.code, ended_at=None)


def _present(agenda: AgendaItem) -> list[str]:
    summoned = _summoned(agenda.session_id)
    return [i.department.code for i in summoned if i.present_at(agenda.recorded_close)]


@Asked
def _summoned(session: int) -> QuerySet[Invitation]:
    summoned = Invitation.objects.filter(session=session).select_related("department")
    return summoned.defer("dossier")


@transaction.atomic
def close_session(session: Session, *, by: Membership, at: datetime) -> Session:
    """宣布结束: every item has its close; each department gets its copy of the roll at once."""
    closed: Session = move(session.close, by=by, at=at)  # type: ignore[assignment]
    hand_out(closed, by=by, at=at)
    return closed
