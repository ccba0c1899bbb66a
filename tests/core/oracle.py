"""A second calendar, slow and plain, which shares nothing with ours but the State Council's days in the county's files.

Read by its own reader and walked one day at a time: no table of ranks, no search, no import of the product.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

FOLDER = Path(__file__).parents[2] / "counties" / "zuoquan" / "calendar"
COUNTY = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)


class Unknown(LookupError):
    """The walk has come to a day that no notice speaks of."""


@dataclass(frozen=True)
class Oracle:
    """Years of which a notice was known, and what it says of single days: "off" or "work"."""

    years: frozenset
    said: dict

    def worked(self, day):
        if day.year not in self.years:
            raise Unknown(day)
        return self.said[day] == "work" if day in self.said else day.isoweekday() <= 5

    def from_here(self, day):
        """This day if it is worked, else the next that is."""
        while not self.worked(day):
            day += DAY
        return day

    def due(self, start, length, unit):
        """The last day of a period: the first is not counted, and a last day off moves on (民法典 201, 203)."""
        self.worked(start)
        day = start
        while length:
            day += DAY
            length -= unit == "natural_day" or self.worked(day)
        return self.from_here(day)

    def received(self, day):
        """The day on which something counts as received."""
        return self.from_here(day)

    def morning(self, day, nth):
        """00:00 of the nth working day after a day; None where no notice reaches so far."""
        try:
            while nth:
                day += DAY
                nth -= self.worked(day)
        except Unknown:
            return None
        return midnight(day)


def midnight(day):
    """00:00 of a day in the county."""
    return datetime(day.year, day.month, day.day, tzinfo=COUNTY)


def close_of(day):
    """24:00 of a day in the county."""
    return midnight(day + DAY)


def day_of(instant):
    """The day an instant belongs to; 24:00 is the end of its day and not the start of the next."""
    return (instant - timedelta(microseconds=1)).astimezone(COUNTY).date()


def _files(known_on):
    """The files that were in force on a day, by their own words."""
    for path in sorted(FOLDER.glob("*.json")):
        file = json.loads(path.read_text("utf-8"))
        issued = sorted(notice["issued"] for notice in file["notices"])
        replaced = "9999-12-31"
        if file["edition"] == "original":
            replaced = file["status"].split()[1]
        elif (FOLDER / f"{file['year']}-original.json").exists():
            issued = issued[1:]  # until its second notice the original stood
        if issued[0] <= known_on < replaced:
            yield file


def known(known_on=date(2026, 11, 1)):
    """What was known of the calendar on a day: a day of December may stand in the notice of a later year."""
    on = known_on.isoformat()
    files = list(_files(on))
    issued = {n["number"] for f in files for n in f["notices"] if n["issued"] <= on}
    said = {
        date.fromisoformat(day["date"]): day["kind"]
        for file in files
        for day in file["days"]
        if day["notice"] in issued
    }
    return Oracle(frozenset(f["year"] for f in files), said)
