"""Whether the rules call a department absent: one answer for papers, pages and requests, the same that defaults ask."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import prefetch_related_objects

from approvals.models import Filing
from prereview.models import Invitation, Session
from prereview.queries import served_before, served_in_time, service_word
from prereview.rules.after import Ground
from prereview.rules.outcome import stayed_away


def contested(invitation: Invitation) -> str:
    """Return what came of a contest of the roll; empty where none was lodged."""
    contest = getattr(invitation, "roll_contest", None)
    return contest.result if contest is not None else ""


def grounds_of(
    session: Session, summoned: Iterable[Invitation], filing: Filing, closes: Sequence[datetime]
) -> dict[int, Ground]:
    """Return by summons what an absence would rest on: service, notice, contest, and whether anybody owes a word.

    `filing` is the case by whose pinned rulebook service is judged, `closes` those of the items a department was called
    to: of who was there for all of them nothing is asked. Of a second visit nobody owes an opinion.
    """
    rows = list(summoned)
    prefetch_related_objects(rows, "attempts", "roll_contest")
    word = service_word(filing.pinned_rulebook)
    owes = not session.second_visits.exists()
    found = {}
    for one in rows:
        one.session = session
        there = all(one.present_at(closed) for closed in closes)
        found[one.pk] = Ground(roll=contested(one), owes=owes) if there else Ground(
            served_before(one, word), served_in_time(one, word), contested(one), owes
        )  # fmt: skip
    return found


def absent_by_rule(invitation: Invitation, closed: datetime, filing: Filing) -> bool:
    """Whether a department was away when an item closed and everything is there that an absence default demands."""
    if not stayed_away(invitation.present_at(closed), invitation.answer):
        return False
    return grounds_of(invitation.session, [invitation], filing, [closed])[invitation.pk].counts
