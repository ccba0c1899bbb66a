"""Editions of calendar and rulebook, the abstract row of what is timed, and what stops or lengthens one."""

from core.deadlines.models.stoppages import Extension, Suspension
from core.deadlines.models.timed import (
    FIRST_LOOK,
    CalendarDay,
    CalendarEdition,
    EditionKind,
    RulebookEdition,
    RuleValue,
    Timed,
    Unit,
    timed_models,
)

__all__ = [
    "FIRST_LOOK",
    "CalendarDay",
    "CalendarEdition",
    "EditionKind",
    "Extension",
    "RuleValue",
    "RulebookEdition",
    "Suspension",
    "Timed",
    "Unit",
    "timed_models",
]
