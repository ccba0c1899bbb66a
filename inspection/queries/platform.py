"""What the county hands to the credit platform: promises as kept, marks as decided (docs/credit-export.md)."""

from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from accounts.queries import county
from approvals.models import Filing
from inspection.models import CreditRecord, Measure, Repair
from inspection.queries.measures import marks, shown
from inspection.stages import MeasureState, RepairState

FORMAT = "chengnuo-credit-1"
SHOWN, ENDED, REPAIRED, UNPUBLISHED = "shown", "ended", "repaired", "unpublished"


def for_the_platform(at: datetime) -> dict[str, Any]:
    """Return every record of performance and every mark as they stand at an instant: four queries."""
    here = county()
    records = CreditRecord.objects.select_related("filing__enterprise", "paper").order_by("pk")
    granted = Repair.objects.filter(state=RepairState.GRANTED).select_related("paper")
    found = marks().prefetch_related(Prefetch("repairs", granted, to_attr="granted")).order_by("pk")
    return {
        "format": FORMAT,
        "county": {"code": here.code, "name": here.name},
        "made_at": timezone.localtime(at).isoformat(),
        "records": [_record(record) for record in records],
        "marks": [_mark(mark, at) for mark in found],
    }


def _of(filing: Filing) -> dict[str, Any]:
    return {
        "enterprise": {"name": filing.enterprise.name, "uscc": filing.enterprise.uscc},
        "filing_number": filing.number,
        "project_code": filing.project_code,
        "project_name": filing.project_name,
        "demonstration": filing.demonstration,
    }


def _record(record: CreditRecord) -> dict[str, Any]:
    counts = ("clauses", "checks", "findings", "mended_in_time", "rounds")
    return {
        **_of(record.filing),
        "record_number": record.paper.number,
        "made_at": timezone.localtime(record.made_at).isoformat(),
        **{name: getattr(record, name) for name in counts},
        "rows": record.content,
    }


def _mark(mark: Measure, at: datetime) -> dict[str, Any]:
    repair = next(iter(mark.granted), None)  # type: ignore[attr-defined]
    return {
        **_of(mark.filing),
        "grade": mark.severity,
        "ground": mark.ground,
        "organ": mark.organ,
        "organ_number": mark.organ_number,
        "decided_on": _day(mark.organ_decided_on),
        "months": mark.months,
        "until": _day(mark.shown_until),
        "state": _state(mark, at),
        "repair_number": repair.paper.number if repair and repair.paper else None,
    }


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None


def _state(mark: Measure, at: datetime) -> str:
    """Return how a mark stands: by its dates and its repair, whoever has looked at it since."""
    if mark.state == MeasureState.LIFTED:
        return REPAIRED
    if not mark.months:
        return UNPUBLISHED
    return SHOWN if shown(mark, at) else ENDED
