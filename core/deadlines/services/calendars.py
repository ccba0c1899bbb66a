"""A new edition of the calendar is put behind the last one; nothing else is ever written there."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from core.deadlines.calendar import CalendarEditionData, Mark
from core.deadlines.known import closures, last_edition
from core.deadlines.models import CalendarDay, CalendarEdition


def proposed(data: CalendarEditionData, *, digest: str, **said: Any) -> CalendarEdition:
    """Return the edition that would follow the last one, not written yet; `said` are its kind, reason and paper."""
    last = last_edition()
    notices = [
        {"number": n.number, "issued": n.issued.isoformat(), "url": n.url} for n in data.notices
    ]
    return CalendarEdition(
        number=last.number + 1 if last else 1,
        first_day=data.first,
        last_day=data.last,
        notices=notices,
        digest=digest,
        **{"known_from": data.known_from, **said},
    )


def append(
    edition: CalendarEdition, days: Mapping[date, Mark], shut: Mapping[date, Mark] | None = None
) -> CalendarEdition:
    """Write an edition with its days; the closures of the one before stand on unless others are given.

    The caller holds the county's book and writes the ledger.
    """
    last = last_edition()
    if shut is None:
        shut = closures(last) if last else {}
    edition.save(force_insert=True)
    CalendarDay.objects.bulk_create(
        CalendarDay(edition=edition, date=day, kind=m.kind, name=m.name, notice=m.notice)
        for marks in (days, shut)
        for day, m in marks.items()
    )
    return edition
