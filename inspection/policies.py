"""Who may do what after the start, and what must be true first, each with its sentence."""

from typing import Any

from accounts.policies import convenor, supervisor, system, window
from accounts.stages import Role
from approvals.policies import acceptance_lead, own_enterprise, sees

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
