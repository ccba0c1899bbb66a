"""Who did what: sessions, summonses, opinions, the lead unit's word, approvals with their numbers."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils import timezone

from approvals.models import Change
from approvals.rules.service import notice_from
from approvals.stages import Served
from core.deadlines.models import RulebookEdition
from core.ledger.models import Entry
from desk.queries.what_if.breaks import Broken
from desk.rules.what_if.facts import (
    CONFIRM,
    DISMISS,
    NOT_OURS,
    OPINION,
    WITHDRAW,
    Act,
    AgendaFacts,
    Outcome,
    SlotFacts,
    Summons,
)
from prereview.models import AgendaItem, Invitation, LateOpinion, Opinion, Slot
from prereview.queries import served_before, service_word
from prereview.stages import GIVEN, Position, SessionKind, SessionStage

OF_A_SLOT = (
    "pk", "book_id", "agenda_id", "kind", "department__code", "department_id", "item__code", "default", "state",
    "held_because", "served_again_at", "confirmed_at", "rule", "length", "due_at", "act_at", "agenda__session_id",
    "agenda__closed_at", "opinion__position", "opinion__effective_at",
    "opinion__recorded_at",
)  # fmt: skip

Called = tuple[Invitation, Summons, dict[str, Summons]]


def agendas() -> dict[int, list[AgendaFacts]]:
    """Return by filing the sessions that were held on it, surveys and meetings, by their close; one query."""
    found: dict[int, list[AgendaFacts]] = defaultdict(list)
    rows = AgendaItem.objects.exclude(session__stage=SessionStage.CANCELLED).order_by(
        "filing_id", "session__opens_at", "pk"
    )
    for row in rows.values_list(
        "filing_id", "pk", "session__kind", "round", "closed_at", "concluded_at"
    ):
        survey = row[2] == SessionKind.SURVEY
        found[row[0]].append(AgendaFacts(row[1], survey, row[3], row[4], row[5], ()))
    return found


def acts_of_slots(now: datetime, broken: Broken) -> dict[int, list[SlotFacts]]:
    """Return by agenda item its slots with every act on them; eight queries."""
    late: dict[int, list[Act]] = defaultdict(list)
    for slot, at, position in LateOpinion.objects.values_list("slot_id", "received_at", "position"):
        late[slot].append(Act(at, OPINION, position))
    summonses, dismissed, withdrawn = _summonses(), _dismissals(), _withdrawals()
    found: dict[int, list[SlotFacts]] = defaultdict(list)
    for row in Slot.objects.in_play().order_by("pk").values(*OF_A_SLOT):
        called = summonses.get((row["agenda__session_id"], row["department_id"]))
        place = row["book_id"], row["department__code"], row["item__code"] or ""
        acts = [*late[row["pk"]], *(Act(at, DISMISS) for at in dismissed[place])]
        acts += _own(row, withdrawn.get(row["pk"], ()))
        one = _slot(row, called, acts, now)
        runs = broken.of(Slot, one.pk, one.closed_at, one.served_again_at)
        found[row["agenda_id"]].append(replace(one, breaks=runs) if runs else one)
    return found


def _slot(row: dict[str, Any], called: Called | None, acts: list[Act], now: datetime) -> SlotFacts:
    closed = row["agenda__closed_at"]
    invitation, summons, by_word = called or (None, None, {})
    position = row["opinion__position"] or ""
    given = row["opinion__effective_at"] if position in GIVEN else None
    return SlotFacts(
        pk=row["pk"], agenda=row["agenda_id"], kind=row["kind"], department=row["department__code"],
        item=row["item__code"] or "", default=row["default"], summons=summons, summons_if=by_word,
        present=bool(invitation and closed and invitation.present_at(closed)), closed_at=closed,
        served_again_at=row["served_again_at"], rule=row["rule"], length=row["length"],
        acts=tuple(sorted(acts, key=lambda act: act.at)),
        pending=row["act_at"] is not None and row["act_at"] <= now,
        recorded=Outcome(
            row["state"], position, row["opinion__effective_at"], given, row["due_at"], row["held_because"],
        ),
    )  # fmt: skip


def _own(row: dict[str, Any], withdrawn: Sequence[datetime]) -> list[Act]:
    """Return what was said in a slot and of it; what stands since a withdrawal came with it."""
    acts = [Act(row["confirmed_at"], CONFIRM)] if row["confirmed_at"] else []
    position, at = row["opinion__position"], row["opinion__effective_at"]
    with_it = row["opinion__recorded_at"] in withdrawn
    for taken in withdrawn:
        stands = (position, at) if row["opinion__recorded_at"] == taken else ("", None)
        acts.append(Act(taken, WITHDRAW, *stands))
    if position == Position.NOT_OURS:
        acts.append(Act(at, NOT_OURS, position))
    elif position in GIVEN and not with_it:
        acts.append(Act(at, OPINION, position))
    return acts


def _withdrawals() -> dict[int, list[datetime]]:
    found: dict[int, list[datetime]] = defaultdict(list)
    rows = Opinion.objects.exclude(withdrawn_at=None).order_by("withdrawn_at")
    for slot, at in rows.values_list("slot_id", "withdrawn_at"):
        found[slot] += [at] if at else []
    return found


def _summonses() -> dict[tuple[int, int], Called]:
    words = _Words()
    found = {}
    for row in Invitation.objects.select_related("session", "roll_contest").prefetch_related(
        "attempts"
    ):
        by_word = {word: _summons(row, word) for word in Served.values}
        said = by_word[words.at(row.session.called_at)]
        found[row.session_id, row.department_id] = row, said, by_word
    return found


class _Words:
    """What counted as service on a day: looked up once for all summonses."""

    def __init__(self) -> None:
        editions = RulebookEdition.objects.order_by("number")
        self.since = [(edition.in_force_from, service_word(edition)) for edition in editions]

    def at(self, instant: datetime) -> str:
        """Return the word of the edition in force at an instant."""
        day = timezone.localdate(instant)
        return [word for first, word in self.since if first <= day][-1]


def _summons(found: Invitation, word: str) -> Summons:
    session = found.session
    noticed = notice_from(found.attempts.all(), word, found.due_at) or found.served_at
    return Summons(
        reached_at=noticed, opens_at=session.opens_at, by_system=noticed == found.served_at,
        notice_kept=session.notice_kept, proven=served_before(found, word), answer=found.answer,
        decided_at=found.decided_at, **_contested(found),
    )  # fmt: skip


def _contested(found: Invitation) -> dict[str, Any]:
    """Return what the department had against its row of the roll, and what was decided."""
    contest = getattr(found, "roll_contest", None)
    if contest is None:
        return {}
    return {
        "contested_at": contest.lodged_at, "roll": contest.result, "roll_decided_at": contest.decided_at,
    }  # fmt: skip


def _entries(act: str) -> list[tuple[int, datetime, dict[str, Any]]]:
    rows = (
        Entry.objects.filter(act=act).order_by("pk").values_list("book_id", "event_at", "payload")
    )
    return [(book, at, json.loads(payload)) for book, at, payload in rows]


def _dismissals() -> dict[tuple[int, str, str], list[datetime]]:
    found: dict[tuple[int, str, str], list[datetime]] = defaultdict(list)
    for book, at, said in _entries("dismiss_default"):
        found[book, said["department"], said["item"]].append(at)
    return found


def approvals() -> dict[int, dict[str, datetime]]:
    """Return by book when the paper of each item was first recorded; one query."""
    found: dict[int, dict[str, datetime]] = defaultdict(dict)
    for book, at, said in _entries("record_approval"):
        found[book].setdefault(said["item"], at)
    return found


def struck() -> dict[int, list[datetime]]:
    """Return by book when items were struck off its list; one query."""
    found: dict[int, list[datetime]] = defaultdict(list)
    for book, at, _said in _entries("strike_item"):
        found[book].append(at)
    return found


def changes_done() -> dict[int, list[datetime | None]]:
    """Return by filing when the changes of its pre-review were done; one query."""
    found: dict[int, list[datetime | None]] = defaultdict(list)
    for filing, at in Change.objects.values_list("filing_id", "done_at"):
        found[filing].append(at)
    return found
