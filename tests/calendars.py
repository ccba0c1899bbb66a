"""Calendars for tests: the editions as they were on a day, and files as a clerk or the county pack writes them."""

import csv
import io
import json
from datetime import date

from django.test import Client

from approvals.models import StageLimit
from approvals.rules import limits
from approvals.services import open_draft
from core import clock
from core.deadlines.calendar import COLUMNS
from core.deadlines.known import built
from core.deadlines.models import CalendarDay, CalendarEdition
from core.deadlines.services import start
from tests.conftest import SHIPPED


def forget_after(day):
    """Take back every edition known only after a day: the county stands where it stood then."""
    later = CalendarEdition.objects.filter(known_from__gt=date.fromisoformat(day))
    CalendarDay.objects.filter(edition__in=later).delete()
    later.delete()
    built.cache_clear()  # the keys of what another test took back are given anew


def shipped(year, state=""):
    """Return the text of a year's file of the pack."""
    return (SHIPPED / "calendar" / f"{year}{state}.json").read_text("utf-8")


def table(*texts, swap=()):
    """Return years of the pack as one table, with some replacements in its text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for data in map(json.loads, texts):
        notices = {n["number"]: n for n in data["notices"]}
        for day in data["days"]:
            notice = notices[day["notice"]]
            named = (notice["number"], notice["issued"], notice["url"])
            writer.writerow((day["date"], day["kind"], day["name_zh"], *named))
    text = out.getvalue()
    for old, new in swap:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text.encode()


def made_up(year, issued):
    """Return a table of a year that no notice has arranged yet: its dates are examples and nothing else."""
    days = (
        (f"{year}-01-01", "元旦"), (f"{year}-02-05", "春节"), (f"{year}-04-05", "清明节"), (f"{year}-05-01", "劳动节"),
        (f"{year}-06-09", "端午节"), (f"{year}-09-15", "中秋节"), (f"{year}-10-01", "国庆节"),
    )  # fmt: skip
    lines = [f"{day},off,{name},示例通知{year},{issued}," for day, name in days]
    return "\n".join((",".join(COLUMNS), *lines, "")).encode()


BACKEND = "django.contrib.auth.backends.ModelBackend"


class Person:
    """Somebody at the pages of the calendar, at an instant."""

    def __init__(self, member, instant):
        self.client, self.instant = Client(), instant
        self.client.force_login(member.user, backend=BACKEND)

    def get(self, path, **asked):
        with clock.driven(self.instant):
            return self.client.get(path, asked)

    def post(self, path, **typed):
        with clock.driven(self.instant):
            return self.client.post(path, typed)

    def look(self, path, **typed):
        """Look at what would be; return the page and what its second part carries along."""
        page = self.post(path, **typed)
        return page, {name: page.context["form"][name].value() for name in page.context["form"].fields}  # fmt: skip


def begin(people, at, length):
    """Start a limit of a draft of its own."""
    filing = open_draft(by=people.enterprise, at=at)
    return start(StageLimit(filing=filing, book=filing.book), limits.SIGN, at=at, length=length)


def now(limit):
    """Return a limit as it now stands."""
    return StageLimit.objects.get(pk=limit.pk)
