"""公示异议: anybody may object until the last instant; no notice closes over an objection; upheld, the case goes back.

The notice is published on Thursday, 27 September 2018. Its five working days are the 28th, the working weekend of
29 and 30 September, and after the National Day holiday 8 and 9 October.
"""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from approvals import services as filings
from approvals.stages import Stage
from core import clock
from core.steps.moves import move
from public_notice.models import Notice, Objection
from public_notice.services import lodge_objection, publish_notice, reply_objection
from public_notice.stages import Finding, NoticeStage
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
from tests.walk import acts, walk

pytestmark = pytest.mark.django_db
TICK = timedelta(microseconds=1)
WORDS = {"name": "王示例", "contact": "13800138000", "text": "承诺的排水标准与现场不符。"}


def _committed(people):
    """The letter is signed and verified; it is 27 September."""
    w = walk(people, instant("2018-09-10 09:00"), to=Stage.COMMITTED)
    w.until(instant("2018-09-27 10:00"))
    return w


walked, committed = standing(_committed)


@pytest.fixture
def noticed(committed, at):
    """The notice runs until 9 October, 24:00."""
    w = committed.to(Stage.NOTICED)
    assert (w.notice.starts_on, w.notice.ends_on) == (date(2018, 9, 28), date(2018, 10, 9))
    assert w.notice.due_at == at("2018-10-10 00:00")
    return w


def notice(w):
    return Notice.objects.get(pk=w.notice.pk)


def say(w, at=None, **words):
    """Somebody objects, now or at an instant."""
    with clock.driven(at or w.now):
        return lodge_objection(w.notice, at=at or w.now, **{**WORDS, **words})


def answer(w, objection, finding=Finding.NOT_UPHELD, reply="经核查，标准一致。", **more):
    return w.do(
        reply_objection, objection, finding=finding, reply=reply, by=w.people.window, **more
    )


def test_only_the_window_publishes_and_only_once(committed, people):
    w = committed
    for stranger in (people.enterprise, people.department("ZJJ"), people.supervisor):
        with refused(error=PermissionDenied):
            w.do(publish_notice, w.filing, by=stranger)
    w.publish()
    with refused("当前阶段"):
        w.publish()
    assert len(papers(w.filing.book, "DOC17")) == 1
    assert notice(w).paper.public
    assert told(people.enterprise, "公示期至2018年10月9日")
    # The start waits for the end of the notice.
    with refused("当前阶段"):
        w.do(filings.notify_start, w.filing, by=people.window)


def test_without_objection_it_closes_by_itself_whenever_the_sweep_comes(noticed, people, at):
    w, due = noticed, noticed.notice.due_at
    found = however_swept(w, at("2018-10-17 09:00"))
    assert found["notices"] == [(NoticeStage.CLEAN, date(2018, 10, 9), due)]
    assert found["stage"][:2] == (Stage.CLEARED, due)
    assert found["times"][2] == due
    assert in_order(["publish_notice", "close", "clear"], acts(w.filing.book))
    assert event(w.filing.book, "clear") == due
    assert told(people.enterprise, "公示期满")
    assert sound()


def test_one_microsecond_late_is_late(noticed, at):
    w, due = noticed, noticed.notice.due_at
    # At 24:00 of the last day the objection is in time, and the notice cannot close.
    with undone(w):
        say(w, at=due)
        w.until(at("2018-10-11 09:00"))
        assert notice(w).stage == NoticeStage.CONTESTED
    # One microsecond later it is not, whether or not the sweep has come by.
    with refused("公示期已过"):
        say(w, at=due + TICK)
    w.until(due + timedelta(minutes=5))
    with refused("公示期已过"):
        say(w, at=w.now)
    assert not Objection.objects.exists()


def test_an_objection_has_a_name_and_is_said_once(noticed, people):
    w = noticed
    for lacking in ("name", "contact", "text"):
        with refused("请写明", ValidationError):
            say(w, **{lacking: " "})
    first = say(w)
    assert say(w).pk == first.pk
    # The number and the code are its receipt; the window is told; the book keeps a digest and not the words.
    assert first.number.startswith("左承异〔2018〕")
    assert len(first.code) == 10
    assert told(people.window, first.number)
    assert acts(w.notice.book).count("lodge_objection") == 1
    entry = w.notice.book.entries.get(act="lodge_objection")
    assert (entry.actor.role, WORDS["name"] in entry.payload) == ("public", False)
    assert WORDS["contact"] not in entry.payload
    # Lodged on the 27th, it is to be answered by 9 October: five working days.
    assert first.due_at == w.notice.due_at


