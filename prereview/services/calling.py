"""Calling a joint session, and calling it off: agenda, summons and the slots that departments are to fill."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.asked import Asked
from accounts.models import Membership
from accounts.once import reading_once
from accounts.services import system_actor
from approvals.models import Filing
from approvals.services import tell_enterprise
from approvals.stages import Stage
from core.deadlines.queries import calendar_at
from core.deadlines.rules import on_silence
from core.deadlines.services import end
from core.documents.services import draw_number
from core.ledger.services import lock, open_book, record
from core.notify.services import tell
from core.notify.words import said as _
from core.rows import write
from core.steps.moves import act, move, permit
from core.steps.reasons import NotNow, need_words
from core.steps.templatetags.look import date_day
from prereview import policies, rules
from prereview.models import Dispatch, Invitation, Session
from prereview.queries import earliest_opening, is_day_off, ready_for
from prereview.services.agenda import put_on_agenda
from prereview.services.dispatching import unsigned
from prereview.services.notice import summon
from prereview.services.planning import free_room, place_of, planned_minutes, take_room, times_of
from prereview.services.summons import call_off, what
from prereview.stages import SessionKind

STEP = {SessionKind.SURVEY: "begin_survey", SessionKind.MEETING: "call_meeting"}
MARKS = {SessionKind.SURVEY: "左承勘会", SessionKind.MEETING: "左承预会"}


def _check(kind: str, filings: list[Filing], opens_at: datetime, at: datetime) -> None:
    """Refuse an agenda of what is not ready, and a day that leaves too little notice or is not worked."""
    if not filings:
        raise ValidationError({"filings": _("请至少选择一个申报件。")})
    known = set(_ready(kind, [f.pk for f in filings]))
    if strange := [f for f in filings if f.pk not in known]:
        names = "、".join(f.project_name for f in strange)
        raise NotNow(
            [_("“%(names)s”还不能上会：未到阶段、已中止或已在其他会次。") % {"names": names}]
        )
    if late := [why for f in filings for why in f.overtaken(STEP[SessionKind(kind)], at)]:
        raise NotNow(late)
    check_day(kind, opens_at, at)


def check_day(kind: str, opens_at: datetime, at: datetime) -> None:
    """Refuse a day that does not keep the minimum notice from now, or on which nobody works."""
    first = earliest_opening(kind, at)
    if timezone.localdate(opens_at) < first:
        raise ValidationError(
            {
                "opens_at": _("通知须至少提前规定的工作日：最早可在%(day)s召开。")
                % {"day": date_day(first)}
            }
        )
    if is_day_off(timezone.localdate(opens_at), calendar_at(at)):
        raise ValidationError({"opens_at": policies.DAY_OFF})


def _locked(filings: list[Filing]) -> list[Filing]:
    """Lock the filings and return them as they now are: of two calls at once the second finds them taken.

    The session's own book comes after them here alone: it is new and nobody else can hold it.
    """
    books = {book.pk: book for book in lock(*[filing.book_id for filing in filings])}
    fresh = {filing.pk: filing for filing in _filings([f.pk for f in filings])}
    for filing in fresh.values():
        filing.book = books[filing.book_id]
    return [fresh[filing.pk] for filing in filings]


@Asked
def _filings(keys: list[int]) -> QuerySet[Filing]:
    beside = ("rulebook", "enterprise", "site", "industry")  # what the notice says of each
    return Filing.objects.select_related(*beside).filter(pk__in=keys)


@Asked
def _ready(kind: str, keys: list[int]) -> QuerySet[Any]:
    return ready_for(kind).filter(pk__in=keys).values_list("pk", flat=True)


@transaction.atomic
@reading_once()
def call_session(
    *,
    kind: str,
    filings: list[Filing],
    opens_at: datetime,
    by: Membership,
    at: datetime,
    place: str = "",
    room: str = "",
    minutes: int = 0,
    stops: list[datetime] | None = None,
) -> Session:
    """召集: one agenda, one summons per department, served in the system; each is to be signed for within P16.

    `room` is one of the county's list, which is taken for the planned `minutes`; `stops` are the planned times of a
    route, in the order of the filings. Raises ValidationError where the room is taken or the times are out of order.
    """
    permit(None, policies.convenor, by=by, at=at)
    filings = _locked(filings)
    _check(kind, filings, opens_at, at)
    session = Session(
        kind=kind, called_at=at, opens_at=opens_at, convenor=by, room=room,
        place=place_of(place, room), minutes=minutes or planned_minutes(kind, len(filings)),
        number=draw_number(MARKS[SessionKind(kind)], timezone.localtime(at).year),
    )  # fmt: skip
    open_session_book(session)
    agenda = put_on_agenda(session, filings, times_of(stops, filings, opens_at))
    for filing in filings:
        if kind == SessionKind.SURVEY:
            move(filing.begin_survey, by=by, at=at, session=session.number)
        else:
            record(filing.book, "call_meeting", by=by, at=at, session=session.number)
    act(
        session, "call_session", policy=policies.convenor, by=by, at=at,
        kind=kind, opens_at=opens_at, filings=[f.number for f in filings],
    )  # fmt: skip
    summon(session, by=by, at=at, agenda=agenda)
    for filing in filings:
        tell_enterprise(filing, what(session), f"called:{session.pk}", at)
    return session


def open_session_book(session: Session) -> None:
    """Open the session's book, and take its room; the book is new and nobody else can hold it."""
    session.book = open_book(f"session:{session.public_id}")
    write(session)
    take_room(session)


