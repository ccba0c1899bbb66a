"""The project code (项目代码) and the code of its industry (行业代码).

Two formats of the project code share one shape, year-month since November 2020, year before. The check digit and the
type codes of the new format are not public, so they are never tested.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from django.utils.translation import gettext as _

COUNTY: Final = "140722"
_SHAPE: Final = re.compile(r"([0-9]{4})-([0-9]{6})-([0-9]{2})-([0-9]{2})-([0-9]{6})")
_FIRST_NEW: Final = (20, 11)
_OLD_YEARS: Final = range(2015, 2021)
_MONTHS: Final = range(1, 13)
_FILED: Final = "03"


@dataclass(frozen=True, slots=True)
class ProjectCode:
    """`normalised` is empty where the verdict is "invalid"; `reason` is empty where "valid"."""

    normalised: str
    verdict: Literal["valid", "warn", "invalid"]
    reason: str
    format: Literal["new", "old", "none"]


def check_project_code(text: str, county: str = COUNTY, on: date | None = None) -> ProjectCode:
    """Check a code as typed. `on` is the day it is typed; without it no date is called future."""
    code = unicodedata.normalize("NFKC", text).strip()
    if not code:
        return ProjectCode("", "invalid", _("请填写项目代码"), "none")
    shape = _SHAPE.fullmatch(code)
    if shape is None:
        reason = _("项目代码应为24位五段数字，如 2107-140722-89-01-123456")
        return ProjectCode("", "invalid", reason, "none")
    time, region, _division, kind, _serial = shape.groups()
    fmt = _format(time)
    if fmt == "none":
        reason = _("项目代码首段“%(time)s”既不是年月也不是2015至2020年的年份") % {"time": time}
        return ProjectCode("", "invalid", reason, "none")
    reasons = _region_doubts(region, county)
    reasons += _new_doubts(time, on) if fmt == "new" else _old_doubts(kind)
    return ProjectCode(code, "warn" if reasons else "valid", "；".join(reasons), fmt)


def _format(time: str) -> Literal["new", "old", "none"]:
    if int(time[2:]) in _MONTHS:
        return "new"
    return "old" if int(time) in _OLD_YEARS else "none"


def _region_doubts(region: str, county: str) -> list[str]:
    if region == county:
        return []
    return [_("区划代码%(region)s不是本县的%(county)s") % {"region": region, "county": county}]


def _new_doubts(time: str, on: date | None) -> list[str]:
    made = (int(time[:2]), int(time[2:]))
    if made < _FIRST_NEW:
        return [_("首段表示的年月早于新编码启用的2020年11月")]
    if on is not None and made > (on.year % 100, on.month):
        return [_("首段表示的年月晚于今天")]
    return []


def _old_doubts(kind: str) -> list[str]:
    if kind == _FILED:
        return []
    named = {"01": _("审批"), "02": _("核准")}
    if kind in named:
        return [_("项目类型为%(kind)s，不是备案，须核对是否适用承诺制") % {"kind": named[kind]}]
    return [_("项目类型代码%(kind)s不明") % {"kind": kind}]


_INDUSTRY: Final = re.compile(r"([A-T])?([0-9]{2})([0-9]{0,2})")


@dataclass(frozen=True, slots=True)
class Section:
    """门类: a section of GB/T 4754 with its divisions (大类), both included; None where they were not loaded."""

    letter: str
    first: int | None
    last: int | None
    edition_year: int

    def has(self, division: int) -> bool:
        """Whether a division belongs to it."""
        return (
            self.first is not None and self.last is not None and self.first <= division <= self.last
        )


@dataclass(frozen=True, slots=True)
class IndustryCode:
    """`normalised` bears its section's letter, e.g. C1391; it is empty where `reason` says what is wrong."""

    normalised: str
    section: str
    edition_year: int | None
    reason: str


def check_industry_code(text: str, sections: Sequence[Section]) -> IndustryCode:
    """Check a code as typed, of two to four digits with or without its letter, against the edition that is loaded.

    Only the division is known to the county's pack; groups and classes (中类、小类) are taken as they are written.
    """
    code = unicodedata.normalize("NFKC", text).strip().upper()
    shape = _INDUSTRY.fullmatch(code)
    if shape is None:
        return _no_industry(
            _("行业代码是2至4位数字，前面可带门类字母，如 C1391；现为“%(code)s”") % {"code": text}
        )
    letter, division, _rest = shape.groups()
    found = next((one for one in sections if one.has(int(division))), None)
    if found is None:
        return _no_industry(
            _("国民经济行业分类里没有大类%(division)s，请核对前两位数字") % {"division": division}
        )
    if letter and letter != found.letter:
        said = {"division": division, "right": found.letter, "letter": letter}
        return _no_industry(_("大类%(division)s属于门类%(right)s，不是%(letter)s，请核对") % said)
    digits = code.removeprefix(letter or "")
    return IndustryCode(f"{found.letter}{digits}", found.letter, found.edition_year, "")


def _no_industry(reason: str) -> IndustryCode:
    return IndustryCode("", "", None, reason)
