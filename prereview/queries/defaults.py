"""What a default rests on and what has become of it: its stops, its contest, its withdrawal."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from accounts.models import Membership
from approvals.models import Filing
from core.deadlines.calendar import CalendarGap
from core.deadlines.models import RulebookEdition
from core.deadlines.queries import Value, calendar_at, end_of, last_day_of, rulebook_at, value_of
from prereview import rules
from prereview.models import Opinion, Slot, Withdrawal
from prereview.stages import DEEMED, WithdrawalState

NATURAL = ("natural_day", "day")


def rule_now(edition: RulebookEdition, code: str, at: datetime) -> Value:
    """Return a number of a pinned edition; one that it did not know yet is the number in force."""
    try:
        return value_of(edition, code)
    except KeyError:
        return value_of(rulebook_at(at), code)


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
    unit = "natural_day" if value.unit in NATURAL else "working_day"
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


def stops_of(slot: Slot) -> list[dict[str, Any]]:
    """Return the suspensions of an opinion's limit, each with reason, authority and paper; there are none yet."""
    return []


def extensions_of(slot: Slot) -> list[dict[str, Any]]:
    """Return the extensions of an opinion's limit granted before its end; there are none yet."""
    return []
