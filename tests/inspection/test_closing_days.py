"""Promise and reality: where a department was silent, or a notice contested, no day of the case is lost."""

from itertools import pairwise

import pytest

from approvals.queries.moves import moves_of
from approvals.services.review import _went_on
from approvals.stages import Stage
from core import clock
from core.steps.templatetags.look import moment
from inspection.queries.closing import days_by_party, spans_of
from public_notice.services import lodge_objection, reply_objection
from public_notice.stages import Finding
from tests.walk import walk

pytestmark = pytest.mark.django_db


def test_opinions_and_notices_in_the_same_book_take_no_day_from_the_case(people, at):
    w = walk(people, at("2018-09-19 09:00"), to=Stage.PREREVIEWING)
    w.until(at("2018-09-26 09:00"))
    w.call_meeting()
    w.hold(w.meeting, silent=["QXJ"])
    w.until(at("2018-10-15 09:00"))
    assert "slot_candidate" in set(w.filing.book.entries.values_list("act", flat=True))
    last, stage = moves_of(w.filing.book_id)[-1]
    assert (last.act, stage) == ("finish_survey", Stage.PREREVIEWING)
    assert moment(last.event_at) in _went_on(w.filing)  # and not when a silence was seen
    w.conclude()
    w.commit()
    w.publish()
    with clock.driven(w.now):
        said = {"name": "王示例", "contact": "13800138000", "text": "排水标准与现场不符。"}
        objection = lodge_objection(w.notice, at=w.now, **said)
    w.until(w.notice.due_at.replace(hour=1))
    w.morning(2)
    reply = {"finding": Finding.NOT_UPHELD, "reply": "经核查，标准一致。"}
    w.do(reply_objection, objection, **reply, by=people.window)
    assert w.filing.stage == Stage.CLEARED

    spans = spans_of(w.filing, w.now)
    assert all(one.end == after.start for one, after in pairwise(spans))
    whole = (w.now.date() - spans[0].start.date()).days
    assert sum(row["days"] for row in days_by_party(spans)) == whole
    assert spans[-1].stage == Stage.CLEARED
