"""A county pack: read whole, checked whole, and only then handed on. Nothing is written anywhere."""

from desk.rules.pack.calendars import edition_named, read_calendars
from desk.rules.pack.faults import Fault, PackError
from desk.rules.pack.read import LACKING, Pack, lacking_in_words, read_pack
from desk.rules.pack.rulebook import REQUIRED_RULES, Rule
from desk.rules.pack.tables import Row

__all__ = [
    "LACKING",
    "REQUIRED_RULES",
    "Fault",
    "Pack",
    "PackError",
    "Row",
    "Rule",
    "edition_named",
    "lacking_in_words",
    "read_calendars",
    "read_pack",
]
