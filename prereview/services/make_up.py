"""补做意见: after a default the opinion is still owed, reminded of before its end, escalated after it."""

from datetime import datetime, timedelta
from typing import Any

from accounts.once import shared
from accounts.services import system_actor
from core.deadlines.counting import last_day_of
from core.deadlines.models import RulebookEdition
from core.deadlines.queries import start_of
from core.deadlines.rules import on_silence
from core.deadlines.services import act_next, end, feed, grace, start
from core.ledger.services import record
from core.sets import made
from prereview import rules
from prereview.models import MakeUp, Opinion, Slot
from prereview.services.telling import tell_make_up_overdue, tell_make_up_soon

MORNING = timedelta(hours=8)  # of the last day: whoever is reminded still has the day


def start_make_up(slot: Slot, opinion: Opinion, now: datetime) -> MakeUp:
    """Start the duty to make the opinion up."""
    make_up = new_make_up(slot, opinion, now)
    make_up.save()
    feed(make_up)
    return make_up


def new_make_up(slot: Slot, opinion: Opinion, now: datetime) -> MakeUp:
    """Return the duty, not yet written; the sweep looks at it first on the morning of its last day."""
    rulebook = slot.filing.pinned_rulebook
    begun = shared(("make up", rulebook.pk, now), lambda: _begun(rulebook, now))
    return made(MakeUp, slot=slot, opinion=opinion, book_id=slot.book_id, **begun)


def _begun(rulebook: RulebookEdition, now: datetime) -> dict[str, Any]:
    """Return the columns of a duty that begins now: alike in all of a batch."""
    limit = made(MakeUp)
    start(limit, rules.MAKE_UP, at=now, rulebook=rulebook, save=False)
    if limit.due_at is not None:
        reminder = start_of(last_day_of(limit.due_at)) + MORNING
        if now < reminder:
            limit.act_at = reminder
    names = ("rule", "length", "unit", "started_at", "calendar", "due_at", "act_at", "provisional")
    return {name: getattr(limit, name) for name in names}


@on_silence(rules.MAKE_UP)
def make_up_waits(make_up: MakeUp, now: datetime) -> None:
    """Remind the department while there is time; once it is over the supervisor learns of it."""
    if now <= make_up.expires_at:
        make_up.reminded_at = now
        act_next(make_up, make_up.expires_at + grace(make_up.slot.filing.pinned_rulebook))
        make_up.save()
        tell_make_up_soon(make_up, now)
        return
    make_up.escalated_at, make_up.act_at = make_up.expires_at, None
    make_up.save()
    slot = make_up.slot
    record(
        make_up.book, "make_up_overdue", by=system_actor(), at=make_up.expires_at,
        department=slot.department.code, item=slot.item.code if slot.item else "", kind=slot.kind,
    )  # fmt: skip
    tell_make_up_overdue(make_up, now)


def made_up(slot: Slot, at: datetime) -> None:
    """End the duty: the department has said what it had to say."""
    make_up = MakeUp.objects.filter(opinion__stands_in=slot, done_at=None).first()
    if make_up is not None:
        make_up.done_at = at
        end(make_up, at=at)
