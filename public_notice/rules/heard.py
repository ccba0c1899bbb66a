"""How a text is heard by somebody who looks for a number in it, whatever it is dressed in.

A view of a text has its letters one by one: compatibility forms folded, what is not seen left out, digits of every
script as 0–9. Each letter knows the place in the text that it comes from, so that what is found can be covered there.
"""

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

_SPELT_BY_DIGIT = (
    "〇零○洞",
    "一壹幺弌",
    "二贰貳两兩弍",
    "三叁參弎",
    "四肆",
    "五伍",
    "六陆陸",
    "七柒拐",
    "八捌",
    "九玖勾",
)
SPELT = {char: str(digit) for digit, chars in enumerate(_SPELT_BY_DIGIT) for char in chars}
# Letters of other alphabets, and a few of our own, that are drawn like a digit; no code of an organisation has them.
_ALIKE_BY_DIGIT = {
    "0": "OoОоΟο",
    "1": "lIІіıΙӏ",
    "2": "Zz",
    "3": "ЗзƷʒ",
    "4": "Чч",
    "5": "SsЅѕ",
    "6": "б",
}
_ALIKE = {char: digit for digit, chars in _ALIKE_BY_DIGIT.items() for char in chars}
_ALIKE |= dict.fromkeys("ХхΧχ×", "X")

_UNSEEN = frozenset({"Cf", "Mn", "Me", "Cc"})
_BYTE = re.compile(r"%(?:25)*([0-9A-Fa-f]{2})")
_CODED = re.compile(
    r"(?:%(?:25)*[0-9A-Fa-f]{2})+"
    r"|&(?:amp;)*(#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,31});?"
    r"|\\+(?:u([0-9A-Fa-f]{4})|u\{([0-9A-Fa-f]{1,6})\}|x([0-9A-Fa-f]{2}))"
)
_TAG = re.compile(r"<!--.{0,300}?-->|</?[A-Za-z][^<>]{0,300}>", re.DOTALL)
_MARKS = re.compile(r"[%&<\\]")


class Ear(Enum):
    """What counts as a digit: digits alone, numerals that are written out too, letters that look like one too."""

    DIGITS = 1
    SPELT = 2
    ALIKE = 3


class Dress(Enum):
    """What a text is undressed of: nothing, codes for characters, and tags between them as well."""

    NONE = 1
    CODES = 2
    TAGS = 3


@dataclass(frozen=True)
class View:
    """The letters as heard, the place of each in the text, and whether it was a digit or only looks like one."""

    letters: str
    places: list[tuple[int, int]]
    sure: list[bool]


def may_hold(text: str, digits: int) -> bool:
    """Tell whether a text has so many numerals at all, however they are written; quick, and in doubt yes."""
    return sum(char.isnumeric() or char in SPELT for char in text) >= digits


def normalise(text: str) -> str:
    """Return a text with compatibility forms folded and without characters that are not seen."""
    return "".join(char for char in unicodedata.normalize("NFKC", text) if _seen(char))


def visible(text: str) -> str:
    """Return a text without characters that hide in it or turn its direction; all else as it was."""
    return "".join(char for char in text if unicodedata.category(char) != "Cf")


def dresses(text: str) -> tuple[Dress, ...]:
    """Return what a text can be dressed in; most texts are in nothing."""
    return tuple(Dress) if _MARKS.search(text) else (Dress.NONE,)


def view_of(text: str, ear: Ear, dress: Dress = Dress.NONE) -> View:
    """Return a text as it is heard."""
    letters: list[str] = []
    places: list[tuple[int, int]] = []
    sure: list[bool] = []
    for char, start, end in _undressed(text, dress):
        for letter in _folded(char):
            heard, certain = _digit(letter, ear)
            letters.append(heard)
            places.append((start, end))
            sure.append(certain)
    return View("".join(letters), places, sure)


def _digit(letter: str, ear: Ear) -> tuple[str, bool]:
    if ear is Ear.DIGITS:
        return letter, True
    if letter in SPELT:
        return SPELT[letter], True
    if ear is Ear.ALIKE and letter in _ALIKE:
        return _ALIKE[letter], False
    return letter, True


def _seen(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) not in _UNSEEN


@lru_cache(maxsize=65_536)
def _folded(char: str) -> str:
    """Return what is seen of one character, its digits as 0–9."""
    seen = filter(_seen, unicodedata.normalize("NFKC", char))
    return "".join(
        letter if (digit := unicodedata.decimal(letter, None)) is None else str(digit)
        for letter in seen
    )


def _undressed(text: str, dress: Dress) -> Iterator[tuple[str, int, int]]:
    """Yield the characters with begin and end of each in the text."""
    if dress is Dress.NONE:
        yield from ((char, place, place + 1) for place, char in enumerate(text))
        return
    units = list(_decoded(text))
    if dress is Dress.CODES:
        yield from units
        return
    last = 0
    for tag in _TAG.finditer("".join(unit[0] for unit in units)):
        yield from units[last : tag.start()]
        last = tag.end()
    yield from units[last:]


def _decoded(text: str) -> Iterator[tuple[str, int, int]]:
    last = 0
    for coded in _CODED.finditer(text):
        start, end = coded.span()
        yield from ((text[place], place, place + 1) for place in range(last, start))
        if coded[0][0] == "%":
            yield from _from_bytes(text, start, end)
        else:
            said = _meant(coded)
            yield from ((char, start, end) for char in said)
        last = end
    yield from ((text[place], place, place + 1) for place in range(last, len(text)))


def _meant(coded: re.Match[str]) -> str:
    """Return what a reference or an escape stands for; itself where it stands for nothing."""
    if named := coded[1]:
        said = html.unescape(f"&{named};")
        return coded[0] if said == f"&{named};" else said
    point = int(coded[2] or coded[3] or coded[4], 16)
    return chr(point) if point < 0x110000 else coded[0]  # noqa: PLR2004 - past the last character


def _from_bytes(text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """Yield the characters of a run of %XX; bytes that make none stand for themselves."""
    found = list(_BYTE.finditer(text, start, end))
    whole = bytes(int(byte[1], 16) for byte in found)
    place = 0
    while place < len(whole):
        size, char = _character(whole[place : place + 4])
        yield char, found[place].start(), found[place + size - 1].end()
        place += size


def _character(some: bytes) -> tuple[int, str]:
    for size in range(1, len(some) + 1):
        try:
            return size, some[:size].decode()
        except UnicodeDecodeError:
            continue
    return 1, "\ufffd"
