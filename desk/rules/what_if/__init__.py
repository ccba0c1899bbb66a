"""The rule time machine, its pure part: facts in, two ways out, and what is different between them."""

from desk.rules.what_if.asked import (
    Asked,
    bears,
    catalogue_from,
    cells_set,
    numbers_set,
    parted,
    rulebook_from,
)
from desk.rules.what_if.check import Mismatch, mismatches
from desk.rules.what_if.difference import Both, Change, changes
from desk.rules.what_if.figures import Figure, Loads, Moved, figures, loads, moves
from desk.rules.what_if.numbers import Number

__all__ = [
    "Asked",
    "Both",
    "Change",
    "Figure",
    "Loads",
    "Mismatch",
    "Moved",
    "Number",
    "bears",
    "catalogue_from",
    "cells_set",
    "changes",
    "figures",
    "loads",
    "mismatches",
    "moves",
    "numbers_set",
    "parted",
    "rulebook_from",
]
