"""灌水: what comes in a flood is received like any other and looked at by a person first; nothing is dropped.

The sender's machine can show by some work that it stands behind one objection and not behind thousands. Whoever has no
script, or no time for it, loses nothing: the objection is numbered, in time and answered all the same (0053).
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.core import signing
from django.core.cache import cache
from django.utils.crypto import salted_hmac

from public_notice import rules
from public_notice.services.watching import known_at

WORK = 16  # bits that must be nought: some 65,000 digests, a second or two of a telephone
HOUR = timedelta(hours=1)
SALT = "public_notice.flood"
LONGEST = 120  # characters of a nonce


class Target(Protocol):
    """What one objects to or writes to: a notice, or the mailbox."""

    @property
    def pk(self) -> Any:
        """By what a flood to it is counted."""

    @property
    def public_id(self) -> Any:
        """By what the work is done for it."""


def new_challenge(to: Target) -> str:
    """Return a challenge for one target, signed and dated, so that nothing has to be kept of it."""
    return signing.dumps([to.public_id, secrets.token_hex(8)], salt=SALT)


def is_worked(to: Target, challenge: str, nonce: str) -> bool:
    """Whether the work was done for this target within the hour, and for nothing else before."""
    try:
        said = signing.loads(challenge, salt=SALT, max_age=HOUR)
    except signing.BadSignature:
        return False
    digest = hashlib.sha256(f"{challenge}:{nonce[:LONGEST]}".encode()).digest()
    if said[0] != to.public_id or int.from_bytes(digest[:4]) >> (32 - WORK):
        return False
    return cache.add(f"worked:{said[1]}", 1, HOUR.total_seconds())


def in_flood(to: Target, *, origin: str, worked: bool, at: datetime) -> bool:
    """Count one objection more and say whether a person should look at it first.

    `origin` is from where it came, kept for an hour in the shared cache as a keyed digest that nobody can try addresses
    on; "" where nothing is known of it. A rulebook from before the rule knows no flood.
    """
    most_from, most_to = known_at(rules.FROM_ONE, at), known_at(rules.TO_ONE, at)
    many = False
    if origin and most_from is not None:
        key = salted_hmac(SALT, origin, algorithm="sha256").hexdigest()
        many = _count(f"flood:from:{key}") > most_from.number
    if many or most_to is None:
        return many
    return _count(f"flood:to:{to.pk}") > most_to.number and not worked


def _count(key: str) -> int:
    cache.add(key, 0, HOUR.total_seconds())
    try:
        return int(cache.incr(key))
    except ValueError:  # it went just now
        cache.set(key, 1, HOUR.total_seconds())
        return 1
