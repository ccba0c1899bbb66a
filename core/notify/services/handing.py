"""From the outbox to the ways out: which message leaves by which way, alone or in a digest, and when."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership
from core.notify.models import Message, Preference, Sending
from core.notify.services.ways import WAYS_OUT

APART = timedelta(hours=3)  # between two digests to one person


def hand_over(now: datetime, most: int) -> int:
    """Make the letters of the messages that wait; return how many messages were handed over.

    Exactly once per message: its row is held while its letters are written, and marked with them.
    """
    if not Message.objects.filter(sent_at=None).exists():
        return 0
    with transaction.atomic():
        free = Message.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
        waiting = list(free.select_related("to__user").filter(sent_at=None).order_by("pk")[:most])
        chosen = _preferences(waiting)
        for (to, way), messages in _by_way(waiting, chosen).items():
            _make(to, way, messages, chosen[to.user_id], now)
        Message.objects.filter(pk__in=[m.pk for m in waiting]).update(sent_at=now)
    return len(waiting)


def _preferences(messages: Iterable[Message]) -> dict[int, Preference]:
    users = {message.to.user_id for message in messages}
    known = {p.user_id: p for p in Preference.objects.filter(user__in=users)}
    return {user: known.get(user) or Preference(user_id=user) for user in users}


def _by_way(
    messages: Iterable[Message], chosen: dict[int, Preference]
) -> dict[tuple[Membership, str], list[Message]]:
    found: dict[tuple[Membership, str], list[Message]] = defaultdict(list)
    ways = {name: way for name, way in WAYS_OUT.items() if way.on()}
    for message in messages:
        wanted = chosen[message.to.user_id]
        for name, way in ways.items():
            if way.reaches(message.to.user) and (message.service or wanted.wants(name)):
                found[message.to, name].append(message)
    return found


def _make(
    to: Membership, way: str, messages: list[Message], chosen: Preference, now: datetime
) -> None:
    """Write the letters of one person by one way: legal service each alone and at once, the rest as chosen."""
    served = [message for message in messages if message.service]
    rest = [message for message in messages if not message.service]
    when = _awake(now) if chosen.quiet else now
    if rest and chosen.digest and _today(to, now) > settings.DIGEST_FROM:
        _digest(to, way, rest, when)
        rest = []
    for message, due in [*((m, now) for m in served), *((m, when) for m in rest)]:
        made = Sending.objects.create(
            to=to, way=way, created_at=now, next_at=due, service=message.service
        )
        made.messages.add(message)


def _today(to: Membership, now: datetime) -> int:
    """Return how many messages the person had today, in all of their offices; legal service is not counted."""
    begun = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    had = Message.objects.filter(to__user_id=to.user_id, service=False, created_at__gte=begun)
    return had.count()


def _digest(to: Membership, way: str, messages: list[Message], when: datetime) -> None:
    """Put messages into the digest that waits, or into a new one, no sooner than the last one allows."""
    digests = Sending.objects.filter(to=to, way=way, digest=True)
    # One that has been tried is under way: its content stands.
    waiting = digests.filter(tries=0, next_at__isnull=False).select_for_update(no_key=True).first()
    if waiting is None:
        last = digests.order_by("-created_at").first()
        due = max(when, last.created_at + APART) if last else when
        waiting = Sending.objects.create(to=to, way=way, digest=True, created_at=when, next_at=due)
    waiting.messages.add(*messages)


def _awake(now: datetime) -> datetime:
    """Return the first instant from `now` that is outside the quiet hours; they may run over midnight."""
    if settings.QUIET_HOURS is None:
        return now
    begin, end = settings.QUIET_HOURS
    local = timezone.localtime(now)
    if not _within(local.time(), begin, end):
        return now
    morning = local.replace(hour=end.hour, minute=end.minute, second=0, microsecond=0)
    return morning if morning > local else morning + timedelta(days=1)


def _within(moment: time, begin: time, end: time) -> bool:
    return begin <= moment < end if begin < end else moment >= begin or moment < end


def preference_of(user: Any) -> Preference:
    """Return a person's settings, the default ones where they never changed any."""
    return Preference.objects.filter(user=user).first() or Preference(user=user)
