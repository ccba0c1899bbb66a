"""Every act that bears on a slot, laid against other numbers; and a clock that stood.

The table is pure: one slot of a meeting that closed on Wednesday, 18 April 2018, at 09:30, three days for an opinion
(until the 23rd at 24:00), two until a default confirms itself, two for the supervisor behind a red line.
"""

from dataclasses import replace
from datetime import date

import pytest

from approvals.stages import Stage
from core.deadlines.rules import StopKind
from core.deadlines.services import go_on, lengthen, stand_still
from desk.queries.what_if import asked_by, what_if
from desk.rules.pack import PackError, read_calendars
from desk.rules.what_if.facts import Act, LimitFacts, Outcome, SlotFacts, Summons
from desk.rules.what_if.limits import came
from desk.rules.what_if.numbers import Breaks, Days, Edition, Number, Numbers
from desk.rules.what_if.slots import outcome
from prereview import services as sessions
from prereview.stages import Position
from tests.conftest import SHIPPED, instant
from tests.walk import walk

LATER = instant("2018-06-01 10:00")
SUMMONS = Summons(
    reached_at=instant("2018-04-16 09:00"), opens_at=instant("2018-04-18 09:00"), by_system=True,
    notice_kept=True, proven=True, answer="none", decided_at=None,
)  # fmt: skip
SLOT = SlotFacts(
    pk=1, agenda=1, kind="meeting", department="QXJ", item="C03", default="deemed", summons=SUMMONS, present=True,
    closed_at=instant("2018-04-18 09:30"), served_again_at=None, rule="P5b", length=3, acts=(), pending=False,
    recorded=Outcome("awaited"),
)  # fmt: skip
AWAY = replace(SLOT, present=False)
RED = replace(SLOT, default="escalate")
NUMBERS = {
    code: Number(n, "working_day")
    for code, n in {
        "P4a": 2,
        "P5a": 2,
        "P5b": 3,
        "P12": 2,
        "P15": 2,
        "P6": 5,
        "P20": 20,
        "P25": 5,
        "P14": 15,
        "P19": 10,
        "1": 5,
    }.items()
}


@pytest.fixture(scope="module")
def days():
    known = read_calendars(SHIPPED)
    return Days([(one.known_from, one.calendar()) for one in known])


def numbers(**changed):
    said = {code: Number(n, "working_day") for code, n in changed.items()}
    return Numbers(NUMBERS, [Edition(1, date(2017, 1, 1), NUMBERS)], said)


def act(what, when, position=""):
    return Act(instant(when), what, position)


def excused(answer, decided=None):
    return replace(
        AWAY, summons=replace(SUMMONS, answer=answer, decided_at=decided and instant(decided))
    )


