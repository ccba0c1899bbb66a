"""What the desks ask of sessions and opinions."""

from datetime import date, datetime

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from accounts.models import Membership, Organisation
from approvals.models import ChecklistItem, Filing
from approvals.stages import OpinionDefault, Stage
from core.deadlines.calendar import CalendarGap
from core.deadlines.queries import calendar_at, rulebook_at, value_of
from prereview.models import AgendaItem, Invitation, Session, Slot
from prereview.rules import MEETING_NOTICE, SURVEY_NOTICE
from prereview.stages import Channel, SessionKind, SessionStage


def ready_for(kind: str) -> QuerySet[Filing]:
    """Return the filings that a session of this kind can take on its agenda now."""
    if kind == SessionKind.SURVEY:
        return Filing.objects.filter(stage=Stage.ACCEPTED, suspended_at=None)
    busy = AgendaItem.objects.filter(
        session__kind=SessionKind.MEETING,
        session__stage__in=(SessionStage.CALLED, SessionStage.OPEN),
    ).values("filing_id")
    waiting = AgendaItem.objects.filter(
        session__kind=SessionKind.MEETING, session__stage=SessionStage.CLOSED, conclusion=""
    ).values("filing_id")
    return (
        Filing.objects.filter(stage=Stage.PREREVIEWING, suspended_at=None)
        .exclude(pk__in=busy)
        .exclude(pk__in=waiting)
    )


def items_asked(filing: Filing) -> QuerySet[ChecklistItem]:
    """Return the items on which departments give an opinion; a technical report has none to give."""
    return (
        filing.items.exclude(applies=False)
        .exclude(opinion_default=OpinionDefault.NONE)
        .select_related("item", "department")
        .prefetch_related("item__co_departments")
    )


def asked_departments(item: ChecklistItem) -> list[Organisation]:
    """Return who is asked about an item: its lead, and beside it those who review (not who decides above them)."""
    beside = [d for d in item.item.co_departments.all() if "reviewer" in d.duties]
    return list({d.pk: d for d in [item.department, *beside]}.values())


def earliest_opening(kind: str, at: datetime) -> date:
    """Return the first day that keeps the minimum notice; the day of the summons is not counted."""
    code = SURVEY_NOTICE if kind == SessionKind.SURVEY else MEETING_NOTICE
    days = value_of(rulebook_at(at), code).number
    return calendar_at(at).add_working(timezone.localdate(at), days)


def served_in_time(invitation: Invitation) -> bool:
    """Whether the minimum notice was kept towards one department; in doubt it was not."""
    session = invitation.session
    if invitation.channel == Channel.SYSTEM:
        return session.notice_kept
    try:
        first = earliest_opening(session.kind, invitation.reached_at)
    except CalendarGap:
        return False
    return session.notice_kept and timezone.localdate(session.opens_at) >= first


def sessions_of(by: Membership) -> QuerySet[Session]:
    """Return the sessions a person may see with what a list shows of them."""
    return (
        Session.objects.visible_to(by)
        .select_related("convenor__user")
        .prefetch_related(
            Prefetch("agenda", AgendaItem.objects.select_related("filing__enterprise", "minutes")),
            Prefetch(
                "invitations",
                Invitation.objects.select_related("department", "acknowledged_by__user"),
            ),
        )
    )


def slots_of(filing: Filing) -> QuerySet[Slot]:
    """Return all slots of a filing with their outcomes: one query."""
    return filing.slots.select_related(
        "department",
        "item__item",
        "opinion__paper",
        "opinion__given_by__user",
        "agenda__session",
        "calendar",
        "filing__rulebook",
    ).order_by("kind", "round", "department__code", "pk")


def open_slots(by: Membership) -> QuerySet[Slot]:
    """Return what a department owes an opinion on, earliest limit first."""
    return (
        Slot.objects.waiting()
        .filter(department_id=by.organisation_id)
        .select_related("filing__enterprise", "item__item", "agenda__session", "department")
        .order_by("due_at", "pk")
    )
