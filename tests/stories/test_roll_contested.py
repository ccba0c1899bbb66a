"""A department that was there is written down as absent: it contests the roll, and no default rests on it meanwhile."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import translation

from accounts.models import Membership
from accounts.stages import Role
from approvals.stages import Stage
from core import clock
from core.ledger.models import Entry
from core.ledger.services import lock
from core.steps.reasons import NotNow
from desk.queries.what_if import asked_by, what_if
from desk.queries.work import waiting_for
from desk.queries.work.defaults import withdrawals_to_approve
from desk.queries.work.rows import Seen
from prereview import services as sessions
from prereview.models import RollContest
from prereview.queries.after import after
from prereview.queries.roll import roll_contest_until
from prereview.rules.outcome import ROLL_CONTESTED, ROLL_WRONG
from prereview.services.minutes import Decision, minutes_of
from prereview.services.outcome import advance
from prereview.stages import ContestResult, Position, SlotState
from tests.conftest import instant as at
from tests.prereview.page import Page
from tests.standing import standing
from tests.stories.telling import refused, told
from tests.walk import acts, walk

pytestmark = pytest.mark.django_db
TEXT = "本单位张示例9时已在会场，签到页打不开，召集人没有记录"


def _closed(people):
    """Wednesday the 13th: QXJ is not on the roll; its default would confirm itself on Friday the 15th."""
    w = walk(people, at("2018-06-06 09:00"), to=Stage.PREREVIEWING)
    w.until(at("2018-06-11 09:00"))
    w.call_meeting()
    w.hold(w.meeting, absent=["QXJ"])
    return w


walked, w = standing(_closed)


def summons(w, code="QXJ"):
    return w.meeting.invitations.get(department__code=code)


def contest(w, people, **said):
    return w.do(sessions.contest_roll, summons(w), by=people.head("QXJ"), **{"text": TEXT, **said})


def decide(w, by, upheld, reason="核对会场照片"):
    return w.do(sessions.decide_roll_contest, summons(w), upheld=upheld, reason=reason, by=by)


def slot(w):
    return w.slot("QXJ", "C03")


def test_each_department_has_its_copy_at_once(w):
    w.meeting.refresh_from_db()
    copy = w.meeting.roll_copy
    assert copy.given_at == w.meeting.closed_at
    rows = {row["department"]: row["found"] for row in copy.paper.content["roll"]}
    assert [name for name, found in rows.items() if found == "缺席"] == [
        row["department"] for row in copy.paper.content["roll"] if "气象" in row["department"]
    ]
    assert len(rows) > 3
    until = roll_contest_until(w.meeting, w.now)
    assert until == at("2018-06-20 00:00")  # 3 working days, 端午 on the 18th


@pytest.mark.parametrize(
    "who", ["window", "convenor", "supervisor", "enterprise", "clerk", "another"]
)
def test_only_the_head_of_the_department_contests(w, people, who):
    others = {"clerk": people.department("QXJ"), "another": people.head("SLJ")}
    with refused(error=PermissionDenied):
        w.do(
            sessions.contest_roll, summons(w), text=TEXT, by=others.get(who) or getattr(people, who)
        )
    assert not RollContest.objects.exists()


def test_contested_nothing_is_drawn_from_it(w, people):
    contest(w, people)
    assert (slot(w).state, slot(w).held_because) == (SlotState.HELD, str(ROLL_CONTESTED))
    w.until(at("2018-06-29 09:00"))
    assert slot(w).state == SlotState.HELD
    assert Entry.objects.filter(book=w.meeting.book, act="roll_contest_overdue").count() == 1
    with refused("已经提出过异议"):
        contest(w, people)


@pytest.mark.parametrize(
    ("upheld", "stands"), [(True, Position.DISAGREE), (False, Position.DEEMED_ABSENCE)]
)
def test_a_word_said_meanwhile_is_late_and_counts_only_where_the_contest_does(
    w, people, upheld, stands
):
    contest(w, people)
    w.until(at("2018-06-14 10:00"))
    said = {"position": Position.DISAGREE, "reason": "在禁建区内", "clause": "气象法第二十一条"}
    clerk = people.department("QXJ")
    with refused("迟到意见"):
        w.do(sessions.give_opinion, slot(w), by=clerk, **said)
    late = w.do(sessions.give_late_opinion, slot(w), by=clerk, **said)
    assert slot(w).state == SlotState.HELD
    with refused("还没有决定"):  # it would cut off what was said
        w.do(sessions.serve_slot_again, slot(w), by=people.convenor)
    decide(w, people.supervisor, upheld=upheld)
    w.until(at("2018-06-26 09:00"))
    opinion = slot(w).opinion
    assert opinion.position == stands
    assert (opinion.effective_at == late.received_at) is upheld
    assert what_if(asked_by([], w.now), w.now).mismatches == ()


def test_not_upheld_the_default_stands_as_if_never_contested(w, people):
    closed = slot(w).agenda.closed_at
    contest(w, people)
    w.until(at("2018-06-19 15:00"))
    decided = w.now
    decide(w, people.supervisor, upheld=False)
    assert slot(w).opinion.position == Position.DEEMED_ABSENCE
    assert slot(w).opinion.effective_at == closed
    assert slot(w).opinion.proof["stands_since"] == decided.isoformat()


def test_why_a_row_is_held_is_kept_in_chinese_and_read_in_the_language_of_the_page(w, people):
    with translation.override("en"):
        contest(w, people)
        assert slot(w).held_why.isascii()
        w.until(at("2018-06-13 15:00"))
    assert slot(w).held_because == str(ROLL_CONTESTED)
    with transaction.atomic(), clock.driven(w.now):
        lock(slot(w).book_id)
        advance(slot(w), w.now)
    assert acts(w.filing.book).count("slot_held") == 1
    with translation.override("en"):
        decide(w, people.supervisor, upheld=True)
    assert slot(w).held_because == str(ROLL_WRONG)


def test_upheld_no_absence_can_settle_until_it_is_served_again(w, people):
    contest(w, people)
    decide(w, people.supervisor, upheld=True)
    assert (slot(w).state, slot(w).held_because) == (SlotState.HELD, str(ROLL_WRONG))
    w.until(at("2018-06-26 09:00"))
    assert slot(w).state == SlotState.HELD
    w.do(sessions.serve_slot_again, slot(w), by=people.convenor)
    assert slot(w).state == SlotState.AWAITED
    w.until(at("2018-07-10 09:00"))
    assert slot(w).opinion.position == Position.DEEMED_TIMEOUT  # by a limit of its own


def test_upheld_after_the_default_settled_two_persons_withdraw_it(w, people):
    w.until(at("2018-06-19 09:00"))
    assert slot(w).opinion.position == Position.DEEMED_ABSENCE
    contest(w, people)
    assert slot(w).opinion.deemed  # what silence had come to by then stays
    decide(w, people.supervisor, upheld=True)
    (proposed,) = slot(w).opinion.withdrawals.all()
    assert proposed.proposer == people.supervisor.user
    assert told(people.convenor, "请批准或者不批准")
    rows = {
        one.role: [row.title for row in waiting_for(one, w.now)]
        for one in (people.convenor, people.supervisor)
    }
    assert {role: any("批准撤回默认" in what for what in whats) for role, whats in rows.items()} == {
        Role.CONVENOR: True, Role.SUPERVISOR: False,
    }  # fmt: skip
    said = {"approved": True, "decision": "同意撤回"}
    with refused("不能自己批准"):
        w.do(sessions.decide_withdrawal, slot(w), by=people.supervisor, **said)
    done = w.do(sessions.decide_withdrawal, slot(w), by=people.convenor, **said)
    assert [row["as"] for row in done.paper.content["signed"]] == [
        "效能监督（提出）",
        "召集人（批准）",
    ]
    assert slot(w).state == SlotState.HELD


def test_who_convened_does_not_decide_under_another_office_either(w, people):
    contest(w, people)
    both = Membership.objects.create(
        user=people.convenor.user, organisation=people.supervisor.organisation, role=Role.SUPERVISOR,
        valid_from=at("2018-01-01 00:00").date(),
    )  # fmt: skip
    with refused("召集本次会议"):
        decide(w, both, upheld=False)
    with refused(error=PermissionDenied):
        decide(w, people.convenor, upheld=False)
    with refused(error=ValidationError):
        decide(w, people.supervisor, upheld=False, reason=" ")
    decide(w, people.supervisor, upheld=False)
    with refused("没有待决定"):
        decide(w, people.supervisor, upheld=True)


def second(people, of, like):
    """A second office of one person."""
    return Membership.objects.create(
        user=of.user, organisation=like.organisation, role=like.role, valid_from=at("2018-01-01 00:00").date()
    )  # fmt: skip


@pytest.mark.parametrize("who", ["lodger", "clerk"])
def test_nobody_of_the_department_decides_under_another_office(w, people, who):
    own = {"lodger": people.head("QXJ"), "clerk": people.department("QXJ")}[who]
    both = second(people, own, people.supervisor)
    lead = second(people, own, people.convenor)
    contest(w, people)
    with refused("部门以外的人"):
        decide(w, both, upheld=True)
    decide(w, people.supervisor, upheld=False)
    w.until(at("2018-06-19 09:00"))
    said = {"reason": "有误", "legal_basis": "县规则"}
    w.do(sessions.propose_withdrawal, slot(w), by=people.convenor, **said)
    for one in (both, lead):
        with refused(error=(NotNow, PermissionDenied)):
            w.do(sessions.decide_withdrawal, slot(w), approved=True, decision="同意", by=one)
    assert not list(withdrawals_to_approve(Seen(both, w.now, None)))
    assert list(withdrawals_to_approve(Seen(people.supervisor, w.now, None)))


def test_who_lodged_the_contest_approves_no_withdrawal_when_out_of_office(w, people):
    contest(w, people)
    decide(w, people.supervisor, upheld=False)
    w.until(at("2018-06-19 09:00"))
    head = people.head("QXJ")
    both = second(people, head, people.supervisor)
    Membership.objects.filter(pk=head.pk).update(valid_to=at("2018-06-18 00:00").date())
    w.do(
        sessions.propose_withdrawal,
        slot(w),
        reason="有误",
        legal_basis="县规则",
        by=people.convenor,
    )
    assert not list(withdrawals_to_approve(Seen(both, w.now, None)))
    with refused("提出异议的人"):
        w.do(sessions.decide_withdrawal, slot(w), approved=True, decision="同意", by=both)
    assert "须由部门以外的人决定" in Page(both, w).says("decide_withdrawal", slot(w).pk)


def called(w, people):
    """How the after-view and the minutes call the department."""
    (row,) = after(w.meeting, people.department("QXJ"), w.now)["rows"]
    (absent,) = minutes_of(slot(w).agenda, Decision("pass"), w.now, w.people.convenor)["absent"]
    return row["presence"], absent["note"]


@pytest.mark.parametrize(("upheld", "word"), [(True, "cleared"), (False, "absent")])
def test_papers_and_view_call_absent_only_whom_the_rules_do(w, people, upheld, word):
    w.meeting.refresh_from_db()
    assert called(w, people) == ("absent", "已送达，未到会")
    contest(w, people)
    assert called(w, people) == ("contested", "异议待决")
    decide(w, people.supervisor, upheld=upheld)
    assert called(w, people)[0] == word


@pytest.mark.parametrize("upheld", [None, True, False])
@pytest.mark.parametrize("settled", [True, False])
def test_reckoned_again_it_comes_out_as_it_is_recorded(w, people, upheld, settled):
    if settled:
        w.until(at("2018-06-19 09:00"))
    contest(w, people)
    if upheld is not None:
        decide(w, people.supervisor, upheld=upheld)
    w.until(at("2018-06-22 09:00"))
    assert what_if(asked_by([], w.now), w.now).mismatches == ()


LAST = at("2018-06-20 00:00")
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(("when", "heard"), [(LAST, True), (LAST + TICK, False)])
def test_to_the_microsecond(w, people, when, heard):
    w.until(LAST - timedelta(minutes=1))
    w.now = when
    if heard:
        assert contest(w, people).result == ContestResult.OPEN
        return
    with refused("届满"):
        contest(w, people)


def test_before_the_copy_there_is_nothing_to_contest(people):
    w = walk(people, at("2018-06-06 09:00"), to=Stage.PREREVIEWING)
    w.until(at("2018-06-11 09:00"))
    w.call_meeting()
    w.acknowledge(w.meeting)
    w.open(w.meeting, absent=["QXJ"])
    with refused("还没有宣布结束"):
        contest(w, people)
