"""The elementary predicates (thing, membership) → bool from which all policies are built; denied by default."""

from collections.abc import Callable
from typing import Any

from accounts.stages import Role

Policy = Callable[[Any, Any], bool]


def _has(*roles: Role) -> Policy:
    def holds(thing: Any, by: Any) -> bool:
        return by is not None and by.role in roles

    holds.roles = roles  # type: ignore[attr-defined]  # the handbook says whose a step is
    return holds


window = _has(Role.WINDOW, Role.CONVENOR)
convenor = _has(Role.CONVENOR)
supervisor = _has(Role.SUPERVISOR)
administrator = _has(Role.ADMINISTRATOR)
department = _has(Role.CLERK, Role.HEAD)
system = _has(Role.SYSTEM)
window_or_system = _has(Role.WINDOW, Role.CONVENOR, Role.SYSTEM)
administrator_or_system = _has(Role.ADMINISTRATOR, Role.SYSTEM)
reads_calendars = _has(Role.ADMINISTRATOR, Role.SUPERVISOR)
convenor_or_system = _has(Role.CONVENOR, Role.SYSTEM)
prints_again = _has(Role.WINDOW, Role.CONVENOR, Role.ADMINISTRATOR)
voids_or_corrects = _has(Role.CONVENOR, Role.SUPERVISOR)
staff = _has(Role.WINDOW, Role.CONVENOR, Role.SUPERVISOR, Role.ADMINISTRATOR)


def holds_office(thing: Any, by: Any) -> bool:
    """Anybody who acts for somebody."""
    return by is not None


def _of_a_department(paper: Any) -> Any:
    """Return the issuer of a department; None for a paper of the county. A correction is of whose the first one was."""
    issuer = paper.line[-1].issued_by
    return issuer if department(paper, issuer) else None


def seals_papers(paper: Any, by: Any) -> bool:
    """The office in whose name a paper is written seals it; where none is named, the window or the department it is of.

    So a form that the window makes out of a department's opinion waits for that department's seal (GB/T 9704: the seal
    is that of who signs).
    """
    if by is None or paper is None:
        return False
    if code := paper.issuer_code:
        return (window(paper, by) or department(paper, by)) and by.organisation.code == code
    issuer = _of_a_department(paper)
    if issuer is None:
        return window(paper, by)
    return department(paper, by) and issuer.organisation_id == by.organisation_id


def signs_by_certificate(paper: Any, by: Any) -> bool:
    """The window signs the county's own papers with the county's certificate; no department has the use of it."""
    return window(paper, by) and seals_papers(paper, by)
