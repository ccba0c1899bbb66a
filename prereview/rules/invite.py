"""An invitation as calendar programs take it (RFC 5545, 5546): the same event in every version, one number higher."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import chain

LINE = 75  # octets, RFC 5545 §3.1
WITHIN = range(0x80, 0xC0)  # octets of UTF-8 that go on with a character
PRODUCT = "-//chengnuo//joint sessions//ZH"
TITLE = "承诺通：勘察与会议"  # of a calendar that is subscribed to
REQUEST, CANCEL = "REQUEST", "CANCEL"


@dataclass(frozen=True)
class Event:
    """One session as one department is invited to it. Times are aware; `uid` stays when the session is moved."""

    uid: str
    sequence: int
    starts: datetime
    ends: datetime
    summary: str
    place: str
    text: str
    url: str
    organiser: str  # a mail address
    organiser_name: str
    attendee: str  # the department's code
    attendee_name: str


def invitation(event: Event, method: str, stamp: datetime) -> str:
    """Return the calendar file: METHOD REQUEST adds the event or moves it, CANCEL takes it off."""
    status = "CANCELLED" if method == CANCEL else "CONFIRMED"
    # A department has no address of its own: it answers on the page, where the answer has its effect.
    attendee = f"CN={_quoted(event.attendee_name)};CUTYPE=GROUP;RSVP=FALSE:urn:x-department:{event.attendee}"
    return _file(
        (f"METHOD:{method}",), _lines(event, stamp, status, more=(f"ATTENDEE;{attendee}",))
    )


def calendar(events: Iterable[tuple[Event, datetime]]) -> str:
    """Return a calendar to subscribe to: each event with when it was last revised, the same as long as nothing changes.

    Nobody is invited by it (no METHOD, no ATTENDEE); a program looks again after an hour (RFC 7986 §5.7).
    """
    head = (
        f"X-WR-CALNAME:{_escaped(TITLE)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    )
    return _file(head, *(_lines(event, stamp, "CONFIRMED") for event, stamp in events))


def _file(head: tuple[str, ...], *events: tuple[str, ...]) -> str:
    begin = ("BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", *head)
    lines = (*begin, *chain.from_iterable(events), "END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _lines(
    event: Event, stamp: datetime, status: str, more: tuple[str, ...] = ()
) -> tuple[str, ...]:
    return (
        "BEGIN:VEVENT",
        f"UID:{event.uid}",
        f"SEQUENCE:{event.sequence}",
        f"DTSTAMP:{_utc(stamp)}",
        f"DTSTART:{_utc(event.starts)}",
        f"DTEND:{_utc(event.ends)}",
        f"SUMMARY:{_escaped(event.summary)}",
        f"LOCATION:{_escaped(event.place)}",
        f"DESCRIPTION:{_escaped(event.text)}",
        f"URL:{event.url}",
        f"ORGANIZER;CN={_quoted(event.organiser_name)}:mailto:{event.organiser}",
        *more,
        f"STATUS:{status}",
        "TRANSP:OPAQUE",
        "END:VEVENT",
    )


@lru_cache(maxsize=64)
def _utc(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    plain = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return plain.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def _quoted(name: str) -> str:
    """Return a parameter's value: it may hold no quote and no control character, whatever it is called."""
    return '"' + "".join(c for c in name if c != '"' and c.isprintable()) + '"'


@lru_cache(maxsize=256)  # most lines are the same for all who are invited
def _folded(line: str) -> str:
    """Break a long line after at most 75 octets, never inside a character; a blank begins what continues."""
    left, parts, room = line.encode(), [], LINE
    while len(left) > room:
        end = room
        while left[end] in WITHIN:
            end -= 1
        parts.append(left[:end].decode())
        left, room = left[end:], LINE - 1
    return "\r\n ".join((*parts, left.decode()))
