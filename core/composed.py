"""JSON objects that are put together from parts: what several of them share is written out, and looked at, once.

The text is canonical (keys sorted, no blanks, Chinese as it is): the same bytes are digested and stored.
"""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from accounts.once import remembered

encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
_quote = json.encoder.encode_basestring
_WORDS = {None: "null", True: "true", False: "false"}


class Part:
    """A list or an object within another, its text, and what was found when it was looked at."""

    __slots__ = ("found", "text", "value")

    def __init__(self, value: Any) -> None:
        """Write the part out. Raises TypeError for what is no JSON."""
        self.value, self.text = value, encode(value)
        self.found: dict[Any, Any] = {}


class Composed(dict[str, Any]):
    """A JSON object with its canonical text, and those of its parts that hold others; it is not changed any more."""

    __slots__ = ("parts", "text")
    parts: dict[str, Part]
    text: str


@cache
def _layout(names: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return the names of an object in the order of its text, each with what stands before its value."""
    return [
        (name, ("," if place else "{") + _quote(name) + ":")
        for place, name in enumerate(sorted(names))
    ]


def _word(value: Any) -> str:
    return _WORDS[value] if value is None or value is True or value is False else encode(value)


def composed(content: Mapping[str, Any]) -> Composed:
    """Return a content with its text. Raises TypeError for what is no JSON.

    Within a batch a part is known again by being the very same instance, which is kept until the batch ends.
    """
    made, known, text = Composed(content), remembered(Part), []
    made.parts = {}
    for name, before in _layout(tuple(content)):
        value = content[name]
        kind = type(value)
        if kind is str:
            text.append(before + _quote(value))
        elif kind is dict or kind is list:
            if (part := known.get(id(value))) is None:
                part = known[id(value)] = Part(value)
            made.parts[name] = part
            text.append(before + part.text)
        else:
            text.append(before + _word(value))
    made.text = "".join((*text, "}")) if text else "{}"
    return made


class Listed(list[Any]):
    """A list of JSON objects with its canonical text; it is not changed any more."""

    __slots__ = ("text",)
    text: str


def listed(contents: Iterable[Mapping[str, Any]]) -> Listed:
    """Return contents, one after the other, with their text. Raises TypeError for what is no JSON."""
    objects = [composed(content) for content in contents]
    made = Listed(objects)
    made.text = f"[{','.join(one.text for one in objects)}]"
    return made
