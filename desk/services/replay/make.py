"""Playing a whole year into an empty county, and the cases that are open when a demonstration is looked at."""

import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership
from approvals.models import Filing
from core.deadlines.calendar import Calendar
from core.deadlines.queries import calendar_at
from core.deadlines.services import local
from core.notify.services import settle_past
from desk.rules.people import ENTERPRISE, PASSWORD
from desk.services.people import enterprise_account, synthetic_uscc
from desk.services.register import register_enterprise
from desk.services.replay.play import Tell, play
from desk.services.replay.read import Plan, day_and_time, is_date, read_plan
from desk.services.replay.report import Report, report_of
from desk.services.replay.world import ReplayError, World, cast


class AlreadyPlayed(ReplayError):
    """The database holds filings already: nothing is played over them."""


def play_year(folder: Path, *, tell: Tell) -> Report:
    """Play a year into a county without filings; raise AlreadyPlayed where there are some."""
    if Filing.objects.exists():
        raise AlreadyPlayed(_("数据库里已有申报件，不再重放：请换一个空的数据库。"))
    plan = read_plan(folder, _on_a_day)
    tell(_("%(name)s（种子 %(seed)s）") % {"name": plan.name, "seed": plan.seed})
    report = _play(plan, until=None, tell=tell)
    found = {"applications": report.applications, "meetings": report.meetings}
    if wrong := {what: n for what, n in plan.published.items() if found.get(what) != n}:
        text = _("重放与公布的数字不符：公布%(wanted)s，重放%(found)s")
        raise ReplayError(text % {"wanted": wrong, "found": found})
    return report


def play_open_cases(folder: Path, *, as_of: datetime, tell: Tell) -> Report:
    """Play cases whose moments are counted in working days from the as-of day; they stand open at `as_of`."""
    plan = read_plan(folder, before(as_of))
    tell(
        _("%(name)s（截至 %(day)s）")
        % {"name": plan.name, "day": timezone.localdate(as_of).isoformat()}
    )
    return _play(plan, until=as_of, tell=tell)


def _play(plan: Plan, *, until: datetime | None, tell: Tell) -> Report:
    began = time.monotonic()
    first = plan.projects[0].submitted - timedelta(days=1)
    world = World(plan, cast(), first)
    world.enterprises = _enterprises(plan, at=first)
    play(world, until=until, tell=tell)
    settle_past(world.now)
    return report_of(world, time.monotonic() - began)


def _enterprises(plan: Plan, *, at: datetime) -> dict[int, Membership]:
    """Register the plan's enterprises; outside a demonstration nobody can log in as one."""
    hashed = make_password(PASSWORD if settings.DEMO else None)
    found = {}
    for number, (name, person) in plan.enterprises.items():
        if settings.DEMO:
            found[number] = enterprise_account(
                number=number, name=name, person=person, at=at, hashed=hashed
            )
            continue
        known = Membership.objects.filter(user__username=ENTERPRISE.format(number)).first()
        found[number] = known or register_enterprise(
            uscc=synthetic_uscc(number),
            name=name,
            person={
                "username": ENTERPRISE.format(number),
                "name": person,
                "legal_representative": person,
            },
            password="",
            hashed=hashed,
            at=at,
        )
    return found


def first_moment(folder: Path) -> datetime:
    """Return the instant at which a year begins: the day before its first filing."""
    return read_plan(folder, _on_a_day).projects[0].submitted - timedelta(days=1)


def _on_a_day(text: str) -> datetime:
    day, hour, minute = day_and_time(text)
    return local(date.fromisoformat(day), hour, minute)


def before(as_of: datetime) -> Callable[[str], datetime]:
    """Return how moments are read that count working days from an as-of day (on a day off: from the last one)."""
    calendar = calendar_at(as_of)
    today = timezone.localdate(as_of)
    while not calendar.is_working(today):
        today -= timedelta(days=1)

    def moment(text: str) -> datetime:
        day, hour, minute = day_and_time(text)
        if fixed := is_date(day):
            return local(fixed, hour, minute)
        return local(_counted(calendar, today, int(day)), hour, minute)

    return moment


def _counted(calendar: Calendar, day: date, days: int) -> date:
    if days > 0:
        return calendar.add_working(day, days)
    left = -days
    while left:
        day -= timedelta(days=1)
        left -= calendar.is_working(day)
    return day
