"""不公开部分 in a text: the words are taken out and the article stands in their place; what is around them stays. Pure.

Found however they are typed: wide or narrow, with spaces or invisible characters between them, in either case.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from approvals.rules.citing import in_words

SHORTEST = 2  # folded characters: one alone would take out half the text
Parts = Iterable[Mapping[str, str]]
# What a notice has to say whatever is confidential: whose it is, by which name and code, and whom to turn to.
ALWAYS_SAID = ("title", "enterprise", "issuer", "objection", "letter_number")
PROJECT_SAID = ("name", "code")


def folded(text: str) -> list[tuple[str, int]]:
    """Return the characters that count in a text, folded, each with its place in it."""
    found = []
    for place, char in enumerate(text):
        plain = unicodedata.normalize("NFKC", char).casefold()
        found += [(one, place) for one in plain if not _unseen(one)]
    return found


def _unseen(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) == "Cf"


def key(words: str) -> str:
    """Return the folded characters of words: what two spellings of the same have in common."""
    return "".join(char for char, _place in folded(words))


def holds(text: str, words: str) -> bool:
    """Tell whether the words stand in a text, however they are typed."""
    return key(words) in key(text)


def clause_of(basis: str) -> str:
    """Return the article of a ground as papers write it: the first that its basis cites."""
    return in_words(basis.partition("；")[0])


def instead_of(clause: str) -> str:
    """Return what stands in the place of words that are withheld under an article."""
    return _("〔此处依%(clause)s不予公开〕") % {"clause": clause}


def without(text: str, parts: Parts) -> str:
    """Return a text without its confidential parts; the longest first, so that none is left of a longer one."""
    for part in sorted(parts, key=lambda one: -len(key(one["words"]))):
        text = _without(text, key(part["words"]), instead_of(part["clause"]))
    return text


def _without(text: str, wanted: str, instead: str) -> str:
    if len(wanted) < SHORTEST:
        return text
    seen = folded(text)
    whole, until = "".join(char for char, _place in seen), len(text)
    place = whole.rfind(wanted)
    while place >= 0:
        first, last = seen[place][1], seen[place + len(wanted) - 1][1] + 1
        if last <= until:
            text, until = text[:first] + instead + text[last:], first
        place = whole.rfind(wanted, 0, place + len(wanted) - 1)
    return text


def content_without(content: Mapping[str, Any], parts: Parts) -> dict[str, Any]:
    """Return what a notice is to say without the parts; name, code and enterprise are never withheld."""
    listed = list(parts)
    said = {
        name: value if name in ALWAYS_SAID else _anywhere(value, listed)
        for name, value in content.items()
    }
    kept = {name: content["project"][name] for name in PROJECT_SAID if name in content["project"]}
    return {**said, "project": {**said["project"], **kept}}


def _anywhere(value: Any, parts: list[Mapping[str, str]]) -> Any:
    if isinstance(value, str):
        return without(value, parts)
    if isinstance(value, list):
        return [_anywhere(one, parts) for one in value]
    if isinstance(value, Mapping):
        return {name: _anywhere(one, parts) for name, one in value.items()}
    return value
