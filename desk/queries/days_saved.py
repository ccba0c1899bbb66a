"""Days saved: from acceptance to the start notice, against what the law allows in the ordinary procedure.

Nothing is taken off what a case took: corrections, suspensions and the notice period are all in it. Against it
stand two limits of the law: that of joint handling (行政许可法 42(2)), and the statutory limits of the case's items one
after the other. What is not known in days is not guessed.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from approvals.models import ChecklistItem, Filing
from approvals.stages import ItemClass
from core.deadlines.calendar import Calendar, CalendarGap
from core.deadlines.queries import NoEdition, calendar_or_none, rulebook_at, value_of
from core.documents.sheets import Sheet
from public_notice.rules.figures import nearest_rank

JOINT = "3"  # 联合办理, in the rulebook: 45 working days


def started(year: int | None = None) -> QuerySet[Filing]:
    """Return the cases whose start was notified, in one year or ever, with the items that were approvals otherwise."""
    asked = ChecklistItem.objects.exclude(item_class=ItemClass.SERVICE).select_related("item")
    when = {"start_notified_at__year": year} if year else {"start_notified_at__isnull": False}
    return (
        Filing.objects.filter(**when, accepted_at__isnull=False)
        .prefetch_related(Prefetch("items", asked, to_attr="approvals_asked"))
        .order_by("start_notified_at", "pk")
    )


def joint_limit(at: datetime) -> int | None:
    """Return the working days of joint handling by the rulebook in force; None where none says."""
    try:
        return value_of(rulebook_at(at), JOINT).number
    except (NoEdition, KeyError):
        return None


def rows_of(filings: Iterable[Any], at: datetime) -> list[dict[str, Any]]:
    """Return each case with the days it took, both limits and what was saved; negative: it took longer."""
    calendar, joint = calendar_or_none(at), joint_limit(at)
    return [_row(filing, calendar, joint) for filing in filings]


def _row(filing: Any, calendar: Calendar | None, joint: int | None) -> dict[str, Any]:
    began, ended = (timezone.localdate(x) for x in (filing.accepted_at, filing.start_notified_at))
    took = _between(calendar, began, ended)
    limits = [_working(calendar, began, one.item) for one in filing.approvals_asked]
    known = [days for days in limits if days is not None]
    serial = sum(known) if known else None
    return {
        "filing": filing,
        "took": took,
        "joint": joint,
        "serial": serial,
        "items": len(limits),
        "unknown": len(limits) - len(known),
        "saved_joint": _saved(joint, took),
        "saved_serial": _saved(serial, took),
    }


def _saved(limit: int | None, took: int | None) -> int | None:
    return None if limit is None or took is None else limit - took


def _between(calendar: Calendar | None, began: Any, ended: Any) -> int | None:
    try:
        return calendar.working_days_between(began, ended) if calendar else None
    except CalendarGap:
        return None


def _working(calendar: Calendar | None, began: Any, item: Any) -> int | None:
    """Return the statutory limit of an item in working days; of calendar days those among them from the start."""
    days = item.statutory_days
    if days is None or item.statutory_unit == "working_day":
        return days  # type: ignore[no-any-return]
    return _between(calendar, began, began + timedelta(days=days))


def summary(rows: Sequence[dict[str, Any]], fewest: int | None) -> dict[str, Any]:
    """Return the medians over all cases; None of fewer than the rulebook's smallest sample."""
    said: dict[str, Any] = {"cases": len(rows)}
    for name in ("took", "saved_joint", "saved_serial"):
        values = [row[name] for row in rows if row[name] is not None]
        enough = fewest is not None and values and len(values) >= fewest
        said[name] = nearest_rank(values, 50) if enough else None
    return said


def sheet_of(rows: Sequence[dict[str, Any]]) -> Sheet:
    """Return the cases as a table: the page's columns."""
    heads = (
        _("申报编号"), _("项目名称"), _("受理时间"), _("开工告知时间"), _("用时（工作日）"), _("联合办理法定时限"),
        _("比联合办理节省"), _("事项法定时限合计"), _("比依次办理节省"), _("没有法定时限的事项"),
    )  # fmt: skip
    return Sheet(_("节省的时间"), heads, _cells(rows))


def _cells(rows: Iterable[dict[str, Any]]) -> Iterator[Sequence[Any]]:
    for row in rows:
        filing = row["filing"]
        yield (
            filing.number, filing.project_name, filing.accepted_at, filing.start_notified_at, row["took"], row["joint"],
            row["saved_joint"], row["serial"], row["saved_serial"], row["unknown"],
        )  # fmt: skip
