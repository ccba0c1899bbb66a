"""What if the county's rules had been others: past cases laid against other numbers, and no row touched."""

from desk.queries.what_if.report import (
    Report,
    adjustable,
    asked_by,
    county_files,
    files_in,
    rulebook_rows,
    what_if,
)
from desk.queries.what_if.untouched import untouched

__all__ = [
    "Report",
    "adjustable",
    "asked_by",
    "county_files",
    "files_in",
    "rulebook_rows",
    "untouched",
    "what_if",
]
