"""订阅公示: asked for, confirmed from the mailbox itself, left by one press; the ledger says that, and never who.

Whoever asks hears the same sentence, whether the address is known or not. Nothing is sent to an address but the mail
that asks it, until its owner has said yes.
"""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction

from accounts.services import public_actor, system_actor
from core.deadlines.queries import rulebook_at, value_of
from core.ledger.services import county_book, lock, record
from core.notify.services.ways import Mail
from core.notify.words import said as _
from core.steps.reasons import NotNow
from core.steps.tries import Tries
from public_notice import rules
from public_notice.models import Subscription, SubscriptionLetter

# So many questions from one place, and from everywhere: whoever floods strangers' mailboxes soon waits.
ASKING = Tries("subscribe", from_one=10, at_one=500, wait=timedelta(hours=1))
MOST_UNCONFIRMED = 3  # mails that an address gets before it has said yes to one
CHOICES = ("town", "industry", "department", "enterprise")


def digest_of(word: str) -> str:
    """Return what is kept of the word in a link."""
    return sha256(word.encode()).hexdigest()


def ask_subscription(
    *, address: str, at: datetime, origin: str, language: str = "zh-hans", **choices: str
) -> None:
    """申请订阅: send a mail that asks its owner, unless the address is subscribed or has been asked enough.

    `choices` are town, industry, department (codes) and enterprise (code); empty ones are everything. Says nothing of
    what it found. NotNow where no mail leaves here; TooManyTries where too many came from one place.
    """
    if not Mail.on():
        raise NotNow([_("本县还没有开通邮件发送，暂时不能订阅；可以用订阅器订阅 Atom。")])
    ASKING.admit(origin, "all", at=at)
    ASKING.failed(origin, "all", at=at)  # every question counts, for none can be told from a flood
    lasts = value_of(rulebook_at(at), rules.SUBSCRIPTION_LASTS).number
    wanted = {name: choices.get(name, "").strip() for name in CHOICES}
    word = secrets.token_urlsafe(32)
    facts = {
        "word": digest_of(word),
        "expires_at": at + timedelta(days=lasts),
        "asked_at": at,
        "language": language,
    }
    with transaction.atomic():
        mine = Subscription.objects.select_for_update(no_key=True).filter(address=address.lower())
        asked = list(mine.filter(confirmed_at=None, expires_at__gt=at))
        same = mine.filter(**wanted).first()
        if len(asked) >= MOST_UNCONFIRMED or same in asked or (same and same.confirmed_at):
            return
        found, new = Subscription.objects.get_or_create(
            address=address.lower(), **wanted, defaults=facts
        )
        if (
            not new
        ):  # one that has expired and was not taken away yet, or that came at the same instant
            if found.confirmed_at or (found.expires_at and found.expires_at > at):
                return
            Subscription.objects.filter(pk=found.pk).update(**facts)
        SubscriptionLetter.objects.create(subscription=found, word=word, created_at=at, next_at=at)


def waiting(word: str, at: datetime) -> Subscription | None:
    """Return the subscription that a link would confirm; None where it is used, expired or nobody's.

    The word has 256 bits drawn by chance: guesses need not be counted.
    """
    return Subscription.objects.filter(
        word=digest_of(word), confirmed_at=None, expires_at__gt=at
    ).first()


@transaction.atomic
def confirm_subscription(word: str, *, at: datetime) -> Subscription | None:
    """确认订阅: by the link of the mail, once; None where it is used, expired or nobody's."""
    seen = waiting(word, at)
    if seen is None:
        return None
    lock(county_book().pk)
    unused = Subscription.objects.filter(pk=seen.pk, word=digest_of(word), confirmed_at=None)
    if not unused.update(word="", confirmed_at=at, told_until=at, expires_at=None):
        return None  # pressed twice at once
    record(county_book(), "confirm_subscription", by=public_actor(), at=at)
    seen.letters.all().delete()
    return seen


@transaction.atomic
def end_subscription(key: str, *, at: datetime) -> None:
    """退订: the address is deleted with all that waits for it; twice, or by a key of nobody's, nothing happens."""
    found = Subscription.objects.filter(leave=key)
    if not found.exists():
        return
    lock(county_book().pk)
    if found.delete()[0]:
        record(county_book(), "end_subscription", by=public_actor(), at=at)


@transaction.atomic
def forget_unconfirmed(now: datetime) -> int:
    """Delete the addresses whose owners have not said yes in time; return how many. One question mostly."""
    over = Subscription.objects.filter(confirmed_at=None, expires_at__lte=now)
    if not over.exists():
        return 0
    lock(county_book().pk)
    count = len(gone := list(over.values_list("pk", flat=True)))
    Subscription.objects.filter(pk__in=gone, confirmed_at=None).delete()
    record(county_book(), "forget_subscriptions", by=system_actor(), at=now, count=count)
    return count
