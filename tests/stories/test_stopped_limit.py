"""A limit is stopped on a paper, goes on with exactly the rest, is lengthened once; both sides are told in writing.

The survey of the case may take five working days from its acceptance. Experts are asked; snow closes the road; the
convenor adds days. Nothing is deemed while a clock stands, and the proof of a default names every suspension.
"""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from approvals import services as filings
from approvals.rules import limits
from approvals.stages import Approval, Stage
from core.deadlines.models import Extension, RuleValue, Suspension
from core.deadlines.queries import explain
from core.deadlines.rules import StopKind
from core.documents.models import Paper
from core.steps.reasons import NotNow
from prereview import services as sessions
from prereview.models import Opinion
from prereview.stages import Position, SlotState
from tests.standing import standing
from tests.stories.telling import evidence, papers, refused, sound, told
from tests.walk import walk

pytestmark = pytest.mark.django_db
TICK = timedelta(microseconds=1)
START = timezone.datetime(2018, 9, 19, 9, tzinfo=timezone.get_default_timezone())
walked, accepted = standing(lambda people: walk(people, START, to=Stage.ACCEPTED))
WHY = {"reason": "委托专家评审", "expected_days": 5, "paper_number": "评审委托书1号"}
MORE = {"reason": "评审意见较多", "paper_number": "延期审批单1号"}


def survey_limit(w):
    return w.filing.limits.get(rule=limits.SURVEY.code)


def stop(w, limit, kind=StopKind.EXPERT_REVIEW, by=None, **more):
    facts = {**WHY, **more}
    return filings.suspend_limit(limit, kind=kind, by=by or w.people.convenor, at=w.now, **facts)


def resume(w, limit, kind=StopKind.EXPERT_REVIEW, by=None, reason="评审意见已收到"):
    return filings.resume_limit(
        limit, kind=kind, reason=reason, by=by or w.people.convenor, at=w.now
    )


def extend(w, limit, days=5, by=None, **more):
    facts = {**MORE, **more}
    return filings.extend_limit(limit, days=days, by=by or w.people.convenor, at=w.now, **facts)


def last(limit):
    return timezone.localtime(limit.due_at - TICK).strftime("%m-%d")


def test_it_is_stopped_and_goes_on_and_both_sides_are_told(accepted, people):
    w, limit = accepted, survey_limit(accepted)
    before = limit.due_at
    w.minutes(30)
    stopped = stop(w, limit)
    said = evidence(w.filing.book, "suspend_limit")
    assert (said["used"], said["rest"], said["kind"]) == (0, 5, "expert_review")
    assert stopped.basis.endswith("《中华人民共和国行政许可法》第四十五条")
    assert stopped.certainty == "A"
    assert papers(w.filing.book, "DOC46") == [stopped.notice.number]
    for side in (people.enterprise, people.window):
        assert told(side, "期限中止")
    w.morning(8)
    assert survey_limit(w).due_at is None
    assert survey_limit(w).escalated_at is None
    assert "escalate" not in w.filing.book.entries.values_list("act", flat=True)

    resume(w, survey_limit(w))
    again = survey_limit(w)
    assert again.due_at > before
    assert not again.suspended
    assert sum(1 for row in explain(again) if row.number) == 5
    assert papers(w.filing.book, "DOC47")
    content = Paper.objects.get(kind="DOC47").content
    assert content["due_text"] != ""
    assert any("中止" in day["kind"] for day in content["day_table"])
    assert told(people.enterprise, "期限恢复计算")
    assert sound()


def test_who_may_not(accepted, people):
    w, limit = accepted, survey_limit(accepted)
    for stranger in (people.enterprise, people.window, people.department("ZJJ"), people.supervisor):
        with refused(error=PermissionDenied):
            stop(w, limit, by=stranger)
        with refused(error=PermissionDenied):
            extend(w, limit, by=stranger)
    stop(w, limit)
    with refused(error=PermissionDenied):
        resume(w, limit, by=people.enterprise)