def test_it_cannot_close_unanswered(noticed, people, at):
    w = noticed
    objection = say(w)
    with refused("还有异议没有答复"):
        move(notice(w).close, by=people.window, at=w.now)
    # Past its end it waits for the reply, however often and late it is swept; the supervisor learns of the delay.
    found = however_swept(w, at("2018-10-22 09:00"))
    assert found["notices"][0][0] == NoticeStage.CONTESTED
    assert found["stage"][0] == Stage.NOTICED
    assert event(w.notice.book, "expire_contested") == w.notice.due_at
    assert event(w.notice.book, "escalate") == objection.due_at
    assert told(people.supervisor, "逾期未答复")
    with refused("还有异议没有答复"):
        move(notice(w).close, by=people.window, at=w.now)
    # The reply is the window's, has a finding and reasons, and is given once.
    for stranger in (people.enterprise, people.department("ZJJ"), people.supervisor):
        with refused(error=PermissionDenied):
            w.do(reply_objection, objection, finding=Finding.UPHELD, reply="成立", by=stranger)
    for finding, reply in ((Finding.OPEN, "在办"), (Finding.NOT_UPHELD, " ")):
        with refused(error=ValidationError):
            answer(w, objection, finding, reply)
    answered = w.now
    answer(w, objection)
    assert (notice(w).stage, notice(w).closed_at) == (NoticeStage.CLEAN, answered)
    assert w.filing.stage == Stage.CLEARED
    with refused("已经答复"):
        answer(w, objection, Finding.UPHELD)
    assert in_order(
        ["lodge_objection", "expire_contested", "reply_objection", "close"], acts(w.notice.book)
    )
    assert sound()


def test_of_two_objections_both_are_answered_before_the_end(noticed, at):
    w = noticed
    first, second = say(w), say(w, name="李示例")
    answer(w, first)
    w.wait_out()
    assert notice(w).stage == NoticeStage.CONTESTED
    answer(w, second, Finding.PARTLY, "笔误已更正。")
    assert (notice(w).stage, w.filing.stage) == (NoticeStage.CLEAN, Stage.CLEARED)


def test_answered_in_time_it_closes_at_its_end_and_not_before(noticed, at):
    w = noticed
    answer(w, say(w))
    assert notice(w).stage == NoticeStage.RUNNING
    found = however_swept(w, at("2018-10-15 09:00"))
    assert found["notices"] == [(NoticeStage.CLEAN, date(2018, 10, 9), w.notice.due_at)]


def test_upheld_the_letter_is_signed_again_and_published_anew(noticed, people, at):
    w = noticed
    old, objection = w.filing.letter(), say(w)
    # It goes back to the letter or to the departments, and nowhere else.
    with refused("退回", ValidationError):
        answer(w, objection, Finding.UPHELD, "排水标准确有错误。", back_to=Stage.ACCEPTED)
    answer(w, objection, Finding.UPHELD, "排水标准确有错误。", back_to=Stage.COMMITTING)
    # The notice has ended for good and the letter lost its force; a new one with a new number is to be signed.
    assert notice(w).stage == NoticeStage.UPHELD
    assert w.filing.stage == Stage.COMMITTING
    old.refresh_from_db()
    new = w.filing.letter()
    assert old.withdrawn_at
    assert new.version == old.version + 1
    assert new.paper.number != old.paper.number
    assert new.signed_at is None
    assert told(people.enterprise, "公示异议成立")
    assert in_order(["reply_objection", "uphold"], acts(w.notice.book))
    assert in_order(["publish", "recommit"], acts(w.filing.book))
    with refused("扫描件还没有上传"):
        w.do(filings.verify_letter, w.filing, by=people.window)
    # The end of the old notice comes to nothing any more.
    first = w.notice
    with undone(w):
        however_swept(w, at("2018-10-12 09:00"))
        assert w.filing.stage == Stage.COMMITTING
    w.morning()
    w.commit()
    w.publish()
    found = however_swept(w, at("2018-10-22 09:00"))
    assert [row[0] for row in found["notices"]] == [NoticeStage.CLEAN, NoticeStage.UPHELD]
    assert found["stage"][:2] == (Stage.CLEARED, w.notice.due_at)
    assert w.notice.due_at > first.due_at
    assert len(papers(w.filing.book, "DOC17")) == 2
    assert sound()


def test_upheld_the_departments_look_again(noticed, people):
    w = noticed
    answer(w, say(w), Finding.UPHELD, "卫生防护距离须重新核定。", back_to=Stage.PREREVIEWING)
    assert (w.filing.stage, w.filing.round, w.filing.letter()) == (Stage.PREREVIEWING, 2, None)
    w.until(w.now + timedelta(days=20))
    assert w.filing.stage == Stage.PREREVIEWING
    # A second round has slots, a conclusion and minutes of its own; then it is signed and published anew.
    w.to(Stage.CLEARED)
    assert len(papers(w.filing.book, "DOC13")) == 2
    assert (
        w.filing.slots.filter(round=2, kind="meeting").count()
        == w.filing.slots.filter(round=1, kind="meeting").count()
    )
    assert in_order(
        ["publish", "review_again", "pass_prereview", "publish", "clear"], acts(w.filing.book)
    )
    assert sound()


def test_a_case_that_is_withdrawn_takes_its_notice_down(noticed, people, at):
    w = noticed
    objection = say(w)
    w.do(filings.withdraw, w.filing, reason="另选址", by=people.enterprise)
    with refused("公示期已过"):
        say(w, name="李示例")
    found = however_swept(w, at("2018-10-22 09:00"))
    assert found["stage"][0] == Stage.WITHDRAWN
    assert found["notices"] == [(NoticeStage.WITHDRAWN, date(2018, 10, 9), w.notice.due_at)]
    # Who objected is answered all the same, and nothing comes back to life.
    answer(w, objection, Finding.UPHELD, "项目已撤回。")
    assert (w.filing.stage, notice(w).stage) == (Stage.WITHDRAWN, NoticeStage.WITHDRAWN)
    assert sound()
