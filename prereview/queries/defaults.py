"""What a default rests on and what has become of it: its stops, its contest, its withdrawal."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Membership
from approvals.models import Filing
from core.deadlines.calendar import CalendarGap
from core.deadlines.counting import interruptions, last_day_of
from core.deadlines.models import Suspension
from core.deadlines.queries import calendar_at, end_of, unit_said, value_of
from core.steps.papers import in_chinese, time_text
from prereview import rules
from prereview.models import Opinion, Slot, Withdrawal
from prereview.stages import DEEMED, WithdrawalState


def iso(at: datetime | None) -> str | None:
    """Return an instant in the county's zone."""
    return None if at is None else _iso(at)


@lru_cache(maxsize=4096)
def _iso(at: datetime) -> str:
    return at.astimezone(timezone.get_default_timezone()).isoformat()


def defaults_of(by: Membership) -> QuerySet[Opinion]:
    """Return the defaults a person may see, those that were withdrawn too, with what a list shows of them."""
    filings = Filing.objects.visible_to(by).order_by().values("pk")
    found = Opinion.objects.filter(position__in=DEEMED, slot__filing__in=filings)
    return found.select_related(
        "slot__filing", "slot__department", "slot__item__item", "paper", "contest__paper", "make_up"
    ).prefetch_related("withdrawals__paper")


def contest_until(opinion: Opinion, at: datetime) -> datetime | None:
    """Return the last instant at which a default may be contested (P17), from the day its notice was served.

    By the calendar of that day, or by a later one where that gives more time; None while no calendar reaches it.
    """
    value = value_of(opinion.slot.filing.pinned_rulebook, rules.CONTEST)
    unit = unit_said(value.unit)
    served = last_day_of(opinion.recorded_at)
    ends = []
    for known in (opinion.recorded_at, max(at, opinion.recorded_at)):
        try:
            ends.append(end_of(calendar_at(known).due(served, value.number, unit)))
        except CalendarGap:
            continue
    return max(ends) if ends else None


def proposed(opinion: Opinion) -> Withdrawal | None:
    """Return the withdrawal of a default that waits for the second person."""
    return opinion.withdrawals.filter(state=WithdrawalState.PROPOSED).first()


def _span(stop: Suspension) -> str:
    return f"{time_text(stop.since)}至{time_text(stop.until) if stop.until else '未恢复'}"


@in_chinese
def stops_of(slot: Slot) -> list[dict[str, Any]]:
    """Return the suspensions of an opinion's limit: reason, authority and paper, and how a notice prints each."""
    return [
        {
            "kind": stop.kind,
            "since": iso(stop.since),
            "until": iso(stop.until),
            "reason": stop.reason,
            "basis": stop.basis,
            "paper": stop.paper_number,
            "by": stop.by.organisation.name,
            "text": f"{stop.get_kind_display()}：{_span(stop)}（{stop.basis}，{stop.paper_number}）",
        }
        for stop in interruptions(slot).suspensions
    ]


@in_chinese
def extensions_of(slot: Slot) -> list[dict[str, Any]]:
    """Return the extensions of an opinion's limit that were granted before its end."""
    return [
        {
            "days": longer.days,
            "granted_at": iso(longer.granted_at),
            "due_before": iso(longer.due_before),
            "reason": longer.reason,
            "basis": longer.basis,
            "paper": longer.paper_number,
            "by": longer.signed_by.organisation.name,
            "text": f"{time_text(longer.granted_at)}批准延长{longer.days}日（{longer.basis}）",
        }
        for longer in interruptions(slot).extensions
    ]
