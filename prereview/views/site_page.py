"""What the telephone's page of one stop shows: one point at a time, what is there already, and what can be entered."""

from itertools import pairwise
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Membership
from prereview import policies
from prereview.forms.site import FindingForm, PhotoForm, PresenceForm, SettleForm, SignForm
from prereview.models import AgendaItem, Session
from prereview.queries.second_visits import why_not_asked
from prereview.queries.visit import Part, Visit
from prereview.rules.checklist import Point
from prereview.views.base import session_url

Row = dict[str, Any]


def stop_url(agenda: AgendaItem, topic: str = "") -> str:
    """Return the address of a stop, at one of its points."""
    found = reverse("prereview:site", args=[agenda.pk])
    return f"{found}?point={topic}" if topic else found


def site_page(visit: Visit, by: Membership, topic: str) -> Row:
    """Return the context of the page; a fixed number of queries, however much was entered."""
    agenda = visit.agenda
    session: Session = agenda.session
    own = visit.departments.get(by.organisation_id) if policies.summoned(agenda, by) else None
    part = visit.part(own) if own else None
    names = [one.topic for one in visit.points]
    now = topic if topic in names else _first_open(visit, part)
    rows = [
        _point(visit, one, part, now, number) for number, one in enumerate(visit.points, start=1)
    ]
    for before, after in pairwise(rows):
        before["next"], after["previous"] = after["topic"], before["topic"]
    return {
        "agenda": agenda,
        "session": session,
        "visit": visit,
        "points": rows,
        "part": part,
        "parts": [] if part else visit.parts,
        "back_url": session_url(session),
        "ready": policies.site_is_open(agenda),
        "closed": agenda.closed_at is not None,
        "person": by.pk,
        "presence": PresenceForm(initial={"person": by.pk}, auto_id="presence_%s") if part else None,
        "sign": _sign(part, by) if part else None,
        "second": agenda.closed_at is not None and part is not None and not why_not_asked(agenda, by),
        "settles": policies.convenor(agenda, by) and agenda.closed_at is None,
    }  # fmt: skip


def _first_open(visit: Visit, part: Part | None) -> str:
    """Return the point to begin with: the first that the department asks and has said nothing of."""
    said = {one.topic for one in part.findings} if part else set()
    mine = [one.topic for one in visit.points if part and part.department.code in one.askers]
    left = [topic for topic in mine if topic not in said]
    every = [one.topic for one in visit.points]
    return next(iter([*left, *mine, *every]), "")


def _sign(part: Part, by: Membership) -> SignForm:
    covers = " ".join(sorted(part.entries))
    return SignForm(initial={"person": by.pk, "covers": covers}, auto_id="sign_%s")


def _point(visit: Visit, point: Point, part: Part | None, now: str, number: int) -> Row:
    stand = [one for (topic, _owner), one in sorted(visit.stand.items()) if topic == point.topic]
    codes = {one.code: one.label for one in visit.departments.values()}
    mine = next((one for one in stand if part and one.department_id == part.department.pk), None)
    clash = next((one for one in visit.conflicts if one.clash.topic == point.topic), None)
    start = {"topic": point.topic, "person": None}
    return {
        "topic": point.topic,
        "number": number,
        "words": point.words,
        "askers": [codes[code] for code in point.askers],
        "asked": part is not None and part.department.code in point.askers,
        "two": part is not None and part.department.code in point.two_from,
        "bases": point.bases,
        "stand": stand,
        "mine": mine,
        "clash": clash,
        "photos": [one for one in visit.photos if one.topic == point.topic and one.counted],
        "hidden": point.topic != now,
        "url": stop_url(visit.agenda, point.topic),
        "state": _state(mine, clash),
        "finding": FindingForm(initial=start, auto_id=f"{point.topic}_%s") if part else None,
        "photo": PhotoForm(initial=start, auto_id=f"{point.topic}_photo_%s") if part else None,
        "settle": SettleForm(initial=start, auto_id=f"{point.topic}_settle_%s"),
        "next": "",
        "previous": "",
    }


def _state(mine: Any, clash: Any) -> Row:
    """Say where a point stands, with a mark of its own."""
    if clash is not None and clash.settlement is None:
        return {"state": "escalated", "label": _("部门记录不一致")}
    if mine is None:
        return {"state": "awaited", "label": _("未记录")}
    marks = {"fine": "agree", "problem": "disagree", "supplement": "conditions"}
    return {"state": marks[mine.result], "label": mine.get_result_display()}
