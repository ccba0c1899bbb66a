"""Sentences that can be said again in another language: a message is read by someone else than who acted."""

from collections.abc import Mapping, Sequence
from typing import Any, Self

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext

CHINESE = "zh-hans"


class Said(str):
    """A sentence in the language in which it was made, which remembers of what it was made."""

    __slots__ = ("msgid", "names")
    msgid: str
    names: Mapping[str, Any] | None

    def __new__(cls, text: str, msgid: str, names: Mapping[str, Any] | None = None) -> Self:
        """Keep the text with its msgid and what was put into it."""
        made = super().__new__(cls, text)
        made.msgid, made.names = msgid, names
        return made

    def __mod__(self, names: Any) -> "Said":
        """Put names into the sentence, by keyword; they are kept as they are, to be said again too."""
        return Said(str(self) % names, self.msgid, names)

    def again(self) -> str:
        """Return the sentence in the language of now."""
        text = gettext(self.msgid)
        return text % {k: _again(v) for k, v in self.names.items()} if self.names else text


def said(msgid: str) -> Said:
    """Translate like gettext; in services it is imported as `_`, so that what is told can be told in both languages."""
    return Said(gettext(msgid), msgid)


def _again(value: Any) -> Any:
    if isinstance(value, Said):
        return value.again()
    return value if isinstance(value, int | float) else str(value)


def in_language(language: str, *values: Any) -> list[str]:
    """Return sentences, lazy labels or plain texts in a language; a plain text is what it is."""
    with translation.override(language):
        return [value.again() if isinstance(value, Said) else str(value) for value in values]


def in_both(sentences: Sequence[tuple[str, Mapping[str, Any]]]) -> list[tuple[str, str]]:
    """Return sentences, each a msgid with its names, in Chinese and in English; what they share is said once."""
    found = []
    for language in (CHINESE, "en"):
        with translation.override(language):
            found.append(_all_said(sentences))
    return list(zip(*found, strict=True))


def _all_said(sentences: Sequence[tuple[str, Mapping[str, Any]]]) -> list[str]:
    texts = {msgid: gettext(msgid) for msgid in {msgid for msgid, _names in sentences}}
    known: dict[Any, Any] = {}

    def once(value: Any) -> Any:
        key = id(value) if isinstance(value, Promise) else value  # to hash one is to say it
        if key not in known:
            known[key] = _again(value)
        return known[key]

    return [
        texts[msgid] % {name: once(value) for name, value in names.items()}
        if names
        else texts[msgid]
        for msgid, names in sentences
    ]
