"""Random histories of one slot, played through the real services and beside them through the reference.

They grow as a tree: what two histories have in common is done once, each ends where the tree stops growing. Instants
fall by chance, and often a microsecond before, on or after one at which something ends.
"""

import copy
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta

from django.db import transaction

from tests.prereview.reference import Step

TICK = timedelta(microseconds=1)
LONG_AFTER = timedelta(days=40)
FEW_DAYS = timedelta(days=3)
# What may come next and how often: before the opening, in the room, after the item's close; what is out of place too.
BEFORE = {"sign": 3, "say_coming": 2, "lodge": 4, "grant": 1, "refuse": 1, "serve_paper": 4, "agree": 1, "claim": 1,
          "come": 1, "sweep": 1, "open": 9}  # fmt: skip
ROOM = {"come": 5, "leave": 2, "sign": 1, "grant": 1, "refuse": 1, "agree": 1, "claim": 1, "lodge": 1, "sweep": 1,
        "close": 9}  # fmt: skip
AFTER = {"agree": 5, "confirm": 1, "dismiss": 1, "serve_again": 1, "sweep": 6, "grant": 1, "refuse": 1, "claim": 3,
         "accept_claim": 1, "deny_claim": 1, "come_late": 2, "come": 1, "leave": 1, "end": 1, "sign": 1,
         "serve_paper": 1, "stop": 1, "stop_for_hearing": 1, "resume": 3, "resume_after_hearing": 1}  # fmt: skip
IN_PLACE = 6  # times as often where there is something to decide
ANSWERS, WORDS = (
    ("agree", "claim", "come_late", "stop"),
    ("confirm", "dismiss", "accept_claim", "deny_claim"),
)


class Differs(AssertionError):
    """The services and the reference come to different things; the history is told."""

    def __init__(self, history, what, ours, expected):
        told = "\n".join(f"  {step.at.isoformat()} {step.deed}" for step in history)
        super().__init__(f"{what}: {ours}, expected {expected}\n{told}")


@contextmanager
def undone():
    """Take back whatever is done inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class Tree:
    """Histories from one beginning: `grow` plays and checks until enough have come to their end."""

    def __init__(self, acts, reference, rng, *, most):
        self.acts, self.reference, self.rng = acts, reference, rng
        self.most, self.checked, self.seen = most, 0, Counter()

    def grow(self, history, ref, room=12):
        """Go on from a history in one to three ways, each then taken back."""
        ways = self.rng.choice((1, 1, 2, 3) if history else (4,))
        for _way in range(ways):
            if self.checked >= self.most or not room:
                return
            step = self.next_step(history, ref)
            with undone():
                now = self.played([*history, step], ref)
                if now.closed:
                    self.check([*history, step], now)
                self.grow([*history, step], now, min(room - 1, 1) if now.outcome else room - 1)

    def next_step(self, history, ref):
        """Draw what comes next and when; never before what was."""
        last = history[-1].at if history else ref.served
        weights = dict(BEFORE if not ref.opened else ROOM if not ref.closed else AFTER)
        for deed in self.in_place(ref, last):
            weights[deed] = weights.get(deed, 0) * IN_PLACE
        deed = self.rng.choices(list(weights), list(weights.values()))[0]
        return Step(max(last, self.instant(last, ref, deed)), deed)

    @staticmethod
    def in_place(ref, last):
        """The decisions for which there is something to decide."""
        state = ref.at(last + FEW_DAYS).state if ref.closed else ""
        return [
            *(("grant", "refuse") if ref.answer == "excuse" else ()),
            *(("accept_claim", "deny_claim") if ref.claimed else ()),
            *(("confirm", "dismiss") if ref.closed and not ref.red and not ref.doubt() else ()),
            *(("serve_again",) if state == "held" else ()),
            *(("stop",) if ref.closed and not (ref.doubt() or ref.absent or ref.stops) else ()),
            *(("agree", "resume", "resume_after_hearing") if ref.closed and ref.stands() else ()),
        ]

    def instant(self, last, ref, deed):
        if deed == "open":
            return ref.opens + timedelta(minutes=self.rng.choice((-1, 0, 0, 0, 7)))
        if not ref.opened:
            if self.rng.random() < (
                0.7 if deed == "serve_paper" else 0.3
            ):  # around the notice that must be given ahead
                return ref.opens - timedelta(
                    days=self.rng.randrange(4), minutes=self.rng.randrange(90)
                )
            later = last + timedelta(
                hours=self.rng.choice((0, 1, 5, 20)), minutes=self.rng.randrange(60)
            )
            # Few sleep through the day of the session: on another day it is not held at all.
            return later if later <= ref.opens or self.rng.random() < 0.05 else ref.opens
        near = self.near(ref, deed, last)
        if near and self.rng.random() < 0.6:
            return self.rng.choice(near)
        hours = self.rng.choice((0, 0, 1)) if not ref.closed else self.rng.choice((0, 1, 8, 20, 30))
        return last + timedelta(hours=hours, minutes=self.rng.randrange(60))

    @staticmethod
    def near(ref, deed, last):
        """A microsecond before, on and after the instants at which it matters for a deed."""
        ends, *mornings = ref.instants() or [None]
        edges = (
            [ends, *mornings[-1:]]
            if deed in ANSWERS
            else mornings[:2]
            if deed in WORDS
            else [ends, *mornings]
        )
        found = [edge + n * TICK for edge in edges if edge for n in (-1, 0, 1)]
        return [edge for edge in found if edge >= last]

    def played(self, history, ref):
        """Play the last step on both sides; return the reference as it then stands."""
        now, step = copy.copy(ref), history[-1]
        ours = self.acts.play(step)
        expected = step.deed == "sweep" or now.play(step)
        if ours != expected:
            raise Differs(history, "may be done", ours, expected)
        return now

    def check(self, history, ref):
        """Nothing more is done: where the slot stands without a sweep, and what one sweep makes of it at last."""
        self.checked += 1
        here, last = history[-1].at, history[-1].at + LONG_AFTER
        ours, theirs = self.acts.reckoned(here, last), [ref.at(here), ref.at(last)]
        if ours != theirs:
            raise Differs(history, f"at {here} and {last} it stands", ours, theirs)
        expected = ref.at(last)
        self.seen[expected.position or expected.why or expected.state] += 1
        with undone():
            self.acts.play(Step(last, "sweep"))
            deemed = int(expected.position.startswith("deemed"))
            ours, theirs = (self.acts.written(), self.acts.papers()), (expected, (deemed, deemed))
            if ours != theirs:
                raise Differs(history, f"swept at {last} it comes to", ours, theirs)
