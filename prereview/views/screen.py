"""The big screen of a meeting room, and what of it a personal page shows: drawn anew whenever the room has moved."""

from datetime import datetime
from typing import Any

import segno
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from accounts.models import Membership
from core import clock
from prereview import policies
from prereview.models import Session
from prereview.queries.board import (
    Room,
    began,
    came_late,
    grid_of,
    place_of,
    room_of,
    words_of,
)
from prereview.queries.room import code_of
from prereview.rules.room import grouped, until_of
from prereview.stages import SessionStage, SlotState
from prereview.views.base import person
from prereview.views.live import drawn, ticket

PART = "prereview/fragment.html"
SCREEN, PERSONAL = "prereview/screen_board.html", "prereview/room_now.html"


def of_room(by: Membership, public_id: str) -> Session:
    """Return a session a person may see, with who keeps it: one query."""
    found = Session.objects.visible_to(by).select_related("convenor__user", "recorder__user")
    return get_object_or_404(found, public_id=public_id)


@require_safe
def screen(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show the big screen: for whoever runs the room, and for those who watch it."""
    by, session = _at_the_screen(request, public_id)
    at = clock.now()
    context = {"session": session, "board": board(session, by, at), "server_now": in_page(at)}
    return render(request, "prereview/screen.html", context)


@require_safe
def screen_board(request: HttpRequest, public_id: str) -> HttpResponse:
    """Return the moving part of the screen."""
    by, session = _at_the_screen(request, public_id)
    return render(request, PART, {"part": board(session, by, clock.now())})


@require_safe
def room_now(request: HttpRequest, public_id: str) -> HttpResponse:
    """Return the moving part of a personal page."""
    session = of_room(person(request), public_id)
    return render(request, PART, {"part": now_in_the_room(session, clock.now())})


def in_page(at: datetime) -> int:
    """Return an instant as a page counts: milliseconds since 1970."""
    return int(at.timestamp() * 1000)


def _at_the_screen(request: HttpRequest, public_id: str) -> tuple[Membership, Session]:
    by = person(request)
    session = of_room(by, public_id)
    if not policies.staff(session, by):
        raise PermissionDenied  # a department has its own page; the code is for who is in the room
    return by, session


def board(session: Session, by: Membership, at: datetime) -> SafeString:
    """Draw the screen; the code stands on it for those who run the room, and for nobody who only watches."""
    coded = policies.window(session, by) and session.stage == SessionStage.OPEN
    agenda = list(session.agenda.select_related("filing").order_by("order"))
    feel = ticket(session, agenda, coded=coded, at=at)

    def context() -> dict[str, Any]:
        code = code_of(session, at) if coded else ""
        return {**shown(room_of(session, at)), "feel": feel, **on_the_wall(session, code, at)}

    return mark_safe(drawn(SCREEN, session, feel["seen"], context))  # noqa: S308 - from our own template


def now_in_the_room(session: Session, at: datetime) -> SafeString:
    """Draw what everybody in the room sees of it on a page of their own: the same for all."""
    agenda = list(session.agenda.select_related("filing").order_by("order"))
    feel = ticket(session, agenda, coded=False, at=at)

    def context() -> dict[str, Any]:
        return {**shown(room_of(session, at)), "feel": feel}

    return mark_safe(drawn(PERSONAL, session, feel["seen"], context))  # noqa: S308 - from our own template


def on_the_wall(session: Session, code: str, at: datetime) -> dict[str, Any]:
    """Return the code with its picture and how long it still stands; nothing where there is none to show."""
    if not code:
        return {"code": ""}
    path = reverse("prereview:by_code", args=[session.public_id])
    return {
        "code": grouped(code),
        "until": until_of(at),
        "qr": _qr(f"{settings.SITE_URL}{path}?code={code}"),
    }


def _qr(url: str) -> SafeString:
    picture = segno.make(url, error="l").svg_inline(scale=4, border=2, omitsize=True)
    return mark_safe(picture)  # noqa: S308 - paths drawn from our own address, no text in it


def shown(room: Room) -> dict[str, Any]:
    """Return what a room shows, for its templates."""
    item, first = room.at, began(room.agenda)
    slots = room.of(item)
    return {
        "session": room.session,
        "item": item,
        "grid": grid_of(slots),
        "words": words_of(slots),
        "reading": room.reading.get(item.pk) if item else None,
        "agenda": [_agenda_row(one, room, one is item) for one in room.agenda],
        "roll": [
            {"summons": one, "place": place_of(one), "late": came_late(one, first)}
            for one in room.summons
        ],
        "quorum": room.quorum,
    }


def _agenda_row(item: Any, room: Room, now: bool) -> dict[str, Any]:
    slots = room.of(item)
    return {
        "item": item,
        "now": now,
        "asked": len(slots),
        "settled": sum(slot.state == SlotState.SETTLED for slot in slots),
        "reading": item.pk in room.reading,
    }
