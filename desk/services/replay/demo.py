"""The demonstration: people, the year 2018, and the cases that are open on its as-of day. Made once."""

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.services import system_actor
from core import clock
from core.deadlines.calendar import CalendarGap
from core.deadlines.queries import calendar_at
from core.ledger.models import Entry
from core.ledger.services import county_book, lock, record
from desk.services.people import load_people
from desk.services.replay.mailbox import answer_questionnaires, write_letters
from desk.services.replay.make import first_moment, play_open_cases, play_year
from desk.services.replay.play import Tell
from desk.services.replay.report import Report
from desk.services.replay.waiting import ask_for_disclosure, draw_checks

ACT = "make_demonstration"
YEAR, OPEN_CASES = "replay-2018", "demo/open-cases"
AHEAD = 25  # working days: P6 and P20, the longest way, stay inside the published calendar


def made() -> bool:
    """Whether the demonstration is there."""
    return Entry.objects.filter(book=county_book(), act=ACT).exists()


def make_demonstration(*, tell: Tell) -> tuple[Report | None, Report | None]:
    """Make the demonstration, whole or not at all; return the reports of the year and of the open cases.

    Nothing where it is there already. Its as-of instant is now, or earlier where the calendar ends soon: then
    the clock of the demonstration stays shifted by as much.
    """
    if made():
        return None, None
    pack = Path(settings.COUNTY_PACK)
    clock.keep_shift(timedelta())
    now = clock.now()
    as_of = clamped(now)
    with transaction.atomic():
        load_people(at=first_moment(pack / YEAR))
        year = play_year(pack / YEAR, tell=tell)
        still_open = play_open_cases(pack / OPEN_CASES, as_of=as_of, tell=tell)
        write_letters(as_of)
        answer_questionnaires(as_of)
        ask_for_disclosure(as_of)
        draw_checks(as_of)
        book = county_book()
        lock(book.pk)
        record(book, ACT, by=system_actor(), at=as_of, as_of=as_of)
    clock.keep_shift(as_of - now)
    if as_of != now:
        tell(_("日历只公布到%(last)s：演示时钟定在%(day)s。") % {
            "last": calendar_at(as_of).last.isoformat(), "day": timezone.localdate(as_of).isoformat(),
        })  # fmt: skip
    return year, still_open


def clamped(now: datetime) -> datetime:
    """Return the latest instant, at most now, from which limits of AHEAD working days stay inside the calendar."""
    day = now
    while not _reaches(day):
        day -= timedelta(days=1)
    return day


def _reaches(instant: datetime) -> bool:
    calendar = calendar_at(instant)
    try:
        calendar.add_working(timezone.localdate(instant), AHEAD)
    except CalendarGap:
        return False
    return True
