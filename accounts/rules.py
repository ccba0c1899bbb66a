"""The unified social credit code (统一社会信用代码, GB 32100-2015) with its inner code (GB 11714), and plain names."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final, Literal

from django.utils.translation import gettext as _

_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_LENGTH: Final = 18
_WEIGHTS: Final = tuple(pow(3, i, 31) for i in range(17))
_INNER_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)


_UNSEEN: Final = frozenset({"Cf", "Cc", "Co", "Cn", "Cs"})
_LAID_OUT: Final = "\r\n\t"


def unseen_in(text: str, *, lines: bool = False) -> str:
    """Say which character of a name nobody sees, or no font has (T64); empty where there is none.

    Such a character turns the reading direction, or makes two names out of one. `lines`: a text with lines and tabs.
    """
    for place, char in enumerate(text, 1):
        if unicodedata.category(char) in _UNSEEN and not (lines and char in _LAID_OUT):
            said = {"place": place, "code": f"U+{ord(char):04X}"}
            return (
                _(
                    "第%(place)d个字符看不见（%(code)s），会使人看错或者查不到：请删去，或者重新输入。"
                )
                % said
            )
    return ""


@dataclass(frozen=True, slots=True)
class Uscc:
    """`normalised` is empty where the verdict is "invalid"; `reason` is empty where "valid"."""

    normalised: str
    verdict: Literal["valid", "warn", "invalid"]
    reason: str


def check_uscc(text: str) -> Uscc:
    """Check a code as typed: full-width characters, lower case and outer blanks are put right.

    A wrong check character only warns, since genuine early codes fail it; a wrong length or a
    character outside the alphabet is invalid.
    """
    code = unicodedata.normalize("NFKC", text).strip().upper()
    if not code:
        return Uscc("", "invalid", _("请填写统一社会信用代码"))
    strange = sorted({c for c in code if c not in _ALPHABET})
    if strange:
        reason = _("统一社会信用代码不使用字符“%(chars)s”，请核对") % {"chars": "".join(strange)}
        return Uscc("", "invalid", reason)
    if len(code) != _LENGTH:
        reason = _("统一社会信用代码应为18位，现为%(count)d位") % {"count": len(code)}
        return Uscc("", "invalid", reason)
    if _check_character(code[:17]) != code[17]:
        return Uscc(code, "warn", _("第18位校验码不符，请对照营业执照再核对一遍"))
    if _inner_check_character(code[8:16]) != code[16]:
        return Uscc(code, "warn", _("第17位（主体标识码校验位）不符，请对照营业执照再核对一遍"))
    return Uscc(code, "valid", "")


def with_check_characters(body: str) -> str:
    """Complete sixteen characters (authority, kind, region, eight base characters) with their two check characters."""
    inner = body + _inner_check_character(body[8:16])
    return inner + _check_character(inner)


def _check_character(body: str) -> str:
    total = sum(_ALPHABET.index(c) * w for c, w in zip(body, _WEIGHTS, strict=True))
    return _ALPHABET[(31 - total % 31) % 31]


def _inner_check_character(base: str) -> str:
    """The check character of the eight base characters, which count 0–9 and A=10 … Z=35."""
    check = 11 - sum(int(c, 36) * w for c, w in zip(base, _INNER_WEIGHTS, strict=True)) % 11
    return {10: "X", 11: "0"}.get(check, str(check))


MOST_TOKEN_DAYS = 366  # a program that still runs after a year is given a new token
