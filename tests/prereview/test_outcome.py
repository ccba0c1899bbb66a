"""What a department's slot has come to: every branch as a table, and that no run of any program matters."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise, product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, seed
from hypothesis import strategies as st

from prereview.rules.outcome import (
    DISMISSED,
    EXCUSE_OPEN,
    NO_CALENDAR,
    NO_PROOF,
    SHORT_NOTICE,
    Facts,
    Verdict,
    expiry,
    is_absent,
    verdict,
)
from prereview.stages import Answer, Position, SlotState


def on(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))


INSTANT = timedelta(microseconds=1)
BEFORE = on("2018-06-14 09:00")
CLOSED = on("2018-06-15 10:30")  # a Friday
DUE = on("2018-06-21 00:00")  # three working days, 端午 on the 18th
LONG_AFTER = on("2019-06-15 00:00")

# After the limit of those who were there; after the close for those who stayed away.
AFTER_DUE = {
    "candidate_from": on("2018-06-21 00:00"),
    "settles_at": on("2018-06-22 00:00"),
    "escalation_ends": on("2018-06-23 00:00"),
}
AFTER_CLOSE = {
    "candidate_from": on("2018-06-19 00:00"),
    "settles_at": on("2018-06-20 00:00"),
    "escalation_ends": on("2018-06-21 00:00"),
}
PRESENT = Facts(
    default="deemed",
    proven=True,
    notice_kept=True,
    answer=Answer.COMING,
    present=True,
    closed_at=CLOSED,
    due_at=DUE,
    provisional=False,
    given_at=None,
    dismissed_at=None,
    confirmed_at=None,
    **AFTER_DUE,
)
ABSENT = replace(PRESENT, present=False, answer=Answer.NONE, **AFTER_CLOSE)
RED = replace(PRESENT, default="escalate")
RED_ABSENT = replace(ABSENT, default="escalate")

AWAITED, CANDIDATE, HELD, ESCALATED, SETTLED = (
    SlotState.AWAITED, SlotState.CANDIDATE, SlotState.HELD, SlotState.ESCALATED, SlotState.SETTLED,
)  # fmt: skip


@pytest.mark.parametrize("facts", [PRESENT, ABSENT, RED, RED_ABSENT])
def test_before_the_item_is_closed_an_opinion_is_awaited(facts):
    assert verdict(replace(facts, closed_at=None, due_at=None), BEFORE) == Verdict(AWAITED)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (CLOSED, Verdict(AWAITED, look_at=DUE)),
        (DUE - INSTANT, Verdict(AWAITED, look_at=DUE)),
        (DUE, Verdict(AWAITED, look_at=DUE)),
        (DUE + INSTANT, Verdict(CANDIDATE, look_at=AFTER_DUE["settles_at"])),
        (AFTER_DUE["settles_at"] - INSTANT, Verdict(CANDIDATE, look_at=AFTER_DUE["settles_at"])),
        (AFTER_DUE["settles_at"], Verdict(SETTLED, Position.DEEMED_TIMEOUT, DUE)),
        (LONG_AFTER, Verdict(SETTLED, Position.DEEMED_TIMEOUT, DUE)),
    ],
)
def test_there_and_silent(now, expected):
    assert verdict(PRESENT, now) == expected


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (CLOSED - INSTANT, Verdict(AWAITED, look_at=CLOSED)),
        (CLOSED, Verdict(AWAITED, look_at=CLOSED)),
        (CLOSED + INSTANT, Verdict(AWAITED, look_at=AFTER_CLOSE["candidate_from"])),
        (
            AFTER_CLOSE["candidate_from"] - INSTANT,
            Verdict(AWAITED, look_at=AFTER_CLOSE["candidate_from"]),
        ),
        (
            AFTER_CLOSE["candidate_from"],
            Verdict(CANDIDATE, look_at=AFTER_CLOSE["settles_at"]),
        ),
        (
            AFTER_CLOSE["settles_at"] - INSTANT,
            Verdict(CANDIDATE, look_at=AFTER_CLOSE["settles_at"]),
        ),
        (AFTER_CLOSE["settles_at"], Verdict(SETTLED, Position.DEEMED_ABSENCE, CLOSED)),
        (LONG_AFTER, Verdict(SETTLED, Position.DEEMED_ABSENCE, CLOSED)),
    ],
)
def test_stayed_away(now, expected):
    assert verdict(ABSENT, now) == expected


@pytest.mark.parametrize(
    ("facts", "ends"), [(RED, DUE), (RED_ABSENT, CLOSED)], ids=["there", "stayed away"]
)
def test_behind_a_red_line_silence_is_escalated_and_never_deemed(facts, ends):
    last = facts.escalation_ends

    assert verdict(facts, ends) == Verdict(AWAITED, look_at=ends)
    assert verdict(facts, ends + INSTANT) == Verdict(ESCALATED, look_at=last)
    assert verdict(facts, last) == Verdict(ESCALATED, look_at=last)
    assert verdict(facts, last + INSTANT) == Verdict(SETTLED, Position.NO_OPINION, last)
    assert verdict(facts, LONG_AFTER) == Verdict(SETTLED, Position.NO_OPINION, last)


def test_without_an_end_the_escalation_goes_on():
    facts = replace(RED, escalation_ends=None)

    assert verdict(facts, LONG_AFTER) == Verdict(ESCALATED)


# — an opinion ————————————————————————————————————————————————————————————————————


@pytest.mark.parametrize(
    ("facts", "last"),
    [(PRESENT, DUE), (ABSENT, CLOSED), (RED, RED.escalation_ends), (RED_ABSENT, RED_ABSENT.escalation_ends)],
    ids=["there", "stayed away", "red line", "red line, stayed away"],
)  # fmt: skip
def test_an_opinion_counts_to_the_microsecond(facts, last):
    for given_at in (CLOSED - timedelta(days=1), last - INSTANT, last):
        found = verdict(replace(facts, given_at=given_at), LONG_AFTER)
        assert found == Verdict(SETTLED, "given", given_at)

    late = verdict(replace(facts, given_at=last + INSTANT), LONG_AFTER)
    assert late == verdict(facts, LONG_AFTER)
    assert late.position != "given"


@pytest.mark.parametrize("now", [DUE + INSTANT, AFTER_DUE["settles_at"], LONG_AFTER])
def test_a_late_opinion_is_late_whether_or_not_a_sweep_has_run(now):
    late = replace(PRESENT, given_at=DUE + INSTANT)

    assert verdict(late, now) == verdict(PRESENT, now)


def test_an_opinion_before_the_close_counts():
    facts = replace(PRESENT, closed_at=None, due_at=None, given_at=BEFORE)

    assert verdict(facts, BEFORE) == Verdict(SETTLED, "given", BEFORE)


# — the lead unit's word —————————————————————————————————————————————————————————


@pytest.mark.parametrize(
    ("facts", "position", "effective"),
    [(PRESENT, Position.DEEMED_TIMEOUT, DUE), (ABSENT, Position.DEEMED_ABSENCE, CLOSED)],
)
def test_a_confirmed_default_settles_at_once_and_holds_from_the_expiry(facts, position, effective):
    now = facts.candidate_from + timedelta(hours=2)

    assert verdict(replace(facts, confirmed_at=now), now) == Verdict(SETTLED, position, effective)


@pytest.mark.parametrize("facts", [PRESENT, ABSENT, RED])
def test_a_dismissed_default_is_held_until_it_is_served_again(facts):
    now = facts.candidate_from + timedelta(hours=2)

    found = verdict(replace(facts, dismissed_at=now), LONG_AFTER)

    assert found == Verdict(HELD, why=DISMISSED)


def test_an_opinion_ends_a_held_default():
    now = AFTER_DUE["candidate_from"] + timedelta(hours=2)
    facts = replace(PRESENT, dismissed_at=now, given_at=now + timedelta(hours=1))

    assert verdict(facts, LONG_AFTER) == Verdict(SETTLED, "given", facts.given_at)


# — in doubt, no default —————————————————————————————————————————————————————————

AWAY = {"present": False}
DOUBTS = {
    "no proof of service": ({**AWAY, "proven": False, "answer": Answer.NONE}, NO_PROOF),
    "no proof, said to come": ({**AWAY, "proven": False, "answer": Answer.COMING}, NO_PROOF),
    "no proof, excuse refused": ({**AWAY, "proven": False, "answer": Answer.REFUSED}, NO_PROOF),
    "no proof, excused": ({**AWAY, "proven": False, "answer": Answer.GRANTED}, NO_PROOF),
    "short notice": ({**AWAY, "notice_kept": False, "answer": Answer.NONE}, SHORT_NOTICE),
    "short notice, excused": ({**AWAY, "notice_kept": False, "answer": Answer.GRANTED}, SHORT_NOTICE),
    "excuse undecided": ({**AWAY, "answer": Answer.EXCUSE}, EXCUSE_OPEN),
    "excuse undecided, no proof": ({**AWAY, "proven": False, "answer": Answer.EXCUSE}, EXCUSE_OPEN),
    "unpublished year": ({"provisional": True, "due_at": None}, NO_CALENDAR),
    "unpublished year, excused": (
        {**AWAY, "answer": Answer.GRANTED, "provisional": True, "due_at": None},
        NO_CALENDAR,
    ),
    "no date at all": ({"due_at": None}, NO_CALENDAR),
}  # fmt: skip


@pytest.mark.parametrize("default", ["deemed", "escalate"])
@pytest.mark.parametrize(("changed", "why"), DOUBTS.values(), ids=DOUBTS)
def test_in_doubt_it_is_held_with_the_reason(default, changed, why):
    facts = replace(PRESENT, default=default, **changed)

    for now in (CLOSED + INSTANT, DUE + INSTANT, LONG_AFTER):
        assert verdict(facts, now) == Verdict(HELD, why=why)


@pytest.mark.parametrize("changed", ["candidate_from", "settles_at"])
def test_where_the_calendar_does_not_reach_its_settling_it_is_held(changed):
    facts = replace(PRESENT, **{changed: None})

    assert verdict(facts, LONG_AFTER) == Verdict(HELD, why=NO_CALENDAR)
    assert verdict(replace(facts, confirmed_at=DUE + INSTANT), LONG_AFTER).state == SETTLED


def test_what_is_held_takes_an_opinion():
    for changed, _why in DOUBTS.values():
        facts = replace(PRESENT, **changed, given_at=LONG_AFTER)
        assert verdict(facts, LONG_AFTER) == Verdict(SETTLED, "given", LONG_AFTER)


def test_whoever_was_there_needs_no_proof_and_no_notice():
    facts = replace(PRESENT, proven=False, notice_kept=False)

    assert verdict(facts, LONG_AFTER) == verdict(PRESENT, LONG_AFTER)


@pytest.mark.parametrize(
    ("present", "answer", "absent"),
    [
        (False, Answer.NONE, True),
        (False, Answer.COMING, True),
        (False, Answer.REFUSED, True),
        (False, Answer.GRANTED, False),
        (False, Answer.EXCUSE, False),
        *[(True, answer, False) for answer in Answer],
    ],
)
def test_who_stayed_away(present, answer, absent):
    facts = replace(PRESENT, present=present, answer=answer)

    assert is_absent(facts) is absent
    assert expiry(facts) == (CLOSED if absent else DUE)


def test_an_excused_department_has_the_limit_of_those_who_were_there():
    facts = replace(PRESENT, present=False, answer=Answer.GRANTED)

    assert verdict(facts, LONG_AFTER) == Verdict(SETTLED, Position.DEEMED_TIMEOUT, DUE)


EVERYTHING = [
    replace(base, default=default, proven=proven, notice_kept=kept, answer=answer, present=present,
            provisional=provisional, due_at=None if provisional else DUE)
    for base, default, proven, kept, answer, present, provisional in product(
        (PRESENT, ABSENT), ("deemed", "escalate"), (True, False), (True, False), Answer,
        (True, False), (True, False),
    )
]  # fmt: skip


@pytest.mark.parametrize("facts", EVERYTHING)
def test_silence_never_agrees_and_a_red_line_is_never_deemed(facts):
    for now in (CLOSED, DUE, DUE + INSTANT, LONG_AFTER):
        found = verdict(facts, now)
        assert found.position in ("", *Position.values[4:])
        if facts.default == "escalate":
            assert found.position in ("", Position.NO_OPINION)
        if found.state == HELD:
            assert found.why
        if not facts.present and not (facts.proven and facts.notice_kept):
            assert found.state == HELD


# — no run of any program matters ————————————————————————————————————————————————

MINUTES = st.integers(0, 60 * 24 * 14)
SEED = 20180615


def after(minutes):
    return BEFORE + timedelta(minutes=minutes)


def known(facts, now):
    """What anybody can know at an instant: what has not happened yet has not happened."""

    def by_then(at):
        return at if at is not None and at <= now else None

    return replace(
        facts,
        given_at=by_then(facts.given_at),
        confirmed_at=by_then(facts.confirmed_at),
        dismissed_at=by_then(facts.dismissed_at),
        **({} if facts.closed_at <= now else {"closed_at": None}),
    )


@st.composite
def histories(draw):
    """A slot's history as the services allow it, with an opinion, a word of the lead unit, or nothing."""
    facts = draw(st.sampled_from(EVERYTHING))
    facts = replace(facts, **(AFTER_CLOSE if is_absent(facts) else AFTER_DUE))
    for deed in draw(st.permutations(["given_at", "confirmed_at", "dismissed_at", ""])):
        at = after(draw(MINUTES))
        last = max(
            [BEFORE, *filter(None, (facts.given_at, facts.confirmed_at, facts.dismissed_at))]
        )
        if not deed or at < last:
            continue
        now = verdict(known(facts, at), at)
        may = now.state == CANDIDATE if deed != "given_at" else now.state != SETTLED
        if deed == "given_at":
            may = may and verdict(replace(known(facts, at), given_at=at), at).position == "given"
        if may:
            facts = replace(facts, **{deed: at})
    return facts


