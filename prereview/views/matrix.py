"""The matrix of a filing: departments down, items across, one mark per cell, and what comes next."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.models import Membership
from accounts.stages import Role
from approvals.models import Filing
from approvals.views.base import case_url
from core import clock
from prereview import policies
from prereview.models import Slot
from prereview.queries import slots_of
from prereview.queries.board import split_items
from prereview.stages import DEEMED, Position, SessionStage, SlotState
from prereview.views.base import DEPARTMENT, person, session_url
from prereview.views.words import SHORT, cards, silence, summons_of, what

LEGEND = (
    Position.AGREE, Position.CONDITIONS, Position.DISAGREE, Position.NOT_OURS, Position.DEEMED_TIMEOUT,
    Position.DEEMED_ABSENCE, Position.NO_OPINION, SlotState.AWAITED, SlotState.CANDIDATE, SlotState.HELD,
    SlotState.ESCALATED,
)  # fmt: skip


class MatrixView(View):
    """The matrix page; an enterprise sees the marks, not what the offices do about them."""

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Show a round, the present one unless another is asked for."""
        by = person(request)
        found = Filing.objects.visible_to(by).select_related("enterprise", "rulebook")
        filing = get_object_or_404(found, public_id=public_id)
        every = list(slots_of(filing))
        rounds = sorted({slot.round for slot in every})
        asked = request.GET.get("round", "")
        last = max(rounds, default=filing.round)
        chosen = next((number for number in rounds if str(number) == asked), last)
        slots = [slot for slot in every if slot.round == chosen]
        open_slots = [slot for slot in slots if slot.state != SlotState.SETTLED]
        return render(
            request,
            "prereview/matrix.html",
            {
                "filing": filing,
                "case_url": case_url(filing),
                "grid": grid(slots, by),
                "open": [] if by.role == Role.ENTERPRISE else open_rows(open_slots, by),
                "open_count": len(open_slots),
                "sessions": sessions_row(slots, by),
                "groups": _rounds(rounds, chosen),
                "legend": [{"state": kind.value, "label": kind.label} for kind in LEGEND],
                "next": next_step(filing, slots, by),
            },
        )


def _rounds(rounds: list[int], chosen: int) -> list[dict[str, Any]]:
    if len(rounds) < 2:  # noqa: PLR2004 - one round needs no choice
        return []
    options = [
        {
            "label": _("第%(n)s轮") % {"n": n},
            "url": f"?round={n}",
            "current": n == chosen,
            "count": None,
        }
        for n in rounds
    ]
    return [{"label": _("轮次"), "options": options}]


def grid(slots: list[Slot], by: Membership) -> dict[str, Any]:
    """Return columns and rows for components/matrix.html."""
    columns: dict[int | None, str] = {}
    rows: dict[int, dict[str, Any]] = {}
    for slot in sorted(slots, key=lambda s: (s.item_id is not None, s.item_id or 0)):
        columns.setdefault(slot.item_id, what(slot))
    order = list(columns)
    summons, split = summons_of(slots), split_items(slots)
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
        due = silence(slot, summons.get((slot.agenda.session_id, slot.department_id)))
        row["cells"][order.index(slot.item_id)] = cell(slot, due, slot.item_id in split, by)
        row["asked"] += 1
        row["settled"] += slot.state == SlotState.SETTLED
    for row in rows.values():
        row["total"] = _("%(settled)s/%(asked)s") % row
    return {
        "columns": [{"label": label} for label in columns.values()],
        "rows": list(rows.values()),
    }


def cell(slot: Slot, due: str, split: bool, by: Membership) -> dict[str, Any]:
    """Return one cell: the mark, its short word, its sentence, and where it leads this person."""
    if slot.state == SlotState.SETTLED:
        state, text = slot.opinion.position, _settled_text(slot)
    else:
        state, text = (
            slot.state,
            _("%(state)s。%(due)s") % {"state": slot.get_state_display(), "due": due},
        )
    return {
        "state": state,
        "label": SHORT.get(state, ""),
        "text": text,
        "url": _leads(slot, by),
        "conflict": split,
    }


def _settled_text(slot: Slot) -> str:
    opinion = slot.opinion
    said = [
        str(opinion.get_position_display()),
        *opinion.conditions,
        opinion.reason,
        opinion.clause,
    ]
    return "；".join(filter(None, said))


def _leads(slot: Slot, by: Membership) -> str:
    if slot.state == SlotState.SETTLED and slot.opinion.position in (*DEEMED, Position.NO_OPINION):
        return reverse("prereview:proof", args=[slot.pk])
    if slot.state != SlotState.SETTLED and policies.own_department(slot, by):
        return reverse("prereview:opinion", args=[slot.pk])
    return ""


def open_rows(slots: list[Slot], by: Membership) -> list[dict[str, Any]]:
    """Return the opinions without a result, with light, days left, and what this person can do about each."""
    shown = cards(slots, clock.now())
    for row in shown:
        row["acts"] = acts(row["slot"], by)
    return shown


def acts(slot: Slot, by: Membership) -> list[dict[str, Any]]:
    """Return what a person can do with an open slot."""
    found: list[tuple[Any, str]] = []
    if policies.own_department(slot, by):
        found.append((_("提出意见"), "opinion"))
    if policies.window(slot, by):
        found.append((_("登记其他渠道意见"), "enter"))
    if policies.convenor(slot, by):
        if slot.state == SlotState.CANDIDATE:
            found += [(_("确认"), "confirm"), (_("驳回"), "dismiss")]
        if slot.state == SlotState.HELD:
            found.append((_("重新送达"), "serve_again"))
        if slot.not_ours_reason:
            found.append((_("决定是否属该部门"), "not_ours"))
    return [
        {"label": label, "url": reverse(f"prereview:{name}", args=[slot.pk])}
        for label, name in found
    ]


def sessions_row(slots: list[Slot], by: Membership) -> list[dict[str, Any]]:
    """Return the sessions the opinions were asked in, for those who may open them."""
    if by.role == Role.ENTERPRISE:
        return []
    mine = {
        s.agenda.session_id
        for s in slots
        if by.role not in DEPARTMENT or s.department_id == by.organisation_id
    }
    found = {s.agenda.session_id: s.agenda.session for s in slots if s.agenda.session_id in mine}
    return [{"session": s, "url": session_url(s)} for s in found.values()]


def next_step(filing: Filing, slots: list[Slot], by: Membership) -> dict[str, str]:
    """Say whose move it is now; with an address where it is this person's."""
    meeting = [s for s in slots if s.item_id is not None]
    agenda = meeting[-1].agenda if meeting else None
    if not slots:
        return {"text": _("还没有召集联合勘察或联合预审会；轮到召集人。")}
    waiting = sum(s.state != SlotState.SETTLED for s in slots)
    if waiting:
        return {"text": _("还有%(count)s项意见没有结果。") % {"count": waiting}}
    if agenda is None:
        return {"text": _("对勘察记录的意见已齐；下一步召集联合预审会。")}
    if agenda.conclusion:
        return {"text": _("结论：%(what)s。") % {"what": agenda.conclusion_label}}
    if agenda.closed_at is None or agenda.session.stage == SessionStage.CALLED:
        return {"text": _("意见已齐；会议结束本议程后由召集人作出结论。")}
    url = reverse("prereview:conclude", args=[agenda.pk]) if policies.convenor(filing, by) else ""
    return {"text": _("意见已齐，由召集人作出结论。"), "url": url, "label": _("作出结论")}
