"""At the same moment: two of one work order, two replies, the reply of the writer and the end of their time."""

from datetime import date, timedelta

import pytest

from core.deadlines.services import sweep
from core.ledger.queries import verify
from public_notice.models import BoxLetter, MailboxKind, SurveyCount
from public_notice.services import answer_survey, judge_letter, register_letter, reply_letter
from public_notice.stages import LetterStage
from tests.core.threads import alone, at_once, shared_database
from tests.public_notice.test_mailbox import SENT, Written
from tests.public_notice.test_survey import NOW, code

pytestmark = pytest.mark.slow


def names(results):
    return sorted(type(one).__name__ for one in results)


def test_one_work_order_one_reply_one_end_one_sheet(transactional_db, people, tmp_path):
    with shared_database(tmp_path):
        kind = alone(lambda: MailboxKind.objects.get(code="delay"))

        def register():
            return register_letter(
                kind=kind, text="示例", work_order="示例0001", received_on=date(2018, 9, 7), by=people.window,
                at=SENT,
            )  # fmt: skip

        assert names(at_once(register, register)) == ["BoxLetter", "ValidationError"]

        def assigned():
            w = Written().sent().assign(people)
            return w.it

        letter = alone(assigned)
        clerk, head = alone(lambda: (people.department("SLJ"), people.head("SLJ")))
        both = at_once(
            lambda: reply_letter(letter, text="一", by=clerk, at=SENT),
            lambda: reply_letter(letter, text="二", by=head, at=SENT),
        )
        assert names(both) == ["BoxLetter", "NotNow"]
        ends = alone(lambda: BoxLetter.objects.get(pk=letter.pk)).expires_at
        at_once(
            lambda: judge_letter(
                letter, satisfied=False, text="不清楚", at=ends - timedelta(seconds=1)
            ),
            lambda: sweep(ends + timedelta(minutes=3)),
        )
        ended = alone(lambda: BoxLetter.objects.get(pk=letter.pk))
        assert (ended.stage, ended.round) in ((LetterStage.CLOSED, 1), (LetterStage.RECEIVED, 2))
        assert alone(lambda: verify(ended.book)) is None
        one = alone(lambda: code(1, people=people))
        sheets = at_once(*[lambda: answer_survey(code=one, score=5, at=NOW)] * 2)
        assert names(sheets) == ["NotNow", "SurveyRound"]
        assert alone(lambda: SurveyCount.objects.get(answers__gt=0).answers) == 1
