"""Words begun and not sent, words by another channel, and words at the very end of a limit."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from approvals.stages import Channel, Stage
from core.deadlines.queries import last_day_of
from prereview import services as sessions
from prereview.models import EnteredOpinion, OpinionDraft
from prereview.rules.outcome import INVALID_FORM
from prereview.stages import Position, SlotState
from tests.conftest import instant
from tests.prereview.page import Page
from tests.standing import standing
from tests.stories.telling import evidence, refused, told
from tests.walk import acts, png, walk

pytestmark = pytest.mark.django_db
MICRO = timedelta(microseconds=1)


def _closed(people):
    w = walk(people, instant("2018-04-11 09:00"), to=Stage.PREREVIEWING)
    w.until(instant("2018-04-16 09:00"))
    w.call_meeting()
    w.acknowledge(w.meeting)
    w.open(w.meeting)
    w.close(w.meeting)
    w.opinions(w.meeting, silent=["QXJ"])
    return w


walked, closed = standing(_closed)


def slot_of(w):
    return w.slot("QXJ", "C03")


def give(w, people, position=Position.AGREE, **said):
    return w.do(
        sessions.give_opinion, slot_of(w), position=position, by=people.department("QXJ"), **said
    )  # fmt: skip


def enter(w, people, **said):
    fields = {"channel": Channel.PAPER, "speaker": "郑示例", "upload": png(), "by": people.window}
    return w.do(sessions.enter_opinion, slot_of(w), **fields | said)


# — at the very end —————————————————————————————————————————————————————————————————


@pytest.mark.parametrize("swept", [False, True], ids=["no sweep yet", "swept before"])
@pytest.mark.parametrize(
    ("received", "counts"), [(-MICRO, True), (timedelta(), True), (MICRO, False)]
)
def test_an_opinion_at_the_end_of_its_limit(closed, people, received, counts, swept):
    """In time is at or before the end, to the microsecond, whether or not a sweep has come by since."""
    w = closed
    due = slot_of(w).due_at
    if swept:
        w.sweep(due + timedelta(hours=6))
        assert slot_of(w).state == SlotState.CANDIDATE
    w.now = due + received
    if not counts:
        with refused("期限已过"):
            give(w, people)
        return
    give(w, people)
    assert slot_of(w).opinion.position == Position.AGREE
    assert slot_of(w).opinion.effective_at == due + received


@pytest.mark.parametrize(
    ("after", "may"),
    [(MICRO, False), (timedelta(seconds=120), False), (timedelta(seconds=120) + MICRO, True)],
)
def test_nobody_confirms_while_a_reply_in_time_may_still_be_under_way(closed, people, after, may):
    w = closed
    w.now = slot_of(w).due_at + after
    if may:
        w.do(sessions.confirm_default, slot_of(w), by=people.convenor)
        assert slot_of(w).opinion.position == Position.DEEMED_TIMEOUT
        return
    with refused("还在途中"):
        w.do(sessions.confirm_default, slot_of(w), by=people.convenor)


# — begun and not sent ———————————————————————————————————————————————————————————————


def test_a_draft_blocks_no_default_and_is_kept_as_late(closed, people):
    w = closed
    clerk = Page(people.department("QXJ"), w)
    fields = {"position": "disagree", "reason": "雷电防护设计未附", "conditions": ""}
    assert clerk.post("draft", slot_of(w).pk, **fields).status_code == 302
    page = clerk.says("opinion", slot_of(w).pk)
    assert "雷电防护设计未附" in page
    assert "期限照常计算；到期未提出意见的，视同无异议" in page
    assert Page(people.department("ZJJ"), w).post("draft", slot_of(w).pk).status_code == 404
    assert acts(w.filing.book)[-1] == "save_draft"
    due = slot_of(w).due_at
    w.until(instant("2018-05-04 09:00"))
    assert slot_of(w).opinion.position == Position.DEEMED_TIMEOUT
    draft = OpinionDraft.objects.get(slot=slot_of(w))
    assert (draft.position, draft.sent_at, draft.late_at) == (Position.DISAGREE, None, due)
    assert "已迟到，不计入" in clerk.says("late_opinion", slot_of(w).pk)
    with refused("草稿不再保存"):
        w.do(sessions.save_draft, slot_of(w), reason="补充", by=people.department("QXJ"))


def test_a_draft_that_was_sent_is_the_opinion(closed, people):
    w = closed
    with refused(error=PermissionDenied):
        w.do(sessions.save_draft, slot_of(w), reason="x", by=people.department("ZJJ"))
    w.do(sessions.save_draft, slot_of(w), reason="看过图纸", by=people.department("QXJ"))
    w.do(sessions.save_draft, slot_of(w), reason="看过图纸和现场", by=people.department("QXJ"))
    give(w, people, reason="看过图纸和现场")
    draft = OpinionDraft.objects.get(slot=slot_of(w))
    assert (draft.reason, draft.late_at) == ("看过图纸和现场", None)
    assert draft.sent_at == slot_of(w).opinion.effective_at


# — by another channel ————————————————————————————————————————————————————————————————

WRONG = [
    ({"position": Position.DISAGREE}, "不同意必须写明理由和法律条款"),
    ({"position": Position.DISAGREE, "reason": "太近"}, "不同意必须写明理由和法律条款"),
    ({"position": Position.DISAGREE, "clause": "气象法 23"}, "不同意必须写明理由和法律条款"),
    ({"position": Position.CONDITIONS, "conditions": [" "]}, "逐条写明条件"),
    ({"position": Position.NOT_OURS}, "不属本部门"),
    ({"position": "", "reason": "已阅"}, "没有表明"),
    ({"position": Position.AGREE, "channel": Channel.PHONE, "witness": "钱示例"}, "不是书面意见"),
]


@pytest.mark.parametrize(("said", "why"), WRONG)
def test_a_form_that_is_not_good_is_neither_an_opinion_nor_silence(closed, people, said, why):
    w = closed
    enter(w, people, **said)
    slot = slot_of(w)
    assert (slot.state, slot.held_because) == (SlotState.HELD, str(INVALID_FORM))
    assert why in evidence(w.filing.book, "invalid_form")["why"]
    assert told(people.convenor, "形式不合")
    assert told(people.department("QXJ"), "形式不合")
    # Nothing is ever drawn from it by itself, and the conclusion waits.
    w.until(instant("2018-05-25 09:00"))
    assert slot_of(w).state == SlotState.HELD
    with refused("意见未齐"):
        w.conclude()


def test_out_of_a_bad_form_lead_the_departments_own_words_or_a_new_service(closed, people):
    w = closed
    enter(w, people, position=Position.DISAGREE, reason="太近")
    page = Page(people.convenor, w).says("serve_again", slot_of(w).pk)
    assert "形式不合" in page
    w.until(instant("2018-05-02 09:00"))
    before = slot_of(w)
    with transaction.atomic():
        give(w, people, Position.DISAGREE, reason="太近", clause="气象法 23")
        assert slot_of(w).opinion.position == Position.DISAGREE
        transaction.set_rollback(True)
    w.do(sessions.serve_slot_again, before, by=people.convenor)
    assert (slot_of(w).state, slot_of(w).invalid_form_at) == (SlotState.AWAITED, None)
    w.until(instant("2018-05-25 09:00"))
    assert slot_of(w).opinion.position == Position.DEEMED_TIMEOUT


def test_on_paper_and_in_good_form_it_is_the_opinion_from_its_entry(closed, people):
    w = closed
    for wrong in (
        {"channel": Channel.SYSTEM}, {"speaker": " "}, {"upload": None},
        {"channel": Channel.PHONE}, {"channel": Channel.PHONE, "witness": "郑示例"},
    ):  # fmt: skip
        with refused(error=ValidationError):
            enter(w, people, **wrong)
    with refused(error=PermissionDenied):
        enter(w, people, by=people.department("QXJ"))
    now = w.now
    answer = Page(people.window, w).post(
        "enter", slot_of(w).pk, channel="paper", speaker="郑示例", position="disagree",
        reason="防雷设计未审", clause="气象法 23", upload=png(),
    )  # fmt: skip
    assert answer.status_code == 302
    opinion = slot_of(w).opinion
    assert (opinion.position, opinion.effective_at) == (Position.DISAGREE, now)
    entered = EnteredOpinion.objects.get(slot=slot_of(w))
    assert (entered.invalid, entered.entered_by) == ("", people.window)
    assert entered.proof.book_id == w.meeting.book_id  # beside the case, where no enterprise looks
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        EnteredOpinion.objects.filter(pk=entered.pk).update(reason="同意")


@pytest.mark.parametrize(("received", "counts"), [(timedelta(), True), (MICRO, False)])
def test_on_paper_after_the_limit_is_the_departments_late_opinion(closed, people, received, counts):
    w = closed
    w.now = slot_of(w).due_at + received
    if counts:
        enter(w, people, position=Position.AGREE)
        assert slot_of(w).opinion.position == Position.AGREE
        return
    with refused("迟到意见"):
        enter(w, people, position=Position.AGREE)


# — when all have answered early ——————————————————————————————————————————————————————


def test_with_the_last_word_the_minutes_begin_at_once(closed, people):
    w = closed
    assert not w.filing.limits.filter(rule="P5c").exists()
    now = w.now
    give(w, people)
    assert w.filing.limits.get(rule="P5c").started_at == now < slot_of(w).due_at
    w.conclude()
    assert w.filing.stage == Stage.COMMITTING


def test_with_the_last_word_on_the_record_the_survey_is_over_at_once(people):
    w = walk(people, instant("2018-04-11 09:00"), to=Stage.SURVEYING)
    w.acknowledge(w.survey)
    w.open(w.survey)
    w.close(w.survey)
    w.opinions(w.survey, silent=["QXJ"])
    assert w.filing.stage == Stage.SURVEYING
    last, now = w.slot("QXJ", session=w.survey), w.now
    w.do(sessions.give_opinion, last, position=Position.AGREE, by=people.department("QXJ"))
    assert (w.filing.stage, w.filing.stage_since) == (Stage.PREREVIEWING, now)
    assert now < last.due_at


# — the counter closes ——————————————————————————————————————————————————————————————————


@pytest.mark.parametrize(("hour", "counts"), [("17:30", True), ("17:31", False), ("23:59", False)])
def test_a_paper_is_in_time_on_the_last_day_until_the_counter_closes(closed, people, at, hour, counts):  # fmt: skip
    """In April the counter closes at 17:30; in the system the department has until 24:00."""
    w = closed
    w.now = at(f"{last_day_of(slot_of(w).due_at)} {hour}")
    if counts:
        enter(w, people, position=Position.AGREE)
        assert slot_of(w).state == SlotState.SETTLED
        return
    with refused("窗口今天已经关门"):
        enter(w, people, position=Position.AGREE)
    give(w, people)
    assert slot_of(w).opinion.position == Position.AGREE


def test_before_the_last_day_the_hour_is_all_the_same_and_a_call_is_held_at_any(closed, people, at):
    w = closed
    last = last_day_of(slot_of(w).due_at)
    w.now = at(f"{last} 20:00")
    enter(w, people, channel=Channel.PHONE, witness="吴示例")
    assert slot_of(w).state == SlotState.HELD
