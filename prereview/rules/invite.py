"""An invitation as calendar programs take it (RFC 5545, 5546): the same event in every version, one number higher.

The icalendar library writes every line; what is alike for all who are invited is composed once and kept.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
from icalendar.parser import Contentline, Parameters

PRODUCT = "-//chengnuo//joint sessions//ZH"
TITLE = "承诺通：勘察与会议"  # of a calendar that is subscribed to
REQUEST, CANCEL = "REQUEST", "CANCEL"
ZONE = ZoneInfo("Asia/Shanghai")
NO_SUMMER_TIME_SINCE = date(1992, 1, 1)  # China's last one ended in September 1991
LOOK_AGAIN = timedelta(hours=1)
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


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
    attendee = _attendee(event.attendee, event.attendee_name)
    return _file(method, _event(event, status, stamp, attendee))


def calendar(events: Iterable[tuple[Event, datetime]]) -> str:
    """Return a calendar to subscribe to: each event with when it was last revised, the same as long as nothing changes.

    Nobody is invited by it (no METHOD, no ATTENDEE); a program looks again after an hour (RFC 7986 §5.7).
    """
    return _file("", *(_event(event, "CONFIRMED", stamp) for event, stamp in events))


def _file(method: str, *events: str) -> str:
    return "".join(("BEGIN:VCALENDAR\r\n", _head(method), *events, "END:VCALENDAR\r\n"))


def _event(event: Event, status: str, stamp: datetime, attendee: str = "") -> str:
    alike = replace(event, uid="", text="", attendee="", attendee_name="")
    lines = (
        _alike(alike, status, stamp),
        _line("UID", event.uid),
        _line("DESCRIPTION", _printable(event.text)),
        attendee,
    )
    return "".join(("BEGIN:VEVENT\r\n", *lines, "END:VEVENT\r\n"))


def _inside(component: icalendar.Component) -> str:
    """Return a component's folded lines without its first and last, which say BEGIN and END."""
    lines = component.to_ical().decode()
    return lines.partition("\r\n")[2].removesuffix(f"END:{component.name}\r\n")


@lru_cache(maxsize=4)
def _head(method: str) -> str:
    """Return what stands before the events: whose calendar it is, what it asks for, and the county's time zone."""
    whole = icalendar.Calendar()
    whole.add("prodid", PRODUCT)
    whole.add("version", "2.0")
    whole.add("calscale", "GREGORIAN")
    if method:
        whole.add("method", method)
    else:
        whole.add("x-wr-calname", TITLE)
        whole.add("refresh-interval", LOOK_AGAIN, parameters={"VALUE": "DURATION"})
        whole.add("x-published-ttl", icalendar.vDuration(LOOK_AGAIN))
    zone = icalendar.Timezone.from_tzid(ZONE.key, first_date=NO_SUMMER_TIME_SINCE)
    zone.pop("COMMENT")  # "works until 2038": its one rule has no end
    whole.add_component(zone)
    return _inside(whole)


@lru_cache(maxsize=256)
def _alike(event: Event, status: str, stamp: datetime) -> str:
    """Return the lines that are the same for whoever is invited to a session."""
    organiser = icalendar.vCalAddress(f"mailto:{event.organiser}")
    organiser.params["CN"] = _name(event.organiser_name)
    lines = icalendar.Event()
    lines.add("sequence", event.sequence)
    lines.add("dtstamp", stamp)
    lines.add("dtstart", event.starts.astimezone(ZONE))
    lines.add("dtend", event.ends.astimezone(ZONE))
    lines.add("summary", _printable(event.summary))
    lines.add("location", _printable(event.place))
    lines.add("url", event.url)
    lines.add("organizer", organiser)
    lines.add("status", status)
    lines.add("transp", "OPAQUE")
    return _inside(lines)


@lru_cache(maxsize=512)
def _line(name: str, value: Any, **more: str) -> str:
    """Return one folded line of its own, by the library and without a component around it (a fifth of the time)."""
    return Contentline.from_parts(name, Parameters(more), value).to_ical().decode() + "\r\n"


def _attendee(code: str, name: str) -> str:
    """Return who is invited: a department has no address of its own and answers on the page."""
    where = icalendar.vUri(f"urn:x-department:{code}")
    return _line("ATTENDEE", where, CN=_name(name), CUTYPE="GROUP", RSVP="FALSE")


def _printable(text: str) -> str:
    """Return a text without control characters, which no calendar may hold; lines stay lines."""
    return CONTROLS.sub("", text)


def _name(name: str) -> str:
    """Return a parameter's value in one line; how a quote is written there (RFC 6868) few programs know, so it goes."""
    return _printable(" ".join(name.replace('"', "").split()))