@pytest.mark.parametrize(
    ("more", "kind", "field"),
    [
        ({"reason": " "}, StopKind.EXPERT_REVIEW, "reason"),
        ({"paper_number": ""}, StopKind.EXPERT_REVIEW, "paper_number"),
        ({"expected_days": 0}, StopKind.EXPERT_REVIEW, "expected_days"),
        ({"expected_days": -3}, StopKind.EXPERT_REVIEW, "expected_days"),
        ({"expected_days": 366}, StopKind.EXPERT_REVIEW, "expected_days"),
        ({}, StopKind.THIRD_PARTY, "clause"),
        ({}, StopKind.PUBLIC_NOTICE, "clause"),
    ],
)
def test_what_a_suspension_must_say(accepted, more, kind, field):
    with refused(error=ValidationError) as _none:
        stop(accepted, survey_limit(accepted), kind, **more)
    with pytest.raises(ValidationError) as fault:
        stop(accepted, survey_limit(accepted), kind, **more)
    assert list(fault.value.message_dict) == [field]


def test_a_special_law_is_named_with_its_article(accepted):
    law = "取水许可和水资源费征收管理条例 19"
    stopped = stop(accepted, survey_limit(accepted), StopKind.PUBLIC_NOTICE, clause=law)

    assert stopped.basis.startswith("《取水许可和水资源费征收管理条例》第十九条；")


def test_one_reason_twice_and_what_may_not_be_stopped(accepted):
    w, limit = accepted, survey_limit(accepted)
    with refused("没有中止"):
        resume(w, limit)
    stop(w, limit)
    with refused("不能再次中止"):
        stop(w, limit)
    with refused("没有因这一事由"):
        resume(w, limit, StopKind.HEARING)


def test_a_county_that_does_not_use_a_reason(accepted):
    RuleValue.objects.filter(code="Z6").update(value="no")
    edition = RuleValue.objects.filter(code="Z6").last().edition
    type(edition).objects.filter(pk=edition.pk).update(
        digest="n" * 64
    )  # what was read of an edition is kept

    with refused("没有采用"):
        stop(accepted, survey_limit(accepted), StopKind.FORCE_MAJEURE)


@pytest.mark.parametrize(("after", "works"), [(-TICK, True), (0 * TICK, True), (TICK, False)])
def test_to_the_microsecond(accepted, after, works):
    w, limit = accepted, survey_limit(accepted)
    w.now = limit.due_at + after
    if works:
        assert last(extend(w, limit) and survey_limit(w)) > last(limit)
        return
    with refused("届满"):
        extend(w, limit)
    with refused("届满"):
        stop(w, limit)


def test_it_is_lengthened_once_within_the_cap(accepted, people):
    w, limit = accepted, survey_limit(accepted)
    for days in (0, -1, 6):
        with refused(error=ValidationError):
            extend(w, limit, days=days)
    with refused(error=ValidationError):
        extend(w, limit, reason="")
    longer = extend(w, limit)

    assert longer.basis
    assert papers(w.filing.book, "DOC48") == [longer.notice.number]
    assert evidence(w.filing.book, "extend_limit")["days"] == 5
    assert sum(1 for row in explain(survey_limit(w)) if row.number) == 10
    assert told(people.enterprise, "延长")
    with refused("已经延长过一次"):
        extend(w, survey_limit(w))
    assert Extension.objects.count() == 1


# — the time for an opinion ——————————————————————————————————————————————————————


@pytest.fixture
def silent(people, at):
    w = walk(people, at("2018-09-19 09:00"), to=Stage.PREREVIEWING)
    w.until(at("2018-09-26 09:00"))
    w.call_meeting()
    w.hold(w.meeting, silent=["QXJ"])
    return w


def test_no_silence_comes_to_anything_while_the_clock_stands(silent, people, at):
    w, slot = silent, silent.slot("QXJ", "C03")
    with refused(error=PermissionDenied):
        stop(w, slot, by=people.department("QXJ"))
    with refused("不是中止"):
        stop(w, slot, StopKind.CORRECTION)
    with refused(error=NotNow):
        extend(w, slot)
    stop(w, slot)
    w.until(at("2018-10-15 09:00"))
    slot = w.slot("QXJ", "C03")
    assert (slot.state, slot.due_at) == (SlotState.AWAITED, None)
    assert not Opinion.objects.filter(slot=slot).exists()

    resume(w, slot)  # on Monday, 15 October: three days are left, the 16th to the 18th
    assert last(w.slot("QXJ", "C03")) == "10-18"
    w.until(at("2018-10-22 09:00"))
    opinion = w.slot("QXJ", "C03").opinion
    assert opinion.position == Position.DEEMED_TIMEOUT
    assert opinion.effective_at == at("2018-10-19 00:00")
    [proved] = opinion.proof["suspensions"]
    assert (proved["kind"], proved["paper"]) == ("expert_review", "评审委托书1号")
    assert opinion.proof["extensions"] == []
    assert any("中止" in day["kind"] for day in opinion.proof["days"])
    assert "专家评审" in opinion.paper.content["suspension_text"]
    with refused("已有结果|没有在计算"):
        stop(w, w.slot("QXJ", "C03"))


