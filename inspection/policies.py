"""Who may do what after the start, and what must be true first, each with its sentence."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.policies import convenor, supervisor, system, window
from accounts.stages import Role
from approvals.policies import acceptance_lead, own_enterprise, sees
from approvals.stages import Stage
from core.steps.reasons import because
from inspection.stages import ReportKind

__all__ = [
    "acceptance_lead",
    "concerned_department",
    "convenor",
    "own_department",
    "own_enterprise",
    "own_enterprise_of",
    "sees",
    "supervisor",
    "system",
    "window",
]


def own_enterprise_of(thing: Any, by: Any) -> bool:
    """The enterprise of the case a thing belongs to."""
    return own_enterprise(thing.filing, by)


def own_department(thing: Any, by: Any) -> bool:
    """A person of the department that a check, a finding or a verdict belongs to."""
    return by.role in (Role.CLERK, Role.HEAD) and by.organisation_id == thing.department_id


def concerned_department(filing: Any, by: Any) -> bool:
    """A person of a department that has an item, or a clause to check, in the case."""
    return by.role in (Role.CLERK, Role.HEAD) and filing.concerns(by.organisation_id)


# — reports and checks ———————————————————————————————————————————————————————————


@because(_("项目不在建设中：开工报告以后、申请联合验收以前才能办理。"))
def is_building(filing: Any) -> bool:
    """The works have begun and the acceptance has not been applied for."""
    return bool(filing.stage == Stage.BUILDING)


@because(_("已经报告竣工：接下来申请联合验收。"))
def completion_is_not_reported(filing: Any) -> bool:
    """The enterprise has not said that the works are done."""
    return not filing.reports.filter(kind=ReportKind.COMPLETION).exists()
