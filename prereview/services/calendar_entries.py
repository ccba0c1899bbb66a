"""The invitation for a calendar: whatever a session is moved to, its name stays and its number rises."""

from datetime import datetime, timedelta
from functools import cache
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation

from accounts.models import Organisation
from accounts.queries import county
from core.steps.papers import CHINESE
from prereview.models import Invitation, Session
from prereview.rules.invite import CANCEL, REQUEST, Event, invitation
from prereview.stages import SessionKind, SessionStage

LASTS = timedelta(minutes=60)  # of a session whose length nobody planned


def is_off(summons: Invitation) -> bool:
    """Whether a department need not come any more: called off, or moved to a date for which it was not summoned."""
    return summons.session.stage == SessionStage.CANCELLED and _anew(summons) is None


def _anew(summons: Invitation) -> Invitation | None:
    """Return the summons to the date that a session was moved to; None where the department has none."""
    if (new := summons.session.successor) is None:
        return None
    of_it = new.invitations.select_related("session__convenor__user", "department")
    return of_it.filter(department=summons.department_id).first()


def _as_it_stands(summons: Invitation) -> Invitation:
    """Follow a summons to the last date it was moved to: whoever opens the old one must not enter the old date."""
    while summons.session.stage == SessionStage.CANCELLED and (new := _anew(summons)):
        summons = new
    return summons


INVITED = "请在通知页面签收并答复。到会的要求和不到会的后果见通知。"
CONVENED = "由您召集或者记录；签到、逐项开闭和结束在会次页面办理。"


def event_of(summons: Invitation) -> Event:
    """Return the event a department is invited to; whatever it is moved to, its name stays and its number rises."""
    return _event(summons.session, summons.department, INVITED, off=is_off(summons))


def event_of_staff(session: Session, office: Organisation) -> Event:
    """Return the event for whoever convenes or records it, of the office that they are of."""
    return _event(session, office, CONVENED)


def _event(session: Session, office: Organisation, text: str, *, off: bool = False) -> Event:
    first = session.called_first or session.public_id
    host = urlsplit(settings.SITE_URL).hostname
    contact = county().profile.get("contact", {})
    return Event(
        uid=f"{first}-{office.code}@{host}",
        sequence=session.moved_times * 2 + off,
        starts=session.opens_at,
        ends=session.opens_at + (timedelta(minutes=session.minutes) if session.minutes else LASTS),
        summary=f"{_kind_in_chinese(session.kind)}（{session.number}）",
        place=session.place,
        text=f"{county().name}{office.name}：{text}",
        url=f"{settings.SITE_URL}/sessions/{session.public_id}/",
        organiser=contact.get("email") or f"noreply@{host}",
        organiser_name=session.convenor.user.name,
        attendee=office.code,
        attendee_name=office.name,
    )


@cache
def _kind_in_chinese(kind: str) -> str:
    with translation.override(CHINESE):
        return str(SessionKind(kind).label)


def calendar_of(summons: Invitation, at: datetime) -> str:
    """Return the calendar file of a summons as it now is; one called off is taken out of the calendar."""
    now = _as_it_stands(summons)
    return invitation(event_of(now), CANCEL if is_off(now) else REQUEST, at)
