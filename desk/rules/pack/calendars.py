"""The calendars of a county pack: as editions, and the one that somebody names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

from django.utils.translation import gettext as _

from core.deadlines.calendar import (
    CalendarEditionData,
    CalendarError,
    CalendarFile,
    editions_from,
)
from desk.rules.pack.faults import Fault, PackError


def calendars_from(
    contents: Mapping[str, bytes], faults: list[Fault]
) -> tuple[CalendarEditionData, ...]:
    """Make the editions of the pack's calendar files; what is wrong with them is added to the faults."""
    files: list[CalendarFile] = []
    for name, data in contents.items():
        if not name.startswith("calendar/"):
            continue
        try:
            files.append(CalendarFile(name, data.decode()))
        except UnicodeDecodeError:
            faults.append(Fault(name, 1, "-", _("不是 UTF-8 编码")))
    try:
        return tuple(editions_from(files))
    except CalendarError as error:
        faults.extend(Fault(f.file, f.line, f.place, f.message) for f in error.faults)
    return ()


def calendar_files(folder: Path) -> list[Path]:
    """Return the calendar files of a pack: years as JSON, or the tables that the administrator's page takes."""
    found = (folder / "calendar").iterdir() if (folder / "calendar").is_dir() else ()
    return sorted(path for path in found if path.suffix in (".json", ".csv"))


def read_calendars(folder: Path) -> tuple[CalendarEditionData, ...]:
    """Read the calendar editions of a pack and nothing else; PackError with every fault."""
    faults: list[Fault] = []
    files = calendar_files(folder)
    editions = calendars_from(
        {f"calendar/{path.name}": path.read_bytes() for path in files}, faults
    )
    if not (faults or editions):
        faults.append(Fault("calendar", 1, "-", _("缺少此文件或无法读取")))
    if faults:
        raise PackError(faults)
    return editions


def edition_named(editions: Sequence[CalendarEditionData], name: str) -> CalendarEditionData:
    """Return the edition somebody means: `current`, its number, a day on which it was known, or `2019-original`.

    The original of a year is the last edition in which the year stands as it was first published. ValueError
    where there is none.
    """
    found: list[CalendarEditionData] = []
    if name == "current":
        found = list(editions)
    elif name.isdecimal():
        found = [edition for edition in editions if edition.number == int(name)]
    elif name.endswith("-original"):
        found = _as_first_published(editions, name.removesuffix("-original"))
    else:
        with suppress(ValueError):
            day = date.fromisoformat(name)
            found = [edition for edition in editions if edition.known_from <= day]
    if not found:
        raise ValueError(_("没有这一版日历：%(name)s") % {"name": name})
    return found[-1]


def _as_first_published(
    editions: Sequence[CalendarEditionData], year: str
) -> list[CalendarEditionData]:
    def days(edition: CalendarEditionData) -> dict[date, object]:
        return {day: mark for day, mark in edition.marks.items() if str(day.year) == year}

    covering = [edition for edition in editions if str(edition.last.year) >= year and days(edition)]
    return [edition for edition in covering if days(edition) == days(covering[0])]
