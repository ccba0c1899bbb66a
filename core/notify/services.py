"""Telling people: into the outbox with the act, out of it by a command that may be run at any time."""

import hashlib
import logging
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import F

from accounts.models import Membership
from core.notify.models import Message
from core.notify.words import in_language

log = logging.getLogger("chengnuo.outbox")
MOST_TRIES = 8
CHINESE = "zh-hans"
KEY_LENGTH = 120


def tell(
    people: Iterable[Membership],
    subject: str,
    *,
    about: str,
    at: datetime,
    body: str = "",
    link: str = "",
) -> None:
    """Write one message per person into the outbox, in both languages; `about` is the occasion, said once."""
    chinese, english = in_language(subject, CHINESE), in_language(subject, "en")
    Message.objects.bulk_create(
        [
            Message(
                to=person,
                subject=chinese[:200],
                subject_en="" if english == chinese else english[:300],
                body=in_language(body, CHINESE),
                link=link,
                key=_key(about, person),
                created_at=at,
            )
            for person in {person.pk: person for person in people}.values()
        ],
        ignore_conflicts=True,
    )


def _key(about: str, person: Membership) -> str:
    """Return the key of an occasion and a person; a long occasion stands as its digest, never cut short."""
    key = f"{about}>{person.pk}"
    return key if len(key) <= KEY_LENGTH else hashlib.sha256(key.encode()).hexdigest()


def settle_past(before: datetime) -> int:
    """Put down as delivered and read what was written while a past was played; nobody is mailed years later."""
    past = Message.objects.filter(created_at__lt=before, sent_at=None)
    return past.update(sent_at=F("created_at"), read_at=F("created_at"))


def deliver(now: datetime, most: int = 200) -> int:
    """Send what waits in the outbox by mail where a person has an address; in-system it is there already."""
    sent = 0
    waiting = Message.objects.filter(sent_at=None, tries__lt=MOST_TRIES).order_by("pk")
    for pk in list(waiting.values_list("pk", flat=True)[:most]):
        with transaction.atomic():
            free = Message.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
            message = free.select_related("to__user").filter(pk=pk, sent_at=None).first()
            if message is None:
                continue  # another worker has it, or has sent it
            message.tries += 1
            try:
                _mail(message)
            except Exception:  # one letter that no server takes must not stop the others
                log.exception("message %s could not be sent", pk)
            else:
                message.sent_at = now
                sent += 1
            message.save(update_fields=["tries", "sent_at"])
    return sent


def _mail(message: Message) -> None:
    address = message.to.user.email
    if address:
        link = f"\n\n{settings.SITE_URL}{message.link}" if message.link else ""
        send_mail(message.subject, message.body + link, settings.DEFAULT_FROM_EMAIL, [address])
