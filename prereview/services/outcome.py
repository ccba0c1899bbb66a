"""Bringing a slot to what the pure function says it has come to: the only writer of outcomes."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from accounts.asked import Asked
from accounts.services import system_actor
from approvals.models import Filing, StageLimit
from approvals.services.timeouts import escalate, escalate_all
from approvals.stages import Stage
from core.beside import Beside
from core.composed import Composed, Piece, piece, put_together
from core.deadlines.calendar import CalendarGap
from core.deadlines.counting import last_day_of
from core.deadlines.models import Unit
from core.deadlines.queries import calendar_at, start_of, value_of
from core.deadlines.rules import Rule, in_sets, on_going_on, on_silence
from core.deadlines.services import act_next, end, grace, start
from core.ledger.rules import canonical
from core.ledger.services import record
from core.rows import Read, write
from core.sets import made
from core.steps.moves import move
from prereview import rules
from prereview.models import AgendaItem, Opinion, OpinionDraft, Slot
from prereview.queries.defaults import iso
from prereview.rules.outcome import NO_CALENDAR, Facts, Verdict, expiry, in_words, verdict
from prereview.services.alike import alike
from prereview.services.default_notice import default_notice
from prereview.services.facts import facts_of, stands_since
from prereview.services.make_up import start_make_up
from prereview.services.proof import proof_of
from prereview.services.survey_record import survey_record
from prereview.services.telling import alarm, tell_default
from prereview.stages import DEEMED, Answer, SessionKind, SlotState


def start_clock(slot: Slot, at: datetime) -> None:
    """Start the opinion limit at the item's close, or at a new service.

    Where an excuse was granted the written opinion is due by the convenor's date, where that is later than the
    ordinary limit, and never before three days (P5b) after the decision.
    """
    rule = rules.SURVEY_OPINION if slot.kind == SessionKind.SURVEY else rules.OPINION
    summons = slot.invitation
    length = None
    if summons.answer == Answer.GRANTED and slot.served_again_at is None:
        at = max(at, summons.decided_at or at)
        length = _until(summons.opinion_by, slot, rule, at)
    start(slot, rule, at=at, rulebook=slot.filing.rulebook, length=length)


def _until(day: date | None, slot: Slot, rule: Rule, at: datetime) -> int | None:
    """Return the working days to a day, where they are more than the rule gives; None for the rule's own number."""
    if day is None or value_of(slot.filing.pinned_rulebook, rule.code).unit != Unit.WORKING_DAY:
        return None
    try:
        days = calendar_at(at).working_days_between(last_day_of(at), day)
    except CalendarGap:
        return None
    return days if days > value_of(slot.filing.pinned_rulebook, rule.code).number else None


def advance_all(agenda: AgendaItem, at: datetime, department_id: int | None = None) -> list[Slot]:
    """Start the clocks of an item's open slots, bring each to where it stands, and return those that were open."""
    slots = _unsettled(agenda.pk, department_id)
    for slot in slots:
        if slot.started_at is None:
            start_clock(slot, agenda.recorded_close)
        advance(slot, at)
    return slots


@Asked
def _unsettled(agenda: int, department: int | None) -> QuerySet[Slot]:
    slots = Slot.objects.unsettled().filter(agenda=agenda)
    slots = slots.select_related("agenda__session", "filing__rulebook", "department", "item__item")
    return slots.filter(department_id=department) if department else slots


@on_silence(rules.OPINION, rules.SURVEY_OPINION)
def advance(slot: Slot, now: datetime) -> Slot:
    """Bring a slot to what it has come to by `now`; run at any time, twice, or never, the outcome is the same."""
    if slot.state == SlotState.SETTLED:
        return slot
    if slot.asked_no_more:
        return slot
    if slot.filing.ended:
        end(slot, at=now)  # the case has left the road: nobody's silence comes to anything any more
        return slot
    facts = facts_of(slot, now)
    found = verdict(facts, now)
    if found.state == SlotState.SETTLED:
        _settle_silence(slot, found, stands_since(slot, found, facts), now)
    else:
        _mark(slot, found, facts, now)
    return slot


