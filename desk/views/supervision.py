"""The supervisor's view, and the county's rules as everybody in the house may read them."""

from dataclasses import asdict, replace
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.policies import administrator, convenor, reads_calendars, supervisor
from core import clock
from core.deadlines.models import CalendarEdition, RulebookEdition
from core.deadlines.rules import RULES
from core.documents.sheets import handed_out
from core.steps.watching import watch_of
from desk.queries import supervision as queries
from desk.queries.county import editions_in_force
from desk.queries.delays import Wanted, delays, fits
from desk.queries.sheets import LATE, LISTS, supervised
from prereview.stages import SlotState


def _watching(request: HttpRequest) -> Any:
    acting: Any = request.acting  # type: ignore[attr-defined]
    if not any(may(None, acting) for may in (supervisor, convenor, administrator)):
        raise PermissionDenied
    return acting


def _wanted(request: HttpRequest) -> Wanted:
    return Wanted.of(request.GET)


@require_safe
def supervision(request: HttpRequest) -> HttpResponse:
    """Show what is late, held, escalated and defaulted, of one department or of all, and the same by department."""
    acting = _watching(request)
    now, wanted = clock.now(), _wanted(request)
    late = delays(now)
    of = wanted.department
    lists: dict[str, list[Any]] = {
        "late": [row for row in late if fits(row, wanted)],
        "held": queries.explained(queries.slots_in(SlotState.HELD, of)),
        "escalated": queries.explained(queries.slots_in(SlotState.ESCALATED, of)),
        "candidates": queries.explained(queries.slots_in(SlotState.CANDIDATE, of)),
        "defaults": queries.defaults(department=of),
    }
    names = (_("逾期"), _("暂停默认"), _("已转督办"), _("拟视同无异议"), _("已认定的默认"))
    departments = queries.by_department(now, late)
    context = {
        **lists,
        "counts": [
            {"label": name, "value": len(rows), "url": f"#{key}"}
            for name, (key, rows) in zip(names, lists.items(), strict=True)
        ],
        "departments": departments,
        "leads": supervisor(None, acting) or administrator(None, acting),
        "figures": queries.figures(),
        "groups": _chips(wanted, [row["department"] for row in departments], late),
        "exports": {name: f"list={name}&{_kept(wanted)}" for name in LISTS},
        "export_url": reverse("desk:export_supervision"),
    }
    return render(request, "desk/supervision.html", context)


def _chips(wanted: Wanted, bodies: list[Any], late: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the filters that would find something: departments, limits and rungs, each with the others kept."""
    rules = {row["rule"]: row["label"] for row in late}
    rungs = {row["rung"]: row["rung_label"] for row in late if row["rung"]}
    groups = (
        (_("部门"), "department", {body.code: body.label for body in bodies}),
        (_("时限"), "rule", rules),
        (_("升级到"), "rung", rungs),
    )
    return [
        {"label": label, "options": [_chip(wanted, name, code, text) for code, text in found]}
        for label, name, options in groups
        if (found := [("", _("全部")), *sorted(options.items())])[1:]
    ]


def _chip(wanted: Wanted, name: str, code: str, text: Any) -> dict[str, Any]:
    kept = _kept(replace(wanted, **{name: code})).removesuffix("&")
    return {"label": text, "url": f"?{kept}", "current": getattr(wanted, name) == code}


def _kept(wanted: Wanted) -> str:
    """Return what a list is narrowed to as the part of an address: empty, or ending with &."""
    kept = urlencode({key: value for key, value in asdict(wanted).items() if value})
    return f"{kept}&" if kept else ""


@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """Hand out one of the lists as a file, narrowed as the page is; without a name that of what is late."""
    _watching(request)
    name, at = request.GET.get("list", LATE), clock.now()
    if name not in LISTS:
        raise Http404
    sheet = supervised(name, _wanted(request), at)
    return handed_out(sheet, request.GET.get("form", ""), at=at, watch=watch_of(request))


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
