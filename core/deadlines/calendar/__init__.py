"""Working days and due dates: pure, no database, no clock."""

from core.deadlines.calendar.budget import Course, Stop, course, merged
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
from core.deadlines.calendar.reckoning import LONGEST, Reckoning, reckon, unit_of

__all__ = [
    "LONGEST",
    "UNITS",
    "Calendar",
    "CalendarEditionData",
    "CalendarError",
    "CalendarFault",
    "CalendarFile",
    "CalendarGap",
    "Course",
    "Day",
    "DayRow",
    "Mark",
    "Notice",
    "Reckoning",
    "Stop",
    "course",
    "editions_from",
    "merged",
    "receipt_day",
    "reckon",
    "unit_of",
]
