"""Leaving the road before the start: each way out has its grounds, its actor, its paper and its clock.

Nobody leaves without a paper that says why, on what it rests, what follows and what can be done now; what the
system ends holds since the end of the limit, and the paper says when that was written down.
"""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from approvals import services as filings
from approvals.stages import Stage
from core.documents.models import Paper
from core.steps.papers import time_text
from prereview.stages import Conclusion
from tests.stories.telling import evidence, papers, refused, sound, told
from tests.walk import walk

pytestmark = pytest.mark.django_db
TICK = timedelta(microseconds=1)
FUNDS = "资金证明（银行存款证明、授信意向书等）"


def paper(w, kind):
    """The one paper of a kind that a case has; every kind of this file names the case and its parties."""
    found = Paper.objects.get(book=w.filing.book, kind=kind)
    assert found.content["filing_number"] == w.filing.number
    assert found.content["enterprise"]["name"] == w.filing.enterprise.name
    assert all(found.content[part] for part in ("reason", "basis", "effects"))
    return found


def says(found, *words):
    """Each of the words stands somewhere in the frozen content."""
    text = str(found.content)
    for word in words:
        assert word in text, word


def contested(found):
    """A decision against somebody says how it is contested, and until when."""
    says(
        found,
        "60日内依法向左权县人民政府申请行政复议",
        "《中华人民共和国行政复议法》第二十条",
        "6个月内依法向人民法院提起行政诉讼",
    )


def test_not_eligible_is_told_in_a_paper(people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.SUBMITTED)
    for stranger in (people.enterprise, people.supervisor, people.department("ZJJ")):
        with refused(error=PermissionDenied):
            w.do(filings.send_to_ordinary, w.filing, reason="属于负面清单", by=stranger)
    with refused(error=ValidationError):
        w.do(filings.send_to_ordinary, w.filing, reason=" ", by=people.window)
    assert papers(w.filing.book, "DOC22") == []
    w.do(filings.send_to_ordinary, w.filing, reason="属于负面清单", by=people.window)
    with refused("当前阶段"):
        w.do(filings.send_to_ordinary, w.filing, reason="属于负面清单", by=people.window)
    found = paper(w, "DOC22")
    assert found.issued_by == people.window
    says(found, "属于负面清单", "转一般程序", "不是对项目本身的否定")
    contested(found)
    assert evidence(w.filing.book, "issue_paper")["kind"] == "DOC22"


def test_refused_in_writing_with_ground_reason_and_remedies(people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.RECEIVED)
    for stranger in (people.enterprise, people.supervisor, people.department("ZJJ")):
        with refused(error=PermissionDenied):
            w.do(filings.refuse, w.filing, reason="属核准类项目", by=stranger)
    with refused(error=ValidationError):
        w.do(filings.refuse, w.filing, reason=" ", by=people.window)
    with refused(error=ValidationError):
        w.do(filings.refuse, w.filing, reason="不齐", ground="papers_missing", by=people.window)
    w.do(filings.refuse, w.filing, reason="属核准类项目", ground="not_ours", by=people.window)
    found = paper(w, "DOC05")
    assert (w.filing.stage, found.issued_by) == (Stage.REFUSED, people.window)
    says(found, "不属于本机关职权范围", "属核准类项目", "《中华人民共和国行政许可法》第三十二条")
    contested(found)
    assert sound()


def test_withdrawn_is_confirmed(people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.ACCEPTED)
    with refused(error=ValidationError):
        w.do(filings.withdraw, w.filing, reason=" ", by=people.enterprise)
    when = w.now
    w.do(filings.withdraw, w.filing, reason="另选址", by=people.enterprise)
    found = paper(w, "DOC37")
    says(found, "另选址", "不计入信用记录")
    assert found.content["effective_text"] == found.content["recorded_text"] == time_text(when)
    # What the enterprise decided itself is no decision against it.
    assert "remedies" not in found.content