@on_going_on
def _stand_anew(limit: Any, now: datetime) -> None:
    """Bring a slot whose time was stopped or lengthened to where it stands now, without waiting for any sweep."""
    if isinstance(limit, Slot):
        advance(limit, now)


def _mark(slot: Slot, found: Verdict, facts: Facts, now: datetime) -> None:
    """Write down a state that is no outcome yet, once, and tell whom it concerns."""
    why = in_words(found.why)
    changed = slot.state != found.state or slot.held_because != why
    passed = slot.state
    slot.state, slot.held_because = found.state, why
    if found.state == SlotState.ESCALATED and slot.escalated_at is None:
        slot.escalated_at = expiry(facts)
    look_at = found.look_at
    waits = found.state == SlotState.ESCALATED or found.why == NO_CALENDAR
    if look_at is None and waits and not slot.provisional:
        look_at = start_of(
            timezone.localdate(now) + timedelta(days=1)
        )  # until the year's calendar is published
    elif look_at is not None and look_at in (slot.due_at, facts.escalation_ends):
        look_at += grace(slot.filing.pinned_rulebook)
    act_next(slot, look_at)
    slot.save()
    if changed and found.state != SlotState.AWAITED:
        record(
            slot.book, f"slot_{found.state}", by=system_actor(), at=_since(found, facts, now),
            came_from=passed, **named(slot), why=why or None,
        )  # fmt: skip
        alarm(slot, now)


def _since(found: Verdict, facts: Facts, now: datetime) -> datetime:
    if found.state == SlotState.CANDIDATE and facts.candidate_from:
        return facts.candidate_from
    if found.state == SlotState.ESCALATED:
        return expiry(facts) or now
    return now


def named(slot: Slot) -> dict[str, Any]:
    """Return what names a slot in the ledger."""
    return {
        "department": slot.department.code,
        "item": slot.item.code if slot.item else "",
        "kind": slot.kind,
    }


SETTLED = ("state", "held_because", "ended_at", "act_at")


def settle(slot: Slot, opinion: Opinion) -> None:
    """Put the one outcome into a slot; the database refuses a second."""
    into(slot, opinion)
    write(opinion)
    end(slot, at=opinion.effective_at)


def settled_as_read(slot: Slot, opinion: Opinion) -> list[Beside]:
    """Put the one outcome into a slot that is as it was read; return what is to be written beside the act."""
    into(slot, opinion)
    end(slot, at=opinion.effective_at, save=False)
    return [Beside(opinion), Beside(slot, SETTLED)]


def into(slot: Slot, opinion: Opinion) -> None:
    """Put an outcome into a slot, both not yet written."""
    opinion.slot = opinion.stands_in = slot
    opinion.red_line = slot.bites
    opinion.mark_basis, opinion.mark_approver = slot.mark_basis, slot.mark_approver
    slot.state, slot.held_because = SlotState.SETTLED, ""


def _settle_silence(slot: Slot, found: Verdict, stands: datetime, now: datetime) -> None:
    """Draw the default (or 未表态): effective when the time ended, recorded now, with its own proof and notice."""
    opinion = drawn(slot, found, stands, now)
    effective = opinion.effective_at
    settle(slot, opinion)
    record(slot.book, found.position, by=system_actor(), at=effective, **said(slot, opinion))
    OpinionDraft.objects.filter(slot=slot, sent_at=None).update(late_at=effective)
    if found.position in DEEMED:
        make_up = start_make_up(slot, opinion, now)
        opinion.paper = default_notice(slot, opinion, make_up, now)
        opinion.save(update_fields=["paper"])
        tell_default(slot, opinion, now)
    follow_up(slot, stands)


