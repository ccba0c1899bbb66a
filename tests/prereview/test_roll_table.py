"""Absence as a whole table: every combination of what was served, answered, recorded, said and contested.

The reference tells it anew from the rules and not from the code: served × acknowledged × excuse × substitute × check-in
× left × opinion × eligible × contest of the roll; who was not invited has no slot. 缺席默认 is drawn where all of it
speaks for it, and nowhere else; in doubt it is held (design §2 decision 3, §4; 县规则 P4a/P5a, P12, P16, P17).
"""

from collections import Counter
from datetime import datetime, timedelta
from itertools import product
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from prereview.rules.after import Ground, presence_of
from prereview.rules.outcome import Facts, doubts_decided, verdict
from prereview.services.facts import FIRST_INSTANT, stands_since
from prereview.stages import Answer, ContestResult, Position, SlotState


def on(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))


OPENED, CLOSED = on("2018-06-15 09:00"), on("2018-06-15 10:30")
DUE = on("2018-06-21 00:00")
AFTER = {
    True: (
        on("2018-06-19 00:00"),
        on("2018-06-20 00:00"),
        on("2018-06-21 00:00"),
    ),  # who stayed away
    False: (on("2018-06-21 00:00"), on("2018-06-22 00:00"), on("2018-06-23 00:00")),
}
LONG_AFTER = on("2019-06-15 00:00")
EXCUSE_AT, ROLL_AT = on("2018-06-25 10:00"), on("2018-06-26 10:00")

SERVED = ("in time", "too late", "never")
ACKNOWLEDGED = (True, False)
EXCUSE = ("none", "open", "granted", "refused")
SUBSTITUTE = (False, True)  # the excuse was granted with a substitute who has to come
CAME = ("before", "during", "after the close", "never")
LEFT = ("stayed", "before the close", "after it")
SAID = ("nothing", "in time", "late")
ELIGIBLE = ("marked", "not marked", "red line")
CONTEST = ("none", "open", "upheld", "rejected")
TABLE = list(product(SERVED, ACKNOWLEDGED, EXCUSE, SUBSTITUTE, CAME, LEFT, SAID, ELIGIBLE, CONTEST))

ANSWERS = {
    "none": Answer.NONE, "open": Answer.EXCUSE, "granted": Answer.GRANTED, "refused": Answer.REFUSED
}  # fmt: skip
CAME_AT = {
    "before": OPENED, "during": OPENED + timedelta(minutes=40), "after the close": CLOSED + timedelta(minutes=1),
    "never": None,
}  # fmt: skip
LEFT_AT = {
    "stayed": None, "before the close": CLOSED - timedelta(minutes=5), "after it": CLOSED + timedelta(minutes=5)
}  # fmt: skip
RESULTS = {
    "none": "", "open": ContestResult.OPEN, "upheld": ContestResult.UPHELD, "rejected": ContestResult.REJECTED
}  # fmt: skip


def possible(row):
    """What cannot be is left out: nobody leaves before they came, nor signs for what was never served."""
    served, acknowledged, excuse, substitute, came, left, _said, _eligible, _contest = row
    return not (
        (came == "never" and left != "stayed")
        or (came == "after the close" and left == "before the close")
        or (served == "never" and acknowledged)
        or (substitute and excuse != "granted")
    )


def reference(row):
    """What the department's slot comes to in the end, in words."""
    served, acknowledged, excuse, substitute, came, left, said, eligible, contest = row
    there = came in ("before", "during") and left != "before the close"
    excused = excuse == "granted" and not substitute
    absent = not there and not excused and excuse != "open"
    proven = there or (served != "never" and acknowledged)
    hears = (  # the doubts in which a late word still counts
        (excuse == "open" and not there)
        or (absent and contest == "upheld")
        or (not there and not proven)
        or (not there and served == "too late")
    )
    doubt = hears or (
        absent and contest == "open"
    )  # to lodge a contest costs nothing: no veto by it
    # Who was there, or excused, has until the limit ends; who was absent had until the close. Behind a red line the
    # supervisor obtains the opinion for longer, from the absent too.
    in_time = said == "in time" and (not absent or eligible == "red line")
    if in_time or (said != "nothing" and (hears or eligible == "not marked")):
        return "given"
    if doubt:
        return "held"
    if eligible == "red line":
        return Position.NO_OPINION
    if eligible == "not marked":
        return "held"
    return Position.DEEMED_ABSENCE if absent else Position.DEEMED_TIMEOUT


