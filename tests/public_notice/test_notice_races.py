"""At the same moment: objections at the closing instant, and the end of a period while a reply is written."""

from datetime import timedelta

import pytest

from approvals.stages import Stage
from core.deadlines.services import sweep
from core.ledger.queries import verify
from public_notice.models import Notice
from public_notice.services import lodge_objection, reply_objection
from public_notice.stages import Finding, NoticeStage
from tests.conftest import instant
from tests.core.threads import alone, at_once, shared_database
from tests.public_notice.conftest import OBJECTION
from tests.walk import acts, walk

pytestmark = pytest.mark.slow
LAST = timedelta(seconds=1)
SWEPT = timedelta(minutes=3)  # the sweep looks at a limit a little after its end


def _noticed(people):
    w = walk(people, instant("2018-05-14 09:00"), to=Stage.COMMITTED)
    w.until(instant("2018-05-31 10:00"))
    return w.to(Stage.NOTICED)


def test_two_objections_and_the_sweep_at_the_closing_instant(transactional_db, people, tmp_path):
    """What is in time by its own instant is received or the period is closed; never both, never half."""
    with shared_database(tmp_path):
        w = alone(lambda: _noticed(people))
        due = w.notice.due_at

        def object_(text, when):
            return lambda: lodge_objection(w.notice, at=when, **{**OBJECTION, "text": text})

        results = at_once(
            object_("最后一秒的第一件", due - LAST),
            object_("最后一秒的第二件", due - LAST),
            object_("晚了一秒", due + LAST),
            lambda: sweep(due + SWEPT),
        )
        notice = alone(lambda: Notice.objects.get(pk=w.notice.pk))
        numbers = alone(lambda: list(notice.objections.values_list("number", flat=True)))
        received = [one for one in results[:2] if type(one).__name__ == "Objection"]
        assert {type(one).__name__ for one in results[:2]} <= {"Objection", "NotNow"}
        assert type(results[2]).__name__ == "NotNow"
        assert isinstance(results[3], int)
        assert sorted(numbers) == sorted(one.number for one in received)
        alone(lambda: sweep(due + 2 * SWEPT))
        ended = alone(lambda: Notice.objects.get(pk=w.notice.pk)).stage
        assert ended == (NoticeStage.CONTESTED if received else NoticeStage.CLEAN)
        assert alone(lambda: verify(notice.book)) is None


@pytest.mark.parametrize("finding", [Finding.NOT_UPHELD, Finding.UPHELD])
def test_the_period_ends_while_a_reply_is_written(transactional_db, people, tmp_path, finding):
    with shared_database(tmp_path):

        def set_up():
            w = _noticed(people)
            return w, lodge_objection(w.notice, at=w.now, **OBJECTION)

        w, objection = alone(set_up)
        after = w.notice.due_at + SWEPT

        def reply():
            said = {"finding": finding, "reply": "经核查，标准一致。", "by": people.window}
            return reply_objection(objection, at=after, **said)

        results = at_once(reply, reply, lambda: sweep(after))
        alone(lambda: sweep(after + SWEPT))
        notice = alone(lambda: Notice.objects.get(pk=w.notice.pk))
        written = alone(lambda: acts(notice.book))
        broken = alone(lambda: verify(notice.book))
    names = sorted(type(one).__name__ for one in results[:2])
    assert names == ["NotNow", "Objection"]
    assert written.count("reply_objection") == 1
    upheld = finding == Finding.UPHELD
    assert notice.stage == (NoticeStage.UPHELD if upheld else NoticeStage.CLEAN)
    assert broken is None
