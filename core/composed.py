"""JSON objects that are put together from pieces: what several of them share is written out, and looked at, once.

The text is canonical (keys sorted, no blanks, Chinese as it is): the same bytes are digested and stored.
"""

import json
from collections.abc import Iterable, Mapping
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

    __slots__ = ("forms", "found", "parts", "texts")
    found: dict[Any, Any]
    texts: dict[str, str]
    forms: dict[tuple[str, ...], tuple[str, Any]]
    parts: tuple["Piece", ...]  # of which it was joined

    def around(self, names: tuple[str, ...]) -> tuple[str, Any]:
        """Return the text of an object that says this and has a place for each of these names, and how to take them.

        Put together once, however many objects say it: of a name that is said here too the other counts.
        """
        if (known := self.forms.get(names)) is None:
            known = self.forms[names] = _form(self.texts, names)
        return known


def piece(content: Mapping[str, Any]) -> Piece:
    """Write a piece out; it is not changed any more. Raises TypeError for what is no JSON."""
    made = Piece(content)
    made.found, made.forms, made.parts = {}, {}, ()
    made.texts = {
        name: quoted(value) if type(value) is str else encode(value)
        for name, value in content.items()
    }
    return made


def joined(*pieces: Piece) -> Piece:
    """Return one piece that says what several say; of a name that several say the last counts."""
    made = Piece()
    made.found, made.forms, made.texts, made.parts = {}, {}, {}, pieces
    for one in pieces:
        made.update(one)
        made.texts.update(one.texts)
    return made


NOTHING = (
    joined()
)  # what an object of one piece is put around: there is a form for each set of names


class Composed(dict[str, Any]):
    """A JSON object, the pieces it was put together from, and its canonical text; it is not changed any more."""

    __slots__ = ("_text", "pieces")
    pieces: tuple[Piece, ...]
    _text: str

    @property
    def text(self) -> str:
        """The canonical text, put together when it is first asked for."""
        if not self._text:
            first, *others = self.pieces if len(self.pieces) > 1 else (NOTHING, *self.pieces)
            texts: dict[str, str] = {}
            for one in others:
                texts.update(one.texts)
            form, in_order = first.around(tuple(texts))
            self._text = form % in_order(texts)
        return self._text


def _form(texts: Mapping[str, str], names: tuple[str, ...]) -> tuple[str, Any]:
    """Return the text of an object with some texts and places for others, and how to take these in its order."""
    parts = {name: text.replace("%", "%%") for name, text in texts.items()} | dict.fromkeys(
        names, "%s"
    )
    said = ",".join(quoted(name).replace("%", "%%") + ":" + parts[name] for name in sorted(parts))
    order = sorted(names)
    if len(order) > 1:
        return "{" + said + "}", itemgetter(*order)
    return "{" + said + "}", lambda own: tuple(
        own[name] for name in order
    )  # a getter of one name returns no tuple


def put_together(*pieces: Piece) -> Composed:
    """Return the object that pieces make, the first of them what most objects share; of a name the last counts."""
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
