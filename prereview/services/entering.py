"""Coming into the room: by the code on its wall, or by a link where the convenor lets a department take part online."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership
from accounts.queries import people_of
from core.notify.services import tell
from core.notify.words import said as _
from core.steps.moves import act
from core.steps.reasons import NotNow, not_yours, require
from prereview import policies
from prereview.models import Invitation, Session
from prereview.queries.room import secret_of
from prereview.rules.room import accepted
from prereview.services.roll import come_in
from prereview.services.serving import fresh
from prereview.stages import CameBy, SessionStage


@transaction.atomic
def enter_by_code(
    session: Session, *, code: str, by: Membership, at: datetime, representative: str = ""
) -> Invitation:
    """凭动态码签到: the code of this half minute or the one before, of this session; a second time changes nothing."""
    found = session.invitations.filter(department_id=by.organisation_id).first()
    if found is None or not policies.own_department(found, by):
        raise not_yours(session, by)
    invitation = fresh(found, "session")
    require(invitation.session, policies.session_is_open)
    if not accepted(secret_of(invitation.session), code, at):
        raise ValidationError({"code": _("动态码不对或已更换：请按大屏上现在的码重新输入。")})
    return come_in(invitation, by=by, at=at, came_by=CameBy.CODE, representative=representative)


@transaction.atomic
def admit_online(
    invitation: Invitation, *, reason: str, by: Membership, at: datetime
) -> Invitation:
    """同意线上参加: the department may come in by its own page, without the code; it is recorded as online."""
    invitation = fresh(invitation, "session")
    if invitation.session.stage not in (SessionStage.CALLED, SessionStage.OPEN):
        raise NotNow([_("会议（勘察）已经结束或者取消。")])
    if invitation.checked_in_at is not None:
        raise NotNow([_("该部门已经签到。")])
    if not reason.strip():
        raise ValidationError({"reason": _("请写明为什么线上参加。")})
    act(
        invitation, "admit_online", policy=policies.convenor, by=by, at=at,
        department=invitation.department.code, reason=reason,
    )  # fmt: skip
    invitation.online_at, invitation.online_reason = at, reason
    invitation.save()
    tell(
        people_of([invitation.department_id], timezone.localdate(at)),
        _("%(session)s：已同意线上参加，会议开始后在本页签到")
        % {"session": invitation.session.number},
        about=f"online:{invitation.pk}:{int(at.timestamp())}",
        at=at,
        link=f"/sessions/{invitation.session.public_id}/me/",
    )
    return invitation
