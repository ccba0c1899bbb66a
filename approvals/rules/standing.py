"""企业常备材料: which kinds the county knows, which papers each serves, and how its validity stands on a day. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from django.utils.translation import gettext as _

from core.steps.templatetags.look import date_long

KEY: Final = "standing_materials"
WANTED: Final = ("code", "name_zh", "name_en", "words", "remind_days", "certainty")


@dataclass(frozen=True, slots=True)
class StandingKind:
    """A kind of paper that an enterprise keeps at hand; `words` are those by which a material is known to want it."""

    code: str
    name_zh: str
    name_en: str
    words: tuple[str, ...]
    remind_days: int
    certainty: str

    def serves(self, material: str) -> bool:
        """Whether a material of this name can be met by a paper of this kind."""
        return any(word in material for word in self.words)


class Validity(StrEnum):
    """How a kept paper stands on a day."""

    COMING = "coming"
    VALID = "valid"
    ENDING = "ending"
    EXPIRED = "expired"


USABLE: Final = (Validity.VALID, Validity.ENDING)


def kinds_of(profile: Mapping[str, Any]) -> dict[str, StandingKind]:
    """Return the kinds that the county's settings name, by code, in their order."""
    return {
        row["code"]: StandingKind(
            **{name: row[name] for name in WANTED} | {"words": tuple(row["words"])}
        )
        for row in profile.get(KEY) or ()
        if _whole(row)
    }


def misread(profile: Mapping[str, Any]) -> list[int]:
    """Return the places, from 0, of the kinds that are not whole or have the code of an earlier one."""
    rows = profile.get(KEY)
    rows, seen, wrong = rows if isinstance(rows, list) else [], set(), []
    for place, row in enumerate(rows):
        if not _whole(row) or row["code"] in seen:
            wrong.append(place)
        else:
            seen.add(row["code"])
    return wrong


def _whole(row: Any) -> bool:
    if not isinstance(row, Mapping) or not isinstance(row.get("words"), list):
        return False
    named = [row.get(name) for name in ("code", "name_zh", "name_en", "certainty")] + row["words"]
    days = row.get("remind_days")
    texts = all(isinstance(text, str) and text.strip() for text in named)
    return bool(row["words"]) and texts and isinstance(days, int) and days >= 0


def validity_on(day: date, first: date, last: date | None, remind_days: int) -> Validity:
    """Return how a paper stands that is valid from `first` to `last`, both included; None: without an end."""
    if day < first:
        return Validity.COMING
    if last is None:
        return Validity.VALID
    if day > last:
        return Validity.EXPIRED
    return Validity.ENDING if day >= last - timedelta(days=remind_days) else Validity.VALID


def faults_in_validity(first: date | None, last: date | None, on: date) -> dict[str, str]:
    """Return what is wrong with the days of a paper that is to be kept, by field."""
    if first and last and last < first:
        return {"valid_to": _("有效期止不能早于有效期起。")}
    if last and last < on:
        return {
            "valid_to": _("这份材料%(day)s已经过期，请换有效的再存。") % {"day": date_long(last)}
        }
    return {}
