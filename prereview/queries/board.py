"""What a meeting room shows of a session: who is there, the item under discussion, and its matrix as it fills."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from prereview.models import AgendaItem, Invitation, MinutesDraft, Session, Slot
from prereview.queries.room import Quorum, current, quorum_of
from prereview.queries.words import SHORT, mark, what
from prereview.rules.conflicts import Said, contradictions
from prereview.stages import Answer, CameBy, DraftState, SessionStage, SlotState


@dataclass(frozen=True)
class Room:
    """A session as its room sees it, read in a fixed number of queries however many filings and departments."""

    session: Session
    agenda: list[AgendaItem]
    summons: list[Invitation]
    slots: list[Slot]
    reading: dict[int, MinutesDraft]
    quorum: Quorum

    @property
    def at(self) -> AgendaItem | None:
        """The item the room is at."""
        return current(self.agenda)

    def of(self, item: AgendaItem | None) -> list[Slot]:
        """Return what is asked on one item."""
        return [slot for slot in self.slots if item is not None and slot.agenda_id == item.pk]


def room_of(session: Session, at: datetime) -> Room:
    """Read a room: five queries beside the session's own."""
    agenda = list(session.agenda.select_related("filing__enterprise").order_by("order"))
    summons = list(
        session.invitations.select_related("department").order_by("department__code", "pk")
    )
    for one in summons:
        one.session = session
    slots = list(
        Slot.objects.in_play()
        .filter(agenda__session=session)
        .select_related("department", "item__item", "opinion")
        .order_by("department__code", "item__code", "pk")
    )
    reading = MinutesDraft.objects.filter(agenda__session=session, state=DraftState.READ)
    return Room(
        session, agenda, summons, slots, {one.agenda_id: one for one in reading},
        quorum_of(summons, at),
    )  # fmt: skip


def split_items(slots: list[Slot]) -> set[int | None]:
    """Return the items on which departments contradict each other."""
    given = [slot for slot in slots if slot.state == SlotState.SETTLED]
    return set(contradictions(Said(s.item_id, s.opinion.position, s.opinion.pk) for s in given))


def grid_of(slots: list[Slot]) -> dict[str, Any]:
    """Return columns and rows for components/matrix.html: marks in short words, nothing that only one person may do."""
    columns: dict[int | None, str] = {}
    for slot in sorted(slots, key=lambda s: (s.item is not None, s.item.code if s.item else "")):
        columns.setdefault(slot.item_id, what(slot))
    order, split = list(columns), split_items(slots)
    rows: dict[int, dict[str, Any]] = {}
    for slot in slots:
        row = rows.setdefault(
            slot.department_id,
            {
                "label": slot.department.label,
                "cells": [None] * len(order),
                "settled": 0,
                "asked": 0,
            },
        )
        state, label = mark(slot)
        row["cells"][order.index(slot.item_id)] = {
            "state": state,
            "label": SHORT.get(state, label),
            "text": _said(slot),
            "url": "",
            "conflict": slot.item_id in split and slot.state == SlotState.SETTLED,
        }
        row["asked"] += 1
        row["settled"] += slot.state == SlotState.SETTLED
    for row in rows.values():
        row["total"] = f"{row['settled']}/{row['asked']}"
    return {
        "columns": [{"label": label} for label in columns.values()],
        "rows": list(rows.values()),
    }


def _said(slot: Slot) -> str:
    """Return what a department said with its reason, clause and conditions."""
    if slot.state != SlotState.SETTLED:
        return str(slot.get_state_display())
    opinion = slot.opinion
    parts = [opinion.get_position_display(), *opinion.conditions, opinion.reason, opinion.clause]
    return "；".join(str(part) for part in parts if part)


def words_of(slots: list[Slot], *, bare: bool = False) -> list[dict[str, Any]]:
    """Return what was said that the room must hear, with reason and clause; with `bare` also who simply agreed."""
    given = [slot for slot in slots if slot.state == SlotState.SETTLED and not slot.opinion.deemed]
    return [
        {
            "department": slot.department.label,
            "what": what(slot),
            "state": slot.opinion.position,
            "label": slot.opinion.get_position_display(),
            "lines": [*slot.opinion.conditions, *filter(None, [slot.opinion.reason])],
            "clause": slot.opinion.clause,
        }
        for slot in given
        if bare or slot.opinion.conditions or slot.opinion.reason
    ]


def place_of(one: Invitation) -> dict[str, str]:
    """Say whether a department is in the room, and how it came: by the code, by hand, online."""
    if one.left_at:
        return {"state": "held", "label": _("已离开")}
    if one.checked_in_at:
        how = _("线上") if one.came_by == CameBy.ONLINE else _("在场")
        return {"state": "agree", "label": how}
    if one.answer == Answer.GRANTED:
        return {"state": "none", "label": _("准假")}
    if one.session.stage == SessionStage.CALLED:
        return {"state": "awaited", "label": _("未开始")}
    return {"state": "disagree", "label": _("未到")}


def came_late(one: Invitation, began: datetime | None) -> bool:
    """Whether a department came after the first item had begun; it is shown, and each item's close decides."""
    return bool(began and one.checked_in_at and one.checked_in_at > began)


def began(agenda: list[AgendaItem]) -> datetime | None:
    """Return when the room began with its first item."""
    return min((item.opened_at for item in agenda if item.opened_at), default=None)