def test_a_correction_that_never_came_returns_the_file(people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.RECEIVED)
    material = w.filing.materials.intake().first()
    w.do(filings.check_material, material, fine=False, reason="缺公章", by=people.window)
    w.do(filings.ask_correction, w.filing, by=people.window)
    due = w.filing.limits.get(rule="P19").due_at
    w.sweep(due)
    assert papers(w.filing.book, "DOC34") == []
    # The clerk of the system was away for three days: the paper holds since the end of the limit and says so.
    late = due + timedelta(days=3, hours=9)
    w.sweep(late)
    found = paper(w, "DOC34")
    assert (w.filing.stage, found.issued_at) == (Stage.RETURNED, due)
    assert found.issued_by.role == "system"
    assert found.content["effective_text"] == time_text(due)
    assert found.content["recorded_text"] == time_text(late)
    says(found, "未在补正期限内补正", "第P19条", "重新申报")
    contested(found)


@pytest.fixture
def late_gap(people, at):
    """Accepted against the promise to bring the proof of funds by 20 June 2018, which passed."""
    w = walk(people, at("2018-06-14 09:00"), to=Stage.LISTED)
    w.do(filings.acknowledge_checklist, w.filing, by=people.enterprise)
    funds = w.filing.materials.get(name=FUNDS)
    w.do(filings.promise_gap, funds, signed=True, reason="银行月底出具", by=people.enterprise)
    w.hand_in()
    w.accept()
    w.first = w.filing.gaps.get().due_at
    w.sweep(w.first + timedelta(days=1))
    return w


def test_standing_still_is_told_with_what_resumes_it_and_until_when(late_gap):
    w = late_gap
    found = paper(w, "DOC35")
    second = w.filing.gaps.get()
    assert (w.filing.suspended_at, found.issued_at) == (w.first, w.first)
    assert found.content["effective_text"] == time_text(w.first)
    assert found.content["recorded_text"] == time_text(w.first + timedelta(days=1))
    assert found.content["wanted"] == [{"name": FUNDS, "until_text": time_text(second.due_at)}]
    says(found, "恢复办理", "退件", "15个工作日")
    assert told(w.people.enterprise, "中止办理")


def test_twice_overdue_returns_the_file(late_gap):
    w = late_gap
    due = w.filing.gaps.get().due_at
    w.sweep(due + timedelta(days=2))
    found = paper(w, "DOC34")
    assert (w.filing.stage, w.filing.stage_since, found.issued_at) == (Stage.RETURNED, due, due)
    assert found.content["recorded_text"] == time_text(due + timedelta(days=2))
    says(found, FUNDS, "两次逾期未补齐", "第P14条", "第P25条")
    assert papers(w.filing.book, "DOC35") != []
    assert sound()


def test_what_was_filled_goes_on_and_is_told(late_gap, people):
    from tests.walk import pdf

    w = late_gap
    w.until(w.first + timedelta(days=1, hours=10))
    funds = w.filing.materials.get(name=FUNDS)
    w.do(filings.upload_material, funds, upload=pdf(), by=people.enterprise)
    w.do(filings.check_gap, w.filing.gaps.get(), fine=True, by=people.window)
    assert w.filing.suspended_at is None
    assert told(people.enterprise, "恢复办理")
    assert papers(w.filing.book, "DOC34") == []


def test_a_letter_that_was_never_signed_lapses_without_a_mark(people, at):
    w = walk(people, at("2018-01-17 09:00"), to=Stage.COMMITTING)
    w.past(w.filing.limits.get(rule="P6").due_at)
    second = w.filing.limits.get(rule="P20")
    w.until(second.due_at + timedelta(hours=9))
    found = paper(w, "DOC36")
    assert (w.filing.stage, found.issued_at) == (Stage.LAPSED, second.due_at)
    assert found.content["effective_text"] == time_text(second.due_at)
    assert found.content["reminded_text"] == time_text(second.started_at)
    assert found.content["letter_number"] == w.filing.letter().paper.number
    says(found, "不是失信", "不计入信用记录")


def test_not_passed_is_told_beside_the_minutes(people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.PREREVIEWING)
    w.call_meeting()
    w.hold(w.meeting)
    w.morning()
    with refused(error=ValidationError):
        w.conclude(Conclusion.FAIL)
    w.conclude(Conclusion.FAIL, reasons="总平面越过道路红线")
    found = paper(w, "DOC45")
    assert w.filing.stage == Stage.NOT_PASSED
    assert found.content["minutes_number"] == papers(w.filing.book, "DOC13")[0]
    says(found, "总平面越过道路红线", "不是不予行政许可", "重新申报")
    contested(found)
    assert sound()