def test_an_opinion_ends_the_suspension(silent, people):
    w, slot = silent, silent.slot("QXJ", "C03")
    stop(w, slot)
    w.minutes()
    w.do(sessions.give_opinion, slot, position=Position.AGREE, by=people.department("QXJ"))

    assert w.slot("QXJ", "C03").state == SlotState.SETTLED
    assert not Suspension.objects.filter(until=None).exists()


# — the limits of an approval, kept apart ————————————————————————————————————————————


def test_an_approval_has_its_statutory_limit_lengthened_by_its_head(accepted, people, at):
    w = accepted
    item = w.filing.items.get(code="R04")
    head = people.head(item.department.code)
    clerk = people.department(item.department.code)
    with refused(error=PermissionDenied):
        filings.take_up_item(item, by=people.enterprise, at=w.now)
    filings.take_up_item(item, by=clerk, at=w.now)
    with refused("已经受理"):
        filings.take_up_item(item, by=clerk, at=w.now)
    [limit] = item.limits.all()
    assert (limit.rule, limit.length, limit.sort) == ("2", item.item.statutory_days, "statutory")
    with refused("不是中止"):
        stop(w, limit, StopKind.CORRECTION, by=clerk)  # the county's reason stops no statute
    with refused(error=PermissionDenied):
        extend(w, limit, by=clerk)
    with refused(error=PermissionDenied):
        extend(w, limit, by=people.convenor)
    with refused(error=ValidationError):
        extend(w, limit, days=11, by=head)  # art. 42 gives ten
    assert extend(w, limit, days=10, by=head).basis.endswith(
        "《中华人民共和国行政许可法》第四十二条第一款"
    )
    stop(w, item.limits.get(), StopKind.HEARING, by=clerk)
    w.morning(5)
    assert item.limits.get().escalated_at is None
    resume(w, item.limits.get(), StopKind.HEARING, by=clerk)
    w.until(item.limits.get().due_at + timedelta(days=1))
    late = item.limits.get()
    assert late.escalated_at == late.due_at
    assert w.filing.items.get(code="R04").approval == Approval.OWED


# — on the page ———————————————————————————————————————————————————————————————


def test_the_page_shows_and_does_it(accepted, people, client):
    w, limit = accepted, survey_limit(accepted)
    address = reverse("approvals:limits", args=[w.filing.public_id])
    client.force_login(people.convenor.user)
    assert "中止" in client.get(address).content.decode()
    act = reverse("approvals:suspend_limit", args=[w.filing.public_id, f"stagelimit-{limit.pk}"])
    assert client.post(act, {"kind": "hearing"}).status_code == 422
    assert client.get(act.replace("stagelimit", "nothing")).status_code == 404
    assert client.get(address).status_code == 200


def test_a_stranger_and_a_limit_of_another_case(accepted, people, client):
    w, limit = accepted, survey_limit(accepted)
    for name in ("suspend_limit", "resume_limit", "extend_limit"):
        page = reverse(f"approvals:{name}", args=[w.filing.public_id, f"stagelimit-{limit.pk}"])
        client.force_login(people.other_enterprise.user)
        assert client.get(page).status_code == 404
        client.force_login(people.enterprise.user)
        assert (client.get(page).status_code, client.post(page).status_code) == (403, 403)
        client.force_login(people.convenor.user)
        for wrong in (
            "stagelimit-0",
            "gap-x",
            "nothing-1",
            f"slot-{limit.pk}",
            "stagelimit-" + "9" * 30,
        ):
            other = reverse(f"approvals:{name}", args=[w.filing.public_id, wrong])
            assert client.get(other).status_code == 404
