"""The earliest start if all goes by the book: the county's limits one after another on the real calendar. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from core.deadlines.calendar import Calendar, CalendarGap

WAY: Final = (
    ("P1", _("清单告知"), _("窗口")),
    ("P2", _("受理"), _("窗口")),
    ("P4b", _("联合勘察"), _("各部门")),
    ("P5a", _("预审会通知"), _("召集人")),
    ("P5b", _("预审会后提出意见"), _("各部门")),
    ("P5c", _("会议纪要"), _("召集人")),
    ("P6", _("签署承诺书"), _("企业")),
    ("P7a", _("承诺公示"), _("社会公众")),
    ("P8", _("开工告知"), _("窗口")),
)


@dataclass(frozen=True)
class Leg:
    """One part of the way; `last` is None where the calendar is not published that far."""

    name: Any
    actor: Any
    length: int
    unit: str
    last: date | None


def forecast(start: date, lengths: Mapping[str, tuple[int, str]], calendar: Calendar) -> list[Leg]:
    """Lay the limits of the way end to end from a day; no date is guessed past the calendar's end."""
    legs: list[Leg] = []
    at: date | None = start
    for code, name, actor in WAY:
        if code not in lengths:
            continue
        length, unit = lengths[code]
        try:
            at = calendar.due(at, length, unit) if at else None
        except CalendarGap:
            at = None
        legs.append(Leg(name, actor, length, unit, at))
    return legs
