"""Filters and tags that write dates, numbers and symbols the one way all pages write them."""

from __future__ import annotations

import calendar as month_arithmetic
import datetime as dt
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext
from django.utils.translation import gettext as _

register = template.Library()

WEEKDAYS = (
    gettext_lazy("周一"),
    gettext_lazy("周二"),
    gettext_lazy("周三"),
    gettext_lazy("周四"),
    gettext_lazy("周五"),
    gettext_lazy("周六"),
    gettext_lazy("周日"),
)

Moment = dt.date | dt.datetime | None


def _local(value: dt.date | dt.datetime) -> dt.date | dt.datetime:
    """The value in the county's time zone; plain dates and naive times stay as they are."""
    if isinstance(value, dt.datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


@register.filter
def attributes(values: Mapping[str, Any]) -> SafeString:
    """The attributes of a field of a form: none for False, the name alone for True; each begins with a blank."""
    said = ""
    for name, value in values.items():
        if value is True:
            said += f" {conditional_escape(name)}"
        elif value is not False:
            said += f' {conditional_escape(name)}="{conditional_escape(value)}"'
    return mark_safe(said)  # noqa: S308 - every part of it is escaped


@register.filter
def date_long(value: Moment) -> str:
    """2018年6月15日; an empty value gives an empty string."""
    return date_format(_local(value), pgettext("date format", "Y年n月j日")) if value else ""


@register.filter
def date_short(value: Moment) -> str:
    """6月15日."""
    return date_format(_local(value), pgettext("date format", "n月j日")) if value else ""


@register.filter
def weekday(value: Moment) -> str:
    """周五."""
    return str(WEEKDAYS[_local(value).weekday()]) if value else ""


@register.filter
def date_day(value: Moment) -> str:
    """6月15日（周五）."""
    if not value:
        return ""
    return _("%(date)s（%(weekday)s）") % {
        "date": date_short(value),
        "weekday": weekday(value),
    }


@register.filter
def moment(value: Moment) -> str:
    """2018年6月15日 09:30; a plain date gives the date alone."""
    if not value:
        return ""
    if not isinstance(value, dt.datetime):
        return date_long(value)
    return date_format(_local(value), pgettext("date format", "Y年n月j日 H:i"))


@register.filter
def deadline(value: Moment) -> str:
    """6月15日（周五）24:00. A limit ends with its day, so midnight belongs to the day before."""
    if not value:
        return ""
    local = _local(value)
    if not isinstance(local, dt.datetime):
        return _("%(day)s %(clock)s") % {"day": date_day(local), "clock": "24:00"}
    day, clock = local.date(), f"{local:%H:%M}"
    if local.time() == dt.time.min:
        day, clock = day - dt.timedelta(days=1), "24:00"
    elif local.time() >= dt.time(23, 59, 59):
        clock = "24:00"
    return _("%(day)s %(clock)s") % {"day": date_day(day), "clock": clock}


@register.filter
def deadline_long(value: Moment) -> str:
    """2018年6月15日（周五）24:00: where lists reach over years."""
    if not value:
        return ""
    local = _local(value)
    day = local.date() if isinstance(local, dt.datetime) else local
    if isinstance(local, dt.datetime) and local.time() == dt.time.min:
        day -= dt.timedelta(days=1)
    return deadline(value).replace(date_short(day), date_long(day), 1)


@register.filter
def wanted(field: Any) -> str:
    """（选填） behind the label of a field that may stay empty, or when it may not: a field says so in `when`."""
    if field.field.required:
        return ""
    return getattr(field.field, "when", None) or _("（选填）")


@register.filter
def grouped(value: float | Decimal | None) -> str:
    """1,234,567.5: digits in threes, no trailing zeros; an empty value gives an empty string."""
    if value is None or value == "":
        return ""
    text = f"{Decimal(str(value)):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def in_english() -> bool:
    """Whether the page is an English one."""
    return get_language() == "en"


@register.filter
def money(wan: Decimal | None) -> str:
    """1200万元, in English CNY 12,000,000; an empty value gives an empty string."""
    if not wan:
        return ""
    yuan = grouped(Decimal(wan) * 10_000)
    return f"CNY {yuan}" if in_english() else _("%(n)s万元") % {"n": f"{wan.normalize():f}"}


@register.filter
def area(mu: Decimal | None) -> str:
    """18.5亩; an empty value gives an empty string."""
    return _("%(n)s亩") % {"n": f"{mu.normalize():f}"} if mu else ""


def span(length: int, unit: str) -> str:
    """A length with its unit: 1个工作日, 3个月, in English 1 working day, 3 months."""
    if unit == "working_day":
        said = ngettext("%(n)s个工作日", "%(n)s个工作日", length)
    elif unit == "month":
        said = ngettext("%(n)s个月", "%(n)s个月", length)
    else:
        said = ngettext("%(n)s日", "%(n)s日", length)
    return said % {"n": length}


@register.filter
def at(container: Sequence[Any] | Mapping[Any, Any] | None, key: Any) -> Any:
    """The element of a list or a mapping under a position or key; None where there is none."""
    try:
        return container[key] if container is not None else None
    except (KeyError, IndexError, TypeError):
        return None


def _field(row: Any, *names: str) -> Any:
    for name in names:
        found = row.get(name) if isinstance(row, Mapping) else getattr(row, name, None)
        if found is not None:
            return found
    return None


@register.filter
def day_cells(rows: Iterable[Any] | None) -> list[dict[str, Any]]:
    """Rows of a day table, mappings or objects, as {date, mark, n, note, due} in date order.

    `due` is true on the day the limit ends: the row marked so, else the last one, unless the clock stands on it.
    """
    cells = [
        {
            "date": _field(row, "date", "day"),
            "mark": str(_field(row, "mark", "kind") or "plain"),
            "n": _field(row, "n", "number", "count"),
            "note": _field(row, "note", "name", "reason"),
            "due": _field(row, "mark", "kind") == "due",
        }
        for row in rows or ()
    ]
    cells = sorted((cell for cell in cells if cell["date"]), key=lambda cell: cell["date"])
    if len(cells) > 1 and not any(cell["due"] for cell in cells):
        cells[-1]["due"] = cells[-1]["mark"] != "suspended"
    return cells


@register.filter
def months(rows: Iterable[Any] | None) -> list[dict[str, Any]]:
    """Day table rows as month calendars: {first, weeks}, weeks of seven as in day_cells.

    Weeks begin on Monday; only weeks that hold a row are kept; a day without a row has no mark,
    a day of another month is None.
    """
    cells = {cell["date"]: cell for cell in day_cells(rows)}
    grid = month_arithmetic.Calendar()
    found = []
    for year, month in sorted({(day.year, day.month) for day in cells}):
        weeks = [
            [cells.get(day, {"date": day}) if day.month == month else None for day in week]
            for week in grid.monthdatescalendar(year, month)
            if any(day in cells and day.month == month for day in week)
        ]
        found.append({"first": dt.date(year, month, 1), "weeks": weeks})
    return found


@register.filter
def month_title(value: dt.date) -> str:
    """2018年6月."""
    return date_format(value, pgettext("date format", "Y年n月"))


@register.simple_tag
def icon(name: str) -> SafeString:
    """A symbol of static/img/icons.svg, hidden from readers: the words beside it say the same."""
    return format_html(
        '<svg class="i" viewBox="0 0 16 16" aria-hidden="true"><use href="{}#{}"></use></svg>',
        static("img/icons.svg"),
        name,
    )


@register.simple_block_tag
def lean(content: str) -> SafeString:
    """Leave out indentation and empty lines before tags, where a part of a page comes by the hundred."""
    return mark_safe(re.sub(r"\s*\n\s*(?=<)", "\n", content))  # noqa: S308 - the content was rendered by the page


@register.simple_tag
def once() -> str:
    """A word drawn for one showing of a form: by it the button that is pressed twice is known."""
    return secrets.token_urlsafe(24)
