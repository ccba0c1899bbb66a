"""What cannot be in what an enterprise says of its project, whichever way it says it."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.rules import unseen_in
from approvals.rules.identifiers import (
    IndustryCode,
    ProjectCode,
    Section,
    check_industry_code,
    check_project_code,
)

NEEDED = ("project_name", "site", "scale", "investment_wan", "planned_start")
WRITTEN = ("project_name", "site_detail", "scale", "funding")
LONGITUDES, LATITUDES = (73, 136), (3, 54)  # degrees in which the country lies
ORDER = {
    "planned_start": gettext_lazy("计划开工"),
    "planned_completion": gettext_lazy("计划竣工"),
    "planned_production": gettext_lazy("计划投产"),
}


def faults_in_project(given: Mapping[str, Any]) -> dict[str, str]:
    """Return what is wrong by field: amounts that are none, planned dates that do not follow one another."""
    faults = {}
    if given.get("investment_wan") is not None and given["investment_wan"] <= 0:
        faults["investment_wan"] = _("总投资应大于0。")
    if given.get("land_mu") is not None and given["land_mu"] < 0:
        faults["land_mu"] = _("用地面积不能小于0。")
    if given.get("floor_area_m2") is not None and given["floor_area_m2"] <= 0:
        faults["floor_area_m2"] = _("建筑面积应大于0；没有建筑物的不填。")
    faults |= {
        name: fault
        for name in WRITTEN
        if (fault := unseen_in(str(given.get(name) or ""), lines=name == "scale"))
    }
    faults |= faults_in_place(given)
    days = [(name, given[name]) for name in ORDER if given.get(name)]
    for (before, first), (after, then) in pairwise(days):
        if then < first:
            what = {"after": ORDER[after], "before": ORDER[before]}
            faults[after] = _("%(after)s不能早于%(before)s。") % what
    return faults


def faults_in_place(given: Mapping[str, Any]) -> dict[str, str]:
    """Return what is wrong with the coordinates: decimal degrees inside the country, both or none, and their datum."""
    longitude, latitude = given.get("longitude"), given.get("latitude")
    if longitude is None and latitude is None:
        none = _("选了坐标系，请填经度和纬度，或者都不填。")
        return {"longitude": none} if given.get("datum") else {}
    if longitude is None or latitude is None:
        name = "longitude" if longitude is None else "latitude"
        return {name: _("经度和纬度要一起填，或者都不填。")}
    if wrong := _outside(longitude, latitude):
        return wrong
    if not given.get("datum"):
        return {"datum": _("请选坐标系：同一组数字在不同坐标系里不是同一个点。")}
    return {}


def _outside(longitude: Any, latitude: Any) -> dict[str, str]:
    """Say which of the two lies outside the country; the commonest cause is that they are swapped."""
    if _within(latitude, LONGITUDES) and _within(longitude, LATITUDES):
        return {"longitude": _("经度和纬度填反了：经度是较大的那个数，如113.38。")}
    if not _within(longitude, LONGITUDES):
        return {"longitude": _("经度应在73至136度之间，用十进制度数，如113.377；度分秒请先换算。")}
    if not _within(latitude, LATITUDES):
        return {"latitude": _("纬度应在3至54度之间，用十进制度数，如37.08；度分秒请先换算。")}
    return {}


def _within(value: Any, span: tuple[int, int]) -> bool:
    return span[0] <= value <= span[1]


def judged_industry(
    typed: str, chosen: str, sections: Sequence[Section]
) -> tuple[IndustryCode, str]:
    """Return an industry code and what stands against it; `chosen` is the section chosen beside it, if any."""
    code = check_industry_code(typed, sections)
    if code.reason or not chosen or chosen == code.section:
        return code, code.reason
    said = {"code": code.normalised, "chosen": chosen}
    return code, _("行业代码%(code)s和所选的门类%(chosen)s对不上，请改其中一个。") % said


def judged_code(typed: str, *, confirmed: bool, on: date, county: str) -> tuple[ProjectCode, str]:
    """Return a project code and what stands against it; a doubtful one is taken once it is confirmed."""
    code = check_project_code(typed, county, on)
    if code.verdict == "invalid":
        return code, code.reason
    if code.verdict == "warn" and not confirmed:
        return code, _("%(why)s。核对无误的，请勾选下面的确认后再保存。") % {"why": code.reason}
    return code, ""
