"""The same request sent twice has its effect once: by a key that the sender chose, for thirty days."""

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from core.steps.models import Answered

KEPT = timedelta(days=30)


class KeyReused(Exception):
    """The key has already carried another request of the same person."""


@dataclass(frozen=True)
class Reply:
    """What is answered, and whether it had been answered before."""

    status: int
    body: Any
    replayed: bool = False


def fingerprint(*said: Any) -> str:
    """Return the digest of a request: whose, to which address, with which body; files by their content."""
    return hashlib.sha256(_plain(said)).hexdigest()


def secretly(key: str, *said: Any) -> tuple[str, str]:
    """Return under which name a request is kept whose body nobody may reckon, and its digest.

    Where few words can be said, a digest tells which one was. So this one is made with the sender's key (RFC 2104), of
    which a digest alone is kept: who has the row has not what it takes to try the words.
    """
    named = hashlib.sha256(key.encode()).hexdigest()
    return named, hmac.new(key.encode(), _plain(said), hashlib.sha256).hexdigest()


def _plain(said: tuple[Any, ...]) -> bytes:
    return json.dumps(said, sort_keys=True, default=_of_file, ensure_ascii=True).encode()


def _of_file(value: Any) -> Any:
    if not isinstance(value, UploadedFile):
        return str(value)
    whole = hashlib.sha256()
    for part in value.chunks():
        whole.update(part)
    value.seek(0)
    return {"file": value.name, "sha256": whole.hexdigest()}


def once(
    who: str, key: str, digest: str, *, at: datetime, act: Callable[[], tuple[int, Any]]
) -> Reply:
    """Do an act and keep its answer under a key; where the key was used, return what was answered then.

    Raises KeyReused for another request under the key. What the act raises passes through and nothing is
    kept: a refused act had no effect, so the key is free and the same request is judged anew.
    """
    with transaction.atomic():
        row, fresh = _claim(who, key, digest, at)
        if not fresh and row.at > at - KEPT:
            if row.fingerprint != digest:
                raise KeyReused
            return Reply(row.status, json.loads(row.body or "null"), replayed=True)
        status, body = act()
        # As text inside the JSON: PostgreSQL would put the names in an order of its own.
        row.fingerprint, row.status, row.body, row.at = digest, status, json.dumps(body), at
        row.save()
        return Reply(status, body)


def _claim(who: str, key: str, digest: str, at: datetime) -> tuple[Answered, bool]:
    """Return the row of a key, locked, and whether it is new.

    A second request at the same moment waits here until the first has its answer or has failed.
    """
    while True:
        row, fresh = Answered.objects.get_or_create(
            who=who, key=key, defaults={"fingerprint": digest, "status": 0, "body": None, "at": at}
        )
        if fresh:
            return row, True
        held = Answered.objects.select_for_update(no_key=True).filter(pk=row.pk).first()
        if held:  # else it was forgotten a moment ago, and the key is free
            return held, False


def forget_answers(now: datetime) -> int:
    """Remove the answers whose thirty days are over; return how many."""
    old = Answered.objects.filter(at__lte=now - KEPT)
    # Asked first: where nothing is old, nothing is locked.
    return old.delete()[0] if old.exists() else 0
