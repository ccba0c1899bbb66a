"""Checks: who plans, calls off and holds them; two officers; every clause of the department, and no other's."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from approvals.stages import Stage
from core.steps.reasons import NotNow
from inspection.models import Check, Finding
from inspection.services import Breach, Looked, call_off_check, hold_check, plan_check
from inspection.stages import CheckMode, Kept
from tests.conftest import instant
from tests.standing import standing
from tests.walk import BREACH, OFFICERS, acts, walk

pytestmark = pytest.mark.django_db
NOW = "2018-03-05 09:00"
OURS, THEIRS = "ZJJ", "QXJ"  # both have clauses in the letter of the plain project


walked, building = standing(lambda people: walk(people, instant(NOW), to=Stage.BUILDING))


def results(w, department=OURS, kept=Kept.KEPT, **kwargs):
    return [Looked(clause, kept, **kwargs) for clause in w.clauses(department)]


# — planning ——————————————————————————————————————————————————————————————————————


def test_a_department_plans_only_its_own_checks(building, people):
    own = people.department(OURS).organisation
    for stranger in (people.department(THEIRS), people.enterprise, people.supervisor):
        with pytest.raises(PermissionDenied):
            building.do(
                plan_check, building.filing, department=own, planned_on=building.now.date(),
                by=stranger,
            )  # fmt: skip


def test_no_check_before_the_start_report(people, at):
    w = walk(people, at(NOW), to=Stage.START_NOTIFIED)

    with pytest.raises(NotNow, match="开工报告以后"):
        w.plan_check(OURS)


def test_a_check_is_planned_for_a_department_with_clauses_and_a_day_to_come(building, people):
    yesterday = timezone.localdate(building.now) - timedelta(days=1)
    with pytest.raises(ValidationError, match="不能早于今天"):
        building.plan_check(OURS, planned_on=yesterday)
    with pytest.raises(ValidationError, match="没有要核查的承诺条款"):
        building.do(
            plan_check, building.filing, department=people.department("LYJ").organisation,
            planned_on=timezone.localdate(building.now), by=people.convenor,
        )  # fmt: skip
    with pytest.raises(ValidationError, match="不能指定"):
        building.plan_check(OURS, mode=CheckMode.RANDOM)
    with pytest.raises(ValidationError, match="写明事由"):
        building.plan_check(OURS, mode=CheckMode.COMPLAINT)
    assert not Check.objects.exists()


def test_a_department_has_one_check_open_at_a_time(building):
    first = building.plan_check(OURS)
    building.plan_check(THEIRS)
    with pytest.raises(NotNow, match="先进行或取消"):
        building.plan_check(OURS)

    building.hold_check(first)
    building.plan_check(OURS)


def test_the_enterprise_hears_of_a_planned_check_and_not_of_one_upon_a_complaint(building):
    building.plan_check(OURS)
    building.plan_check(THEIRS, mode=CheckMode.COMPLAINT, why="有人反映")

    done = acts(building.filing.book)
    assert done.count("plan_check") == 1
    assert done.count("plan_unannounced_check") == 1


# — calling off ———————————————————————————————————————————————————————————————————


def test_a_check_is_called_off_with_a_reason_by_its_department_or_the_convenor(building, people):
    check = building.plan_check(OURS)
    clerk = people.department(OURS)
    with pytest.raises(ValidationError, match="请写明理由"):
        building.do(call_off_check, check, reason=" ", by=clerk)
    for stranger in (people.department(THEIRS), people.enterprise):
        with pytest.raises(PermissionDenied):
            building.do(call_off_check, check, reason="改期", by=stranger)

    building.do(call_off_check, check, reason="改期", by=clerk)

    with pytest.raises(NotNow, match="已经取消"):
        building.do(call_off_check, check, reason="改期", by=clerk)
    with pytest.raises(NotNow, match="已经取消"):
        building.hold_check(check)


# — holding ———————————————————————————————————————————————————————————————————————


def test_only_its_department_holds_a_check(building, people):
    check = building.plan_check(OURS)
    for stranger in (people.department(THEIRS), people.convenor, people.enterprise):
        with pytest.raises(PermissionDenied):
            building.do(
                hold_check, check, officers=OFFICERS, results=results(building), text="查看",
                by=stranger,
            )  # fmt: skip


@pytest.mark.parametrize(
    "officers",
    [
        (),
        OFFICERS[:1],
        (OFFICERS[0], {"name": "检查示例乙", "card": ""}),
        (OFFICERS[0], {"name": "", "card": "示例002"}),
        (OFFICERS[0], {"name": "检查示例乙", "card": OFFICERS[0]["card"]}),
    ],
    ids=["none", "one", "no card", "no name", "one card twice"],
)
def test_two_officers_with_names_and_cards_hold_a_check(building, officers):
    check = building.plan_check(OURS)

    with pytest.raises(ValidationError):
        building.hold_check(check, officers=officers)
    check.refresh_from_db()
    assert check.open


def test_every_clause_of_the_department_and_no_other_is_looked_at_once(building):
    check, own = building.plan_check(OURS), results(building)
    wrong = {
        "还缺": own[1:],
        "只能核查本部门": own + results(building, THEIRS),
        "只能有一个结论": own + own[:1],
    }
    for said, given in wrong.items():
        with pytest.raises(ValidationError, match=said):
            building.hold_check(check, results=given)


def test_a_broken_clause_says_what_is_to_be_mended_between_the_least_and_the_most_days(building):
    check, first = building.plan_check(OURS), building.clauses(OURS)[0]
    rest = results(building)[1:]
    for said, breach in (
        ("写明问题", None),
        ("依据、整改要求", {"legal_basis": " "}),
        ("依据、整改要求", {"demand": ""}),
        ("5到30个工作日", {"days": 4}),
        ("5到30个工作日", {"days": 31}),
    ):
        given = None if breach is None else Breach(**{**BREACH, **breach})
        with pytest.raises(ValidationError, match=said):
            building.hold_check(check, results=[Looked(first, Kept.BROKEN, breach=given), *rest])
    kept = Looked(first, Kept.KEPT, breach=Breach(**BREACH))
    with pytest.raises(ValidationError, match="其他结论不带问题"):
        building.hold_check(check, results=[kept, *rest])
    assert not Finding.objects.exists()


def test_a_clean_check_leaves_its_record_and_ends_the_first_limit(building, people):
    first = building.filing.limits.get(rule="P9a")
    check = building.hold_check(building.plan_check(OURS), statement="无异议")

    first.refresh_from_db()
    assert first.ended_at == check.held_at
    assert check.results.count() == len(building.clauses(OURS))
    assert (check.paper.kind, check.paper.public) == ("DOC23", False)
    assert check.paper.content["statement"] == "无异议"
    assert not Finding.objects.exists()
    with pytest.raises(NotNow, match="已经进行"):
        building.hold_check(check)


def test_a_broken_clause_becomes_a_finding_with_its_notice_and_its_days(building):
    number = building.clauses(OURS)[0].number
    check = building.check(OURS, broken={number: {"days": 5}})

    finding = Finding.objects.get()
    assert (finding.department, finding.clause.number) == (check.department, number)
    assert (finding.rule, finding.length, finding.started_at) == ("P9c", 5, check.held_at)
    assert finding.paper.kind == "DOC24"
    assert finding.paper.content["check"]["record_number"] == check.paper.number
    assert finding.book.next_due <= finding.act_at


def test_a_clause_of_a_withdrawn_letter_is_not_checked(building):
    check, old = building.plan_check(OURS), results(building)
    letter = building.filing.letter()
    new = building.filing.letters.create(
        version=letter.version + 1, paper=letter.paper, offered_at=building.now
    )
    for clause in letter.clauses.all():
        new.clauses.create(
            item=clause.item, number=clause.number, text=clause.text, standard=clause.standard,
            checked_when=clause.checked_when, checked_by=clause.checked_by,
        )  # fmt: skip
    letter.withdrawn_at = building.now
    letter.save()

    with pytest.raises(ValidationError, match="现行承诺书"):
        building.hold_check(check, results=old)
    building.hold_check(check)
