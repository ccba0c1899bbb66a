"""效能监督: late, held, escalated, defaulted, and the same by department."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from accounts.models import Organisation
from approvals.models import Filing
from approvals.stages import ENDS
from core.ledger.models import Book
from desk.queries.delays import days_by_department
from prereview.models import MakeUp, Opinion, Slot
from prereview.queries.words import silence
from prereview.stages import DEEMED, GIVEN, Position, SlotState

NO_DAYS: dict[str, Any] = {"late": 0, "days_late": 0, "average": None}


def slots_in(state: str, department: str = "") -> list[Slot]:
    """Return the slots in a state that somebody has to look at, of one department by its code or of all."""
    found = Slot.objects.waiting().filter(state=state)
    return list(
        (found.filter(department__code=department) if department else found)
        .select_related("filing", "department", "item__item")
        .order_by("due_at", "pk")
    )


def explained(slots: list[Slot]) -> list[dict[str, Any]]:
    """Return slots each with its reason in words; none of them is still awaited."""
    return [{"slot": slot, "said": silence(slot, None)} for slot in slots]


def defaults(most: int = 50, department: str = "") -> list[Opinion]:
    """Return the newest defaults, with their notices, of one department by its code or of all."""
    return list(all_defaults(department)[:most])


def all_defaults(department: str = "") -> QuerySet[Opinion]:
    """Return every default, newest first, with its notice, of one department by its code or of all."""
    found = Opinion.objects.filter(position__in=DEEMED)
    return (
        (found.filter(slot__department__code=department) if department else found)
        .select_related(
            "slot__filing",
            "slot__department",
            "slot__item__item",
            "paper",
            "make_up",
            "contest__paper",
        )
        .prefetch_related("withdrawals__paper")
        .order_by("-effective_at", "-pk")
    )


def by_department(at: datetime, late: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return per department what was asked and what came of it, and the net working days it took and is late.

    Deemed and withdrawn are counted apart from given; `late` are all delays, as `delays` returns them.
    """
    days = days_by_department(at, late)
    settled = Q(slots__state=SlotState.SETTLED)
    rows = (
        Organisation.objects.filter(Q(slots__isnull=False) | Q(pk__in=list(days)))
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
            **days.get(row.pk, NO_DAYS),
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
