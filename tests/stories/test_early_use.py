"""验收合格前投入使用: recorded on a clause, told with a notice, in the way of the acceptance, and met by a measure."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from approvals.stages import Stage
from core import clock
from core.steps.reasons import NotNow
from inspection import services as works
from inspection.models import Finding
from inspection.stages import (
    Broken,
    CheckMode,
    FindingState,
    Ground,
    Kept,
    MeasureKind,
    Severity,
    Verdict,
    VisitPurpose,
)
from tests.api.programs import Program
from tests.conftest import instant
from tests.inspection.browse import Browser, text
from tests.standing import standing
from tests.stories.telling import evidence, refused, told
from tests.walk import OFFICERS, acts, walk

pytestmark = pytest.mark.django_db
walked, building = standing(
    lambda people: walk(people, instant("2018-03-05 09:00"), to=Stage.BUILDING)
)
WRONG = {"text": "一号车间已经生产", "legal_basis": "", "demand": "验收合格前停止使用", "days": 5}


def clause_of(w, department="ZJJ"):
    own = w.clauses(department)
    return next(c for c in own if c.checked_when == "acceptance")


def record(w, by=None, *, clause=None, since=None, officers=OFFICERS, **differs):
    use = works.Use(
        clause or clause_of(w),
        since or timezone.localdate(w.now),
        works.Breach(**{**WRONG, **differs}),
    )
    return w.do(
        works.record_use, w.filing, use=use, officers=officers, by=by or w.people.department("ZJJ")
    )


def test_who_may_not_and_what_is_wanted(building, people):
    w, day = building, timezone.localdate(building.now)
    strangers = (people.enterprise, people.window, people.convenor, people.supervisor)
    for stranger in (*strangers, people.department("QXJ")):
        with refused(error=PermissionDenied):
            record(w, stranger)
    wrong = (
        {"since": day + timedelta(days=1)}, {"since": day - timedelta(days=900)},
        {"text": " "}, {"demand": " "}, {"days": 0}, {"officers": OFFICERS[:1]},
        {"severity": Severity.MINOR}, {"severity": "grave"},
    )  # fmt: skip
    for said in wrong:
        with refused(error=ValidationError):
            record(w, **said)
    assert not Finding.objects.exists()
    assert not w.filing.checks.exists()


def test_it_is_serious_by_the_rulebook_and_another_grade_wants_its_reason(building):
    w = building
    finding = record(w)
    assert (finding.broken, finding.severity, finding.severity_reason) == (
        Broken.USE, Severity.SERIOUS, "",
    )  # fmt: skip
    assert finding.legal_basis.startswith(finding.clause.standard[:20])
    assert "县规则P43" in finding.legal_basis
    with refused("已经记录"):
        record(w)  # pressed twice
    other = w.clauses("ZJJ")[0]
    assert other != finding.clause
    less = record(w, clause=other, severity=Severity.GENERAL, severity_reason="只试了一天机")
    assert (less.severity, less.severity_reason) == (Severity.GENERAL, "只试了一天机")
    said = evidence(w.filing.book, "find_breach")
    assert (said["usual"], said["severity_reason"]) == ("serious", "只试了一天机")


def test_record_notice_and_who_is_told(building, people):
    w = building
    finding = record(w)
    check = finding.result.visit
    assert (check.mode, check.open, check.paper is not None) == (CheckMode.SEEN, False, True)
    assert "未经验收合格投入使用" in finding.paper.content["fact"]
    assert told(people.enterprise, "停止使用")
    assert told(people.supervisor, "投入使用")
    assert {"record_use", "hold_check", "find_breach"} <= set(acts(w.filing.book))
    with refused("直接记录", error=ValidationError):
        w.plan_check("ZJJ", mode=CheckMode.SEEN)


def test_nothing_passes_while_it_is_not_mended_and_it_is_met_by_the_measures(building, people):
    w = building
    finding = record(w)
    w.report_completion()
    w.bring_acceptance_materials()
    with refused("没有整改完成"):
        w.do(works.apply_acceptance, w.filing, text="已经建成", by=people.enterprise)
    mark = works.Intention(
        MeasureKind.CREDIT, Ground.NOT_MENDED, "停止使用的通知没有执行", "承诺书", finding=finding,
        severity=Severity.SERIOUS,
    )  # fmt: skip
    with refused("还在整改"):
        w.do(works.propose_measure, w.filing, intention=mark, by=people.department("ZJJ"))
    w.now = finding.due_at + timedelta(minutes=1)

    measure = w.do(works.propose_measure, w.filing, intention=mark, by=people.department("ZJJ"))

    assert measure.finding == finding
    w.report_rectified(finding)
    w.recheck(Finding.objects.get())
    assert Finding.objects.get().state == FindingState.CLOSED
    again = record(w)  # used once more: another breach
    assert again.pk != finding.pk


def test_not_once_everything_has_passed_nor_before_the_works(people, at):
    done = walk(people, at("2018-03-05 09:00"), to=Stage.COMPLETED)
    with refused("不在建设或验收中"):
        record(done)
    before = walk(people, at("2018-03-05 09:00"), to=Stage.START_NOTIFIED, project_name="另一个")
    with pytest.raises(NotNow):
        record(before)


def test_on_the_page_and_by_a_program(building, people, client):
    w, clause = building, clause_of(building)
    pk, day = w.filing.public_id, timezone.localdate(w.now).isoformat()
    clerk = Browser(people.department("ZJJ"), w.now)
    assert "记录验收合格前投入使用" in text(clerk.get("desk:case", pk))
    assert Browser(people.window, w.now).get("record_use", pk).status_code == 403
    page = text(clerk.get("record_use", pk))
    assert 'value="serious" selected' in page
    form = {
        "officer_1": "甲", "card_1": "示例001", "officer_2": "乙", "card_2": "示例002",
        "clause": clause.pk, "since": day, "text": "食堂已经开伙", "severity": "minor",
        "demand": "停止使用", "days": 5,
    }  # fmt: skip
    unsaid = clerk.post("record_use", pk, **form)
    assert unsaid.status_code == 422
    assert "须写明理由" in text(unsaid)
    assert clerk.post("record_use", pk, **{**form, "severity": "serious"}).status_code == 302
    for place, key in (("desk:case", pk), ("finding", Finding.objects.get().pk)):
        assert "验收合格前投入使用" in text(clerk.get(place, key))
    assert "验收合格前投入使用" in text(clerk.get("clause", pk, clause.pk))

    other = w.clauses("ZJJ")[0]
    body = {
        "clause": other.number, "since": day, "text": "宿舍已经住人", "demand": "停止使用",
        "days": 5, "officers": OFFICERS,
    }  # fmt: skip
    with clock.driven(w.now):
        program = Program(client, people.department("ZJJ"))
        odd = program.post(f"filings/{pk}/record-use/", {**body, "clause": "X-9"})
        made = program.post(f"filings/{pk}/record-use/", body)
        chain = program.get(f"clauses/{other.pk}/").json()["results"]
    assert odd.status_code == 422
    assert (made.json()["broken"], made.json()["severity"]) == ("use", "serious")
    assert [one["broken"] for one in chain] == ["use"]


def test_whoever_saw_a_clause_in_use_has_not_examined_it(building, people, client):
    w = building
    visit = w.filing.planned_visits.get(department__code="ZJJ", purpose=VisitPurpose.FULL)
    seen = visit.clauses.first()
    record(w, clause=seen)
    later = [works.Looked(c, Kept.NOT_YET if c == seen else Kept.KEPT) for c in w.clauses("ZJJ")]
    pages = Browser(people.department("ZJJ"), w.now)
    assert "尚无部门核查" in text(pages.get("clause", w.filing.public_id, seen.pk))
    with clock.driven(w.now):
        program = Program(client, people.department("ZJJ"))
        found = program.get("clauses/", {"filing": w.filing.public_id, "unchecked": "true"}).json()
    assert seen.number in {one["number"] for one in found["results"]}
    assert len(found["results"]) == w.filing.letter().clauses.count()
    assert f"还有{w.filing.letter().clauses.count()}条没有部门核查过" in text(
        pages.get("clauses", w.filing.public_id)
    )
    w.hold_check(w.plan_check("ZJJ"), results=later)

    visit.refresh_from_db()
    assert visit.open
    w.hold_check(
        w.plan_check("ZJJ"), results=[works.Looked(c, Kept.KEPT) for c in w.clauses("ZJJ")]
    )
    visit.refresh_from_db()
    assert not visit.open


def test_a_clause_that_has_passed_is_neither_offered_nor_taken(people, at, client):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.ACCEPTING)
    w.give("C09-3", Verdict.FAILED, problem="东侧消火栓无水压", demand="接通水源")
    w.pass_all()  # the round is open, and yet its department has said that it passes
    own = {c.number: c for c in w.clauses("ZJJ")}
    passed, failed = next(c for number, c in own.items() if number != "C09-3"), own["C09-3"]
    with refused(f"{passed.number}已经验收合格"):
        record(w, clause=passed)
    w.conclude_acceptance()
    assert w.filing.stage == Stage.AMENDING
    with refused(f"{passed.number}已经验收合格"):
        record(w, clause=passed)
    page = Browser(people.department("ZJJ"), w.now).get("record_use", w.filing.public_id)
    offered = page.context["form"].fields["clause"].queryset
    assert list(offered) == [failed]
    assert "都已经验收合格" in text(
        Browser(people.department("QXJ"), w.now).get("record_use", w.filing.public_id)
    )
    assert record(w, clause=failed).broken == Broken.USE
