"""What the bulletins of defaults rest on: the defaults of a month, and the months that have no bulletin yet."""

from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from core.deadlines.queries import start_of
from prereview.models import Opinion
from prereview.stages import DEEMED
from public_notice.models import Bulletin
from public_notice.stages import BulletinState


def first_of(period: str) -> date:
    """Return the first day of a month written as 2018-06; ValueError for anything else."""
    found = date.fromisoformat(f"{period}-01")
    if period_of(found) != period:
        raise ValueError(period)
    return found


def period_of(day: date) -> str:
    """Return the month of a day: 2018-06."""
    return f"{day.year:04d}-{day.month:02d}"


def month_after(first: date) -> date:
    """Return the first day of the next month."""
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def bounds_of(period: str) -> tuple[datetime, datetime]:
    """Return the first instant of a month and the first after it, in the county's zone."""
    first = first_of(period)
    return start_of(first), start_of(month_after(first))


def _shown() -> QuerySet[Opinion]:
    return (
        Opinion.objects.filter(position__in=DEEMED)
        .select_related("slot__department", "slot__item__item", "make_up")
        .prefetch_related("slot__department__names")
        .order_by("slot__department__code", "effective_at", "pk")
    )


def recorded_in(begins: datetime, ends: datetime) -> QuerySet[Opinion]:
    """Return the defaults that were recorded in a span: each belongs to exactly one month, whenever a sweep came."""
    return _shown().filter(recorded_at__gte=begins, recorded_at__lt=ends)


def withdrawn_in(begins: datetime, ends: datetime) -> QuerySet[Opinion]:
    """Return the defaults that were withdrawn in a span, of whatever month they were."""
    return _shown().filter(withdrawn_at__gte=begins, withdrawn_at__lt=ends)


def taken_up(period: str) -> bool:
    """Whether a month has a bulletin that was not sent back."""
    return Bulletin.objects.filter(period=period).exclude(state=BulletinState.SENT_BACK).exists()


def months_without(at: datetime) -> list[str]:
    """Return the months that are over, in which a default was recorded or withdrawn, and that have no bulletin."""
    deemed = Opinion.objects.filter(position__in=DEEMED)
    something = {
        period_of(timezone.localdate(month))
        for when in ("recorded_at", "withdrawn_at")
        for month in deemed.filter(**{f"{when}__isnull": False}).datetimes(when, "month")
    }
    have = set(
        Bulletin.objects.exclude(state=BulletinState.SENT_BACK).values_list("period", flat=True)
    )
    over = (month for month in something - have if bounds_of(month)[1] <= at)
    return sorted(over, reverse=True)


def published() -> QuerySet[Bulletin]:
    """Return the bulletins that are open to all, newest first."""
    return Bulletin.objects.filter(state=BulletinState.PUBLISHED).select_related("paper")


def withdrawn_by_now() -> set[int]:
    """Return the ids of all defaults that were withdrawn: they are few, and a list asks once."""
    return set(Opinion.objects.filter(withdrawn_at__isnull=False).values_list("pk", flat=True))


def rows_of(bulletin: Bulletin, gone: set[int] | None = None) -> list[dict[str, object]]:
    """Return the defaults of a bulletin as it was frozen, each with whether it was withdrawn since (`gone`)."""
    gone = withdrawn_by_now() if gone is None else gone
    listed = zip(bulletin.content["defaults"], bulletin.listed, strict=True)
    return [{**row, "withdrawn_since": pk in gone} for row, pk in listed]
