"""Random histories of a department's slot come to what the rules say, whenever and however often the sweep comes."""

import os
import random
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace

import pytest

from approvals.stages import Stage
from core.deadlines.calendar import Stop
from prereview import services
from prereview.rules.outcome import verdict
from prereview.services import facts, opinions, outcome
from prereview.stages import Answer, Position, SessionKind
from tests.conftest import instant
from tests.prereview.deeds import Acts
from tests.prereview.histories import Differs, Tree, undone
from tests.prereview.reference import Slot
from tests.share import mine, part, place
from tests.standing import standing
from tests.walk import walk

SEED = int(os.environ.get("SEED", "20180617"))
FRUIT = 8  # histories that one beginning bears: more share more, fewer differ more
DEEMED, RED = (
    "QXJ",
    "ZRJ",
)  # a department with an item that may be deemed, and one behind a red line


def called(people, start, opens):
    """A meeting that is called; of all who are asked only two departments have not yet spoken."""
    way = walk(people, instant(start), to=Stage.PREREVIEWING)
    way.meeting = way.do(
        services.call_session, kind=SessionKind.MEETING, filings=[way.filing],
        opens_at=instant(opens), place="会议室", by=people.convenor,
    )  # fmt: skip
    for slot in way.open_slots(way.meeting):
        if slot.department.code not in (DEEMED, RED):
            speak(way, slot)
    return way


def speak(way, slot):
    clerk = way.people.department(slot.department.code)
    way.do(services.give_opinion, slot, position=Position.AGREE, by=clerk)


def both(people):
    """One in the middle of the calendar, one at its end: limits of the second run into a year nobody knows."""
    return {
        "june": called(people, "2018-06-04 09:00", "2018-06-20 09:00"),
        "december": called(people, "2026-12-14 09:00", "2026-12-25 09:00"),
    }


walked, ways = standing(both)
COMES_TO = {
    DEEMED: {"agree", "deemed_absence", "no proof"},
    RED: {"agree", "no_opinion", "no proof"},
}
CASES = [("june", DEEMED), ("june", RED), ("december", DEEMED), ("december", RED)]


@contextmanager
def beginning(way, code):
    """The slot of one department before anything was done; the other department has spoken."""
    with undone():
        for slot in way.open_slots(way.meeting):
            if slot.department.code != code:
                speak(way, slot)
        slot = way.slot(code, session=way.meeting, item="C03" if code == DEEMED else "R04")
        opens = way.meeting.opens_at
        yield (
            Acts(way.people, slot),
            Slot(red=code == RED, served=way.meeting.called_at, opens=opens),
        )


def search(way, code, most, seed=SEED):
    """Grow trees until `most` histories have been checked; return what they came to."""
    print("seed", seed)
    rng, left, seen = random.Random(f"{seed}{code}"), most, Counter()
    with beginning(way, code) as (acts, reference):
        while left > 0:
            tree = Tree(acts, reference, rng, most=min(left, FRUIT))
            tree.grow([], reference)
            left -= tree.checked
            seen += tree.seen
    return seen


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("most", [125, pytest.param(2_500, marks=pytest.mark.hunt)])
@pytest.mark.parametrize(("when", "code"), CASES)
def test_every_history_comes_to_what_the_rules_say(ways, when, code, most):
    seen = search(ways[when], code, part(most), seed=SEED + place())
    print(dict(seen))
    assert set(seen) >= COMES_TO[code]


# — that the search can see ———————————————————————————————————————————————————————


def late_ones_count(facts, now):
    return verdict(
        facts if facts.given_at is None else replace(facts, due_at=None, closed_at=None), now
    )


def the_last_instant_is_late(facts, now):
    last = facts.given_at in (facts.due_at, facts.closed_at)
    return verdict(replace(facts, given_at=None) if last else facts, now)


def an_excuse_is_no_excuse(facts, now):
    refused = Answer.REFUSED if facts.answer == Answer.GRANTED else facts.answer
    return verdict(replace(facts, answer=refused), now)


def nobody_asks_for_proof(facts, now):
    return verdict(replace(facts, proven=True), now)


def nobody_asks_for_notice(facts, now):
    return verdict(replace(facts, notice_kept=True), now)


def a_red_line_is_deemed(facts, now):
    return verdict(replace(facts, default="deemed"), now)


def effective_when_somebody_looked(facts, now):
    found = verdict(facts, now)
    deemed = found.position.startswith("deemed")
    return replace(found, effective_at=now) if deemed else found


def a_dismissal_ends(facts, now):
    return verdict(replace(facts, dismissed_at=None), now)


WRONG = [
    (DEEMED, late_ones_count), (DEEMED, the_last_instant_is_late),
    (DEEMED, nobody_asks_for_proof), (DEEMED, effective_when_somebody_looked), (RED, a_red_line_is_deemed),
]  # fmt: skip
ENOUGH = 250


@pytest.mark.slow
@pytest.mark.parametrize(("code", "wrong"), WRONG, ids=[wrong.__name__ for _code, wrong in WRONG])
def test_a_wrong_rule_is_found(ways, monkeypatch, code, wrong):
    """The rules know no database: each wrong one is sought on one of them."""
    if not mine(wrong.__name__):
        return
    for module in (outcome, facts):
        monkeypatch.setattr(module, "verdict", wrong)
    with pytest.raises(Differs):
        search(ways["june"], code, ENOUGH)


@pytest.mark.hunt
@pytest.mark.parametrize(
    "wrong", [an_excuse_is_no_excuse, nobody_asks_for_notice, a_dismissal_ends]
)
def test_a_wrong_rule_that_few_histories_meet_is_found(ways, monkeypatch, wrong):
    for module in (outcome, facts):
        monkeypatch.setattr(module, "verdict", wrong)
    with pytest.raises(Differs):
        search(ways["june"], DEEMED, 20 * ENOUGH)


@pytest.mark.slow
def test_a_default_that_waits_for_the_sweep_is_found(ways, monkeypatch):
    """Whoever confirms or dismisses meets what the rules say; met instead what a sweep has written, it is found."""
    monkeypatch.setattr(opinions, "_standing", lambda slot, _at: opinions.fresh(slot))
    with pytest.raises(Differs):
        search(ways["june"], DEEMED, ENOUGH)


@pytest.mark.slow
def test_a_stop_that_takes_a_day_of_the_rest_is_found(ways, monkeypatch):
    """The day of resuming still belongs to the suspension; counted to the limit it is found."""
    monkeypatch.setattr(
        Stop,
        "stops",
        lambda stop, day: stop.since < day and (stop.until is None or day < stop.until),
    )
    with pytest.raises(Differs):
        search(ways["june"], DEEMED, 4 * ENOUGH, seed=SEED - 1)  # few meet it; these do early
