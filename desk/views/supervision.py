"""The supervisor's view, and the county's rules as everybody in the house may read them."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.policies import administrator, convenor, reads_calendars, supervisor
from core import clock
from core.deadlines.models import CalendarEdition, RulebookEdition
from core.deadlines.rules import RULES
from desk.queries import supervision as queries
from desk.queries.county import editions_in_force
from prereview.stages import SlotState


@require_safe
def supervision(request: HttpRequest) -> HttpResponse:
    """Show what is late, held, escalated and defaulted, and the same by department."""
    acting: Any = request.acting  # type: ignore[attr-defined]
    if not any(may(None, acting) for may in (supervisor, convenor, administrator)):
        raise PermissionDenied
    lists: dict[str, list[Any]] = {
        "late": queries.late(clock.now()),
        "held": queries.explained(queries.slots_in(SlotState.HELD)),
        "escalated": queries.explained(queries.slots_in(SlotState.ESCALATED)),
        "candidates": queries.explained(queries.slots_in(SlotState.CANDIDATE)),
        "defaults": queries.defaults(),
    }
    names = (_("逾期"), _("暂停默认"), _("已转督办"), _("拟视同无异议"), _("已认定的默认"))
    context = {
        **lists,
        "counts": [
            {"label": name, "value": len(rows), "url": f"#{key}"}
            for name, (key, rows) in zip(names, lists.items(), strict=True)
        ],
        "departments": queries.by_department(),
        "figures": queries.figures(),
    }
    return render(request, "desk/supervision.html", context)


@require_safe
def county(request: HttpRequest) -> HttpResponse:
    """Show calendar, rulebook and catalogue in force, each number with its basis and certainty."""
    acting: Any = request.acting  # type: ignore[attr-defined]
    if acting is None:
        raise PermissionDenied
    context = {
        **editions_in_force(clock.now()),
        "rules": RULES,
        "reads_calendars": reads_calendars(None, acting),
        "calendars": CalendarEdition.objects.all(),
        "rulebooks": RulebookEdition.objects.all(),
    }
    return render(request, "desk/county.html", context)
