"""What the desks ask of sessions and opinions."""

from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from accounts.asked import Asked
from accounts.models import Membership, Organisation
from accounts.stages import Role
from approvals.models import CatalogueItem, ChecklistItem, Filing
from approvals.rules.service import notice_from, served
from approvals.stages import OpinionDefault, Served, Stage
from core.deadlines.calendar import Calendar, CalendarGap
from core.deadlines.models import RulebookEdition
from core.deadlines.queries import calendar_at, rulebook_at, value_of
from prereview import policies
from prereview.models import (
    AgendaItem,
    ExcuseGround,
    Invitation,
    Question,
    Session,
    Slot,
    SummonsAttempt,
)
from prereview.rules import MEETING_NOTICE, SERVICE, SURVEY_NOTICE
from prereview.stages import SessionKind, SessionStage


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


def items_asked(filing: Filing) -> list[ChecklistItem]:
    """Return the items on which departments give an opinion; a technical report has none to give."""
    items = _items_asked(filing.pk)
    beside: dict[int, list[Organisation]] = {item.item_id: [] for item in items}
    for row in _co_departments(list(beside)):
        beside[row.catalogueitem_id].append(row.organisation)
    for item in items:
        vars(item.item)["_prefetched_objects_cache"] = {"co_departments": beside[item.item_id]}
    return items


@Asked
def _co_departments(items: list[int]) -> QuerySet[Any]:
    rows = CatalogueItem.co_departments.through.objects.filter(catalogueitem__in=items)
    return rows.select_related("organisation").order_by("organisation__code")


@Asked
def _items_asked(filing: int) -> QuerySet[ChecklistItem]:
    return (
        ChecklistItem.objects.filter(filing=filing)
        .exclude(applies=False)
        .exclude(opinion_default=OpinionDefault.NONE)
        .select_related("item", "department")
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


def is_day_off(day: date, calendar: Calendar) -> bool:
    """Whether a day is not worked; one beyond the end of the calendar may be worked."""
    return calendar.covers(day) and not calendar.is_working(day)


def why_not_open(session: Session, at: datetime) -> Any:
    """Return why a session cannot open now, if anything: summoned for another moment, one is not absent."""
    summoned, today = timezone.localdate(session.opens_at), timezone.localdate(at)
    if at < session.opens_at:
        return policies.TOO_EARLY
    if today > summoned:
        return policies.DAY_PAST
    return policies.DAY_OFF if is_day_off(today, calendar_at(at)) else None


def wants_another_day(session: Session, at: datetime, calendar: Calendar | None) -> bool:
    """Whether a called session can no longer be held: its day is past, or is not worked any more."""
    if session.stage != SessionStage.CALLED:
        return False
    day = timezone.localdate(session.opens_at)
    return day < timezone.localdate(at) or (calendar is not None and is_day_off(day, calendar))


def service_word(rulebook: RulebookEdition) -> str:
    """Return what counts as service (P16a); an edition that does not say it means the strict form."""
    try:
        return value_of(rulebook, SERVICE).value
    except KeyError:
        return Served.ACKNOWLEDGED


def served_at(invitation: Invitation, word: str) -> datetime | None:
    """Return when a summons was served by the record of its attempts; None while nothing proves it."""
    return served(invitation.attempts.all(), word)


def served_before(invitation: Invitation, word: str) -> bool:
    """Whether service was proven by the time the session began; signing afterwards proves nothing for it."""
    session, reached = invitation.session, served_at(invitation, word)
    return reached is not None and reached <= (session.opened_at or session.opens_at)


def noticed_at(invitation: Invitation, word: str) -> datetime | None:
    """Return the instant from which the minimum notice towards one department counts; None without service."""
    return notice_from(invitation.attempts.all(), word, invitation.due_at)


def served_in_time(invitation: Invitation, word: str) -> bool:
    """Whether the minimum notice was kept towards one department; in doubt it was not."""
    session = invitation.session
    start = noticed_at(invitation, word)
    if start is None:
        return session.notice_kept  # that nothing was served is a reason of its own
    try:
        first = earliest_opening(session.kind, start)
    except CalendarGap:
        return False
    return session.notice_kept and timezone.localdate(session.opens_at) >= first


def grounds_at(at: datetime) -> list[ExcuseGround]:
    """Return on what grounds a department may stay away, by the rulebook in force at an instant."""
    return list(ExcuseGround.objects.filter(edition=rulebook_at(at)))


def tries() -> Prefetch:
    """Fetch with summons the record of their service, with the persons in it."""
    return Prefetch(
        "attempts",
        SummonsAttempt.objects.select_related("served_by__user", "acknowledged_by__user", "proof"),
    )


def sessions_of(by: Membership) -> QuerySet[Session]:
    """Return the sessions a person may see with what a list shows of them."""
    return (
        Session.objects.visible_to(by)
        .select_related("convenor__user", "recorder__user", "notice", "moves", "moved_to", "book")
        .prefetch_related(
            Prefetch(
                "agenda",
                AgendaItem.objects.select_related("filing__enterprise", "minutes__correction"),
            ),
            Prefetch(
                "invitations",
                Invitation.objects.select_related(
                    "department", "acknowledged_by__user"
                ).prefetch_related(tries()),
            ),
        )
    )


def questions_seen(session: Session, by: Membership) -> QuerySet[Question]:
    """Return the questions of a session that a person may read: a department its own, and what was answered to all."""
    found = Question.objects.filter(invitation__session=session)
    found = found.select_related("invitation__department")
    if by.role in (Role.CLERK, Role.HEAD):
        own = Q(invitation__department_id=by.organisation_id)
        return found.filter(own | Q(to_all=True))
    return found


def slots_of(filing: Filing) -> QuerySet[Slot]:
    """Return all slots of a filing with their outcomes: one query."""
    return (
        filing.slots.in_play()
        .select_related(
            "department",
            "item__item",
            "opinion__paper",
            "opinion__given_by__user",
            "agenda__session",
            "calendar",
            "filing__rulebook",
        )
        .order_by("kind", "round", "department__code", "pk")
    )


def open_slots(by: Membership) -> QuerySet[Slot]:
    """Return what a department owes an opinion on, earliest limit first."""
    return (
        Slot.objects.waiting()
        .filter(department_id=by.organisation_id)
        .select_related("filing__enterprise", "item__item", "agenda__session", "department")
        .order_by("due_at", "pk")
    )
