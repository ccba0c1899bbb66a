"""What lies on the table of a meeting, to be printed: the sheet to sign, the agenda, a card for each desk."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core import clock
from prereview import policies
from prereview.queries.board import room_of
from prereview.views.base import person
from prereview.views.screen import of_room


def _printed(request: HttpRequest, public_id: str, template: str) -> HttpResponse:
    by = person(request)
    session = of_room(by, public_id)
    if not policies.staff(session, by):
        raise PermissionDenied
    room = room_of(session, clock.now())
    rows = [
        {"item": item, "departments": sorted({slot.department.label for slot in room.of(item)})}
        for item in room.agenda
    ]
    return render(request, template, {"session": session, "room": room, "rows": rows})


@require_safe
def sign_in_sheet(request: HttpRequest, public_id: str) -> HttpResponse:
    """Print the sheet on which representatives sign by hand, beside the roll."""
    return _printed(request, public_id, "prereview/print_sign_in.html")


@require_safe
def agenda_sheet(request: HttpRequest, public_id: str) -> HttpResponse:
    """Print the agenda with the departments of each item."""
    return _printed(request, public_id, "prereview/print_agenda.html")


@require_safe
def desk_cards(request: HttpRequest, public_id: str) -> HttpResponse:
    """Print the cards that stand on the desks, folded once."""
    return _printed(request, public_id, "prereview/print_cards.html")
