"""联合验收: who applies, who finds what, when nothing can be concluded, and what a conclusion brings."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from approvals import services as filings
from approvals.models import Material
from approvals.stages import MaterialState, NeededBy, Stage
from core.documents.models import Paper
from core.ledger.queries import verify_all
from core.steps.reasons import NotNow
from inspection import services
from inspection.models import Acceptance, Archive, CreditRecord, Finding
from inspection.queries.record import History
from inspection.stages import FindingState, Result, Verdict
from tests.conftest import instant
from tests.standing import standing
from tests.stories.telling import refused, told
from tests.walk import acts, pdf, walk

pytestmark = pytest.mark.django_db
NOW = "2018-03-05 09:00"
BROKEN = {"problem": "东侧消火栓无水压", "demand": "接通水源，压力达到设计值"}


walked, building = standing(lambda people: walk(people, instant(NOW), to=Stage.BUILDING))


@pytest.fixture
def accepting(building):
    return building.to(Stage.ACCEPTING)


def apply(w, **kwargs):
    return w.do(
        services.apply_acceptance, w.filing,
        **{"text": "工程已经建成", "by": w.enterprise, **kwargs},
    )  # fmt: skip


def failed_once(w):
    """The fire clause fails, all the rest passes, the list is out."""
    w.give("C09-3", Verdict.FAILED, **BROKEN)
    w.pass_all()
    w.conclude_acceptance()
    return w


# — the application ——————————————————————————————————————————————————————————————


def test_only_the_enterprise_of_the_case_applies(building, people):
    building.report_completion()
    for stranger in (people.other_enterprise, people.window, people.department("ZJJ")):
        with refused(error=PermissionDenied):
            apply(building, by=stranger)


def test_nothing_is_accepted_before_the_works_are_reported_done(building):
    with refused("竣工报告还没有提交"):
        apply(building)
    assert not Acceptance.objects.exists()


def test_nothing_is_accepted_where_the_case_does_not_stand(people, at):
    w = walk(people, at(NOW), to=Stage.START_NOTIFIED)
    with refused("不能办理“申请联合验收”"):
        apply(w)


def test_a_stopped_project_is_not_accepted(building):
    building.report_completion()
    filing = building.filing
    filing.stopped_at = building.now
    filing.save()
    with refused("停工整改"):
        apply(building)


def test_what_is_needed_at_the_acceptance_is_handed_in_first_and_checked_by_window_or_department(
    building, people
):
    building.report_completion()
    material = Material.objects.create(
        filing=building.filing, name="消防验收资料", item_codes=["C09"], form="original",
        needed_by=NeededBy.ACCEPTANCE,
    )  # fmt: skip
    with refused("材料还没有交齐"):
        apply(building)
    building.do(filings.upload_material, material, upload=pdf(), by=people.enterprise)
    for stranger in (people.department("SLJ"), people.enterprise, people.supervisor):
        with refused(error=PermissionDenied):
            building.do(filings.check_material, material, fine=True, by=stranger)
    clerk = people.department("ZJJ")
    building.do(filings.check_material, material, fine=False, reason="缺检测页", by=clerk)
    assert told(people.enterprise, "消防验收资料")
    with refused("材料还没有交齐"):
        apply(building)
    building.do(filings.upload_material, material, upload=pdf(), by=people.enterprise)
    building.do(filings.check_material, material, fine=True, by=clerk)
    material.refresh_from_db()
    assert material.state == MaterialState.ACCEPTED
    assert apply(building).round == 1


def test_a_department_checks_no_material_of_another_time(people, at):
    w = walk(people, at(NOW), to=Stage.RECEIVED)
    with refused(error=PermissionDenied):
        w.do(
            filings.check_material, w.filing.materials.intake().first(), fine=True,
            by=people.department("ZJJ"),
        )  # fmt: skip


def test_an_application_says_something(building):
    building.report_completion()
    with refused("请写明申请说明", ValidationError):
        apply(building, text=" ")


def test_each_clause_waits_for_the_department_that_checks_it_and_each_item_without_one_for_its_own(
    accepting, people
):
    filing, acceptance = accepting.filing, accepting.acceptance
    by_clause = {
        (v.clause.number, v.department_id)
        for v in acceptance.verdicts.exclude(clause=None).select_related("clause")
    }
    assert by_clause == set(filing.letter().clauses.values_list("number", "checked_by"))
    by_item = acceptance.verdicts.filter(clause=None)
    assert set(by_item.values_list("item__code", "department__code")) == {
        ("R04", "ZRJ"),
        ("R06", "ZJJ"),
    }
    assert set(acceptance.verdicts.values_list("verdict", flat=True)) == {Verdict.AWAITED}
    limit = filing.limits.get(rule="P10", ended_at=None)
    assert limit.started_at == acceptance.applied_at
    assert told(people.department("ZRJ"), "请提出验收意见")
    assert told(people.department("ZJJ"), "请牵头组织")


def test_it_is_applied_for_once(accepting):
    with refused("不能办理“申请联合验收”"):
        apply(accepting)
    assert Acceptance.objects.count() == 1


# — the visit ————————————————————————————————————————————————————————————————————


def test_only_the_lead_calls_the_visit_and_only_for_a_time_to_come(accepting, people, at):
    w = accepting
    for stranger in (people.department("ZRJ"), people.convenor, people.enterprise, people.window):
        with refused(error=PermissionDenied):
            w.do(
                services.call_visit, w.acceptance, visit_at=at("2019-01-01 09:00"), place="厂区门口",
                by=stranger,
            )  # fmt: skip
    with refused("应在现在以后", ValidationError):
        w.do(
            services.call_visit, w.acceptance, visit_at=w.now, place="厂区门口",
            by=people.department("ZJJ"),
        )  # fmt: skip


def test_a_visit_is_told_to_all_and_told_anew_when_it_moves(accepting, people):
    w, lead = accepting, people.head("ZJJ")
    when = w.morning().replace(hour=15)
    w.do(services.call_visit, w.acceptance, visit_at=when, place="厂区门口", by=lead)
    w.do(services.call_visit, w.acceptance, visit_at=when.replace(hour=16), place="北门", by=lead)
    acceptance = w.acceptance
    assert (acceptance.visit_at, acceptance.visit_place) == (when.replace(hour=16), "北门")
    said = told(people.department("ZRJ"), "现场验收")
    assert len(said) == 2
    assert "改期" in said[1]
    assert len(told(people.enterprise, "现场验收")) == 2
    assert acts(w.filing.book).count("call_visit") == 2


# — the verdicts —————————————————————————————————————————————————————————————————


def test_a_verdict_is_given_by_its_department_and_nobody_else(accepting, people):
    w, verdict = accepting, accepting.verdict("R04")
    strangers = (people.department("ZJJ"), people.window, people.convenor, people.enterprise)
    for stranger in strangers:
        with refused(error=PermissionDenied):
            w.do(services.give_verdict, verdict, outcome=Verdict.PASSED, by=stranger)
    w.do(services.give_verdict, verdict, outcome=Verdict.PASSED, by=people.head("ZRJ"))
    assert w.verdict("R04").given_by == people.head("ZRJ")


@pytest.mark.parametrize("missing", ["problem", "demand"])
def test_a_failed_verdict_says_what_is_wrong_and_what_must_be_done(accepting, missing):
    with refused(error=ValidationError):
        accepting.give("C09-3", Verdict.FAILED, **{**BROKEN, missing: "  "})
    assert accepting.verdict("C09-3").verdict == Verdict.AWAITED


@pytest.mark.parametrize("outcome", [Verdict.AWAITED, "agree", ""])
def test_a_verdict_is_passed_or_failed(accepting, outcome):
    with refused("请选择合格或者不合格", ValidationError):
        accepting.give("C09-3", outcome)


def test_a_verdict_may_be_changed_until_the_conclusion_and_not_after(accepting):
    w = accepting
    w.give("C09-3", Verdict.FAILED, **BROKEN)
    w.give("C09-3", Verdict.PASSED)
    changed = w.verdict("C09-3")
    assert (changed.verdict, changed.problem, changed.demand) == (Verdict.PASSED, "", "")
    w.give("C09-3", Verdict.FAILED, **BROKEN)
    w.pass_all()
    first = w.acceptance
    w.conclude_acceptance()
    verdict = first.verdicts.get(clause__number="C09-3")
    clerk = w.people.department("ZJJ")
    with refused("已经有结论"):
        w.do(services.give_verdict, verdict, outcome=Verdict.PASSED, by=clerk)
    with refused("已经有结论"):
        w.do(services.pass_all, first, by=clerk)


def test_all_of_ones_own_pass_in_one_move_but_what_was_found_wanting(accepting, people):
    w = accepting
    w.give("C09-3", Verdict.FAILED, **BROKEN)
    with refused(error=PermissionDenied):
        w.do(services.pass_all, w.acceptance, by=people.department("SLJ"))
    count = w.do(services.pass_all, w.acceptance, by=people.department("ZJJ"))
    mine = w.acceptance.verdicts.filter(department__code="ZJJ")
    assert mine.filter(verdict=Verdict.PASSED).count() == count == mine.count() - 1
    assert w.acceptance.verdicts.filter(department__code="ZRJ", verdict=Verdict.AWAITED).exists()
    with refused("已经提齐"):
        w.do(services.pass_all, w.acceptance, by=people.department("ZJJ"))


# — the conclusion ———————————————————————————————————————————————————————————————


def test_nothing_is_concluded_while_a_department_is_silent(accepting):
    w = accepting
    w.pass_all(skip=["ZRJ"])
    with refused("自然资源局"):
        w.conclude_acceptance()
    assert w.filing.stage == Stage.ACCEPTING


def test_only_the_lead_concludes(accepting, people):
    w = accepting
    w.pass_all()
    assert told(people.department("ZJJ"), "意见已齐")
    for stranger in (people.department("ZRJ"), people.convenor, people.window, people.enterprise):
        with refused(error=PermissionDenied):
            w.do(services.conclude_acceptance, w.acceptance, by=stranger)


def test_a_stopped_project_is_not_completed(accepting):
    w = accepting
    w.pass_all()
    filing = w.filing
    filing.stopped_at = w.now
    filing.save()
    with refused("停工整改"):
        w.conclude_acceptance()
    assert w.acceptance.concluded_at is None


def test_all_passed_closes_the_case_with_opinion_record_and_bundle(accepting, people):
    w = accepting
    w.pass_all()
    acceptance = w.conclude_acceptance()
    filing = w.filing
    assert (filing.stage, filing.completed_at) == (Stage.COMPLETED, acceptance.concluded_at)
    assert (acceptance.result, acceptance.paper.kind) == (Result.PASS, "DOC26")
    assert not filing.limits.filter(ended_at=None).exists()
    record = CreditRecord.objects.get(filing=filing)
    assert (record.clauses, record.rounds, record.findings) == (
        filing.letter().clauses.count(),
        1,
        0,
    )
    assert record.paper.kind == "DOC43"
    assert Archive.objects.get(filing=filing).wanted_at == filing.completed_at
    assert told(people.enterprise, "办结")
    with refused("已经有结论"):
        w.conclude_acceptance()
    assert verify_all()[2] == []


def test_anything_failed_gives_one_list_of_everything_and_thirty_days(accepting):
    w = accepting
    w.give("R04", Verdict.FAILED, problem="退让道路不足", demand="拆除越线围墙")
    failed_once(w)
    filing = w.filing
    assert filing.stage == Stage.AMENDING
    paper = Paper.objects.get(book=filing.book, kind="DOC42")
    assert [row["no"] for row in paper.content["entries"]] == ["C09-3", "R04"]
    assert [row["department"] for row in paper.content["entries"]] == [
        "住房保障和城乡建设管理局",
        "国土资源局",
    ]
    assert paper.content["issuer"]["name"] == "左权县住房保障和城乡建设管理局"
    assert paper.issuer_code == "ZJJ"  # whose seal it waits for, and whom its English page names
    limit = filing.limits.get(rule="P31", ended_at=None)
    assert limit.started_at == w.filing.acceptances.get().concluded_at
    assert not CreditRecord.objects.exists()


# — mending and the second round ——————————————————————————————————————————————————


def test_a_second_round_needs_every_entry_of_the_list_to_be_answered(accepting, people):
    w = failed_once(accepting)
    again = {"text": "已整改", "by": people.enterprise}
    with refused("没有写明整改情况"):
        w.do(services.hand_in_amendment, w.filing, **again)
    entry = w.filing.acceptances.get().verdicts.get(verdict=Verdict.FAILED)
    with refused(error=PermissionDenied):
        w.do(services.report_amendment, entry, text="水源已接通", by=people.other_enterprise)
    with refused("请写明做了什么", ValidationError):
        w.do(services.report_amendment, entry, text=" ", by=people.enterprise)
    fine = w.filing.acceptances.get().verdicts.filter(verdict=Verdict.PASSED).first()
    with refused("不在现在的整改清单上"):
        w.do(services.report_amendment, fine, text="……", by=people.enterprise)
    w.do(services.report_amendment, entry, text="水源已接通", upload=pdf(), by=people.enterprise)
    with refused(error=PermissionDenied):
        w.do(services.hand_in_amendment, w.filing, **{**again, "by": people.window})
    second = w.do(services.hand_in_amendment, w.filing, **again)
    assert second.round == 2
    assert [v.number for v in second.verdicts.all()] == ["C09-3"]
    with refused("不能办理“申请复验”"):
        w.do(services.hand_in_amendment, w.filing, **again)
    with refused("不能办理“申请复验”"):
        w.do(services.report_amendment, entry, text="再改一次", by=people.enterprise)


def test_a_stopped_project_is_not_looked_at_again(accepting, people):
    w = failed_once(accepting)
    entry = w.filing.acceptances.get().verdicts.get(verdict=Verdict.FAILED)
    w.do(services.report_amendment, entry, text="水源已接通", by=people.enterprise)
    filing = w.filing
    filing.stopped_at = w.now
    filing.save()
    with refused("停工整改"):
        w.do(services.hand_in_amendment, w.filing, text="已整改", by=people.enterprise)


def test_two_conclusions_at_once_are_one(accepting):
    w = accepting
    w.pass_all()
    stale = w.acceptance
    w.conclude_acceptance()
    with pytest.raises(NotNow, match="已经有结论"):
        services.conclude_acceptance(stale, by=w.people.head("ZJJ"), at=w.now)
    assert acts(w.filing.book).count("complete") == 1


def test_only_what_was_mended_without_failing_on_the_way_counts_as_mended_in_time(at):
    late = {"state": FindingState.CLOSED, "failed_at": at("2018-05-02 09:00")}
    found = [Finding(state=FindingState.CLOSED), Finding(**late), Finding(state=FindingState.OPEN)]
    history = History(clauses=[], checks=2, results=[], findings=found, verdicts=[], rounds=1)
    assert history.mended_in_time == 1
