"""Finding and masking what belongs to a person: identity numbers first, then mobile numbers (GB 11643, T62, M24).

A text is read through views of itself (`heard.py`), so that only the number is replaced and the rest keeps its
punctuation. In doubt a number is masked: eleven digits that begin like a mobile number are one, even if somebody
meant an amount in 元. Where a letter only looks like a digit, most of the number must be digits, and an identity
number must have its check digit right. The numbers of bank cards follow, and from `people.py` dwellings and names.
"""

import re
from collections.abc import Iterator
from datetime import date
from itertools import product

from accounts.rules import check_uscc
from public_notice.rules.heard import (
    Dress,
    Ear,
    View,
    dresses,
    may_hold,
    normalise,
    view_of,
    visible,
)
from public_notice.rules.people import cover_people, people_left

__all__ = ["is_identity", "mask", "normalise", "numbers_left", "personal_left", "visible"]

GAP = r"[\s\-‐-―−·•・_~]{0,3}"  # what people put between the digits of one number
COMMA = (
    r"[.,/、()，]{1,2}"  # and what they put between its groups; a list of figures looks otherwise
)

WIDE = r"[\s\-‐-―−·•・_~.,/、()，]{0,3}"  # eighteen digits that name a day are no list, whatever stands between them

_DIGITS_17 = WIDE.join([r"[0-9]"] * 17)
_IDENTITY_18 = re.compile(rf"(?=({_DIGITS_17}{WIDE}[0-9Xx]))")
_IDENTITY_15 = re.compile(rf"(?<![0-9])(?=({GAP.join([r'[0-9]'] * 15)})(?![0-9]))")
_TEN = [r"[3-9]", *[r"[0-9]"] * 9]
_AREA = rf"(?:(?:\+|00)?86{GAP}[)]?{GAP})?"
_GROUPS = rf"1[3-9][0-9]{COMMA}[0-9]{{4}}{COMMA}[0-9]{{4}}"
_MOBILE = re.compile(
    rf"(?<![0-9])(?={_AREA}(1{GAP}{GAP.join(_TEN)}|{_GROUPS}|1{COMMA}{COMMA.join(_TEN)})(?![0-9]))"
)
_CARD = re.compile(rf"(?<![0-9])(?=(6{GAP}2(?:{GAP}[0-9]){{14,17}})(?![0-9]))")
_CERTAIN = {11: 8, 18: 12}  # true digits in a number of which some only look like one
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
FEWEST = 8  # numerals; a text with fewer of them holds no personal number
_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
_YEARS = range(1900, 2100)


def _identity_spans(view: str) -> Iterator[tuple[int, int]]:
    for found in _IDENTITY_18.finditer(view):
        begin, end = found.span(1)
        alone = not (view[:begin][-1:].isdigit() or view[end : end + 1].isdigit())
        alone = alone and not re.search(r"[.,/、()，]", found[1])
        if is_identity(re.sub(r"[^0-9Xx]", "", found.group(1)), alone=alone):
            yield begin, end
    for found in _IDENTITY_15.finditer(view):
        digits = re.sub(r"\D", "", found.group(1))
        if digits[:2] in _PROVINCES and _is_day(f"19{digits[6:12]}"):
            yield found.span(1)


def _spans(view: View, *, strict: bool) -> list[tuple[int, int, int, int]]:
    """Return begin, end, and how much of head and tail may stay, of every personal number in a view.

    What is an identity number is blank to the search for cards, and both to that for mobile numbers: one may follow
    the other closely. `strict`: some letters only look like digits.
    """
    letters = view.letters
    found = [
        (begin, end, 2, 3)
        for begin, end in _identity_spans(letters)
        if not strict or _certain(view, begin, end, 18)
    ]
    letters = _blanked(letters, found)
    cards = [] if strict else [(*card.span(1), 0, 4) for card in _CARD.finditer(letters)]
    found += [card for card in cards if _luhn(re.sub(r"\D", "", letters[card[0] : card[1]]))]
    letters = _blanked(letters, found)
    mobiles = [(*mobile.span(1), 3, 4) for mobile in _MOBILE.finditer(letters)]
    return found + [m for m in mobiles if not strict or _certain(view, m[0], m[1], 11)]


def _blanked(letters: str, found: list[tuple[int, int, int, int]]) -> str:
    for begin, end, _head, _tail in found:
        letters = letters[:begin] + "#" * (end - begin) + letters[end:]
    return letters


def _certain(view: View, begin: int, end: int, length: int) -> bool:
    """Tell whether enough of a number is digits, and whether a long one has its check digit right."""
    here = [place for place in range(begin, end) if view.letters[place] in "0123456789Xx"]
    number = "".join(view.letters[place] for place in here)
    if length == 18 and (len(number) != 18 or check_digit(number[:17]) != number[17].upper()):  # noqa: PLR2004
        return False
    return sum(view.sure[place] for place in here) >= _CERTAIN[length]


def _luhn(number: str) -> bool:
    """Tell whether the digits are those of a bank card by their check digit (ISO/IEC 7812)."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0  # noqa: PLR2004


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


def _cover(text: str, ear: Ear, dress: Dress) -> str:
    """Replace each number by its first and last digits with stars between; later ones first, overlaps once."""
    view = view_of(text, ear, dress)
    limit = len(text)
    for begin, end, head, tail in sorted(_spans(view, strict=ear is Ear.ALIKE), reverse=True):
        first, last = view.places[begin][0], view.places[end - 1][1]
        if last > limit:
            continue
        plain = re.sub(r"[^0-9Xx]", "", view.letters[begin:end])
        stars = "*" * (len(plain) - head - tail)
        text = text[:first] + plain[:head] + stars + plain[-tail:] + text[last:]
        limit = first
    return text


def mask(text: str) -> str:
    """Return a text as it may be public.

    Identity numbers keep their first 2 and last 3, mobile numbers read 138****1234, cards keep their last 4; a dwelling
    ends at its village or street, a person whom the text calls so keeps the family name.
    """
    shown = visible(text)
    if may_hold(shown, FEWEST):
        for dress, ear in product(dresses(shown), Ear):
            shown = _cover(shown, ear, dress)
    return cover_people(shown)


def numbers_left(text: str) -> bool:
    """Tell whether a personal number is still in a text."""
    return may_hold(text, FEWEST) and any(
        _spans(view_of(text, ear, dress), strict=ear is Ear.ALIKE)
        for dress, ear in product(dresses(text), Ear)
    )


def personal_left(text: str) -> bool:
    """Tell whether a personal number, a dwelling or a named person is still in a text; then it is not published."""
    return numbers_left(text) or people_left(text)
