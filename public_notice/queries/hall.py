"""What the screen in the hall shows: today's meetings, matters with limits and charges, and what was noticed."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from approvals.models import CatalogueItem
from approvals.queries import catalogue_at
from approvals.queries.trial import fees_of
from core.deadlines.models import Unit
from core.deadlines.queries import NoEdition, start_of, unit_said
from prereview.models import Session
from prereview.stages import SessionStage
from public_notice.models import Notice
from public_notice.queries import notices, standing
from public_notice.rules.gate import HALL, admit

SECONDS = 12  # that a pane stands
ROWS = 10  # that a pane has room for in letters that are read at eight metres
RESULTS = 8


def panes(at: datetime) -> list[dict[str, Any]]:
    """Return the panes in their turn, everything through the gate: a fixed number of queries."""
    said = admit(
        {"meetings": _meetings(at), "items": _items(at), "results": list(_noticed(at))}, HALL
    )
    listed = said["meetings"]
    return [
        {"kind": "meetings", "rows": listed[:ROWS], "more": len(listed[ROWS:])},
        *({"kind": "items", "rows": part} for part in _parted(said["items"])),
        {"kind": "results", "rows": said["results"]},
    ]


def _parted(rows: list[Any]) -> list[list[Any]]:
    """Return the rows in parts of nearly the same size, none larger than a pane."""
    count = -(-len(rows) // ROWS)
    size = -(-len(rows) // count) if count else 1
    return [rows[place : place + size] for place in range(0, len(rows), size)]


def _meetings(at: datetime) -> list[dict[str, Any]]:
    """Return today's sessions; of their projects, which are not public yet, the number alone."""
    begins = start_of(timezone.localdate(at))
    today = Session.objects.filter(opens_at__gte=begins, opens_at__lt=begins + timedelta(days=1))
    held = today.exclude(stage=SessionStage.CANCELLED).annotate(projects=Count("agenda"))
    return [
        {
            "time": f"{timezone.localtime(one.opens_at):%H:%M}",
            "kind": str(one.get_kind_display()),
            "place": one.place,
            "projects": one.projects,
            "state": str(one.get_stage_display()),
        }
        for one in held.order_by("opens_at", "pk")
    ]


def _items(at: datetime) -> list[dict[str, Any]]:
    try:
        edition = catalogue_at(at)
    except NoEdition:
        return []
    items = list(edition.items.order_by("pk"))
    fees = fees_of(items)
    return [
        {
            "code": item.code,
            "name": item.label,
            "days": _days(item),
            "charge": fees[item.code].charge,
            "fee": str(_charge(fees[item.code].charge)),
        }
        for item in items
    ]


def _charge(charge: str) -> str:
    return {"free": _("不收费"), "charged": _("收费")}.get(charge, _("待公布"))


def _days(item: CatalogueItem) -> str:
    """Return the limit that a statute sets; what another county promised is not this county's."""
    if item.statutory_days is None:
        return _("法律未定")
    unit = Unit(unit_said(item.statutory_unit))
    if unit == Unit.WORKING_DAY:
        return _("%(n)d个工作日") % {"n": item.statutory_days}
    if unit == Unit.NATURAL_DAY:
        return _("%(n)d个自然日") % {"n": item.statutory_days}
    return f"{item.statutory_days} {unit.label}"


def _noticed(at: datetime) -> Iterator[dict[str, Any]]:
    newest: list[Notice] = list(notices().order_by("-published_at", "-pk")[:RESULTS])
    for one in newest:
        yield {
            "project": one.content["project"]["name"],
            "state": standing(one, at).word,
            "day": timezone.localdate(one.published_at).isoformat(),
        }
