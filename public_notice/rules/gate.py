"""The one gate to the public: allow-listed fields, normalised, masked. Nothing is published but through here."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

# What a notice may say, field by field; anything else stays inside.
ALLOWED = {
    "title": None,
    "project": ("code", "name", "location", "scale", "investment_text"),
    "enterprise": ("name", "uscc"),
    "clauses": ("item", "standard", "department", "basis", "check"),
    "declined": ("item", "consequence"),
    "letter_number": None,
    "starts_text": None,
    "ends_text": None,
    "days_text": None,
    "count_rule": None,
    "basis": None,
    "objection": ("how", "phone", "address", "email", "hotline"),
    "reply_text": None,
    "issuer": ("name", "contact", "phone", "supervision_phone", "address"),
}
OFFICE_PHONES = ("issuer", "objection")  # the office's own numbers are meant to be called

IDENTITY = re.compile(r"(?<![0-9A-Za-z])\d{6}(?:19|20)\d{2}[01]\d[0-3]\d\d{3}[0-9Xx](?![0-9A-Za-z])")
MOBILE = re.compile(r"(?<!\d)(?:\+?86)?1[3-9]\d[ \-]?\d{4}[ \-]?\d{4}(?!\d)")
INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")


def normalise(text: str) -> str:
    """Return a text in NFKC without zero-width and direction-turning characters."""
    return INVISIBLE.sub("", unicodedata.normalize("NFKC", text))


def mask(text: str) -> str:
    """Return a text with identity numbers and mobile numbers masked; the identity number is looked for first.

    Full-width and spaced spellings are found because the patterns run over the normalised text.
    """
    plain = normalise(text)
    squeezed = IDENTITY.sub(lambda m: m.group()[:2] + "*" * 13 + m.group()[-3:], plain)
    masked = MOBILE.sub(lambda m: _mask_mobile(m.group()), squeezed)
    return masked if masked != plain else INVISIBLE.sub("", text)


def _mask_mobile(number: str) -> str:
    digits = re.sub(r"\D", "", number)[-11:]
    return f"{digits[:3]}****{digits[-4:]}"


def personal_left(text: str) -> bool:
    """Tell whether a personal pattern is still in a text; then it is not published."""
    plain = re.sub(r"\s", "", normalise(text))
    return bool(IDENTITY.search(plain) or MOBILE.search(plain))


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, list):
        return [_clean(item) for item in value]
    return value


def admit(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a content may become public: allow-listed fields only, masked, office numbers kept."""
    admitted: dict[str, Any] = {}
    for name, fields in ALLOWED.items():
        if name not in content:
            continue
        value = content[name]
        if fields is None:
            admitted[name] = _clean(value)
        elif isinstance(value, list):
            admitted[name] = [{k: _clean(row[k]) for k in fields if k in row} for row in value]
        else:
            keep = name in OFFICE_PHONES
            admitted[name] = {k: value[k] if keep else _clean(value[k]) for k in fields if k in value}
    return admitted


def name_in_public(name: str) -> str:
    """Return how a natural person's name is shown: the family name and 某."""
    plain = normalise(name).strip()
    return f"{plain[0]}某" if plain else ""
