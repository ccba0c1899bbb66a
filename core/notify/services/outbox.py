"""Writing into the outbox, in the transaction of the act."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import F

from accounts.models import Membership
from core.columns import insert
from core.notify.models import Message, Sending
from core.notify.words import CHINESE, in_language
from core.rows import write_all
from core.sets import made

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
    return letters_of([Occasion(people, subject, about, more.pop("body", ""), more)], at)


@dataclass(frozen=True)
class Occasion:
    """What is told to whom, and on what occasion; `more` are columns of the messages."""

    people: Iterable[Membership]
    subject: str
    about: str
    body: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)


def letters_of(occasions: Sequence[Occasion], at: datetime) -> list[Message]:
    """Return one message per occasion and person, not yet written; each language is spoken once."""
    # What is said on several occasions is spoken once.
    sentences = {id(said): said for one in occasions for said in (one.subject, one.body)}
    chinese, english = (
        dict(zip(sentences, in_language(language, *sentences.values()), strict=True))
        for language in (CHINESE, "en")
    )
    found = []
    for one in occasions:
        subject, body = chinese[id(one.subject)], chinese[id(one.body)]
        subject_en, body_en = english[id(one.subject)], english[id(one.body)]
        said = {
            "subject": subject[:200], "subject_en": "" if subject_en == subject else subject_en[:300],
            "body": body, "body_en": "" if body_en == body else body_en, "created_at": at, **one.more,
        }  # fmt: skip
        found += [
            made(Message, to=person, key=_key(one.about, person.pk), **said)
            for person in {person.pk: person for person in one.people}.values()
        ]
    return found


@dataclass(frozen=True)
class Told:
    """What is told to whom on an occasion, said in both languages already."""

    people: Iterable[Membership]
    subject: tuple[str, str]  # in Chinese, in English
    about: str
    link: str
    body: tuple[str, str] = ("", "")
    service: bool = False


TOLD = [
    "to",
    "subject",
    "subject_en",
    "body",
    "body_en",
    "link",
    "key",
    "service",
    "created_at",
    "calendar",
    "sent_at",
    "read_at",
]


def tell_all(told: Sequence[Told], at: datetime) -> None:
    """Write what is told on many occasions, one message per occasion and person as `tell` does, by columns."""
    rows: list[tuple[Any, ...]] = []
    stored = connection.ops.adapt_datetimefield_value(at)
    known: dict[int, tuple[Any, list[int]]] = {}  # the same people are told of many occasions
    for one in told:
        if (people := known.get(id(one.people))) is None:
            people = known[id(one.people)] = one.people, list({who.pk: None for who in one.people})
        subject, subject_en = _two(*one.subject)
        said = subject[:200], subject_en[:300], *_two(*one.body), one.link
        rest = one.service, stored, "", None, None
        rows += [(key, *said, _key(one.about, key), *rest) for key in people[1]]
    if rows:
        fields = [Message._meta.get_field(name) for name in TOLD]
        insert(Message, fields, list(zip(*rows, strict=True)), once=True)


def _two(chinese: str, english: str) -> tuple[str, str]:
    """Return a text in both languages as it is kept: not twice where both are the same."""
    return chinese, "" if english == chinese else english


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


def _key(about: str, person: int) -> str:
    """Return the key of an occasion and a person; a long occasion stands as its digest, never cut short."""
    key = f"{about}>{person}"
    return key if len(key) <= KEY_LENGTH else hashlib.sha256(key.encode()).hexdigest()


def settle_past(before: datetime) -> int:
    """Put down as delivered and read what was written while a past was played; nobody is mailed years later."""
    past = Message.objects.filter(created_at__lt=before, sent_at=None)
    Sending.objects.filter(created_at__lt=before, next_at__isnull=False).update(
        next_at=None, sent_at=F("created_at")
    )
    return past.update(sent_at=F("created_at"), read_at=F("created_at"))
