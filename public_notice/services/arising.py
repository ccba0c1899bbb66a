"""公开义务的产生: what the county's own acts owe the public is noted by itself, and ends by itself where it shows here.

An approval and a random check are published elsewhere by their department, which says where; a mark of bad credit, a
draw and the figures of a month stand on this site, and their row ends as of the instant from which they do.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any, NamedTuple

from django.db.models import CharField, Exists, Min, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from accounts.models import Organisation
from accounts.queries import holders
from accounts.stages import Role
from approvals.models import ChecklistItem
from approvals.stages import Approval, ItemClass
from core.deadlines.services import local
from core.notify.services import tell
from core.notify.words import said as _
from inspection.models import Check, Draw
from inspection.queries.measures import marks
from inspection.stages import CheckMode
from public_notice.models import OpenMatter, Publication
from public_notice.queries.bulletins import bounds_of, first_of, month_after, period_of
from public_notice.queries.credit import marks_shown
from public_notice.queries.openness import standing_matters
from public_notice.stages import OpenEvent

TOGETHER = 200  # rows that are read at a time
IN_A_ROUND = 200  # of a matter, that are noted in one round
MONTHS = 24


class Arose(NamedTuple):
    """One duty: by what it is known, what it is called, who owes it, since when, and where it stands since when."""

    matter: OpenMatter
    reference: str
    title: str
    department: Organisation
    on: date
    address: str = ""
    shown_at: datetime | None = None


def _unknown(rows: QuerySet[Any], prefix: str) -> QuerySet[Any]:
    """Narrow rows to those of which nothing is noted: one statement, by the unique reference."""
    named = Concat(Value(prefix), Cast("pk", CharField()), output_field=CharField())
    noted = Publication.objects.filter(reference=OuterRef("reference_"))
    return rows.annotate(reference_=named).filter(~Exists(noted))


def _in_order(rows: QuerySet[Any]) -> Iterator[Any]:
    """Yield rows by their keys, so many at a time: what cannot be noted is passed over and holds back nothing."""
    last = 0
    while some := list(rows.filter(pk__gt=last).order_by("pk")[:TOGETHER]):
        yield from some
        last = some[-1].pk


def _approvals(matter: OpenMatter, since: date, now: datetime) -> Iterator[Arose]:
    """Yield what was approved, by number and day; who has approved it publishes it (双公示)."""
    licences = ChecklistItem.objects.exclude(item_class=ItemClass.SERVICE)
    rows = licences.filter(
        approval=Approval.ISSUED, approval_on__gte=since, approval_on__lte=timezone.localdate(now)
    ).select_related("item", "department")
    for one in _in_order(_unknown(rows, "approval:")):
        title = f"{one.item.name} {one.approval_number}"
        assert one.approval_on is not None
        yield Arose(matter, one.reference_, title[:200], one.department, one.approval_on)


def _checks(matter: OpenMatter, since: date, now: datetime) -> Iterator[Arose]:
    """Yield the random checks that were held: their result is public (双随机、一公开)."""
    rows = Check.objects.filter(
        mode=CheckMode.RANDOM, held_at__gte=local(since), held_at__lte=now
    ).select_related("filing", "department")
    for one in _in_order(_unknown(rows, "check:")):
        assert one.held_at is not None
        day = timezone.localdate(one.held_at)
        title = f"{one.filing.number} {day.isoformat()} 双随机检查结果"
        yield Arose(matter, one.reference_, title[:200], one.department, day)


def _marks(matter: OpenMatter, since: date, now: datetime) -> Iterator[Arose]:
    """Yield the marks that a competent organ decided; those on show here are published from their registration."""
    today = timezone.localdate(now)
    rows = marks().filter(organ_decided_on__gte=since, organ_decided_on__lte=today)
    on_show: set[int] | None = None
    for one in _in_order(_unknown(rows, "credit:")):
        if on_show is None:
            on_show = set(marks_shown(now).values_list("pk", flat=True))
        assert one.organ_decided_on is not None
        at = one.decided_at if one.pk in on_show else None
        yield Arose(
            matter, one.reference_, f"{one.organ} {one.organ_number}"[:200], matter.publisher,
            one.organ_decided_on, "/credit/" if at else "", at,
        )  # fmt: skip


def _draws(matter: OpenMatter, since: date, now: datetime) -> Iterator[Arose]:
    """Yield the draws, which stand at /draws/ from their moment."""
    rows = Draw.objects.filter(drawn_at__gte=local(since), drawn_at__lte=now)
    for one in _in_order(_unknown(rows, "draw:")):
        yield Arose(
            matter, one.reference_, f"双随机抽取 {one.quarter}-{one.turn}", matter.publisher,
            timezone.localdate(one.drawn_at), f"/draws/{one.quarter}/{one.turn}/", one.drawn_at,
        )  # fmt: skip


def _months(matter: OpenMatter, since: date, now: datetime) -> Iterator[Arose]:
    """Yield the months that are over: their figures stand at /statistics/ from the first instant after them."""
    today, month = timezone.localdate(now), first_of(period_of(since))
    month = max(month, (today.replace(day=1) - timedelta(days=31 * MONTHS)).replace(day=1))
    known = set(
        Publication.objects.filter(reference__startswith="statistics:").values_list(
            "reference", flat=True
        )
    )
    while (after := month_after(month)) <= today:
        period = period_of(month)
        if f"statistics:{period}" not in known:
            yield Arose(
                matter, f"statistics:{period}", f"{month.year}年{month.month}月办件统计", matter.publisher,
                after - timedelta(days=1), f"/statistics/{period}/", bounds_of(period)[1],
            )  # fmt: skip
        month = after


Found = Callable[[OpenMatter, date, datetime], Iterator[Arose]]
EVENTS: dict[str, Found] = {
    OpenEvent.APPROVAL: _approvals,
    OpenEvent.CHECK: _checks,
    OpenEvent.CREDIT: _marks,
    OpenEvent.DRAW: _draws,
    OpenEvent.STATISTICS: _months,
}


def arose_by_matter(now: datetime) -> Iterator[Iterator[Arose]]:
    """Yield for each matter what arose since the county's catalogue has wanted it, and is not noted yet.

    Rows are read as far as they are asked for, so many at a time.
    """
    wanted = OpenMatter.objects.filter(event__in=EVENTS).order_by().values("code", "event")
    first = wanted.annotate(first=Min("written_at")).values_list("code", "event", "first")
    since = {(code, event): timezone.localdate(at) for code, event, at in first}
    for matter in standing_matters().filter(event__in=EVENTS):
        yield EVENTS[matter.event](matter, since[matter.code, matter.event], now)


def what_arose(now: datetime) -> Iterator[Arose]:
    """Yield the same, one matter after the other."""
    return chain.from_iterable(arose_by_matter(now))


def tell_refused(refused: list[Arose], now: datetime) -> None:
    """Tell the administrator of what cannot be noted (of a day before the first calendar, say), once a day."""
    if not refused:
        return
    day = timezone.localdate(now)
    said = {"n": len(refused), "title": refused[0].title}
    tell(
        holders(Role.ADMINISTRATOR, day),
        _("有%(n)d件公开义务登记不了，其余照常登记；第一件：%(title)s") % said,
        about=f"arising:{day.isoformat()}", at=now, link="/openness/check/",
    )  # fmt: skip