CASES = [
    # what happened, what is changed, and what it comes to
    (SLOT, {}, "deemed_timeout", "2018-04-24", "2018-04-25"),
    (SLOT, {"P5b": 5}, "deemed_timeout", "2018-04-26", "2018-04-27"),
    (SLOT, {"P12": 4}, "deemed_timeout", "2018-04-24", "2018-04-27"),
    (AWAY, {"P5b": 5}, "deemed_absence", "2018-04-18 09:30", "2018-04-20"),
    (AWAY, {"P5a": 3}, "held", None, None),
    (replace(AWAY, summons=replace(SUMMONS, proven=False)), {}, "held", None, None),
    (replace(AWAY, summons=None), {"P5b": 5}, "held", None, None),
    (RED, {}, "no_opinion", "2018-04-26", "2018-04-26"),
    (RED, {"P15": 1}, "no_opinion", "2018-04-25", "2018-04-25"),
    (replace(SLOT, closed_at=None), {}, "awaited", None, None),
]
ACTS = [
    # an opinion at the end is in time, a microsecond... a minute later it is late, and with a day more in time again
    (SLOT, [act("opinion", "2018-04-24", "agree")], {}, "agree", "2018-04-24"),
    (SLOT, [act("opinion", "2018-04-24 00:01", "agree")], {}, "deemed_timeout", "2018-04-24"),
    (SLOT, [act("opinion", "2018-04-24 00:01", "agree")], {"P5b": 4}, "agree", "2018-04-24 00:01"),
    (
        SLOT,
        [act("opinion", "2018-04-20 09:00", "disagree")],
        {"P5b": 1},
        "deemed_timeout",
        "2018-04-20",
    ),
    # behind a red line the supervisor obtains it until the end of theirs
    (RED, [act("opinion", "2018-04-25 10:00", "agree")], {}, "agree", "2018-04-25 10:00"),
    (RED, [act("opinion", "2018-04-25 10:00", "agree")], {"P15": 1}, "no_opinion", "2018-04-25"),
    # the lead unit's word: said of a candidate it counts, said before there is one or after it is settled it does not
    (SLOT, [act("dismiss", "2018-04-24 09:00")], {}, "held", None),
    (SLOT, [act("dismiss", "2018-04-24 09:00")], {"P5b": 4}, "deemed_timeout", "2018-04-25"),
    (SLOT, [act("dismiss", "2018-04-24 09:00")], {"P5b": 1}, "deemed_timeout", "2018-04-20"),
    (
        SLOT,
        [act("dismiss", "2018-04-24 09:00"), act("opinion", "2018-05-02 09:00", "agree")],
        {},
        "agree",
        "2018-05-02 09:00",
    ),
    (
        SLOT,
        [act("confirm", "2018-04-24 09:00"), act("opinion", "2018-04-24 10:00", "agree")],
        {},
        "deemed_timeout",
        "2018-04-24",
    ),
    # not ours, when the convenor accepts it before silence has settled the matter
    (SLOT, [act("not_ours", "2018-04-24 10:00", "not_ours")], {}, "not_ours", "2018-04-24 10:00"),
    (
        SLOT,
        [act("not_ours", "2018-04-24 10:00", "not_ours")],
        {"P5b": 1},
        "deemed_timeout",
        "2018-04-20",
    ),
    # a default that two persons took back: held until served again, or what stands since; where there is none, nothing
    (SLOT, [act("withdraw", "2018-05-02 09:00")], {}, "held", None),
    (
        SLOT,
        [act("withdraw", "2018-05-02 09:00"), act("opinion", "2018-05-03 09:00", "agree")],
        {},
        "agree",
        "2018-05-03 09:00",
    ),
    (
        SLOT,
        [act("withdraw", "2018-05-02 09:00", "no_opinion")],
        {},
        "no_opinion",
        "2018-05-02 09:00",
    ),
    (
        SLOT,
        [
            act("opinion", "2018-04-25 09:00", "agree"),
            act("withdraw", "2018-05-02 09:00", "no_opinion"),
        ],
        {"P5b": 5},
        "agree",
        "2018-04-25 09:00",
    ),
    # an excuse that was refused later: until then an opinion was taken whatever the day
    (excused("refused", "2018-04-27 09:00"), [], {}, "deemed_absence", "2018-04-18 09:30"),
    (
        excused("refused", "2018-04-27 09:00"),
        [act("opinion", "2018-04-25 09:00", "agree")],
        {},
        "agree",
        "2018-04-25 09:00",
    ),
    (excused("granted", "2018-04-17 09:00"), [], {"P5b": 4}, "deemed_timeout", "2018-04-25"),
    (excused("excuse"), [], {}, "held", None),
    # served again while it was held: a limit of its own; where silence had settled it, too late
    (
        replace(SLOT, served_again_at=instant("2018-05-02 09:00")),
        [act("dismiss", "2018-04-24 09:00")],
        {},
        "deemed_timeout",
        "2018-05-08",
    ),
    (
        replace(SLOT, served_again_at=instant("2018-05-02 09:00")),
        [act("dismiss", "2018-04-24 09:00")],
        {"P5b": 5},
        "deemed_timeout",
        "2018-04-26",
    ),
]


def came_to(found):
    return found.position or found.state, found.effective_at


