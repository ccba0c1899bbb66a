"""What a department's slot must come to, told again from the rules and not from the code.

A history is a list of steps in the order in which they happened. `Slot` plays it: it says of each step whether it may
be, and of any instant where the slot stands then. Sweeps are no steps: nobody's program can change an outcome.
Design §2 (1–3), §4; county rules P4a/P5a notice, P5b limit, P12 confirms itself, P15 supervisor's limit.
"""

import csv
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from tests.core.oracle import COUNTY, DAY, Unknown, close_of, day_of, known

PACK = Path(__file__).parents[2] / "counties" / "zuoquan" / "rulebook.csv"


def number(code):
    """A number of the shipped rulebook."""
    with PACK.open(encoding="utf-8-sig", newline="") as file:
        return next(int(row["value"]) for row in csv.DictReader(file) if row["id"] == code)


NOTICE, SIGN, LIMIT = (number(code) for code in ("P5a", "P16", "P5b"))
CONFIRMS, LADDER = (number(code) for code in ("P12", "P15"))
GRACE = timedelta(seconds=number("P24"))


@dataclass(frozen=True)
class Step:
    """Something that somebody does at an instant."""

    at: datetime
    deed: str


@dataclass(frozen=True)
class Standing:
    """Where a slot stands: awaited, candidate, held, escalated or settled; the last with position and effect."""

    state: str
    position: str = ""
    effective: datetime | None = None
    why: str = ""


