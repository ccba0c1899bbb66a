"""Off the road: the enterprise takes its filing back, or never signs its letter, and the promise lapses.

Nothing of either is a mark in the credit record, nothing runs on, and the project may be filed anew. The letter is
offered on Monday, 29 January 2018: five working days end on 5 February; the twenty after the reminder run over the
Spring Festival and the working Sunday and Saturday around it, to 8 March.
"""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from approvals import services as filings
from approvals.models import Filing
from approvals.stages import Stage
from core.steps.moves import move
from prereview import services as sessions
from prereview.stages import Position, SessionKind
from tests.conftest import instant
from tests.standing import standing
from tests.stories.telling import (
    event,
    however_swept,
    in_order,
    papers,
    refused,
    sound,
    told,
    undone,
)
from tests.walk import acts, png, walk

pytestmark = pytest.mark.django_db
TICK = timedelta(microseconds=1)


def withdraw(w, by=None, at=None, reason="另选址"):
    return filings.withdraw(w.filing, reason=reason, by=by or w.people.enterprise, at=at or w.now)


# — 撤回 ——————————————————————————————————————————————————————————————————————————


def test_only_the_enterprise_withdraws_and_only_what_was_filed(people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.DRAFT)
    with refused("当前阶段"):
        withdraw(w)  # a draft is nobody's case yet
    w.to(Stage.ACCEPTED)
    others = (
        people.other_enterprise,
        people.window,
        people.convenor,
        people.supervisor,
        people.department("ZJJ"),
    )
    for stranger in others:
        with refused(error=PermissionDenied):
            withdraw(w, by=stranger)
    # Nobody of the county calls an end the enterprise did not choose: 退件 and 失效 are the system's alone.
    with refused(error=PermissionDenied):
        move(w.filing.send_back, by=people.window, at=w.now, reason="不齐")
    withdraw(w)
    assert (w.filing.stage, w.filing.ended_because) == (Stage.WITHDRAWN, "另选址")
    with refused("当前阶段"):
        withdraw(w)
    assert acts(w.filing.book).count("withdraw") == 1


@pytest.mark.parametrize(
    "stage", [Stage.SUBMITTED, Stage.RECEIVED, Stage.ACCEPTED, Stage.COMMITTING, Stage.CLEARED]
)
def test_wherever_it_stands_nothing_runs_on(people, at, stage):
    w = walk(people, at("2018-03-05 09:00"), to=stage)
    withdraw(w)
    ended = w.now
    found = however_swept(w, w.now + timedelta(days=21))
    assert found["stage"][:2] == (Stage.WITHDRAWN, ended)
    assert acts(w.filing.book)[-2:] == ["withdraw", "issue_paper"]
    assert not w.filing.limits.filter(ended_at=None).exists()
    assert not w.filing.limits.filter(escalated_at__gt=ended).exists()
    assert sound()


def test_withdrawn_between_summons_and_meeting_nobody_owes_anything(people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.PREREVIEWING)
    w.call_meeting()
    w.acknowledge(w.meeting)
    withdraw(w)
    # No opinion is taken any more, none is deemed, and no default is served on anybody.
    with refused():
        w.do(
            sessions.give_opinion,
            w.slot("QXJ", "C03"),
            position=Position.AGREE,
            by=people.department("QXJ"),
        )
    w.open(w.meeting, absent=["QXJ"])
    w.close(w.meeting)
    with refused():
        w.conclude()
    found = however_swept(w, w.now + timedelta(days=14))
    assert found["stage"][0] == Stage.WITHDRAWN
    assert not [row for row in found["opinions"] if row[0] == SessionKind.MEETING]
    assert papers(w.filing.book, "DOC14") == papers(w.filing.book, "DOC15") == []
    assert not told(people.enterprise, "视同无异议")
    assert sound()


def test_after_the_start_notification_there_is_nothing_to_withdraw(people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.START_NOTIFIED)
    with refused("当前阶段"):
        withdraw(w)
    assert w.filing.stage == Stage.START_NOTIFIED


def test_what_was_withdrawn_may_be_filed_anew(people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.LISTED)
    withdraw(w)
    again = walk(people, w.now, to=Stage.ACCEPTED)
    assert Filing.objects.filter(stage=Stage.ACCEPTED).get() == again.filing
    assert len({w.filing.number, again.filing.number}) == 2


# — 失效 ——————————————————————————————————————————————————————————————————————————


def _unsigned(people):
    """The pre-review passed on 29 January; the letter lies before the enterprise."""
    w = walk(people, instant("2018-01-17 09:00"), to=Stage.PREREVIEWING)
    w.until(instant("2018-01-24 09:00"))
    w.call_meeting()
    w.hold(w.meeting)
    w.until(instant("2018-01-29 10:00"))
    w.conclude()
    assert w.filing.stage == Stage.COMMITTING
    assert w.filing.limits.get(rule="P6").due_at == instant("2018-02-06 00:00")
    return w


walked, unsigned = standing(_unsigned)


LAPSES = "2018-03-09 00:00"


def sign(w, at=None, by=None):
    return filings.sign_letter(w.filing, upload=png(), by=by or w.people.enterprise, at=at or w.now)


