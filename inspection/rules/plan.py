"""监管计划: which visits a commitment asks for — by clause, by when it is checked, by the enterprise's record. Pure."""

from collections.abc import Iterable
from typing import Any

from inspection.stages import VisitPurpose

DURING = "construction"  # the other clauses are looked at by the joint acceptance


def visits_of(clauses: Iterable[Any], *, marked: bool) -> dict[tuple[int, VisitPurpose], list[Any]]:
    """Return by department and purpose the clauses that a visit looks at.

    What concerns safety and health is looked at in full and soon (优化营商环境条例 54), and so is everything of an
    enterprise with a standing mark; every other clause once before the acceptance.
    """
    found: dict[tuple[int, VisitPurpose], list[Any]] = {}
    for clause in clauses:
        if clause.checked_when != DURING:
            continue
        purpose = VisitPurpose.FULL if clause.safety or marked else VisitPurpose.NODE
        found.setdefault((clause.checked_by_id, purpose), []).append(clause)
    return found
