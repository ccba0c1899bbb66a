"""A withdrawal that waits for its second person stops nothing: until it is approved the default stands, and the way."""

import pytest

from approvals.stages import Stage
from prereview import services as sessions
from prereview.models import Withdrawal
from prereview.stages import Position, WithdrawalState
from tests.conftest import instant as at
from tests.standing import standing
from tests.stories.telling import sound
from tests.walk import walk

pytestmark = pytest.mark.django_db
WHY = {"reason": "签收人不是该单位的人，送达不成立。", "legal_basis": "县规则第P5a条"}


def _proposed(people):
    """The weather bureau was silent on one item; the convenor has proposed to withdraw the default of it."""
    w = walk(people, at("2018-06-06 09:00"), to=Stage.PREREVIEWING)
    w.until(at("2018-06-13 09:00"))
    w.call_meeting()
    w.hold(w.meeting, silent=["QXJ"])
    w.until(at("2018-06-25 09:00"))
    w.do(sessions.propose_withdrawal, w.slot("QXJ", "C03"), by=people.convenor, **WHY)
    return w


walked, w = standing(_proposed)


def decide(w, people, *, approved):
    return w.do(
        sessions.decide_withdrawal, w.slot("QXJ", "C03"), approved=approved, decision="核对凭证。",
        by=people.supervisor,
    )  # fmt: skip


def test_the_case_is_concluded_on_the_default_while_the_withdrawal_waits(w, people):
    w.conclude()

    assert w.filing.stage == Stage.COMMITTING
    assert w.slot("QXJ", "C03").opinion.deemed
    assert Withdrawal.objects.get().state == WithdrawalState.PROPOSED


def test_approved_after_the_conclusion_it_turns_nothing_back_and_opens_a_correction_case(w, people):
    w.conclude()
    done = decide(w, people, approved=True)

    assert w.filing.stage == Stage.COMMITTING
    assert w.slot("QXJ", "C03").opinion.position == Position.NO_OPINION
    assert done.case.filing == w.filing
    assert sound()


def test_refused_after_the_conclusion_the_default_stands_as_it_did(w, people):
    w.conclude()
    decide(w, people, approved=False)

    assert w.slot("QXJ", "C03").opinion.deemed
    assert not w.filing.correction_cases.filter(subject__startswith="撤回默认").exists()
    assert sound()