@pytest.mark.parametrize(("slot", "changed", "what", "effective", "stands"), CASES)
def test_silence(days, slot, changed, what, effective, stands):
    found = outcome(slot, numbers(**changed), days, LATER)

    assert came_to(found) == (what, effective and instant(effective))
    assert (found.stands_at and found.stands_at.replace(microsecond=0)) == (
        stands and instant(stands)
    )


@pytest.mark.parametrize(("slot", "acts", "changed", "what", "effective"), ACTS)
def test_acts(days, slot, acts, changed, what, effective):
    found = outcome(replace(slot, acts=tuple(acts)), numbers(**changed), days, LATER)

    assert came_to(found) == (what, effective and instant(effective))


def limit(rule, length, acted, **more):
    return LimitFacts(
        table="stagelimit", pk=1, rule=rule, started_at=instant("2018-04-18 10:00"), length=length, unit="working_day",
        due_at=None, ended_at=acted and instant(acted), acted_at=acted and instant(acted), **more,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "changed", "silent", "since"),
    [
        (limit("P6", 5, "2018-04-25 09:00"), {}, "", None),
        (limit("P6", 5, "2018-04-25 09:00"), {"P6": 2}, "reminded", "2018-04-21"),
        (limit("P6", 5, "2018-04-25 09:00"), {"P6": 2, "P20": 1}, "lapsed", "2018-04-24"),
        (limit("P6", 5, None, second=20), {}, "lapsed", "2018-05-25"),
        (limit("P19", 10, "2018-04-25 09:00"), {"P19": 4}, "returned", "2018-04-25"),
        (limit("P19", 10, "2018-04-25 09:00"), {"P19": 5}, "", None),
        (limit("1", 5, "2018-04-25 09:00"), {"1": 3}, "deemed_accepted", "2018-04-24"),
        (limit("P25", 5, "2018-04-23 09:00", cap=3), {}, "", None),
        (limit("P25", 5, "2018-04-23 09:00", cap=2), {}, "suspended", "2018-04-21"),
        (limit("P25", 5, "2018-04-23 09:00", cap=3), {"P25": 1, "P14": 1}, "returned", "2018-04-21"),
        (limit("P25", 5, "2018-04-23 09:00", follows=False), {"P25": 1}, "", None),
    ],
)  # fmt: skip
def test_limits(days, facts, changed, silent, since):
    found = came(facts, numbers(**changed), days, LATER)

    assert (found.silent, found.since) == (silent, since and instant(since))


def test_a_limit_that_was_signed_over_ends_as_the_later_calendar_has_it(days):
    """On 22 March 2019 Sunday, 28 April became a working day; what was served before ends on the 29th as served."""
    served, known = instant("2019-03-20 09:00"), days.at(instant("2019-04-01 09:00"))
    length = Number(
        days.at(served).working_days_between(date(2019, 3, 20), date(2019, 4, 29)), "working_day"
    )
    signed = Breaks(signed=(instant("2019-04-01 09:00"), known.edition))

    assert known.edition != days.at(served).edition
    assert days.due(served, length) == instant("2019-04-30")
    assert days.due(served, length, breaks=signed) == instant("2019-04-29")


