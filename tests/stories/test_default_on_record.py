"""A default is a record: made up, contested, withdrawn by two persons, and nothing of it is ever deleted.

The weather bureau sat in the meeting of Friday, 15 June 2018 and said nothing on one item. Its three working days end
with Thursday the 21st (端午 is on the 18th), and on Monday the 25th the default confirms itself.
"""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from accounts.models import Membership
from accounts.stages import Role
from approvals.stages import Stage
from core.deadlines.queries import start_of
from core.steps.checking import standing_of
from prereview import services as sessions
from prereview.models import MakeUp, Opinion, Withdrawal
from prereview.queries.follow_ups import tasks
from prereview.stages import ContestResult, FollowUpKind, Position, SlotState, WithdrawalState
from tests.conftest import instant as at
from tests.standing import standing
from tests.stories.telling import papers, refused, sound, told, undone
from tests.walk import acts, walk

pytestmark = pytest.mark.django_db
WHY = {"reason": "签收人不是该单位的人，送达不成立。", "legal_basis": "县规则第P5a条"}


def _defaulted(people):
    w = walk(people, at("2018-06-06 09:00"), to=Stage.PREREVIEWING)
    w.until(at("2018-06-13 09:00"))
    w.call_meeting()
    assert w.meeting.opens_at == at("2018-06-15 09:00")
    w.hold(w.meeting, silent=["QXJ"])
    w.until(at("2018-06-25 09:00"))
    assert w.slot("QXJ", "C03").opinion.deemed
    return w


walked, w = standing(_defaulted)


def slot(w):
    return w.slot("QXJ", "C03")


def head(people):
    return Membership.objects.get(user__username="qxj-head", role=Role.HEAD)


def contest(w, people, text="签收的人不是本单位的。"):
    return w.do(sessions.contest_default, slot(w), text=text, by=head(people))


def propose(w, people):
    return w.do(sessions.propose_withdrawal, slot(w), by=people.convenor, **WHY)


def approve(w, people, *, approved=True):
    return w.do(
        sessions.decide_withdrawal, slot(w), approved=approved, decision="核对凭证，同意。",
        by=people.supervisor,
    )  # fmt: skip


# — what it carries ——————————————————————————————————————————————————————————————


def test_it_holds_from_the_due_instant_and_carries_its_whole_proof(w):
    default = slot(w).opinion

    assert default.effective_at == slot(w).due_at == start_of(at("2018-06-22 00:00").date())
    proof = default.proof
    for name in (
        "session",
        "served_at",
        "channel",
        "acknowledged_at",
        "acknowledged_by",
        "closed_at",
    ):
        assert proof[name], name
    assert [day["counted"] for day in proof["days"]].count(
        "不计"
    ) == 4  # the start, the weekend, 端午
    assert (proof["suspensions"], proof["extensions"]) == ([], [])
    assert all(one["holds"] for one in proof["exclusions"])
    assert {one["check"] for one in proof["exclusions"]} >= {
        "no_red_line",
        "service_proven",
        "marked",
    }
    assert proof["calendar"]
    assert proof["rulebook"]
    assert proof["catalogue"]
    assert "统一事项清单" in "".join(default.paper.content["exclusions"])
    assert told_of_default(w)


def told_of_default(w):
    return told(w.people.supervisor, "视同无异议") and told(w.people.enterprise, "视同无异议")


def test_the_make_up_is_reminded_of_before_its_end_and_escalated_after_it(w, people):
    clerk = people.department("QXJ")
    assert not told(clerk, "前补做意见")
    w.until(at("2018-06-26 08:30"))
    assert told(clerk, "前补做意见")
    assert not told(people.supervisor, "未补做意见")
    w.until(at("2018-06-26 23:59"))
    w.until(at("2018-06-27 09:00"))
    assert told(people.supervisor, "未补做意见")
    made = MakeUp.objects.get(opinion=slot(w).opinion)
    assert made.escalated_at == at("2018-06-27 00:00")


# — the contest ——————————————————————————————————————————————————————————————————


