"""A calendar edition before it is one: what a file or a decision of the county would make of the last edition."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.deadlines.calendar import (
    Calendar,
    CalendarEditionData,
    CalendarError,
    CalendarFile,
    Mark,
    extended,
)
from core.deadlines.known import calendar_from

MOST_BYTES: Final = 1 << 20
LONGEST: Final = 31  # days in one decision; what is longer is a slip of the pen


@dataclass(frozen=True)
class Proposed:
    """The days that an edition would have: the State Council's and the county's closures; `new` are what it adds."""

    data: CalendarEditionData
    shut: Mapping[date, Mark]
    new: tuple[date, ...] = ()

    @property
    def calendar(self) -> Calendar:
        """The pure calendar of it."""
        return calendar_from(self.data, self.shut)


@dataclass(frozen=True)
class Decision:
    """停办决定: which days, why, by which paper, and when it was decided."""

    first: date
    last: date
    reason: str
    decided_on: date
    number: str = ""

    @property
    def days(self) -> list[date]:
        """Every day from the first to the last."""
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]

    def said(self) -> list[str]:
        """Return it as plain words, for its digest."""
        days = [self.first, self.last, self.decided_on]
        return [*(day.isoformat() for day in days), self.reason, self.number]


def text_of(content: bytes) -> str:
    """Return a file as text: UTF-8, or what a Chinese spreadsheet writes; ValidationError for neither."""
    if len(content) > MOST_BYTES:
        raise ValidationError({"file": _("文件超过1 MB，不是日历文件。")})
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise ValidationError({"file": _("文件不是文本：请另存为 CSV（UTF-8）。")})


def by_notice(
    last: CalendarEditionData,
    shut: Mapping[date, Mark],
    file: CalendarFile,
    *,
    today: date,
    number: int,
) -> Proposed:
    """Return what a file makes of the last edition; ValidationError with every fault, its line and its field."""
    try:
        data = extended(last, file, today=today, number=number)
    except CalendarError as error:
        said = _("第%(line)d行 %(place)s：%(message)s")
        faults = [
            said % {"line": f.line, "place": f.place, "message": f.message} for f in error.faults
        ]
        raise ValidationError({"file": faults}) from None
    changed = {
        day
        for day in {*data.marks, *last.marks}
        if data.marks.get(day) != last.marks.get(day) or day > last.last
    }
    return Proposed(data, shut, tuple(sorted(changed)))


def by_closure(
    last: CalendarEditionData, shut: Mapping[date, Mark], decision: Decision, *, today: date
) -> Proposed:
    """Return what a closure makes of the last edition; ValidationError names the field that is wrong."""
    _check(decision, last, today)
    if decision.first < decision.decided_on:
        raise ValidationError({"first": _("停办日不能早于决定日：已经过去的日子不能事后停办。")})
    calendar = calendar_from(last, shut)
    new = tuple(day for day in decision.days if calendar.is_working(day))
    if not new:
        raise ValidationError({"first": _("这些日子本来就不上班，或者已经停办，不用再停办。")})
    mark = Mark("shut", decision.reason, decision.number)
    return Proposed(last, {**shut, **dict.fromkeys(new, mark)}, new)


def by_reopening(
    last: CalendarEditionData, shut: Mapping[date, Mark], decision: Decision, *, today: date
) -> Proposed:
    """Return what taking a closure back makes of the last edition; days that have passed stay closed."""
    _check(decision, last, today)
    if decision.first < today:
        raise ValidationError({"first": _("已经停办过的日子不能撤销。")})
    new = tuple(day for day in decision.days if day in shut)
    if not new:
        raise ValidationError({"first": _("这些日子没有停办，无须撤销。")})
    return Proposed(last, {day: mark for day, mark in shut.items() if day not in new}, new)


def _check(decision: Decision, last: CalendarEditionData, today: date) -> None:
    """Refuse what is wrong with the dates of a decision by itself."""
    faults: dict[str, str] = {}
    if decision.last < decision.first:
        faults["last"] = _("最后一天不能早于第一天。")
    elif (decision.last - decision.first).days >= LONGEST:
        faults["last"] = _("一次最多%(most)d天。") % {"most": LONGEST}
    if decision.decided_on > today:
        faults["decided_on"] = _("决定日还没有到。")
    if not last.first <= decision.first <= last.last or decision.last > last.last:
        faults["first"] = _("这一年的放假安排还没有载入，不能先定停办日。")
    if faults:
        raise ValidationError(faults)
