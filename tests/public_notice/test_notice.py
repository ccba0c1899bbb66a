"""A notice runs to its end by itself; nothing closes while an objection waits; upheld, the case goes back."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F

from approvals import services as filings
from approvals.models import Filing
from approvals.stages import Stage
from core.deadlines.queries import end_of
from core.ledger.queries import verify
from core.steps.moves import move
from core.steps.reasons import NotNow
from public_notice.models import Notice, Objection
from public_notice.services import lodge_objection, publish_notice, reply_objection
from public_notice.stages import Finding, NoticeStage
from tests.walk import acts

pytestmark = pytest.mark.django_db


def fresh(notice):
    return Notice.objects.get(pk=notice.pk)


def object_(w, words, at=None):
    return lodge_objection(w.notice, at=at or w.now, **words)


def test_it_runs_from_the_next_working_day_and_closes_by_itself(noticed):
    notice = noticed.notice
    assert (notice.starts_on, notice.ends_on) == (date(2018, 6, 1), date(2018, 6, 7))
    assert notice.due_at == end_of(date(2018, 6, 7))
    assert noticed.filing.stage == Stage.NOTICED
    assert notice.paper.public
    assert notice.content["ends_text"] == "2018年6月7日"

    noticed.sweep(notice.due_at)
    assert fresh(notice).stage == NoticeStage.RUNNING  # the last instant is still in time
    noticed.sweep(notice.due_at + timedelta(minutes=3))
    closed = fresh(notice)
    assert (closed.stage, closed.closed_at) == (NoticeStage.CLEAN, notice.due_at)
    assert noticed.filing.stage == Stage.CLEARED
    assert noticed.filing.cleared_at == notice.due_at
    assert verify(closed.book) is None


def test_a_sweep_that_comes_late_or_twice_changes_nothing(noticed, people):
    notice = noticed.notice
    noticed.sweep(notice.due_at + timedelta(days=9))
    before = acts(notice.book)
    noticed.sweep(notice.due_at + timedelta(days=9, minutes=1))
    assert acts(notice.book) == before
    assert fresh(notice).closed_at == notice.due_at
    with pytest.raises(NotNow):
        move(fresh(noticed.notice).close, by=people.window, at=noticed.now)


def test_it_cannot_close_while_an_objection_waits(noticed, words, people):
    objection = object_(noticed, words)
    with pytest.raises(NotNow) as refusal:
        move(fresh(noticed.notice).close, by=people.window, at=noticed.now)
    assert "还有异议没有答复" in refusal.value.reasons[0]
    noticed.wait_out()
    assert fresh(noticed.notice).stage == NoticeStage.CONTESTED
    assert noticed.filing.stage == Stage.NOTICED
    noticed.do(
        reply_objection,
        objection,
        finding=Finding.NOT_UPHELD,
        reply="经核查，标准一致。",
        by=people.window,
    )
    assert fresh(noticed.notice).stage == NoticeStage.CLEAN
    assert noticed.filing.stage == Stage.CLEARED


def test_answered_in_time_it_closes_at_its_end(noticed, words, people):
    objection = object_(noticed, words)
    noticed.do(
        reply_objection, objection, finding=Finding.PARTLY, reply="已更正笔误。", by=people.window
    )
    assert fresh(noticed.notice).stage == NoticeStage.RUNNING
    noticed.wait_out()
    assert fresh(noticed.notice).closed_at == noticed.notice.due_at


@pytest.mark.parametrize("back_to", [Stage.COMMITTING, Stage.PREREVIEWING])
def test_upheld_the_case_goes_back(noticed, words, people, back_to):
    objection = object_(noticed, words)
    old = noticed.filing.letter()
    noticed.do(
        reply_objection,
        objection,
        finding=Finding.UPHELD,
        reply="标准确有错误。",
        by=people.window,
        back_to=back_to,
    )
    assert fresh(noticed.notice).stage == NoticeStage.UPHELD
    assert noticed.filing.stage == back_to
    old.refresh_from_db()
    assert old.withdrawn_at is not None
    if back_to == Stage.COMMITTING:
        assert noticed.filing.letter().version == old.version + 1
        noticed.commit()
        noticed.publish()  # a second notice, with an address of its own
        assert noticed.filing.notices.count() == 2
    else:
        assert noticed.filing.round == 2


def test_a_second_upheld_objection_is_answered_too(noticed, words, people):
    first = object_(noticed, words)
    second = object_(noticed, {**words, "name": "李示例"})
    for objection in (first, second):
        noticed.do(
            reply_objection, objection, finding=Finding.UPHELD, reply="同一错误。", by=people.window
        )
    assert not Objection.objects.filter(finding=Finding.OPEN).exists()
    assert noticed.filing.stage == Stage.COMMITTING


def test_a_microsecond_late_is_late(noticed, words):
    due = noticed.notice.due_at
    with pytest.raises(NotNow) as refusal:
        object_(noticed, words, at=due + timedelta(microseconds=1))
    assert "行政复议" in refusal.value.reasons[0]
    assert object_(noticed, words, at=due).received_at == due


def test_an_objection_stands_once_and_its_words_stay_out_of_the_ledger(noticed, words):
    assert object_(noticed, words) == object_(noticed, words)
    assert noticed.notice.objections.count() == 1

    with pytest.raises(ValidationError):
        object_(noticed, {**words, "text": " \n"})

    objection = noticed.notice.objections.get()
    said = "".join(noticed.filing.book.entries.values_list("payload", flat=True))
    assert objection.number in said
    assert words["name"] not in said
    assert words["contact"] not in said


def test_an_unanswered_objection_goes_to_the_supervisor(noticed, words, people):
    objection = object_(noticed, words)
    noticed.past(objection.due_at)
    objection.refresh_from_db()
    assert objection.escalated_at == objection.due_at
    assert people.supervisor.messages.filter(subject__contains=objection.number).exists()


def test_only_the_window_publishes_and_replies_and_publishes_once(noticed, words, people):
    objection = object_(noticed, words)
    for by in (people.enterprise, people.supervisor, people.department("SLJ")):
        with pytest.raises(PermissionDenied):
            reply_objection(
                objection, finding=Finding.NOT_UPHELD, reply="无。", by=by, at=noticed.now
            )
        with pytest.raises(PermissionDenied):
            publish_notice(noticed.filing, by=by, at=noticed.now)

    with pytest.raises(NotNow):
        publish_notice(noticed.filing, by=people.window, at=noticed.now)
    assert Notice.objects.count() == 1


def test_a_withdrawn_case_takes_its_notice_down_and_hears_nobody(noticed, words, people):
    noticed.do(filings.withdraw, noticed.filing, reason="另选地址", by=people.enterprise)
    with pytest.raises(NotNow):
        object_(noticed, words)
    noticed.past(noticed.notice.due_at)
    assert fresh(noticed.notice).stage == NoticeStage.WITHDRAWN
    assert "撤回" in fresh(noticed.notice).end_reason


def test_a_personal_number_in_the_scale_is_masked_in_paper_and_page(people, at):
    from tests.walk import walk

    w = walk(
        people,
        at("2018-05-14 09:00"),
        to=Stage.NOTICED,
        scale="车间一座，联系人赵六１３８ ００１３ ８０００",
    )
    assert w.notice.content["project"]["scale"] == "车间一座，联系人赵某138****8000"
    assert w.notice.paper.content["project"]["scale"] == "车间一座，联系人赵某138****8000"


def test_what_would_still_be_personal_is_not_published(people, at, monkeypatch):
    from public_notice.rules import gate
    from tests.walk import walk

    w = walk(people, at("2018-05-14 09:00"), to=Stage.COMMITTED, scale="联系人13800138000")
    monkeypatch.setattr(gate, "mask", lambda text: text)  # a gate that lets everything pass
    with pytest.raises(NotNow) as refusal:
        publish_notice(w.filing, by=people.window, at=w.now)
    assert "project.scale" in refusal.value.reasons[0]
    assert w.filing.stage == Stage.COMMITTED


def test_a_period_into_an_unpublished_year_is_not_begun(people, at):
    from tests.walk import walk

    w = walk(people, at("2026-11-30 09:00"), to=Stage.COMMITTED)
    Filing.objects.filter(pk=w.pk).update(stage_since=F("stage_since"))
    with pytest.raises(NotNow) as refusal:
        publish_notice(w.filing, by=people.window, at=at("2026-12-30 09:00"))
    assert "放假安排" in refusal.value.reasons[0]


def test_answered_after_the_end_before_any_sweep_it_closes_with_the_answer(noticed, words, people):
    objection = object_(noticed, words)
    due = noticed.notice.due_at
    noticed.now = due + timedelta(seconds=30)  # no sweep has said that the period is over
    answered = noticed.now
    noticed.do(
        reply_objection, objection, finding=Finding.NOT_UPHELD, reply="标准一致。", by=people.window
    )
    closed = fresh(noticed.notice)
    assert (closed.stage, closed.closed_at) == (NoticeStage.CLEAN, answered)
    assert noticed.filing.cleared_at == answered
    noticed.sweep(due + timedelta(days=1))
    assert fresh(noticed.notice).closed_at == answered
    assert verify(closed.book) is None
