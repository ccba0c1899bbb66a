"""The department's inside: the head lets people act from a day to a day, B stands in for A, and nobody waits for it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from accounts.models import Membership, User
from accounts.stages import Role
from approvals.stages import Stage
from core.ledger.models import Entry
from desk.queries.timeline import timeline
from prereview import services as sessions
from prereview.models import Countersign, Mandate
from prereview.queries.standing import in_charge
from prereview.stages import Duty, Position, SignState, SlotState
from tests.conftest import instant as at
from tests.standing import standing
from tests.stories.telling import refused, told
from tests.walk import pdf, walk

pytestmark = pytest.mark.django_db


def _heard(people):
    """Wednesday the 13th: QXJ was there and has said nothing; its limit ends with Tuesday the 19th."""
    w = walk(people, at("2018-06-06 09:00"), to=Stage.PREREVIEWING)
    w.until(at("2018-06-11 09:00"))
    w.call_meeting()
    w.hold(w.meeting, silent=["QXJ"])
    return w


walked, w = standing(_heard)


def clerk():
    return Membership.objects.filter(organisation__code="QXJ", role=Role.CLERK).earliest("pk")


def head():
    return Membership.objects.filter(organisation__code="QXJ", role=Role.HEAD).earliest("pk")


def slot(w):
    return w.slot("QXJ", "C03")


@pytest.fixture
def second(w, people):
    """B角: another clerk of the department."""
    user = User.objects.create(username="qxj-second", name="周示例")
    own = clerk().organisation
    return Membership.objects.create(
        user=user, organisation=own, role=Role.CLERK, valid_from=at("2018-01-01 00:00").date()
    )


def day(w, days=0):
    return timezone.localdate(w.now) + timedelta(days=days)


def grant(w, people, person, **entry):
    said = {
        "duties": (Duty.OPINE,), "valid_from": day(w), "valid_to": day(w, 10), "upload": pdf(), "covers": None
    }  # fmt: skip
    own = clerk().organisation
    return w.do(sessions.grant_mandate, own, person=person, by=head(), **{**said, **entry})


def rule(w, people, *, binds=False, countersigns=False):
    own = clerk().organisation
    w.do(sessions.set_rule, own, roster_binds=binds, countersigns=countersigns, by=head())


def agree(w, by):
    return w.do(sessions.give_opinion, slot(w), position=Position.AGREE, by=by)


# — the roster ————————————————————————————————————————————————————————————————————————


def test_nobody_but_the_head_lays_down_who_acts(w, people, second):
    own = second.organisation
    said = {"roster_binds": True, "countersigns": False}
    others = (second, people.head("SLJ"), people.convenor, people.supervisor, people.administrator)
    for by in others:
        with refused(error=PermissionDenied):
            w.do(sessions.set_rule, own, by=by, **said)
    grant(w, people, second, duties=(Duty.HEAD,))
    with refused(error=PermissionDenied):  # nor does a deputy prolong their own authority
        w.do(sessions.set_rule, own, by=second, **said)


@pytest.mark.parametrize(
    ("field", "entry"),
    [
        ("upload", {"upload": None}),
        ("duties", {"duties": ()}),
        ("valid_from", {"valid_from": at("2018-06-01 00:00").date()}),
        ("valid_to", {"valid_to": at("2018-06-01 00:00").date()}),
    ],
)
def test_an_entry_has_its_scan_its_days_and_its_purpose(w, people, second, field, entry):
    with refused(error=ValidationError) as _nothing:
        grant(w, people, second, **entry)
    assert not Mandate.objects.exists()


def test_where_the_roster_binds_only_its_people_act_and_an_end_is_an_end(w, people, second):
    rule(w, people, binds=True)
    with refused("授权名册", error=PermissionDenied):
        agree(w, second)
    made = grant(w, people, second)
    assert told(second, "授权名册")
    w.do(sessions.end_mandate, made, reason="调岗", by=head())
    with refused("授权名册", error=PermissionDenied):
        agree(w, second)
    again = grant(w, people, second)
    agree(w, second)
    entry = Entry.objects.filter(act="give_opinion", book=w.filing.book).latest("pk")
    assert f'"mandate":{again.pk}' in entry.payload  # kept with the act


def test_b_acts_while_a_is_away_and_not_before_or_after(w, people, second):
    first = clerk()
    rule(w, people, binds=True)
    grant(w, people, first)
    grant(w, people, second, covers=first)
    with refused("B角", error=PermissionDenied):
        agree(w, second)
    away = w.do(
        sessions.enter_away, first, from_on=day(w), until_on=day(w, 2), reason="培训", by=first
    )
    assert told(second, "外出")
    w.do(sessions.end_away, away, by=first)
    with refused("B角", error=PermissionDenied):
        agree(w, second)
    w.do(
        sessions.enter_away,
        first,
        from_on=day(w),
        until_on=day(w, 2),
        reason="病假",
        by=head(),
    )
    agree(w, second)
    assert slot(w).opinion.given_by == second


# — recusal ———————————————————————————————————————————————————————————————————————————


def test_whoever_stays_out_is_barred_under_every_office_and_another_takes_over(w, people, second):
    first = clerk()
    with refused(error=ValidationError):
        w.do(sessions.declare_recusal, slot(w), reason="亲属为企业股东", by=first)
    made = w.do(
        sessions.declare_recusal, slot(w), reason="亲属为企业股东", successor=second, by=first
    )
    other_office = Membership.objects.create(
        user=first.user, organisation=first.organisation, role=Role.HEAD, valid_from=day(w)
    )
    for by in (first, other_office):
        with refused("回避", error=PermissionDenied):
            agree(w, by)
    assert in_charge(slot(w)) == second
    assert told(second, "接手")
    with refused(error=PermissionDenied):  # nobody lets themselves in again
        w.do(sessions.lift_recusal, made, reason="已出让股份", by=other_office)
    agree(w, second)


def test_b_steps_in_where_a_stays_out(w, people, second):
    first = clerk()
    rule(w, people, binds=True)
    grant(w, people, first)
    grant(w, people, second, covers=first)
    w.do(sessions.declare_recusal, slot(w), reason="同学", successor=second, by=first)
    agree(w, second)


def test_where_nobody_is_left_the_supervisor_learns_of_it_and_the_limit_runs_on(w, people):
    boss, first = head(), clerk()
    w.do(sessions.declare_recusal, slot(w), reason="同学", successor=boss, by=first)
    w.do(sessions.declare_recusal, slot(w), reason="亲属", by=boss)
    assert told(people.supervisor, "没有可以办理的人员")
    w.until(at("2018-06-22 09:00"))
    assert slot(w).opinion.position == Position.DEEMED_TIMEOUT


# — the head's signature ——————————————————————————————————————————————————————————————


def test_until_it_is_countersigned_it_is_no_opinion(w, people, second):
    rule(w, people, countersigns=True)
    boss = head()
    agree(w, second)
    assert slot(w).state == SlotState.AWAITED
    assert told(boss, "会签")
    with refused(error=PermissionDenied):
        w.do(sessions.countersign, slot(w), signed=True, by=clerk())
    w.do(sessions.countersign, slot(w), signed=False, note="请补理由", by=boss)
    with refused("没有等待会签"):
        w.do(sessions.countersign, slot(w), signed=True, by=boss)
    agree(w, second)
    signed = w.now
    w.do(sessions.countersign, slot(w), signed=True, by=boss)
    assert (slot(w).opinion.given_by, slot(w).opinion.effective_at) == (second, signed)
    assert slot(w).opinion.countersign.decided_by == boss


def test_nobody_signs_their_own_opinion(w, people, second):
    rule(w, people, countersigns=True)
    agree(w, second)
    deputy = grant(w, people, second, duties=(Duty.HEAD,))
    with refused("自己会签"):
        w.do(sessions.countersign, slot(w), signed=True, by=second)
    w.do(sessions.end_mandate, deputy, reason="到期", by=head())


def test_what_somebody_wrote_who_then_stays_out_is_not_signed(w, people, second):
    rule(w, people, countersigns=True)
    agree(w, second)
    w.do(sessions.declare_recusal, slot(w), reason="同学", successor=clerk(), by=second)
    with refused("起草人已回避"):
        w.do(sessions.countersign, slot(w), signed=True, by=head())
    with refused("回避", error=PermissionDenied):
        w.do(sessions.reassign_opinion, slot(w), receiver=clerk(), reason="出差", by=second)


def test_agreeing_to_all_writes_over_nothing_that_waits_for_the_head(w, people, second):
    rule(w, people, countersigns=True)
    said = {"position": Position.DISAGREE, "reason": "在防护区内", "clause": "《气象法》第二十条"}
    w.do(sessions.give_opinion, slot(w), by=second, **said)
    assert w.do(sessions.agree_to_all, [slot(w)], by=clerk()) == 0
    assert Countersign.objects.get(state=SignState.WAITING).position == Position.DISAGREE


def test_unsigned_when_the_time_ends_it_blocks_no_default(w, people, second):
    rule(w, people, countersigns=True)
    agree(w, second)
    w.until(slot(w).due_at + timedelta(microseconds=1))
    with refused("不再作数"):
        w.do(sessions.countersign, slot(w), signed=True, by=head())
    w.until(at("2018-06-22 09:00"))
    assert slot(w).opinion.position == Position.DEEMED_TIMEOUT
    assert Countersign.objects.get().state == SignState.WAITING


def test_signed_at_the_last_instant_it_counts(w, people, second):
    rule(w, people, countersigns=True)
    agree(w, second)
    w.now = slot(w).due_at
    w.do(sessions.countersign, slot(w), signed=True, by=head())
    assert slot(w).opinion.position == Position.AGREE


# — a part of the department, and handing on ——————————————————————————————————————————


def test_a_part_answers_inside_and_its_answer_is_no_opinion(w, people, second):
    first = clerk()
    said = {"unit": "雷电防护站", "asked": second, "question": "是否在防护区内"}
    for wrong in (day(w, -1), day(w, 7)):
        with refused(error=ValidationError):
            w.do(sessions.ask_part, slot(w), due_on=wrong, by=first, **said)
    part = w.do(sessions.ask_part, slot(w), due_on=day(w, 2), by=first, **said)
    with refused(error=PermissionDenied):
        w.do(sessions.answer_part, part, answer="不在", by=head())
    w.do(sessions.answer_part, part, answer="不在", by=second)
    assert slot(w).state == SlotState.AWAITED
    with refused("已经答复过"):
        w.do(sessions.answer_part, part, answer="在", by=second)
    seen = {
        who: {row["act"] for row in timeline(w.filing, {}, who)}
        for who in (first, people.enterprise, people.convenor)
    }
    assert "内部征求意见" in seen.pop(first)
    assert not any("内部征求意见" in acts for acts in seen.values())


def test_what_is_handed_on_bars_nobody(w, people, second):
    first = clerk()
    with refused(error=ValidationError):
        w.do(
            sessions.reassign_opinion,
            slot(w),
            receiver=people.department("SLJ"),
            reason="出差",
            by=first,
        )
    w.do(sessions.reassign_opinion, slot(w), receiver=second, reason="出差", by=first)
    assert in_charge(slot(w)) == second
    assert told(second, "改派给您")
    agree(w, first)
    with refused("已有结果"):
        w.do(sessions.reassign_opinion, slot(w), receiver=second, reason="出差", by=first)
