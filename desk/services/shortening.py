"""A limit that a newer calendar would end earlier stands as served, until somebody who may signs the earlier end."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.policies import supervisor
from core.deadlines.counting import last_day_of
from core.deadlines.models import CalendarEdition
from core.deadlines.projecting import advance
from core.deadlines.queries import calendar_of, edition_at, rulebook_at
from core.deadlines.services import grace
from core.deadlines.services.projection import shorten
from core.ledger.services import lock, record
from core.steps.moves import permit
from core.steps.reasons import NotNow, need_words


@transaction.atomic
def shorten_limit(limit: Any, *, by: Membership, at: datetime, reason: str) -> Any:
    """签字提前: let a limit that was kept as served end when the calendar of now ends it; both sides are told.

    The supervisor signs, who is neither of the two sides. Raises NotNow where the limit has ended, the calendar would
    not end it earlier, or less than one whole working day would be left; ValidationError without a reason.
    """
    lock(limit.book_id)
    row = type(limit).objects.select_related("calendar", "book").get(pk=limit.pk)
    permit(row, supervisor, by=by, at=at)
    need_words(reason)
    edition = edition_at(at)
    due, before = _earlier(row, edition, at), row.due_at
    shorten(row, edition, due, at, " ".join(reason.split()))
    record(
        row.book, "shorten_limit", by=by, at=at, limit=row, rule=row.rule, due_at=due, instead_of=before,
        calendar=edition.number, reason=reason,
    )  # fmt: skip
    return row


def _earlier(row: Any, edition: CalendarEdition, at: datetime) -> datetime:
    """Return when the calendar of now ends a limit; NotNow where there is nothing to sign."""
    if not row.running or row.late(at):
        raise NotNow([_("这个期限已经结束，不能再提前。")])
    behind = row.calendar is not None and row.calendar.number < edition.number
    calendar = calendar_of(edition)
    came = advance(row, edition, calendar, grace(rulebook_at(at))) if behind else None
    if came is None or came.what != "kept" or came.due is None:
        raise NotNow([_("现行日历并不使这个期限提前，没有可以签字的。")])
    today, last = timezone.localdate(at), last_day_of(came.due)
    if calendar.working_days_between(today, last) < 1:
        raise NotNow(
            [_("提前后剩下的时间不足一个整工作日：已经送达的期限不能缩短到现在或者过去。")]
        )
    return came.due
