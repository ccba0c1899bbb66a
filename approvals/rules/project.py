"""What cannot be in what an enterprise says of its project, whichever way it says it."""

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.rules.identifiers import ProjectCode, check_project_code

NEEDED = ("project_name", "site", "scale", "investment_wan", "planned_start")
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
    days = [(name, given[name]) for name in ORDER if given.get(name)]
    for (before, first), (after, then) in pairwise(days):
        if then < first:
            what = {"after": ORDER[after], "before": ORDER[before]}
            faults[after] = _("%(after)s不能早于%(before)s。") % what
    return faults


def judged_code(typed: str, *, confirmed: bool, on: date) -> tuple[ProjectCode, str]:
    """Return a project code and what stands against it; a doubtful one is taken once it is confirmed."""
    code = check_project_code(typed, on=on)
    if code.verdict == "invalid":
        return code, code.reason
    if code.verdict == "warn" and not confirmed:
        return code, _("%(why)s。核对无误的，请勾选下面的确认后再保存。") % {"why": code.reason}
    return code, ""
