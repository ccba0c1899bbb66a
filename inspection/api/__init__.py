"""What follows the start, for programs: reports, checks, the joint acceptance, and what follows a broken promise."""

from inspection.api import (
    acceptance,
    checks,
    clauses,
    draws,
    measures,
    plan,
    platform,
    promise,
    reports,
    use,
)

ADDRESSES = [
    *reports.ADDRESSES,
    *promise.ADDRESSES,
    *checks.ADDRESSES,
    *use.ADDRESSES,
    *draws.ADDRESSES,
    *plan.ADDRESSES,
    *clauses.ADDRESSES,
    *measures.ADDRESSES,
    *acceptance.ADDRESSES,
    *platform.ADDRESSES,
]

__all__ = ["ADDRESSES"]
