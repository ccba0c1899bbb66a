"""The project code (项目代码): two formats share one shape, year-month since November 2020, year before.

The check digit and the type codes of the new format are not public, so they are never tested.
"""

from __future__ import annotations

import re
import unicodedata
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