@pytest.mark.django_db
def test_a_suspension_and_an_extension_are_kept_under_other_numbers(people, at):
    """Opened on the 19th, which still counts, ended on the 23rd: the 24th and 25th are the second and third day."""
    w = walk(people, at("2018-04-11 09:00"), to=Stage.PREREVIEWING)
    w.until(at("2018-04-16 09:00"))
    w.call_meeting()
    w.hold(w.meeting, silent=["QXJ"])
    slot = w.slot("QXJ", "C03")
    stop = stand_still(
        slot, since=at("2018-04-19 10:00"), kind=StopKind.EXPERT_REVIEW, expected_days=2, reason="评审",
        basis="行政许可法 45", certainty="A", paper_number="评审委托书1号", by=people.convenor,
    )  # fmt: skip
    standing = what_if(asked_by(["P5b=4"], at("2018-04-20 10:00")), at("2018-04-20 10:00"))
    assert (standing.mismatches, standing.changes) == ((), ())
    go_on(slot, stop, until=at("2018-04-23 10:00"))
    assert w.slot("QXJ", "C03").due_at == at("2018-04-26")

    def ends(*changes):
        found = what_if(asked_by(list(changes), at("2018-04-24 10:00")), at("2018-04-24 10:00"))
        assert found.mismatches == ()
        return [c.after.due_at for c in found.changes if c.slot]

    assert ends("P5b=5") == [at("2018-04-28")]
    # Without a day of its own the limit had ended before anything stopped it.
    assert ends("P5b=0") == [at("2018-04-19")]
    lengthen(
        slot, days=2, at=at("2018-04-24 09:00"), reason="评审", basis="行政许可法 42", certainty="A",
        paper_number="延期1号", signed_by=people.convenor,
    )  # fmt: skip
    assert w.slot("QXJ", "C03").due_at == at("2018-04-28")
    assert ends("P5b=4") == [at("2018-04-29")]


# — what counts as service ———————————————————————————————————————————————————————————————


@pytest.mark.django_db
def test_arrival_counts_as_service_where_nobody_signed(people, at):
    """The fire brigade neither signed nor came: held for want of proof; by the other word its absence is one."""
    w = walk(people, at("2018-06-06 09:00"), to=Stage.PREREVIEWING)
    w.until(at("2018-06-13 09:00"))
    w.call_meeting()
    w.acknowledge(w.meeting, skip=["XFD"])
    w.open(w.meeting, absent=["XFD"])
    w.close(w.meeting)
    w.opinions(w.meeting, silent=["XFD"])
    w.until(at("2018-06-25 09:00"))

    found = what_if(asked_by(["P16a=arrival"], w.now), w.now)
    assert found.mismatches == ()
    change = next(c for c in found.changes if c.slot)
    assert (change.before.state, change.after.position) == ("held", "deemed_absence")
    assert change.rules == ("P16a",)
    with pytest.raises(PackError, match="只能是"):
        asked_by(["P16a=rumour"], w.now)


# — a default that was withdrawn —————————————————————————————————————————————————————————


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["held", "served again", "had spoken", "moved on"])
def test_a_withdrawn_default_comes_out_as_it_is_recorded(people, at, how):
    w = walk(people, at("2018-06-06 09:00"), to=Stage.PREREVIEWING)
    w.until(at("2018-06-13 09:00"))
    w.call_meeting()
    w.hold(w.meeting, silent=["QXJ"])
    w.until(at("2018-06-25 09:00"))

    def slot():
        return w.slot("QXJ", "C03")

    if how == "had spoken":
        w.do(
            sessions.give_late_opinion, slot(), position=Position.AGREE, reason="", clause="",
            by=people.department("QXJ"),
        )  # fmt: skip
    if how == "moved on":
        w.conclude()
    w.do(
        sessions.propose_withdrawal, slot(), reason="送达不成立。", legal_basis="县规则第P5a条",
        by=people.convenor,
    )  # fmt: skip
    w.do(sessions.decide_withdrawal, slot(), approved=True, decision="同意。", by=people.supervisor)
    if how == "served again":
        w.do(sessions.serve_slot_again, slot(), by=people.convenor)
        w.until(at("2018-07-20 09:00"))
    said = {
        "held": ("held", ""), "served again": ("settled", "deemed_timeout"),
        "had spoken": ("settled", "agree"), "moved on": ("settled", "no_opinion"),
    }  # fmt: skip
    opinion = getattr(slot(), "opinion", None)
    assert (slot().state, opinion.position if opinion else "") == said[how]

    # Ten days would have left nothing to withdraw; what the bureau had said by then stands from the same moment.
    found = what_if(asked_by(["P5b=10"], w.now), w.now)
    assert found.mismatches == ()
    after = [c.after for c in found.changes if c.slot and c.slot.department == "QXJ"]
    comes_to = {"served again": ["deemed_timeout"], "had spoken": []}.get(how, ["awaited"])
    assert [one.position or one.state for one in after] == comes_to