@seed(SEED)
@given(facts=histories(), looks=st.lists(MINUTES, min_size=1, max_size=12), end=MINUTES)
@example(facts=PRESENT, looks=[0], end=60 * 24 * 14)
def test_the_outcome_does_not_depend_on_who_looked_when(facts, looks, end):
    """A clerk who settles what is settled when they look, and one who looks at the end only, agree."""
    print(f"seed {SEED}")
    settled = None
    for look in sorted(look for look in looks if look <= end):
        found = verdict(known(facts, after(look)), after(look))
        settled = settled or (found if found.state == SETTLED else None)

    at_the_end = verdict(known(facts, after(end)), after(end))

    assert settled in (None, at_the_end)


@seed(SEED)
@given(facts=histories(), looks=st.lists(MINUTES, min_size=2, max_size=12))
def test_what_is_settled_stays_settled(facts, looks):
    print(f"seed {SEED}")
    found = [verdict(known(facts, after(look)), after(look)) for look in sorted(looks)]

    assert all(later == earlier for earlier, later in pairwise(found) if earlier.state == SETTLED)


@seed(SEED)
@given(facts=histories(), look=MINUTES)
def test_nothing_changes_before_the_time_to_look_again(facts, look):
    """Unless somebody acts: between a look and the next one that it asks for, the answer stays."""
    print(f"seed {SEED}")
    now = after(look)
    found = verdict(known(facts, now), now)
    if found.look_at is None or found.look_at <= now:
        return
    between = now + (found.look_at - now) / 2
    assert verdict(known(facts, now), min(between, found.look_at - INSTANT)).state == found.state
