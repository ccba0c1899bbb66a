"""Silence of many slots at once: decided by the same pure rules, with the same words, written in few statements.

What `outcome.advance` writes for one slot is written here for each, row by row the same (`docs/decisions/0025`). Only
what is plain is done: the silence has come to an outcome, nothing stops the limit any more, nobody has begun an
opinion, and no survey ends with it. All else is left to `advance`, and so is what comes after it in the same book.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count

from accounts.services import system_actor
from approvals.models import StageLimit
from approvals.stages import Stage
from core.columns import update
from core.composed import composed
from core.deadlines.counting import interruptions, load_interruptions
from core.deadlines.rules import in_sets
from core.deadlines.services import end, feed_all, start
from core.documents.models import Paper
from core.ledger.services import Act, record_all
from core.rows import write_all
from core.sets import Beside, put_all, rows_by, rows_by_key
from core.steps.papers import ISSUE, Sheet, issue_all, issued
from prereview import rules
from prereview.models import AgendaItem, Dispatch, Invitation, MakeUp, Opinion, OpinionDraft, Slot
from prereview.rules.outcome import Verdict, verdict
from prereview.services.alike import alike, let_share
from prereview.services.default_notice import notice_sheet
from prereview.services.facts import facts_of, stands_since
from prereview.services.make_up import new_make_up
from prereview.services.outcome import all_stand_since, drawn, said
from prereview.services.telling import tell_defaults
from prereview.stages import DEEMED, SlotState

log = logging.getLogger("chengnuo.sweep")
READ_WITH = (
    "agenda__session__convenor__user", "filing__enterprise", "filing__rulebook", "filing__catalogue", "filing__site",
    "filing__book", "department", "item__item", "calendar", "book",
)  # fmt: skip
SIGNED = ("acknowledged_by__user", "proof")


@dataclass
class Silent:
    """A slot whose silence has come to an outcome, with all that is to be written of it."""

    slot: Slot
    opinion: Opinion
    stands: datetime
    make_up: MakeUp | None = None
    sheet: Sheet | None = None
    paper: Paper | None = None


@in_sets(Slot, rules.OPINION, rules.SURVEY_OPINION)
def settle_all(keys: Sequence[int], now: datetime) -> set[int]:
    """Draw what the silence of many slots has come to; return the keys of those that were plain."""
    slots = _read(keys)
    left = _open(slots)
    drafts = rows_by(OpinionDraft, "slot", keys)
    begun = {draft.slot_id for draft in drafts if draft.sent_at is None}
    found: list[Silent] = []
    last: dict[int, Silent] = {}  # by agenda item: the slot with which all of them are settled
    stopped = set[int]()
    for slot in slots:
        if slot.book_id in stopped:
            continue
        ends_it = left[slot.agenda_id] == 1 and slot.agenda.closed_at is not None
        one = None if slot.pk in begun else _plain(slot, now, ends_it=ends_it)
        if one is None or ends_it:
            stopped.add(slot.book_id)
        if one is not None:
            found.append(one)
            left[slot.agenda_id] -= 1
            if ends_it:
                last[slot.agenda_id] = one
    _write(found, now)
    _open_next(last, found)
    return {one.slot.pk for one in found}


def _read(keys: Sequence[int]) -> list[Slot]:
    """Read slots, in the order of their keys, with everything that bears on them: a fixed number of statements."""
    found = {slot.pk: slot for slot in rows_by_key(Slot, keys)}
    slots, beside = [found[key] for key in keys], Beside()
    load_interruptions(slots)
    beside.put(slots, *READ_WITH)
    put_all({slot.department_id: slot.department for slot in slots}.values(), "names")
    sessions = {slot.agenda.session_id: slot.agenda.session for slot in slots}
    summons = rows_by(Invitation, "session", sessions, unread=("dossier",))
    put_all(summons, "roll_contest")
    sent = rows_by(Dispatch, "filing", {slot.filing_id for slot in slots})
    for tries in (summons, sent):
        put_all(tries, "attempts")
        beside.put(tries, *SIGNED)
    invited = {(one.session_id, one.department_id): one for one in summons}
    dispatched = {(one.filing_id, one.department_id): one for one in sent}
    for slot in slots:
        invitation = invited[slot.agenda.session_id, slot.department_id]
        invitation.session = sessions[invitation.session_id]
        # what a slot itself would read once for an act
        slot.__dict__["invitation"] = invitation
        slot.__dict__["dispatch"] = dispatched.get((slot.filing_id, slot.department_id))
    let_share(slots)
    return slots


def _open(slots: Iterable[Slot]) -> Counter[int]:
    """Return how many slots of each agenda item have no outcome."""
    agenda = {slot.agenda_id for slot in slots}
    rows = Slot.objects.unsettled().filter(agenda__in=agenda).order_by().values_list("agenda")
    return Counter(dict(rows.annotate(Count("pk"))))


def _plain(slot: Slot, now: datetime, *, ends_it: bool) -> Silent | None:
    """Return what a slot has come to; None where that is not plain, or cannot be said here: then `advance` says it."""
    if slot.state == SlotState.SETTLED or slot.asked_no_more or slot.filing.ended:
        return None
    if interruptions(slot).standing:
        return None
    if ends_it and slot.agenda.session.is_survey:
        return None
    try:
        found, stands = alike(slot, "came to", lambda: _came_to(slot, now))
        if stands is None:
            return None
        one = Silent(slot, drawn(slot, found, stands, now), stands)
        if one.opinion.position in DEEMED:
            one.make_up = new_make_up(slot, one.opinion, now)
            one.sheet = notice_sheet(slot, one.opinion, one.make_up, now)
    except Exception:
        log.warning("slot %s is looked at by itself", slot.pk, exc_info=True)
        return None
    return one


def _came_to(slot: Slot, now: datetime) -> tuple[Verdict, datetime | None]:
    """Return what the silence of a slot has come to, and since when that stands; None while it is no outcome."""
    facts = facts_of(slot, now)
    found = verdict(facts, now)
    return found, stands_since(slot, found, facts) if found.state == SlotState.SETTLED else None


def _write(found: Sequence[Silent], now: datetime) -> None:
    """Write outcomes, slots, notices, duties, ledger and messages."""
    deemed = [one for one in found if one.sheet is not None]
    papers = issue_all([one.sheet for one in deemed if one.sheet], by=system_actor(), at=now)
    for one, paper in zip(deemed, papers, strict=True):
        one.paper = one.opinion.paper = paper
    write_all([one.opinion for one in found], keys=True)
    make_ups = [one.make_up for one in found if one.make_up]
    write_all(make_ups)
    _settle(found)
    feed_all(make_ups)
    record_all([act for one in found for act in _acts(one, now)], by=system_actor(), at=now)
    tell_defaults([(one.slot, one.opinion) for one in deemed], now)


def _settle(found: Sequence[Silent]) -> None:
    """Write the slots."""
    stored = connection.ops.adapt_datetimefield_value
    for one in found:
        end(one.slot, at=one.opinion.effective_at, save=False)
    size, ends = len(found), [stored(one.slot.ended_at) for one in found]
    if found:
        names = ("id", "ended_at", "state", "held_because", "act_at")
        keys = [one.slot.pk for one in found]
        settled = [str(SlotState.SETTLED)] * size
        update(Slot, names, [keys, ends, settled, [""] * size, [None] * size])


def _acts(one: Silent, now: datetime) -> Iterable[Act]:
    """Return what the ledger says of one outcome, in its order."""
    slot, opinion = one.slot, one.opinion
    yield Act(slot.book_id, opinion.position, said(slot, opinion), opinion.effective_at)
    if one.paper is not None:
        yield Act(slot.book_id, ISSUE, composed(issued(one.paper)), now)


def _open_next(last: dict[int, Silent], found: Sequence[Silent]) -> None:
    """Start the limit of minutes and conclusion (P5c) of each item of which no slot is open any more."""
    meeting = {key: one for key, one in last.items() if one.slot.filing.stage == Stage.PREREVIEWING}
    if not meeting:
        return
    standing: dict[int, list[Any]] = defaultdict(list)
    drawn_now = min(
        one.opinion.pk for one in found
    )  # under our locks: what was given before has a lower key
    given = Opinion.objects.filter(stands_in__agenda__in=meeting, pk__lt=drawn_now)
    for opinion in given.select_related("slot").only("effective_at", "proof", "slot__agenda"):
        standing[opinion.slot.agenda_id].append(opinion)
    for one in found:
        standing[one.slot.agenda_id].append(one.opinion)
    filings = {one.slot.filing_id for one in meeting.values()}
    running = StageLimit.objects.filter(filing__in=filings, rule=rules.MINUTES.code, ended_at=None)
    waits = set(running.values_list("filing", flat=True))
    started = [
        _minutes(one.slot.agenda, one, standing[key])
        for key, one in meeting.items()
        if one.slot.filing_id not in waits
    ]
    write_all(started)
    feed_all(started)


def _minutes(agenda: AgendaItem, one: Silent, standing: Iterable[Opinion]) -> StageLimit:
    filing = one.slot.filing
    limit = StageLimit(filing=filing, book_id=filing.book_id)
    start(
        limit,
        rules.MINUTES,
        at=all_stand_since(agenda, one.stands, standing),
        rulebook=filing.rulebook,
        save=False,
    )
    return limit