@on_silence(rules.ACKNOWLEDGE)
def ask_second_channel(thing: Invitation | Dispatch, now: datetime) -> None:
    """改用第二种方式: nobody signed for the summons, or for the file; the window serves it by hand."""
    if isinstance(thing, Dispatch):
        unsigned(thing, now)
    else:
        _summons_unsigned(thing, now)


def _summons_unsigned(invitation: Invitation, now: datetime) -> None:
    invitation.second_channel_at, invitation.act_at = invitation.due_at, None
    invitation.save()
    record(
        invitation.book, "second_channel", by=system_actor(), at=invitation.expires_at,
        department=invitation.department.code,
    )  # fmt: skip
    tell(
        [invitation.session.convenor],
        _("%(department)s未签收通知，请用第二种方式送达") % {"department": invitation.department},
        about=f"second:{invitation.pk}",
        at=now,
        link=f"/sessions/{invitation.session.public_id}/",
    )


@transaction.atomic
def cancel_session(session: Session, *, reason: str, by: Membership, at: datetime) -> Session:
    """取消: before it opened; a survey's filings wait for a new one, the slots of this one are taken off."""
    need_words(reason)
    session = move(session.cancel, by=by, at=at, reason=reason)  # type: ignore[assignment]
    for agenda in session.agenda.select_related("filing").order_by("filing__book_id"):
        lock(agenda.filing.book_id)
        # Asked of nobody any more; the ledger keeps the calling. What a department has begun waits for the next one.
        agenda.slots.unsettled().bare().delete()
        if (
            session.is_survey and agenda.filing.stage == Stage.SURVEYING
        ):  # a second visit holds nothing up
            move(agenda.filing.call_off_survey, by=by, at=at, session=session.number)
        record(agenda.filing.book, "session_cancelled", by=by, at=at, session=session.number)
        tell_enterprise(
            agenda.filing,
            _("取消：%(what)s") % {"what": what(session)},
            f"called:{session.pk}",
            at,
        )
    free_room(session)
    end_summonses(session, at)
    for summons in session.invitations.select_related("department"):
        summons.session = session
        call_off(summons, at)
    return session


def end_summonses(session: Session, at: datetime) -> None:
    """End what is still to be signed for of a session that will not be held."""
    for summons in session.invitations.filter(ended_at=None):
        end(summons, at=at)
