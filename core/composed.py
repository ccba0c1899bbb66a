"""JSON objects that are put together from pieces: what several of them share is written out, and looked at, once.

The text is canonical (keys sorted, no blanks, Chinese as it is): the same bytes are digested and stored.
"""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from operator import itemgetter
from typing import Any

_encoder = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
quoted = json.encoder.encode_basestring
_make: Any = getattr(json.encoder, "c_make_encoder", None)  # what `encode` makes anew at each call
_chunks = _make and _make(None, _encoder.default, quoted, None, ":", ",", True, False, True)


def encode(value: Any) -> str:
    """Return the canonical text of a value. Raises TypeError for what is no JSON."""
    return "".join(_chunks(value, 0)) if _chunks else _encoder.encode(value)


class Piece(dict[str, Any]):
    """Some names of an object with their values, their texts, and what was found when it was looked at."""

    __slots__ = ("found", "texts")
    found: dict[Any, Any]
    texts: dict[str, str]


def piece(content: Mapping[str, Any]) -> Piece:
    """Write a piece out; it is not changed any more. Raises TypeError for what is no JSON."""
    made = Piece(content)
    made.found = {}
    made.texts = {
        name: quoted(value) if type(value) is str else encode(value)
        for name, value in content.items()
    }
    return made


class Composed(dict[str, Any]):
    """A JSON object, the pieces it was put together from, and its canonical text; it is not changed any more."""

    __slots__ = ("_text", "pieces")
    pieces: tuple[Piece, ...]
    _text: str

    @property
    def text(self) -> str:
        """The canonical text, put together when it is first asked for."""
        if not self._text:
            texts: dict[str, str] = {}
            for one in self.pieces:
                texts.update(one.texts)
            self._text = _whole(texts)
        return self._text


def _whole(texts: dict[str, str]) -> str:
    if len(texts) < 2:  # noqa: PLR2004 - a getter of several names returns a tuple
        return "{" + "".join(f"{quoted(name)}:{text}" for name, text in texts.items()) + "}"
    form, in_order = _form(tuple(texts))
    return form % in_order(texts)


@cache
def _form(names: tuple[str, ...]) -> tuple[str, Any]:
    """Return the text of an object of these names, with a place for each value, and how to take them in its order."""
    order = sorted(names)
    places = ",".join(quoted(name).replace("%", "%%") + ":%s" for name in order)
    return "{" + places + "}", itemgetter(*order)


def put_together(*pieces: Piece) -> Composed:
    """Return the object that pieces make; of a name that several say the last counts."""
    made = Composed()
    for one in pieces:
        made.update(one)
    made.pieces, made._text = pieces, ""  # noqa: SLF001 - ours
    return made


def composed(content: Mapping[str, Any]) -> Composed:
    """Return a content of one piece. Raises TypeError for what is no JSON."""
    return put_together(piece(content))


class Listed(list[Any]):
    """A list of JSON objects with its canonical text; it is not changed any more."""

    __slots__ = ("text",)
    text: str


def listed(contents: Iterable[Mapping[str, Any]]) -> Listed:
    """Return contents, one after the other, with their text. Raises TypeError for what is no JSON."""
    objects = [one if isinstance(one, Composed) else composed(one) for one in contents]
    made = Listed(objects)
    made.text = f"[{','.join(one.text for one in objects)}]"
    return made