def test_who_may_not_contest_and_what(w, people):
    for stranger in (
        people.department("QXJ"),
        people.enterprise,
        people.convenor,
        people.supervisor,
    ):
        with refused(error=PermissionDenied):
            w.do(sessions.contest_default, slot(w), text="异议", by=stranger)
    with refused(error=ValidationError):
        contest(w, people, text="  ")
    agreed = w.filing.slots.exclude(pk=slot(w).pk).filter(department__code="QXJ").first()
    if agreed is not None:
        with refused("没有视同无异议"):
            w.do(sessions.contest_default, agreed, text="异议", by=head(people))
    with refused("没有待决定的异议"):
        w.do(sessions.decide_contest, slot(w), upheld=False, reason="无", by=people.convenor)


def test_a_contest_counts_to_the_microsecond_and_once(w, people):
    served = slot(w).opinion.recorded_at
    last = start_of(at("2018-06-29 00:00").date())  # three working days from Monday the 25th
    assert served < last
    with refused("已于2018年6月28日24时届满"):
        sessions.contest_default(
            slot(w), text="异议", by=head(people), at=last.replace(microsecond=1)
        )
    sessions.contest_default(slot(w), text="异议", by=head(people), at=last)
    with refused("只能提出一次"):
        sessions.contest_default(slot(w), text="异议", by=head(people), at=last)


def test_not_upheld_the_default_stands_with_the_reasons_on_paper(w, people):
    contest(w, people)
    # Nothing waits for it: the case can be concluded meanwhile.
    assert told(people.convenor, "提出异议")
    with refused(error=PermissionDenied):
        w.do(sessions.decide_contest, slot(w), upheld=True, reason="是", by=people.supervisor)
    with refused(error=ValidationError):
        w.do(sessions.decide_contest, slot(w), upheld=False, reason=" ", by=people.convenor)
    w.do(sessions.decide_contest, slot(w), upheld=False, reason="已签收。", by=people.convenor)
    assert slot(w).opinion.contest.result == ContestResult.REJECTED
    assert papers(w.filing.book, "DOC51")
    assert told(people.department("QXJ"), "异议不成立")
    with refused("没有待决定的异议"):
        w.do(sessions.decide_contest, slot(w), upheld=False, reason="又", by=people.convenor)
    with refused("只能提出一次"):
        contest(w, people)


def test_a_contest_that_nobody_decides_is_the_supervisors_and_not_upheld(w, people):
    found = contest(w, people)
    assert found.due_at == at("2018-07-03 00:00")
    w.until(at("2018-07-03 09:00"))
    assert told(people.supervisor, "逾期未决定")
    assert acts(w.filing.book).count("contest_overdue") == 1
    assert slot(w).opinion.deemed
    w.do(sessions.decide_contest, slot(w), upheld=False, reason="已签收。", by=people.convenor)


# — the withdrawal ———————————————————————————————————————————————————————————————


def test_upheld_it_is_withdrawn_by_a_second_person_and_served_again(w, people):
    number = slot(w).opinion.paper.number
    contest(w, people)
    with refused(error=ValidationError):
        w.do(sessions.decide_contest, slot(w), upheld=True, reason="是", by=people.convenor)
    w.do(sessions.decide_contest, slot(w), upheld=True, by=people.convenor, **WHY)
    # Until the second person has spoken the default stands, and with it the way.
    assert slot(w).opinion.deemed
    assert told(people.supervisor, "请批准")
    with refused("正等待批准"):
        propose(w, people)
    with refused(error=PermissionDenied):
        w.do(sessions.decide_withdrawal, slot(w), approved=True, decision="是", by=people.convenor)
    with refused(error=ValidationError):
        w.do(sessions.decide_withdrawal, slot(w), approved=True, decision=" ", by=people.supervisor)
    done = approve(w, people)

    # Nothing is deleted: the default is on record as withdrawn, with both papers.
    default = Opinion.objects.get(pk=done.opinion_id)
    assert (default.withdrawn, default.stands_in, default.paper.number) == (True, None, number)
    stands = standing_of(
        default.paper
    )  # and whoever holds the notice reads that it is no longer in force
    assert (stands.valid, stands.at, stands.by) == (False, default.withdrawn_at, done.paper)
    assert standing_of(done.paper).by is None
    assert {one["name"] for one in done.paper.content["signed"]} == {
        people.convenor.user.name, people.supervisor.user.name,
    }  # fmt: skip
    assert told(people.department("QXJ"), "已撤回")
    assert told(people.enterprise, "已撤回")
    assert MakeUp.objects.get(opinion=default).ended_at
    # The slot is held until it is served again; nobody concludes over it, and no sweep settles it.
    w.until(at("2018-07-20 09:00"))
    assert (slot(w).state, w.filing.stage) == (SlotState.HELD, Stage.PREREVIEWING)
    with refused("意见未齐"):
        w.conclude()
    w.do(sessions.serve_slot_again, slot(w), by=people.convenor)
    w.until(at("2018-07-25 23:59"))
    assert slot(w).state == SlotState.AWAITED
    w.until(at("2018-07-30 09:00"))
    # Silent again it is a second default, with a number and a make-up of its own, and may be contested.
    second = slot(w).opinion
    assert second.deemed
    assert second.pk != default.pk
    assert second.paper.number != number
    assert slot(w).opinions.count() == 2
    assert second.make_up.pk != default.make_up.pk
    contest(w, people)
    assert sound()


