"""Telling people: into the outbox with the act, out of it by a command that may be run at any time."""

from datetime import datetime

from core.notify.services.handing import hand_over
from core.notify.services.outbox import (
    KEY_LENGTH,
    Occasion,
    Told,
    letters,
    letters_of,
    post,
    put,
    settle_past,
    tell,
    tell_all,
)
from core.notify.services.sending import MOST_TRIES, WAITS, send, send_again

__all__ = [
    "KEY_LENGTH",
    "MOST_TRIES",
    "WAITS",
    "Occasion",
    "Told",
    "deliver",
    "hand_over",
    "letters",
    "letters_of",
    "post",
    "put",
    "send",
    "send_again",
    "settle_past",
    "tell",
    "tell_all",
]


def deliver(now: datetime, most: int = 200) -> int:
    """Hand what waits in the outbox to its ways, and send what is due; return how many letters left.

    Two statements when nothing waits. No row is locked and no transaction is open while a server is spoken to.
    """
    hand_over(now, most)
    return send(now, most)
