"""What may stand in a cell: no spreadsheet takes it for a formula, no file breaks over it (OWASP ASVS 1.2.10).

A spreadsheet evaluates a cell that begins with = + - @, some of them the full-width signs too, and some look past
blanks, tabs and marks that nobody sees. Numbers and dates are written as numbers and dates and are never touched.
"""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

LONGEST: Final = 32_767  # characters that a cell of Excel holds
SHIELD: Final = "'"
_SIGNS: Final = frozenset("=+-@＝＋－＠﹦﹢﹣﹫")
_BREAKS: Final = frozenset("\t\r\n")
_NO_TEXT: Final = frozenset({"Cc", "Cs", "Cn", "Co"})  # control, halves of characters, none at all

Cell = str | int | float | Decimal | date | datetime | None


def cleaned(text: str) -> str:
    """Return a text without what no file can hold; line ends become one kind, and it ends where a cell ends."""
    whole = text.replace("\r\n", "\n").replace("\r", "\n")
    if not whole.isprintable():
        whole = "".join(c for c in whole if c in "\n\t" or unicodedata.category(c) not in _NO_TEXT)
    return whole if len(whole) <= LONGEST else whole[: LONGEST - 1] + "…"


def risky(text: str) -> bool:
    """Whether a spreadsheet could take a text for a formula, or could look past its beginning for one."""
    if text[:1] in _BREAKS and text:
        return True
    for character in text:
        if character.isspace() or unicodedata.category(character) in ("Cf", "Cc"):
            continue
        return character in _SIGNS
    return False


def shielded(text: str) -> str:
    """Return a text as it stands in a file of plain text: behind an apostrophe where it would be risky."""
    if text[:1].isalnum() and text.isprintable() and len(text) <= LONGEST:
        return text  # nearly every cell: it begins with a letter or a digit, and there is nothing to take out
    whole = cleaned(text)
    begins_risky = text[:1] in _BREAKS and bool(text)
    if begins_risky or risky(whole):
        return SHIELD + whole[: LONGEST - 1]
    return whole


def unshielded(text: str) -> str:
    """Return a text as it was before `shielded`: what was exported comes back the same."""
    return text[1:] if text.startswith(SHIELD) and risky(text[1:]) else text


def cell(value: Any) -> Cell:
    """Return a value as a cell holds it: numbers and dates as they are, times in the county's zone, else text."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return local.replace(tzinfo=None, microsecond=0)
    if isinstance(value, int | float | Decimal | date):
        return value
    return str(value)


def plain(value: Any) -> str:
    """Return a value as a file of plain text holds it: dates as 2018-06-15, times as 2018-06-15 09:30:00."""
    if value.__class__ is str:
        return shielded(value)
    found = cell(value)
    if found is None:
        return ""
    if isinstance(found, str):
        return shielded(found)
    if isinstance(found, Decimal):
        return f"{found:f}"
    return str(found)


def letters(place: int) -> str:
    """Return the letters of a column by its place from 1: A, B, … Z, AA."""
    found = ""
    while place > 0:
        place, rest = divmod(place - 1, 26)
        found = chr(ord("A") + rest) + found
    return found
