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
from core.deadlines.calendar.editions import CalendarEditionData, editions_from, extended
from core.deadlines.calendar.files import (
    COLUMNS,
    CalendarError,
    CalendarFault,
    CalendarFile,
    Notice,
)
from core.deadlines.calendar.reckoning import LONGEST, Reckoning, reckon, unit_of

__all__ = [
    "COLUMNS",
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
    "extended",
    "merged",
    "receipt_day",
    "reckon",
    "unit_of",
]