def facts_of(row):
    """The same row as the rules get it."""
    served, acknowledged, excuse, substitute, came, left, said, eligible, contest = row
    answer = Answer.SUBSTITUTE if substitute else ANSWERS[excuse]
    arrived, gone = CAME_AT[came], LEFT_AT[left]
    present = arrived is not None and arrived <= CLOSED and (gone is None or gone >= CLOSED)
    absent = not present and answer not in (Answer.GRANTED, Answer.EXCUSE)
    candidate, settles, ladder = AFTER[absent]
    given = {"nothing": None, "in time": DUE, "late": ladder + timedelta(microseconds=1)}[said]
    return Facts(
        default="escalate" if eligible == "red line" else "deemed", marked=eligible != "not marked",
        proven=present or (served != "never" and acknowledged), notice_kept=present or served != "too late",
        answer=answer, present=present, closed_at=CLOSED, due_at=DUE, provisional=False, given_at=given,
        dismissed_at=None, confirmed_at=None, candidate_from=candidate, settles_at=settles,
        escalation_ends=ladder, roll=RESULTS[contest],
    )  # fmt: skip


def ours(row):
    found = verdict(facts_of(row), LONG_AFTER)
    return found.position if found.state == SlotState.SETTLED else str(found.state)


def test_the_whole_table():
    rows = [row for row in TABLE if possible(row)]
    wrong = {row: (ours(row), reference(row)) for row in rows if ours(row) != reference(row)}
    assert not wrong, list(wrong.items())[:5]
    seen = Counter(map(reference, rows))
    assert len(rows) > 4000
    assert set(seen) == {"given", "held", *[p.value for p in (
        Position.NO_OPINION, Position.DEEMED_ABSENCE, Position.DEEMED_TIMEOUT)]}  # fmt: skip


def test_an_absence_default_has_everything_behind_it():
    """Not from the reference: each single thing that must hold, over the whole table."""
    for row in filter(possible, TABLE):
        if ours(row) != Position.DEEMED_ABSENCE:
            continue
        served, acknowledged, excuse, substitute, came, left, _said, eligible, contest = row
        assert (served, acknowledged) == ("in time", True)
        assert excuse in ("none", "refused") or substitute
        assert came in ("after the close", "never") or left == "before the close"
        assert eligible == "marked"
        assert contest in ("none", "rejected")


def test_the_after_view_calls_absent_only_who_is_absent():
    for row in filter(possible, TABLE):
        served, acknowledged, excuse, substitute, came, left, *_rest, contest = row
        reached = acknowledged and served != "never"
        ground = Ground(proven=reached, notice_kept=served == "in time", roll=RESULTS[contest])
        summons = SimpleNamespace(
            checked_in_at=CAME_AT[came], left_at=LEFT_AT[left],
            answer=Answer.SUBSTITUTE if substitute else ANSWERS[excuse],
        )  # fmt: skip
        word = presence_of(summons, [(OPENED, CLOSED)], ground)
        there = came in ("before", "during")
        expected = (
            ("left" if left == "before the close" else "late" if came == "during" else "present")
            if there
            else "undecided" if excuse == "open"
            else "excused" if excuse == "granted" and not substitute
            else "contested" if contest == "open"
            else "cleared" if contest == "upheld"
            else "unserved" if not reached
            else "absent" if served == "in time"
            else "away"
        )  # fmt: skip
        assert word == expected, row


def test_what_silence_came_to_stands_not_before_its_doubts_were_decided():
    """未表态 behind a red line like a default: an excuse refused, a contest rejected long after."""
    for eligible in ("red line", "marked"):
        facts = facts_of(
            ("in time", True, "refused", False, "never", "stayed", "nothing", eligible, "rejected")
        )
        found = verdict(facts, LONG_AFTER)
        for excuse, contest in ((LONG_AFTER, None), (None, LONG_AFTER)):
            invitation = SimpleNamespace(
                decided_at=excuse, roll_contest=SimpleNamespace(decided_at=contest)
            )
            assert stands_since(SimpleNamespace(invitation=invitation), found, facts) == LONG_AFTER


@pytest.mark.parametrize(
    ("excuse", "came", "contest", "counts"),
    [
        ("refused", "never", "none", {EXCUSE_AT}),
        ("granted", "never", "none", {EXCUSE_AT}),
        (
            "refused",
            "before",
            "none",
            set(),
        ),  # lodged, came after all: nobody waits for the word on it
        ("granted", "before", "none", set()),
        ("open", "before", "none", set()),
        ("refused", "never", "rejected", {EXCUSE_AT, ROLL_AT}),
        ("granted", "never", "rejected", {EXCUSE_AT}),
        ("refused", "before", "rejected", set()),
    ],
)
def test_only_a_doubt_that_bore_on_a_row_puts_off_since_when_it_stands(
    excuse, came, contest, counts
):
    facts = facts_of(("in time", True, excuse, False, came, "stayed", "nothing", "marked", contest))
    assert set(doubts_decided(facts, EXCUSE_AT, ROLL_AT)) == counts
    found = verdict(facts, LONG_AFTER)
    if came == "before" and excuse != "open":
        contested = SimpleNamespace(decided_at=LONG_AFTER)
        late = SimpleNamespace(decided_at=LONG_AFTER, roll_contest=contested)
        since = stands_since(SimpleNamespace(invitation=late), found, facts)
        assert since == facts.settles_at + FIRST_INSTANT  # whenever the word came, and the sweep
