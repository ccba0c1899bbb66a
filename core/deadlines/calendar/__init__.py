"""Working days and due dates: pure, no database, no clock."""

from core.deadlines.calendar.days import (
    UNITS,
    Calendar,
    CalendarGap,
    Day,
    DayRow,
    Mark,
    receipt_day,
)
from core.deadlines.calendar.editions import (
    CalendarEditionData,
    CalendarError,
    CalendarFault,
    CalendarFile,
    Notice,
    editions_from,
)

__all__ = [
    "UNITS",
    "Calendar",
    "CalendarEditionData",
    "CalendarError",
    "CalendarFault",
    "CalendarFile",
    "CalendarGap",
    "Day",
    "DayRow",
    "Mark",
    "Notice",
    "editions_from",
    "receipt_day",
]
