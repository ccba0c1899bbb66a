"""What stands in a person's calendar: the sessions they convene or record, and those they are to attend."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from accounts.models import Membership
from accounts.policies import department
from accounts.stages import Role
from prereview.models import (
    AgendaItem,
    Away,
    CalendarFeed,
    DepartmentRule,
    Invitation,
    Mandate,
    Reassignment,
    Recusal,
    Session,
    Slot,
)
from prereview.stages import Answer, SessionStage

PAST = timedelta(days=30)  # what is longer ago is in no calendar any more
MOST = 200  # sessions in one calendar


def feeds_of(by: Membership) -> QuerySet[CalendarFeed]:
    """Return the addresses that a person has drawn, in whatever office, newest first."""
    return CalendarFeed.objects.filter(holder__user=by.user_id).select_related("holder__user")


def feed_now(by: Membership) -> CalendarFeed | None:
    """Return the address that holds for a person's present office."""
    return CalendarFeed.objects.filter(holder=by, withdrawn_at=None).first()


def feed_named(digest: str) -> CalendarFeed | None:
    """Return the address of a digest, also one that was withdrawn."""
    rows = CalendarFeed.objects.select_related("holder__user", "holder__organisation")
    return rows.filter(digest=digest).first()


def convened_by(holder: Membership, at: datetime) -> list[Session]:
    """Return the sessions that a person convenes or records, in their order."""
    own = Session.objects.filter(Q(convenor=holder) | Q(recorder=holder), opens_at__gte=at - PAST)
    held = own.exclude(stage=SessionStage.CANCELLED).select_related("convenor__user")
    return list(held.order_by("opens_at", "pk")[:MOST])


def to_attend(holder: Membership, at: datetime) -> list[Invitation]:
    """Return the summonses under which a person of a department is to come, in the order of the sessions.

    Not those that the department was excused from, that a colleague has taken over, on which they stay out of every
    case, or for which the department's own roster does not list them on the day. A fixed number of queries.
    """
    if not department(None, holder):
        return []
    rows = Invitation.objects.filter(
        department=holder.organisation_id, session__opens_at__gte=at - PAST
    ).exclude(Q(session__stage=SessionStage.CANCELLED) | Q(answer=Answer.GRANTED))
    handed = Reassignment.objects.order_by("pk").only("pk", "invitation_id", "receiver_id")
    rows = rows.select_related("session__convenor__user", "department").prefetch_related(
        Prefetch("reassignments", handed)
    )
    found = list(rows.order_by("session__opens_at", "pk")[:MOST])
    out, listed = _stays_out(holder, found), _listed(holder)
    return [
        one
        for one in found
        if _is_theirs(one, holder) and one.session_id not in out and listed(_day(one))
    ]


def _day(summons: Invitation) -> date:
    return timezone.localdate(summons.session.opens_at)


def _is_theirs(summons: Invitation, holder: Membership) -> bool:
    """Whether nobody has taken a summons over, or this person was the last to do so."""
    handed = list(summons.reassignments.all())
    return not handed or handed[-1].receiver_id == holder.pk


def _stays_out(holder: Membership, found: Iterable[Invitation]) -> set[int]:
    """Return the sessions on which a person stays out of all that their department is asked about, or looks at."""
    sessions = [one.session_id for one in found]
    asked, seen = defaultdict(set), defaultdict(set)
    slots = Slot.objects.filter(agenda__session__in=sessions, department=holder.organisation_id)
    for session, filing in slots.order_by().values_list("agenda__session", "filing"):
        asked[session].add(filing)
    stops = AgendaItem.objects.filter(session__in=sessions).order_by()
    for session, filing in stops.values_list("session", "filing"):
        seen[session].add(filing)
    recused = Recusal.objects.filter(user=holder.user_id, lifted_at=None)
    out = set(recused.values_list("filing", flat=True))
    return {one for one in seen if (asked.get(one) or seen[one]) <= out}


class _Roster:
    """Who is listed for attending: asked by day; everybody where the department's own rule binds nobody."""

    def __init__(self, mandates: list[Mandate] | None) -> None:
        self.mandates = mandates

    def __call__(self, day: date) -> bool:
        """Whether the person is listed on a day, for themselves or for somebody who is not there."""
        return self.mandates is None or any(_holds(one, day) for one in self.mandates)


def _listed(holder: Membership) -> _Roster:
    binds = DepartmentRule.objects.filter(department=holder.organisation_id, roster_binds=True)
    if holder.role == Role.HEAD or not binds.exists():
        return _Roster(None)
    away = Prefetch("covers__aways", Away.objects.filter(ended_at=None))
    own = holder.mandates.filter(may_attend=True, ended_at=None)
    return _Roster(list(own.select_related("covers__user").prefetch_related(away)))


def _holds(mandate: Mandate, day: date) -> bool:
    if not mandate.holds(day):
        return False
    covers = mandate.covers
    if covers is None:
        return True
    gone = not covers.user.is_active or not covers.valid_on(day)
    return gone or any(one.from_on <= day <= one.until_on for one in covers.aways.all())
