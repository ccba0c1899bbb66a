"""The pages of docs/ that are drawn from the code and the county pack, so that they can be compared with it."""

from collections.abc import Callable

from desk.queries.handbook.flow import flow
from desk.queries.handbook.limits import limits

PAGES: dict[str, Callable[[], str]] = {"flow.md": flow, "rules.md": limits}

__all__ = ["PAGES", "flow", "limits"]
