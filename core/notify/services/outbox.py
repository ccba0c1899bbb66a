"""Writing into the outbox, in the transaction of the act."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import F

from accounts.models import Membership
from core.notify.models import Message, Sending
from core.notify.words import in_language
from core.rows import write_all

CHINESE = "zh-hans"
KEY_LENGTH = 120
PORTION = 500


def tell(
    people: Iterable[Membership],
    subject: str,
    *,
    about: str,
    at: datetime,
    body: str = "",
    link: str = "",
    service: bool = False,
    calendar: str = "",
) -> None:
    """Write one message per person into the outbox, in both languages; `about` is the occasion, said once.

    With `service` it is what the law wants served: no setting of the person's holds it back. `calendar` goes along
    with a mail, as an invitation that a calendar program can take (RFC 5545).
    """
    more = {"body": body, "link": link, "service": service, "calendar": calendar}
    put(letters(people, subject, about=about, at=at, **more))


def put(messages: list[Message]) -> None:
    """Put messages into the outbox; what was said to a person on an occasion is not said again."""
    write_all(messages, once=True)


def letters(
    people: Iterable[Membership], subject: str, *, about: str, at: datetime, **more: Any
) -> list[Message]:
    """Return one message per person, not yet written."""
    body = more.pop("body", "")
    chinese, body_zh = in_language(CHINESE, subject, body)
    english, body_en = in_language("en", subject, body)
    return [
        Message(
            to=person,
            subject=chinese[:200],
            subject_en="" if english == chinese else english[:300],
            body=body_zh,
            body_en="" if body_en == body_zh else body_en,
            key=_key(about, person),
            created_at=at,
            **more,
        )
        for person in {person.pk: person for person in people}.values()
    ]


def post(messages: list[Message]) -> int:
    """Write messages in sets; return how many were new. What was said on an occasion is not said again."""
    if not messages:
        return 0
    keys = [message.key for message in messages]
    said: set[str] = set()
    for first in range(0, len(keys), PORTION):
        portion = keys[first : first + PORTION]
        said |= set(Message.objects.filter(key__in=portion).values_list("key", flat=True))
    new = {message.key: message for message in messages if message.key not in said}
    # Whoever says the same at the same moment is not waited for and not doubled.
    put(list(new.values()))
    return len(new)


def _key(about: str, person: Membership) -> str:
    """Return the key of an occasion and a person; a long occasion stands as its digest, never cut short."""
    key = f"{about}>{person.pk}"
    return key if len(key) <= KEY_LENGTH else hashlib.sha256(key.encode()).hexdigest()


def settle_past(before: datetime) -> int:
    """Put down as delivered and read what was written while a past was played; nobody is mailed years later."""
    past = Message.objects.filter(created_at__lt=before, sent_at=None)
    Sending.objects.filter(created_at__lt=before, next_at__isnull=False).update(
        next_at=None, sent_at=F("created_at")
    )
    return past.update(sent_at=F("created_at"), read_at=F("created_at"))
