"""What follows the start, for programs: reports, checks and the joint acceptance."""

from inspection.api import acceptance, checks, reports

ADDRESSES = [*reports.ADDRESSES, *checks.ADDRESSES, *acceptance.ADDRESSES]

__all__ = ["ADDRESSES"]
