"""联合验收: from the completed works to 办结 — clean; failed once and mended; and a department that stays silent.

The works are reported done and acceptance is applied for on Tuesday, 20 March 2018. The ten working days run to
Tuesday, 3 April; the Qingming holiday (5–7 April, with the 8th worked) lies behind them.
"""

from datetime import timedelta

import pytest

from approvals.stages import Stage
from core.documents.models import Paper
from inspection import services
from inspection.models import Archive, CreditRecord
from inspection.stages import Result, Verdict
from tests.stories.telling import evidence, in_order, papers, refused, sound, told, undone
from tests.walk import acts, pdf, walk

pytestmark = pytest.mark.django_db
FIRE = {"problem": "东侧消火栓无水压", "demand": "接通水源，压力达到设计值"}
WALL = {"problem": "东侧围墙越出用地红线0.8米", "demand": "拆除越线围墙，按批准的总平面图重新砌筑"}


@pytest.fixture
def accepting(people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.ACCEPTING)
    assert w.filing.stage_since.date() == at("2018-03-20 09:00").date()
    return w


def mend(w, text="已按要求整改"):
    """The enterprise answers every entry of the list, and applies for re-inspection."""
    for entry in w.acceptance.verdicts.filter(verdict=Verdict.FAILED):
        w.do(services.report_amendment, entry, text=text, upload=pdf(), by=w.enterprise)
    w.do(services.hand_in_amendment, w.filing, text="请复验", by=w.enterprise)


def test_clean(accepting, people, at):
    w = accepting
    w.do(
        services.call_visit, w.acceptance, visit_at=at("2018-03-22 09:00"), place="厂区北门",
        by=people.department("ZJJ"),
    )  # fmt: skip
    w.until(at("2018-03-22 09:00"))
    w.pass_acceptance()
    filing = w.filing
    assert (filing.stage, filing.step, filing.ended) == (Stage.COMPLETED, 11, True)
    assert in_order(
        ["report_completion", "apply_acceptance", "call_visit", "give_verdict", "complete"],
        acts(filing.book),
    )
    opinion = Paper.objects.get(book=filing.book, kind="DOC26")
    assert opinion.content["problems_text"] == "无。"
    assert opinion.content["rounds"][0]["visit_text"] == "2018年3月22日9时00分，厂区北门"
    # The names are those of the day: the bureau was renamed in 2019.
    departments = {row["department"] for row in opinion.content["verdicts"]}
    assert departments == {"住房保障和城乡建设管理局", "国土资源局", "气象局"}
    record = CreditRecord.objects.get(filing=filing)
    assert {row["accepted"] for row in record.content} == {"第1轮合格"}
    assert papers(filing.book, "DOC43") == [record.paper.number]
    assert Archive.objects.get(filing=filing).made_at is None
    # Nothing waits any more, and years later nothing has happened.
    w.until(at("2018-12-03 09:00"))
    assert w.filing.stage == Stage.COMPLETED
    assert "escalate" not in acts(filing.book)[acts(filing.book).index("complete") :]
    assert sound()


def test_failed_once_mended_and_looked_at_again_only_where_it_failed(accepting, people, at):
    w = accepting
    w.give("C09-3", Verdict.FAILED, **FIRE)
    w.give("R04", Verdict.FAILED, **WALL)
    w.pass_all()
    w.conclude_acceptance()
    first = w.acceptance
    assert (w.filing.stage, w.filing.step, first.result) == (Stage.AMENDING, 10, Result.FAIL)
    assert told(people.enterprise, "2项不合格")
    # The thirty working days to mend are the enterprise's; overdue the supervisor hears of it, nothing is decided.
    limit = w.filing.limits.get(rule="P31", ended_at=None)
    w.past(limit.due_at)
    assert evidence(w.filing.book, "escalate")["rule"] == "P31"
    assert w.filing.stage == Stage.AMENDING
    mend(w)
    second = w.acceptance
    assert second.round == 2
    assert sorted(v.number for v in second.verdicts.all()) == ["C09-3", "R04"]
    # One is mended, the other not yet: the next list has one entry, and what passed stays passed.
    w.give("C09-3")
    w.give("R04", Verdict.FAILED, **WALL)
    w.conclude_acceptance()
    mend(w)
    assert [v.number for v in w.acceptance.verdicts.all()] == ["R04"]
    w.pass_acceptance()
    filing = w.filing
    assert filing.stage == Stage.COMPLETED
    assert (
        acts(filing.book).count("ask_amendment")
        == acts(filing.book).count("hand_in_amendment")
        == 2
    )
    record = CreditRecord.objects.get(filing=filing)
    assert record.rounds == 3
    said = {row["no"]: row["accepted"] for row in record.content}
    assert said["C09-3"] == "第1轮不合格，第2轮合格"
    assert said["C12-1"] == "第1轮合格"
    opinion = Paper.objects.get(book=filing.book, kind="DOC26").content
    lists = papers(filing.book, "DOC42")
    assert opinion["problems_text"] == (
        f"C09-3、R04曾不合格，已按整改清单（{lists[0]}、{lists[1]}）整改，复验合格。"
    )
    results = {row["no"]: row["result"] for row in opinion["verdicts"]}
    assert (results["C09-3"], results["R04"], results["C12-1"]) == (
        "合格（第2轮）",
        "合格（第3轮）",
        "合格（第1轮）",
    )
    assert sound()


def test_a_silent_department_is_escalated_and_nobody_speaks_for_it(accepting, people, at):
    w = accepting
    w.pass_all(skip=["ZRJ"])
    limit = w.filing.limits.get(rule="P10", ended_at=None)
    assert limit.due_at == at("2018-04-04 00:00")
    with refused("自然资源局"):
        services.conclude_acceptance(
            w.acceptance, by=people.department("ZJJ"), at=limit.due_at - timedelta(seconds=1)
        )
    w.until(at("2018-06-04 09:00"))
    limit.refresh_from_db()
    assert (limit.escalated_at, limit.ended_at) == (limit.due_at, None)
    escalated = w.filing.book.entries.filter(act="escalate")
    assert limit.due_at in escalated.values_list("event_at", flat=True)
    assert told(people.supervisor, "逾期")
    assert told(people.head("ZRJ"), "验收意见逾期未提")
    assert told(people.head("ZJJ"), "联合验收逾期")
    assert not told(people.head("QXJ"), "验收意见逾期未提")
    # Two months of silence are no verdict: neither passed nor failed, neither concluded nor given up.
    assert w.verdict("R04").verdict == Verdict.AWAITED
    assert w.filing.stage == Stage.ACCEPTING
    with refused("自然资源局"):
        w.conclude_acceptance()
    # Late as it is, what the department says counts: it has not been replaced by anything.
    with undone(w):
        w.give("R04", Verdict.FAILED, **WALL)
        w.conclude_acceptance()
        assert w.filing.stage == Stage.AMENDING
    w.give("R04")
    w.conclude_acceptance()
    assert w.filing.stage == Stage.COMPLETED
    assert sound()
