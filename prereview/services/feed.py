"""日历订阅: a person draws the secret address of their calendar, draws it anew, withdraws it; a program reads it."""

import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership
from accounts.queries import digest_of
from core.ledger.services import county_book, lock, record
from core.steps.moves import permit
from core.steps.reasons import NotNow
from core.steps.tries import Tries
from prereview.models import CalendarFeed
from prereview.policies.feed import feed_holds, keeps_a_calendar, own_calendar_feed
from prereview.queries.feed import convened_by, feed_named, feed_now, to_attend
from prereview.rules.invite import Event, calendar
from prereview.services.calendar_entries import event_of, event_of_staff

# A secret of 256 bits is not guessed; what is slowed is the asking. Addresses that were withdrawn are not counted.
GUESSING = Tries("calendar", from_one=10, at_one=20, wait=timedelta(minutes=15))


@transaction.atomic
def draw_calendar_feed(*, by: Membership, at: datetime) -> CalendarFeed:
    """Draw the address of one's calendar; one that held is withdrawn. `address` of the row says it, this once."""
    permit(None, keeps_a_calendar, by=by, at=at)
    book = county_book()
    lock(book.pk)
    if (held := feed_now(by)) is not None:
        _withdraw(held, at)
    secret = secrets.token_urlsafe(32)
    drawn = CalendarFeed.objects.create(holder=by, digest=digest_of(secret), drawn_at=at)
    drawn.address = f"{settings.SITE_URL}/calendar-feed/{secret}/sessions.ics"
    record(book, "draw_calendar_feed", by=by, at=at, feed=drawn.pk, again=held is not None)
    return drawn


@transaction.atomic
def withdraw_calendar_feed(feed: CalendarFeed, *, by: Membership, at: datetime) -> CalendarFeed:
    """Withdraw one's own address: from now on there is nothing under it."""
    permit(feed, own_calendar_feed, by=by, at=at)
    book = county_book()
    lock(book.pk)
    feed = CalendarFeed.objects.get(pk=feed.pk)
    if not feed_holds(feed):
        raise NotNow([str(feed_holds.reason)])  # type: ignore[attr-defined]
    _withdraw(feed, at)
    record(book, "withdraw_calendar_feed", by=by, at=at, feed=feed.pk)
    return feed


def _withdraw(feed: CalendarFeed, at: datetime) -> None:
    feed.withdrawn_at = max(at, feed.drawn_at)  # who came first may have waited for the other
    feed.save(update_fields=["withdrawn_at"])


def read_calendar_feed(secret: str, *, origin: str, at: datetime) -> str | None:
    """Return the calendar of an address as it is now; None for a wrong or withdrawn one, or one out of office.

    `origin` is where the question comes from (core.steps.tries.origin_of). Raises TooManyTries, before anything is
    looked at, where too many wrong ones came from there.
    """
    digest = digest_of(secret)
    GUESSING.admit(origin, digest, at=at)
    feed = feed_named(digest)
    if feed is None:
        GUESSING.failed(origin, digest, at=at)
        return None
    holder = feed.holder
    in_office = holder.user.is_active and holder.valid_on(timezone.localdate(at))
    if feed.withdrawn_at is not None or not in_office:
        return None
    return calendar(_events(holder, at))


def _events(holder: Membership, at: datetime) -> Iterator[tuple[Event, datetime]]:
    """Yield each session with when it was last said so."""
    summons = to_attend(holder, at)
    for one in summons:
        yield event_of(one), one.served_at
    seen = {one.session_id for one in summons}
    for session in convened_by(holder, at):
        if session.pk not in seen:
            yield event_of_staff(session, holder.organisation), session.called_at
