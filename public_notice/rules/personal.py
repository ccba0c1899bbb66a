"""Finding and masking what belongs to a person: identity numbers first, then mobile numbers (GB 11643, T62, M24).

A text is read through a view of itself: compatibility forms folded (full-width, circled, keycap), invisible and
combining characters left out, every decimal digit of any script as 0–9. Each letter of the view knows its place
in the text, so that only the number is replaced and the rest keeps its punctuation. In doubt a number is masked:
eleven digits that begin like a mobile number are one, even if somebody meant an amount in 元.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date

from accounts.rules import check_uscc

_SPELT_BY_DIGIT = (
    "〇零○",
    "一壹幺",
    "二贰貳两兩",
    "三叁參",
    "四肆",
    "五伍",
    "六陆陸",
    "七柒",
    "八捌",
    "九玖",
)
SPELT = {char: str(digit) for digit, chars in enumerate(_SPELT_BY_DIGIT) for char in chars}
GAP = r"[\s\-‐-―−·•・_~]{0,3}"  # what people put between the digits of one number
COMMA = (
    r"[.,/、()，]{1,2}"  # and what they put between its groups; a list of figures looks otherwise
)

_DIGITS_17 = GAP.join([r"[0-9]"] * 17)
_IDENTITY_18 = re.compile(rf"(?=({_DIGITS_17}{GAP}[0-9Xx]))")
_IDENTITY_15 = re.compile(rf"(?<![0-9])(?=({GAP.join([r'[0-9]'] * 15)})(?![0-9]))")
_TEN = [r"[3-9]", *[r"[0-9]"] * 9]
_AREA = rf"(?:(?:\+|00)?86{GAP}[)]?{GAP})?"
_GROUPS = rf"1[3-9][0-9]{COMMA}[0-9]{{4}}{COMMA}[0-9]{{4}}"
_MOBILE = re.compile(
    rf"(?<![0-9])(?={_AREA}(1{GAP}{GAP.join(_TEN)}|{_GROUPS}|1{COMMA}{COMMA.join(_TEN)})(?![0-9]))"
)
_PROVINCES = frozenset(
    str(code)
    for first, past in (
        (11, 16),
        (21, 24),
        (31, 38),
        (41, 47),
        (50, 55),
        (61, 66),
        (71, 72),
        (81, 84),
    )
    for code in range(first, past)
)
_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
_YEARS = range(1900, 2100)
_UNSEEN = frozenset({"Cf", "Mn", "Me", "Cc"})


def normalise(text: str) -> str:
    """Return a text with compatibility forms folded and without characters that are not seen."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(char for char in folded if _seen(char))


def _seen(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) not in _UNSEEN


def visible(text: str) -> str:
    """Return a text without characters that hide in it or turn its direction; all else as it was."""
    return "".join(char for char in text if unicodedata.category(char) != "Cf")


def _view(text: str, *, spelt: bool) -> tuple[str, list[int]]:
    """Return the letters as a reader hears them, and for each its place in the text."""
    letters: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        for letter in unicodedata.normalize("NFKC", char):
            if not _seen(letter):
                continue
            digit = unicodedata.decimal(letter, None)
            heard = str(digit) if digit is not None else letter
            letters.append(SPELT.get(heard, heard) if spelt else heard)
            places.append(place)
    return "".join(letters), places


def _identity_spans(view: str) -> Iterator[tuple[int, int]]:
    for found in _IDENTITY_18.finditer(view):
        begin, end = found.span(1)
        alone = not (view[:begin][-1:].isdigit() or view[end : end + 1].isdigit())
        if is_identity(re.sub(r"[^0-9Xx]", "", found.group(1)), alone=alone):
            yield begin, end
    for found in _IDENTITY_15.finditer(view):
        digits = re.sub(r"\D", "", found.group(1))
        if digits[:2] in _PROVINCES and _is_day(f"19{digits[6:12]}"):
            yield found.span(1)


def _spans(view: str) -> list[tuple[int, int, int, int]]:
    """Return begin, end, and how much of head and tail may stay, of every personal number in a view.

    What is an identity number is blank to the search for mobile numbers: one may follow the other closely.
    """
    found = [(begin, end, 2, 3) for begin, end in _identity_spans(view)]
    for begin, end, _head, _tail in found:
        view = view[:begin] + "#" * (end - begin) + view[end:]
    return found + [(*mobile.span(1), 3, 4) for mobile in _MOBILE.finditer(view)]


def is_identity(number: str, *, alone: bool = True) -> bool:
    """Tell whether 18 characters are an identity number: by check digit anywhere, by shape where it stands alone.

    A mistyped number is still somebody's; an organisation's code that happens to have the shape is not.
    """
    if number[:2] not in _PROVINCES or int(number[6:10]) not in _YEARS or not _is_day(number[6:14]):
        return False
    return check_digit(number[:17]) == number[17].upper() or (
        alone and check_uscc(number).verdict != "valid"
    )


def check_digit(body: str) -> str:
    """Return the check digit of seventeen digits (GB 11643, ISO 7064 mod 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return "10X98765432"[total % 11]


def _is_day(text: str) -> bool:
    try:
        date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return False
    return True


def _cover(text: str, *, spelt: bool) -> str:
    """Replace each number by its first and last digits with stars between; later ones first, overlaps once."""
    view, places = _view(text, spelt=spelt)
    limit = len(text)
    for begin, end, head, tail in sorted(_spans(view), reverse=True):
        first, last = places[begin], places[end - 1] + 1
        if last > limit:
            continue
        plain = re.sub(r"[^0-9Xx]", "", view[begin:end])
        text = (
            text[:first]
            + plain[:head]
            + "*" * (len(plain) - head - tail)
            + plain[-tail:]
            + text[last:]
        )
        limit = first
    return text


def mask(text: str) -> str:
    """Return a text with identity numbers (first 2, last 3 kept) and mobile numbers (138****1234) masked."""
    return _cover(_cover(visible(text), spelt=False), spelt=True)


def personal_left(text: str) -> bool:
    """Tell whether a personal number is still in a text; then it is not published."""
    return any(_spans(_view(text, spelt=spelt)[0]) for spelt in (False, True))
