"""What an entry's bytes are, and the digest that binds it; the writer and the checker share nothing else."""

import hashlib
import json
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone

from core.composed import Composed

if TYPE_CHECKING:
    from core.ledger.models import Entry


@lru_cache(maxsize=4096)
def _instant(at: datetime) -> str:
    """Return an instant in the county's zone; many entries of a batch say the same."""
    return at.astimezone(timezone.get_default_timezone()).isoformat()


def _plain(value: Any) -> Any:
    """Turn evidence into what canonical JSON can hold; a float has no canonical form and is refused."""
    if isinstance(value, datetime):
        return _instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if hasattr(value, "reference"):
        return value.reference
    if isinstance(value, models.Model):
        return f"{value._meta.label_lower}:{value.pk}"
    if isinstance(value, float):
        message = "a float has no canonical form in the ledger"
        raise TypeError(message)
    message = f"{type(value).__name__} cannot stand in the ledger"
    raise TypeError(message)


def _refuse_floats(value: Any) -> Any:
    if type(value) is str:
        return value
    if isinstance(value, float):
        return _plain(value)
    if isinstance(value, dict):
        return {str(key): _refuse_floats(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_refuse_floats(item) for item in value]
    return value


def canonical(content: Any) -> str:
    """Return the one JSON text of a content: sorted keys, no blanks, no floats, Chinese as it is.

    What was put together from pieces knows its text, in which whoever wrote the pieces put no float.
    """
    if type(content) is Composed:
        return content.text
    return _encode(_refuse_floats(content))


_encode = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain
).encode


def digest_of(entry: "Entry", book_code: str, reference: str) -> str:
    """Return the SHA-256 that binds an entry to its book, its place, its actor and all entries before it."""
    actor = bound_to(entry.act, reference, entry.event_at, entry.entered_at)
    return chained(book_code, entry.sequence, actor, entry.payload, entry.previous)


_quoted = json.encoder.encode_basestring


def bound_to(act: str, reference: str, event_at: datetime, entered_at: datetime) -> str:
    """Return what entries say alike of act, actor and times, as it stands in the bytes that are digested."""
    times = f'"{_instant(event_at)}","{_instant(entered_at)}"'
    return f"{_quoted(act)},{_quoted(reference)},{times}"


def chained(book_code: str, sequence: int, actor: str, payload: str, previous: str) -> str:
    """Return the digest of an entry; its bytes are the canonical JSON of all of them as one list."""
    bound = f"[{_quoted(book_code)},{sequence},{actor},{_quoted(payload)},{_quoted(previous)}]"
    return hashlib.sha256(bound.encode()).hexdigest()


def salted(salt: str, text: str) -> str:
    """Return the digest by which the ledger refers to personal data it does not hold."""
    return hashlib.sha256(f"{salt}|{text}".encode()).hexdigest()