def test_reminded_once_and_then_it_lapses(unsigned, people, at):
    w = unsigned
    w.until(at("2018-02-06 09:00"))
    # The first limit reminds and takes nothing away; the second runs from its end, not from the sweep.
    assert (w.filing.stage, event(w.filing.book, "remind_to_sign")) == (
        Stage.COMMITTING,
        at("2018-02-06 00:00"),
    )
    assert len(told(people.enterprise, "请签署承诺书")) == 1
    second = w.filing.limits.get(rule="P20")
    assert (second.started_at, second.due_at) == (at("2018-02-06 00:00"), at(LAPSES))
    # Nobody hurries the end, and the window does not sign in the enterprise's place.
    with refused(error=PermissionDenied):
        move(w.filing.lapse, by=people.window, at=w.now, reason="催办无果")
    with refused(error=PermissionDenied):
        sign(w, by=people.window)
    w.until(at("2018-03-08 23:59"))
    assert w.filing.stage == Stage.COMMITTING


def test_lapsed_whenever_the_sweep_comes(unsigned, people, at):
    w = unsigned
    found = however_swept(w, at("2018-03-20 09:00"))
    assert found["stage"][:2] == (Stage.LAPSED, at(LAPSES))
    assert in_order(["pass_prereview", "remind_to_sign", "lapse"], acts(w.filing.book))
    assert [event(w.filing.book, act) for act in ("remind_to_sign", "lapse")] == [
        at("2018-02-06 00:00"),
        at(LAPSES),
    ]
    assert acts(w.filing.book).count("lapse") == acts(w.filing.book).count("remind_to_sign") == 1
    assert told(people.enterprise, "承诺程序失效；可以重新申报")
    # Nothing more can be done with it; it may be filed anew.
    for verb in (sign, withdraw):
        with refused("当前阶段"):
            verb(w)
    walk(people, w.now, to=Stage.SUBMITTED)
    assert sound()


def test_signed_at_the_last_instant_and_not_one_microsecond_later(unsigned, people, at):
    w, due = unsigned, at(LAPSES)
    w.until(at("2018-02-07 09:00"))
    with undone(w):
        sign(w, at=due)
        # While the window looks at the scan nothing lapses.
        w.until(due + timedelta(days=20))
        assert w.filing.stage == Stage.COMMITTING
        w.do(filings.verify_letter, w.filing, by=people.window)
        assert w.filing.stage == Stage.COMMITTED
        assert told(people.enterprise, "承诺书已核验")
    # Past it the promise has lapsed before any sweep says so: it is not signed, not changed, not withdrawn.
    with refused("届满"):
        sign(w, at=due + TICK)
    with refused("届满"):
        withdraw(w, at=due + TICK)
    with refused("届满"):
        filings.decline_items(w.filing, codes=["C05"], by=people.enterprise, at=due + TICK)


def test_a_scan_that_is_rejected_gives_the_time_anew(unsigned, people, at):
    w = unsigned
    with refused("扫描件还没有上传"):
        w.do(filings.verify_letter, w.filing, by=people.window)
    w.until(at("2018-02-01 09:00"))
    sign(w)
    for stranger in (people.enterprise, people.department("ZJJ")):
        with refused(error=PermissionDenied):
            w.do(filings.verify_letter, w.filing, by=stranger)
    w.do(filings.reject_scan, w.filing, reason="没有盖章", by=people.window)
    assert told(people.enterprise, "没有盖章")
    assert w.filing.limits.get(rule="P6", ended_at=None).due_at == at("2018-02-09 00:00")
    with refused("扫描件还没有上传"):
        w.do(filings.verify_letter, w.filing, by=people.window)
    found = however_swept(w, at("2018-03-20 09:00"))
    assert found["stage"][0] == Stage.LAPSED
    assert sound()


def test_what_is_declined_is_not_committed_and_needs_its_approval(unsigned, people):
    w = unsigned
    with refused(error=PermissionDenied):
        w.do(filings.decline_items, w.filing, codes=["C05"], by=people.window)
    with refused("不是承诺事项"):
        w.do(filings.decline_items, w.filing, codes=["R04"], by=people.enterprise)
    before = w.filing.letter()
    w.do(filings.decline_items, w.filing, codes=["C05"], by=people.enterprise)
    letter = w.filing.letter()
    assert letter.paper.number != before.paper.number
    assert not letter.clauses.filter(item__code="C05").exists()
    # Nothing is held against it: the way goes on, and the gate asks for the approval instead of the promise.
    w.to(Stage.CLEARED)
    w.approve(skip=["C05"])
    assert [row["subject"] for row in w.filing.gate_missing()] == [
        str(w.filing.items.get(code="C05"))
    ]
    with refused("开工条件尚未齐备"):
        w.do(filings.notify_start, w.filing, by=people.window)
    w.to(Stage.START_NOTIFIED)
    with refused("签署承诺书之前"):
        w.do(filings.decline_items, w.filing, codes=["C09"], by=people.enterprise)
    assert sound()


def test_a_negative_decision_sends_it_to_the_ordinary_procedure(people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.SUBMITTED)
    with refused("适用承诺制的决定"):
        w.do(filings.serve_checklist, w.filing, by=people.window)
    with refused(error=PermissionDenied):
        w.do(filings.send_to_ordinary, w.filing, reason="负面清单", by=people.enterprise)
    w.do(filings.send_to_ordinary, w.filing, reason="属于负面清单", by=people.window)
    assert w.filing.stage == Stage.ORDINARY
    assert told(people.enterprise, "属于负面清单")
    found = however_swept(w, at("2018-04-05 09:00"))
    assert found["stage"][0] == Stage.ORDINARY


def test_a_reason_is_wanted_where_one_is_owed(people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.ACCEPTED)
    with refused(error=ValidationError):
        w.do(sessions.skip_survey, w.filing, reason=" ", by=people.convenor)
    assert w.filing.stage == Stage.ACCEPTED