def drawn(slot: Slot, found: Verdict, stands: datetime, now: datetime) -> Opinion:
    """Return what silence came to, with its proof, as the outcome of its slot; both are not yet written."""
    return made(
        Opinion,
        slot=slot,
        stands_in=slot,
        red_line=slot.bites,
        mark_basis=slot.mark_basis,
        mark_approver=slot.mark_approver,
        position=found.position,
        given_by=system_actor(),
        effective_at=found.effective_at or now,
        recorded_at=now,
        proof=proof_of(slot, found, stands),
    )


def said(slot: Slot, opinion: Opinion) -> Composed:
    """Return what the ledger says of an outcome drawn from silence."""
    digest = hashlib.sha256(canonical(opinion.proof).encode()).hexdigest()
    own = {"item": slot.item.code if slot.item else "", "proof": digest}
    return put_together(alike(slot, "said", lambda: _said_alike(slot, opinion)), piece(own))


def _said_alike(slot: Slot, opinion: Opinion) -> Piece:
    return piece({
        **named(slot),
        "effective_at": iso(opinion.effective_at),
        "calendar": slot.calendar.number if slot.calendar else None,
        "rulebook": slot.filing.pinned_rulebook.number,
    })  # fmt: skip


def follow_up(slot: Slot, at: datetime) -> None:
    """When the last slot is settled the next step opens at once: the survey closes, the minutes' limit starts."""
    go_on(slot.agenda, at)


def all_stand_since(agenda: AgendaItem, at: datetime, opinions: Iterable[Opinion]) -> datetime:
    """Return since when every outcome of an item stands: a late or reordered sweep changes nothing of it."""
    instants: list[datetime] = [at, agenda.closed_at or at]
    for opinion in opinions:
        stands = opinion.proof.get("stands_since")
        instants.append(datetime.fromisoformat(stands) if stands else opinion.effective_at)
    return max(instants)


def go_on(agenda: AgendaItem, at: datetime) -> None:
    """Open the next step once an item is closed and none of its slots is open; said twice it happens once."""
    if agenda.closed_at is None or _any_open(agenda.pk):
        return
    all_settled(agenda, FILING.get(agenda.filing_id), at)


def all_settled(agenda: AgendaItem, filing: Filing, at: datetime) -> None:
    """Open the next step of an item that is closed and has no open slot; `filing` is as it now is."""
    now = all_stand_since(agenda, at, _standing(agenda.pk))
    if agenda.session.is_survey:
        if filing.stage == Stage.SURVEYING:
            move(filing.finish_survey, by=system_actor(), at=now, session=agenda.session.number)
            survey_record(agenda, now)
    elif filing.stage == Stage.PREREVIEWING:
        start_minutes(filing, now)


FILING = Read(lambda: Filing.objects.select_related("rulebook"), "pk")


@Asked
def _any_open(agenda: int) -> QuerySet[Any]:
    return (
        Slot.objects.unsettled().filter(agenda=agenda).order_by().values_list("pk", flat=True)[:1]
    )


@Asked
def _standing(agenda: int) -> QuerySet[Opinion]:
    standing = Opinion.objects.filter(stands_in__agenda=agenda)
    return standing.order_by().only("effective_at", "proof")


@Asked
def _minutes_run(filing: int) -> QuerySet[Any]:
    running = StageLimit.objects.filter(filing=filing, rule=rules.MINUTES.code, ended_at=None)
    return running.order_by().values_list("pk", flat=True)[:1]


def start_minutes(filing: Filing, at: datetime) -> None:
    """Start the limit of minutes and conclusion (P5c)."""
    if not _minutes_run(filing.pk):
        start(
            made(StageLimit, filing=filing, book_id=filing.book_id),
            rules.MINUTES,
            at=at,
            rulebook=filing.rulebook,
        )


on_silence(rules.MINUTES)(escalate)
in_sets(StageLimit, rules.MINUTES)(escalate_all)