def test_what_the_department_said_meanwhile_counts_once_it_is_withdrawn(w, people):
    late = w.do(
        sessions.give_late_opinion, slot(w), position=Position.CONDITIONS, reason="补防雷设计",
        clause="气象灾害防御条例第二十三条", by=people.department("QXJ"),
    )  # fmt: skip
    propose(w, people)
    approve(w, people)
    said = slot(w).opinion
    assert (said.position, said.conditions) == (Position.CONDITIONS, ["补防雷设计"])
    assert said.effective_at == late.received_at
    w.conclude()
    assert w.filing.stage == Stage.COMMITTING
    assert sound()


def test_a_procedure_that_has_gone_on_is_not_turned_back(w, people):
    w.conclude()
    cases = w.filing.correction_cases.count()
    propose(w, people)
    done = approve(w, people)
    assert w.filing.stage == Stage.COMMITTING
    assert slot(w).opinion.position == Position.NO_OPINION
    assert w.filing.correction_cases.count() == cases + 1
    assert (done.case.legal_basis, done.case.closed_at) == (WHY["legal_basis"], None)
    assert "不倒回" in "".join(done.paper.content["effects"])
    w.to(Stage.NOTICED)
    assert sound()


def test_not_approved_the_default_stands_and_it_can_be_proposed_again(w, people):
    propose(w, people)
    approve(w, people, approved=False)
    assert slot(w).opinion.deemed
    assert told(people.department("QXJ"), "未获批准")
    with refused("没有待批准的撤回"):
        approve(w, people)
    propose(w, people)
    approve(w, people)
    states = [one.state for one in Withdrawal.objects.order_by("pk")]
    assert states == [WithdrawalState.REFUSED, WithdrawalState.APPROVED]
    with refused("没有视同无异议"):
        propose(w, people)


def test_a_contest_nobody_decided_is_answered_by_the_withdrawal(w, people):
    found = contest(w, people)
    propose(w, people)
    approve(w, people)
    found.refresh_from_db()
    assert (found.result, found.act_at) == (ContestResult.UPHELD, None)
    w.until(at("2018-07-10 09:00"))
    assert not told(people.supervisor, "逾期未决定")


def test_one_person_in_two_offices_is_one_person(w, people):
    both = Membership.objects.create(
        user=people.convenor.user, organisation=people.supervisor.organisation, role=Role.SUPERVISOR,
        valid_from=at("2018-01-01 00:00").date(),
    )  # fmt: skip
    propose(w, people)
    with refused("另一个人"):
        w.do(sessions.decide_withdrawal, slot(w), approved=True, decision="是", by=both)
    row = Withdrawal.objects.get()
    with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
        Withdrawal.objects.filter(pk=row.pk).update(
            state=WithdrawalState.APPROVED, decided_by=both, decider=both.user, decision="是"
        )
    default = slot(w).opinion
    with pytest.raises(IntegrityError), transaction.atomic():
        Withdrawal.objects.create(
            opinion=default, proposed_by=people.convenor, proposer=people.convenor.user,
            proposed_at=w.now, **WHY,
        )  # fmt: skip
    # Nor does a row of the table take a default out of its slot without saying when it was withdrawn.
    with pytest.raises(IntegrityError, match="stands_nowhere"), transaction.atomic():
        Opinion.objects.filter(pk=default.pk).update(stands_in=None)


