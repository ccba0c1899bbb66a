"""不公开部分 in a text: the words are taken out and the article stands in their place; what is around them stays. Pure.

Found however they are typed: wide or narrow, with spaces or invisible characters between them, in either case. What
stands in their place is Chinese whoever asks: it is kept in papers and texts that are.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from approvals.rules.citing import in_words

SHORTEST = 2  # folded characters: one alone would take out half the text
Parts = Iterable[Mapping[str, str]]
# What a notice has to say whatever is confidential: whose it is, by which name and code, and whom to turn to.
ALWAYS_SAID = ("title", "enterprise", "issuer", "objection", "letter_number")
PROJECT_SAID = ("name", "code")
INSTEAD = "〔此处依%(clause)s不予公开〕"
PUT_THERE = re.compile("(〔此处依[^〔〕]*不予公开〕)")


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


def says_any(said: Any, words: Iterable[str]) -> bool:
    """Tell whether some words stand in any text of a content, text by text, as they are read there."""
    wanted = [key(one) for one in words]
    return (
        any(one in text for text in map(key, _texts(said)) for one in wanted) if wanted else False
    )


def _texts(said: Any) -> Iterator[str]:
    if isinstance(said, str):
        yield said
    elif isinstance(said, Mapping | list):
        for one in said.values() if isinstance(said, Mapping) else said:
            yield from _texts(one)


def clause_of(basis: str) -> str:
    """Return the article of a ground as papers write it: the first that its basis cites."""
    return in_words(basis.partition("；")[0])


def instead_of(clause: str) -> str:
    """Return what stands in the place of words that are withheld under an article."""
    return INSTEAD % {"clause": clause}


def without(text: str, parts: Parts) -> str:
    """Return a text without its confidential parts; the longest first, so that none is left of a longer one."""
    for part in sorted(parts, key=lambda one: -len(key(one["words"]))):
        wanted, instead = key(part["words"]), instead_of(part["clause"])
        pieces = PUT_THERE.split(text)  # every second one stands for words that are gone already
        pieces[::2] = [_without(piece, wanted, instead) for piece in pieces[::2]]
        text = "".join(pieces)
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
    listed = [dict(one) for one in parts]
    said = {
        name: value if name in ALWAYS_SAID else anywhere(value, listed)
        for name, value in content.items()
    }
    if "project" not in content:
        return said
    kept = {name: content["project"][name] for name in PROJECT_SAID if name in content["project"]}
    return {**said, "project": {**said["project"], **kept}}


def anywhere(value: Any, parts: list[dict[str, str]]) -> Any:
    """Return texts, lists and objects of them without the parts."""
    if isinstance(value, str):
        return without(value, parts)
    if isinstance(value, list):
        return [anywhere(one, parts) for one in value]
    if isinstance(value, Mapping):
        return {name: anywhere(one, parts) for name, one in value.items()}
    return value
