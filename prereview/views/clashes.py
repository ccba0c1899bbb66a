"""Whom a chosen time would meet elsewhere: said before anybody is called, and taken only by whoever says so."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation
from core.steps.templatetags.look import date_day
from prereview.models import Session
from prereview.queries.planning import clashes_at, planning
from prereview.rules.proposal import Passed


class BesideCalendars:
    """A page on which a time is chosen: its form is told who could not come then."""

    kind: Any
    moved: Session | None = None  # the session that is moved: it is in nobody's way

    def concerned(self) -> Sequence[Organisation]:
        """Return the departments that would be summoned."""
        raise NotImplementedError

    def so_many(self) -> int:
        """Return how many filings there would be."""
        raise NotImplementedError

    def get_form_kwargs(self) -> dict[str, Any]:
        """Let the form ask who could not come."""
        found: dict[str, Any] = super().get_form_kwargs()  # type: ignore[misc]
        return {**found, "clashes": self.clashes}

    def clashes(self, opens_at: datetime, minutes: int) -> list[str]:
        """Return in words who could not come at a time, and why."""
        departments = self.concerned()
        lasts = minutes or planning().minutes(self.kind, self.so_many())
        names = {d.code: str(d.label) for d in departments}
        together: dict[Passed, list[str]] = {}  # one session meets many departments
        for one in clashes_at(departments, opens_at, lasts, but=self.moved):
            together.setdefault(replace(one, who=""), []).append(names[one.who])
        return [_passed(one, _("、").join(who)) for one, who in together.items()]


def in_words(passed: Iterable[Passed], names: Mapping[str, Any]) -> list[str]:
    """Return what speaks against times, in words; departments by their names."""
    return [_passed(one, names.get(one.who, "")) for one in passed]


def _passed(one: Passed, who: Any) -> str:
    why = str(one.why)
    if who:
        named = _("%(who)s，%(what)s") % {"who": who, "what": one.what} if one.what else who
        why = _("%(why)s（%(who)s）") % {"why": why, "who": named}
    return _("%(when)s：%(why)s") % {"when": _when(one), "why": why}


def _when(one: Passed) -> str:
    """Return the day, or the span of the starts that were passed over."""
    day = date_day(one.day)
    if one.starts is None or one.until is None:
        return day
    first, last = (f"{timezone.localtime(t):%H:%M}" for t in (one.starts, one.until))
    return f"{day} {first}" if first == last else f"{day} {first}–{last}"
