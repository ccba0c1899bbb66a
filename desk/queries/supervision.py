"""效能监督: late, held, escalated, defaulted, and the same by department."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Q, Sum

from accounts.models import Organisation
from approvals.models import Filing, StageLimit
from approvals.stages import ENDS
from core.deadlines.queries import calendar_or_none
from core.ledger.models import Book
from core.steps.limits import card
from prereview.models import MakeUp, Opinion, Slot
from prereview.queries.words import silence
from prereview.stages import DEEMED, GIVEN, Position, SlotState


def late(at: datetime) -> list[dict[str, Any]]:
    """Return every limit of a filing that has passed and is still open."""
    calendar = calendar_or_none(at)
    rows = (
        StageLimit.objects.filter(ended_at=None, due_at__lt=at)
        .select_related("filing__enterprise", "item__item", "item__department")
        .order_by("due_at")
    )
    return [
        {
            "filing": x.filing,
            "item": x.item,
            "who": x.item.department if x.item else x.declared.actor,
            **card(x, at, calendar, table=False),
        }
        for x in rows
    ]


def slots_in(state: str) -> list[Slot]:
    """Return the slots in a state that somebody has to look at."""
    return list(
        Slot.objects.waiting()
        .filter(state=state)
        .select_related("filing", "department", "item__item")
        .order_by("due_at", "pk")
    )


def explained(slots: list[Slot]) -> list[dict[str, Any]]:
    """Return slots each with its reason in words; none of them is still awaited."""
    return [{"slot": slot, "said": silence(slot, None)} for slot in slots]


def defaults(most: int = 50) -> list[Opinion]:
    """Return the newest defaults, with their notices."""
    return list(
        Opinion.objects.filter(position__in=DEEMED)
        .select_related(
            "slot__filing",
            "slot__department",
            "slot__item__item",
            "paper",
            "make_up",
            "contest__paper",
        )
        .prefetch_related("withdrawals__paper")
        .order_by("-effective_at")[:most]
    )


def by_department() -> list[dict[str, Any]]:
    """Return per department what was asked and what came of it; deemed and withdrawn are counted apart from given."""
    settled = Q(slots__state=SlotState.SETTLED)
    rows = (
        Organisation.objects.filter(slots__isnull=False)
        .annotate(
            asked=Count("slots"),
            given=Count("slots", filter=settled & Q(slots__opinion__position__in=GIVEN)),
            timeout=Count("slots", filter=Q(slots__opinion__position=Position.DEEMED_TIMEOUT)),
            absence=Count("slots", filter=Q(slots__opinion__position=Position.DEEMED_ABSENCE)),
            silent=Count("slots", filter=Q(slots__opinion__position=Position.NO_OPINION)),
            waiting=Count("slots", filter=~settled & ~Q(slots__filing__stage__in=ENDS)),
        )
        .order_by("code")
    )
    overdue = dict(
        MakeUp.objects.filter(escalated_at__isnull=False, ended_at=None)
        .values_list("slot__department")
        .annotate(number=Count("pk"))
    )
    withdrawn = dict(
        Opinion.objects.filter(withdrawn_at__isnull=False)
        .order_by()
        .values_list("slot__department")
        .annotate(number=Count("pk"))
    )
    return [
        {
            "department": row,
            "make_up": overdue.get(row.pk, 0),
            "withdrawn": withdrawn.get(row.pk, 0),
        }
        for row in rows
    ]


def figures() -> dict[str, int]:
    """Return the counts of the county's work as it stands."""
    counts = Filing.objects.aggregate(
        accepted=Count("pk", filter=Q(accepted_at__isnull=False)),
        started=Count("pk", filter=Q(start_notified_at__isnull=False)),
        suspended=Count("pk", filter=Q(suspended_at__isnull=False) & ~Q(stage__in=ENDS)),
        by_silence=Count("pk", filter=Q(accepted_by_silence=True)),
    )
    return {**counts, "entries": Book.objects.aggregate(n=Sum("sequence"))["n"] or 0}
