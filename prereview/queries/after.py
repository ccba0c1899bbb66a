"""After a session: who was there, what each department said or its silence came to, and which approvals are owed."""

from collections import Counter, defaultdict
from datetime import datetime
from typing import Any

from django.db.models import Prefetch

from accounts.models import Membership
from approvals.models import ChecklistItem, StageLimit
from approvals.stages import Approval
from prereview import policies
from prereview.models import Invitation, LateOpinion, Session, Slot
from prereview.queries.absence import grounds_of
from prereview.queries.roll import contest_of, roll_contest_until
from prereview.rules.after import presence_of, said_of
from prereview.stages import ContestResult, Position, Presence, SessionStage, Spoken

OFFICE = policies.department


def summons_shown(session: Session, by: Membership) -> list[Invitation]:
    """Return the rows of the roll a person may see: a department its own, those who watch all; one query."""
    found = session.invitations.select_related(
        "department", "roll_contest__lodged_by__user", "roll_contest__decided_by__user",
        "roll_contest__proof",
    )  # fmt: skip
    if OFFICE(None, by):
        found = found.filter(department=by.organisation_id)
    rows = list(found)
    for one in rows:
        one.session = session
    return rows


def _slots(session: Session, by: Membership) -> list[Slot]:
    found = (
        Slot.objects.in_play()
        .filter(agenda__session=session)
        .select_related("filing", "item__item", "opinion", "department")
    )
    if OFFICE(None, by):
        found = found.filter(department=by.organisation_id)
    late = Prefetch("late_opinions", LateOpinion.objects.only("slot"))
    return list(found.prefetch_related(late).order_by("agenda__order", "pk"))


def after(session: Session, by: Membership, at: datetime) -> dict[str, Any]:
    """Return the whole view of one person in a fixed number of queries, however many departments there are."""
    agenda = list(session.agenda.select_related("filing__rulebook"))
    items = [(one.opened_at or one.closed_at, one.closed_at) for one in agenda if one.closed_at]
    said: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for slot in _slots(session, by):
        opinion = getattr(slot, "opinion", None)
        word = said_of(slot, opinion, late=bool(slot.late_opinions.all()))
        said[slot.department_id].append({"slot": slot, "said": word, "opinion": opinion})
    until = roll_contest_until(session, at)
    shown = summons_shown(session, by)
    grounds = (
        grounds_of(session, shown, agenda[0].filing, [one[1] for one in items]) if items else {}
    )
    rows = [_row(one, said[one.department_id], by, at, until) for one in shown]
    for row in rows if items else ():
        row["presence"] = presence_of(row["summons"], items, grounds[row["summons"].pk])
    if any(row["may_decide"] for row in rows):
        outside = policies.not_of_the_department(by)
        for row in rows:
            row["may_decide"] = row["may_decide"] and outside(row["summons"])
    return {
        "rows": rows,
        "counts": Counter(row["presence"] for row in rows),
        "said": Counter(one["said"] for row in rows for one in row["slots"]),
        "until": until,
        "owed": owed_by(session, by),
    }


def _row(
    one: Invitation,
    slots: list[dict[str, Any]],
    by: Membership,
    at: datetime,
    until: datetime | None,
) -> dict[str, Any]:
    contest = contest_of(one)
    over = one.session.stage == SessionStage.CLOSED
    in_time = over and (until is None or at <= until)
    waits = contest is not None and contest.result == ContestResult.OPEN
    return {
        "summons": one,
        "presence": None,
        "slots": slots,
        "contest": contest,
        "stands": any(
            row["opinion"] and row["opinion"].position == Position.DEEMED_ABSENCE for row in slots
        ),
        "may_contest": in_time and contest is None and policies.head_of_department(one, by),
        "may_decide": waits and policies.supervisor(one, by) and policies.not_the_convenor(by)(one),
    }


def owed_by(session: Session, by: Membership) -> list[ChecklistItem]:
    """Return the statutory approvals of the session's cases, owed first, each with its own running limits: two queries.

    An opinion, given or deemed, changes nothing in them: an approval is obtained by its number and file.
    """
    running = StageLimit.objects.filter(ended_at=None).select_related("calendar").order_by("pk")
    found = ChecklistItem.objects.filter(filing__agenda_items__session=session).exclude(
        approval__in=(Approval.NONE, Approval.REPLACED)
    )
    if OFFICE(None, by):
        found = found.filter(department=by.organisation_id)
    found = found.exclude(applies=False).select_related("filing", "item", "department")
    rows = list(found.prefetch_related(Prefetch("limits", running)).order_by("filing", "pk"))
    return sorted(rows, key=lambda item: item.approval != Approval.OWED)


MARKS = {
    Presence.PRESENT: "agree", Presence.LATE: "conditions", Presence.LEFT: "held",
    Presence.EXCUSED: "none", Presence.UNDECIDED: "held", Presence.ABSENT: "disagree",
    Presence.UNSERVED: "held", Presence.AWAY: "none", Presence.CONTESTED: "held", Presence.CLEARED: "none",
}  # fmt: skip
SAID_MARKS = {
    Spoken.LATE: "conditions", Spoken.SILENT: "awaited", Spoken.HELD: "held", Spoken.ESCALATED: "escalated",
    Spoken.NO_OPINION: "no_opinion",
}  # fmt: skip