class Slot:
    """One department's slot on one item of a meeting; `red`: behind a red line."""

    def __init__(self, *, red, served, opens):
        self.red, self.served, self.opens = red, served, opens
        self.oracle = known(day_of(served))
        self.signed = self.paper = self.opened = self.ended = self.closed = None
        self.came = self.left = self.granted = self.again = self.outcome = None
        self.answer, self.dismissed, self.claimed = "", False, False
        self.stops = ()  # of the limit as it runs now: (why, since, until or None)

    # — what it comes to ——————————————————————————————————————————————————————————

    @property
    def present(self):
        if self.again:
            return True  # served anew: from there only its own limit counts
        came = self.came is not None and self.came <= self.closed
        return came and not (self.left and self.left < self.closed)

    @property
    def absent(self):
        return not self.present and self.answer not in ("excuse", "granted")

    def doubt(self):
        """Why nothing may be drawn from silence; empty where something may."""
        if self.dismissed:
            return "dismissed"
        if not self.present:
            if self.answer == "excuse":
                return "excuse open"
            if self.signed is None or self.signed > self.opened:
                return "no proof"
            if self.notice_too_short():
                return "short notice"
        return "" if self.absent or self.stands() or self.limit_ends() else "no calendar"

    def notice_too_short(self):
        """Notice counts from the sending where it was signed for there and in time, else from the service itself."""
        sign_by = close_of(self.oracle.due(day_of(self.served), SIGN, "working_day"))
        if not self.paper and self.signed <= sign_by:
            return False  # the meeting was called with the notice that is due
        first = self.oracle.morning(self.signed.astimezone(COUNTY).date(), NOTICE)
        return first is None or self.opens < first

    def limit_from(self):
        """Served again, from there; an excuse that was granted after the close, from its grant; else from the close."""
        if self.again:
            return self.again
        excused = self.answer == "granted" and not self.present
        return max(self.closed, self.granted) if excused else self.closed

    def limit_ends(self):
        try:
            return None if self.stands() else close_of(self.last_day())
        except Unknown:
            return None

    def stands(self):
        """Whether something stops the clock."""
        return any(until is None for _why, _since, until in self.stops)

    def last_day(self):
        """Day by day: one on which the clock stood does not count, and where it stood for a part is not the last."""
        day, left = day_of(self.limit_from()), LIMIT
        spans = [(day_of(since), day_of(until)) for _why, since, until in self.stops]
        while True:
            day += DAY
            worked = self.oracle.worked(day)
            left -= worked and not any(since < day <= until for since, until in spans)
            if (
                left <= 0
                and worked
                and not any(since <= day <= until != since for since, until in spans)
            ):
                return day

    def ends(self):
        """When the department's time is over; None where no notice reaches so far."""
        return self.closed if self.absent else self.limit_ends()

    def morning(self, nth):
        return self.oracle.morning(day_of(self.ends()), nth)

    def supervisors_end(self):
        last = self.morning(LADDER)
        return last and last + DAY

    def at(self, now):
        """Where it stands at an instant."""
        if self.outcome:
            return self.outcome
        if self.closed is None:
            return Standing("awaited")
        if why := self.doubt():
            return Standing("held", why=why)
        ends = self.ends()
        if ends is None or now <= ends:
            return Standing("awaited")
        return self.escalated(now) if self.red else self.defaulted(now, ends)

    def escalated(self, now):
        last = self.supervisors_end()
        if last and now > last:
            return Standing("settled", "no_opinion", last)
        return Standing("escalated")

    def defaulted(self, now, ends):
        first, by_itself = self.morning(1), self.morning(CONFIRMS)
        if first is None or by_itself is None:
            return Standing("held", why="no calendar")
        if now >= by_itself:
            return Standing("settled", self.deemed(), ends)
        return Standing("candidate" if now >= first else "awaited")

    def deemed(self):
        return "deemed_absence" if self.absent else "deemed_timeout"

    def takes(self, now):
        """Whether an opinion at an instant is in time."""
        if self.outcome:
            return False
        if self.closed is None or self.doubt() or self.ends() is None:
            return True
        last = self.supervisors_end() if self.red else self.ends()
        return last is None or now <= last

    def instants(self):
        """The instants at which something ends or begins, for histories to come close to."""
        if self.closed is None or self.outcome:
            return []
        ends = self.ends()
        if ends is None:
            return []
        return [
            t for t in (ends, self.morning(1), self.morning(CONFIRMS), self.supervisors_end()) if t
        ]

    # — what may be done —————————————————————————————————————————————————————————

    def play(self, step):
        """Do a step; return whether it may be done. What may not be done changes nothing."""
        return getattr(self, step.deed)(step.at)

    def sign(self, now):
        self.signed = self.signed or now
        return True

    def serve_paper(self, now):
        if self.signed:
            return False
        self.signed = self.paper = now
        return True

    def say_coming(self, now):
        return self._answer(now, "coming")

    def lodge(self, now):
        return self._answer(now, "excuse")

    def _answer(self, now, answer):
        if self.opened:
            return False
        self.answer = answer
        return self.sign(now)

    def grant(self, now):
        if not self._decide("granted"):
            return False
        self.granted = now
        return True

    def refuse(self, now):
        return self._decide("refused")

    def _decide(self, word):
        if self.answer != "excuse":
            return False
        self.answer = word
        return True

    def open(self, now):
        if self.opened or now < self.opens or day_of(now) != day_of(self.opens):
            return False
        self.opened = now
        return True

    def _running(self):
        return self.opened is not None and self.ended is None

    def come(self, now):
        if not self._running():
            return False
        if self.came is None:
            self.came = now
            self.sign(now)
        return True

    def leave(self, now):
        if not self._running() or self.came is None:
            return False
        self.left = self.left or now
        return True

    def close(self, now):
        if not self._running():
            return False
        self.closed = self.closed or now
        return True

    def end(self, now):
        if not self._running() or self.closed is None:
            return False
        self.ended = now
        return True

    def agree(self, now):
        if not self.takes(now):
            return False
        self.outcome = Standing("settled", "agree", now)
        return True

    def claim(self, now):
        if not self.takes(now):
            return False
        self.claimed = True
        return True

    def accept_claim(self, now):
        if not self.claimed or self.at(now).state == "settled":
            return False
        self.outcome = Standing("settled", "not_ours", now)
        return True

    def deny_claim(self, now):
        if not self.claimed or self.at(now).state == "settled":
            return False
        self.claimed = False
        return True

    def come_late(self, now):
        """A late opinion: only where one in time can no longer be given; it changes nothing."""
        return not self.takes(now)

    def confirm(self, now):
        """Not while a reply that was sent in time may still be on its way (P24)."""
        if self.at(now).state != "candidate" or now <= self.ends() + GRACE:
            return False
        self.outcome = Standing("settled", self.deemed(), self.ends())
        return True

    def dismiss(self, now):
        if self.at(now).state != "candidate":
            return False
        self.dismissed = True
        return True

    def serve_again(self, now):
        if self.signed is None or self.at(now).state != "held":
            return False
        self.again, self.dismissed, self.stops = now, False, ()
        return True

    def stop(self, now):
        return self._stop("expert review", now)

    def stop_for_hearing(self, now):
        return self._stop("hearing", now)

    def _stop(self, why, now):
        """While the time runs, and not twice for the same reason; not the time of who stayed away, which is over."""
        again = any(one == why and until is None for one, _since, until in self.stops)
        if self.outcome or self.closed is None or self.doubt() or self.absent or again:
            return False
        if not self.stands() and now > self.ends():
            return False
        self.stops = (*self.stops, (why, now, None))
        return True

    def resume(self, now):
        return self._resume("expert review", now)

    def resume_after_hearing(self, now):
        return self._resume("hearing", now)

    def _resume(self, why, now):
        standing = (why, None)
        if self.outcome or standing not in [(one, until) for one, _since, until in self.stops]:
            return False
        self.stops = tuple(
            (one, since, now if (one, until) == standing else until)
            for one, since, until in self.stops
        )
        return True
