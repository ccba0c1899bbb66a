"""When something has been served: a pure function of the attempts and of the county's word (P16a).

Strict, as shipped: service is what the department has acknowledged (县规则 P16a; 宜春的窗口签收为例). The other word a
county may choose: arrival in the system that the department designated (电子签名法 11). No proof, no instant.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from approvals.stages import Channel, Served


class Tried(Protocol):
    """One attempt: by which channel, when, and whether the department took it."""

    channel: str
    moment: datetime
    received: bool


def served(attempts: Iterable[Tried], rule: str) -> datetime | None:
    """Return the instant of service, aware: the first attempt that counts; None while none does."""
    arrival = rule == Served.ARRIVAL
    counts = (
        one.moment
        for one in attempts
        if one.received or (arrival and one.channel == Channel.SYSTEM)
    )
    return min(counts, default=None)


def notice_from(attempts: Iterable[Tried], rule: str, sign_by: datetime | None) -> datetime | None:
    """Return the instant from which a minimum notice counts; None without service.

    What was sent in the system and acknowledged there within the dispatch's own limit (P16) was on notice from the
    sending: the department had its day to sign. Whatever was served later, or by hand, is on notice from its service.
    """
    attempts = list(attempts)
    at = served(attempts, rule)
    if at is None or sign_by is None or at > sign_by:
        return at
    first = min((one for one in attempts if one.received), key=lambda one: one.moment, default=None)
    sent = min((one.moment for one in attempts if one.channel == Channel.SYSTEM), default=at)
    signed_there = first is None or first.channel == Channel.SYSTEM
    return min(at, sent) if signed_there else at