# — what it costs the department —————————————————————————————————————————————————


def test_the_first_default_is_an_interview_and_a_withdrawn_one_none(w, people):
    (task,) = tasks(w.now)
    assert (task.department.code, task.kind, task.nth) == ("QXJ", FollowUpKind.INTERVIEW, 1)
    for stranger in (people.convenor, people.window, people.department("QXJ")):
        with refused(error=PermissionDenied):
            w.do(sessions.finish_follow_up, slot(w), note="已谈", by=stranger)
    with refused(error=ValidationError):
        w.do(sessions.finish_follow_up, slot(w), note=" ", by=people.supervisor)
    agreed = w.filing.slots.exclude(department__code="QXJ").first()
    with refused("不需要约谈"):
        w.do(sessions.finish_follow_up, agreed, note="已谈", by=people.supervisor)
    with undone(w):
        w.do(sessions.finish_follow_up, slot(w), note="已约谈负责人。", by=people.supervisor)
        assert tasks(w.now) == []
        assert told(head(people), "已约谈")
        assert "finish_follow_up" in acts(w.filing.book)
        with refused("已经办结"):
            w.do(sessions.finish_follow_up, slot(w), note="又", by=people.supervisor)
    propose(w, people)
    approve(w, people)
    assert tasks(w.now) == []
    with refused("不需要约谈"):
        w.do(sessions.finish_follow_up, slot(w), note="已谈", by=people.supervisor)


# — a survey goes on by itself with its last opinion ————————————————————————————————————————


def _survey(people, *, slow):
    """The weather bureau stays away from a survey of 15 June; `slow` are those whose opinion is still awaited."""
    found = walk(people, at("2018-06-12 09:00"), to=Stage.SURVEYING)
    found.hold(found.survey, absent=["QXJ"], silent=slow)
    found.morning()
    candidate = found.slot("QXJ", session=found.survey)
    found.do(sessions.confirm_default, candidate, by=people.convenor)
    return found, candidate


def _taken_back(found, candidate, people):
    found.do(sessions.propose_withdrawal, candidate, by=people.convenor, **WHY)
    return found.do(
        sessions.decide_withdrawal,
        candidate,
        approved=True,
        decision="同意。",
        by=people.supervisor,
    )


def test_withdrawn_after_the_survey_its_record_stands_and_a_case_is_opened(people):
    found, candidate = _survey(people, slow=[])
    assert found.filing.stage == Stage.PREREVIEWING
    done = _taken_back(found, candidate, people)
    assert found.filing.stage == Stage.PREREVIEWING
    assert found.slot("QXJ", session=found.survey).opinion.position == Position.NO_OPINION
    assert done.case.subject.startswith("撤回默认")
    found.to(Stage.COMMITTING)
    assert sound()


def test_withdrawn_while_the_survey_waits_it_is_held_and_the_survey_waits_for_it(people):
    found, candidate = _survey(people, slow=["ZJJ"])
    assert found.filing.stage == Stage.SURVEYING
    _taken_back(found, candidate, people)
    found.do(
        sessions.give_opinion, found.slot("ZJJ", session=found.survey), position=Position.AGREE,
        by=people.department("ZJJ"),
    )  # fmt: skip
    assert found.filing.stage == Stage.SURVEYING
    again = found.slot("QXJ", session=found.survey)
    assert again.state == SlotState.HELD
    found.do(sessions.serve_slot_again, again, by=people.convenor)
    found.do(sessions.give_opinion, again, position=Position.AGREE, by=people.department("QXJ"))
    assert found.filing.stage == Stage.PREREVIEWING
    assert sound()
