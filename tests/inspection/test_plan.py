"""监管计划: drawn up when the notice ends, begun with the works, worked off by checks; silence checks nothing."""

from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from approvals.models import CreditBar
from approvals.stages import Stage
from core import clock
from core.steps.reasons import NotNow
from inspection.models import PlannedVisit
from inspection.rules.plan import visits_of
from inspection.services import plan_joint_check
from inspection.services.plan import make_plan
from inspection.stages import Kept, VisitPurpose
from tests.conftest import instant
from tests.standing import standing
from tests.stories.telling import refused, told, undone
from tests.walk import acts, walk

pytestmark = pytest.mark.django_db
NOW = "2018-03-05 09:00"
P = VisitPurpose


def clause(number, department=1, *, safety=False, when="construction"):
    return SimpleNamespace(
        number=number, checked_by_id=department, safety=safety, checked_when=when
    )


@pytest.mark.parametrize(
    ("clauses", "marked", "visits"),
    [
        ([], False, {}),
        ([clause("a")], False, {(1, P.NODE): ["a"]}),
        ([clause("a", safety=True)], False, {(1, P.FULL): ["a"]}),
        ([clause("a")], True, {(1, P.FULL): ["a"]}),
        ([clause("a", when="acceptance", safety=True)], True, {}),
        (
            [clause("a", safety=True), clause("b"), clause("c", 2), clause("d", safety=True)],
            False,
            {(1, P.FULL): ["a", "d"], (1, P.NODE): ["b"], (2, P.NODE): ["c"]},
        ),
    ],
)
def test_which_visits_a_commitment_asks_for(clauses, marked, visits):
    found = visits_of(clauses, marked=marked)

    assert {key: [c.number for c in of] for key, of in found.items()} == visits


# What takes the energy statement adds C01, which is no matter of safety.
walked, building = standing(
    lambda people: walk(
        people, instant(NOW), to=Stage.BUILDING, answers={"energy_above_threshold": "yes"}
    )
)


def visits(w, **which):
    return {
        (v.department.code, v.purpose): v
        for v in PlannedVisit.objects.filter(filing=w.filing, **which).select_related("department")
    }


def test_made_at_the_clean_end_and_begun_with_the_works(people, at):
    w = walk(people, at(NOW), to=Stage.CLEARED)
    made = visits(w)
    assert {key[1] for key in made} == {P.FULL}
    assert {key[0] for key in made} >= {"ZJJ", "QXJ"}
    assert all(v.started_at is None and v.due_at is None for v in made.values())
    assert acts(w.filing.book).count("make_plan") == 1

    w.to(Stage.BUILDING)

    assert all(v.started_at == w.filing.started_at for v in visits(w).values())


def test_what_is_no_matter_of_safety_has_more_time(building):
    found = visits(building)

    assert found["FGJ", P.NODE].due_at > found["ZJJ", P.FULL].due_at


def test_worked_off_only_by_a_look_at_every_clause(building):
    w = building
    w.check("QXJ")
    assert visits(w)["QXJ", P.FULL].check_held is not None
    assert visits(w)["ZJJ", P.FULL].open
    from inspection.services import Looked

    waits = [Looked(c, Kept.NOT_YET) for c in w.clauses("ZJJ")]
    w.hold_check(w.plan_check("ZJJ"), results=waits)
    assert visits(w)["ZJJ", P.FULL].open

    w.check("ZJJ")

    assert not visits(w)["ZJJ", P.FULL].open


def test_overdue_it_goes_to_the_supervisor_and_counts_as_no_look(building, people):
    w = building
    due = visits(w)["ZJJ", P.FULL].due_at
    w.past(due)

    late = visits(w)["ZJJ", P.FULL]
    assert late.escalated_at == due
    assert late.open
    assert told(people.supervisor, "全覆盖检查")


def test_a_missing_report_sends_a_department_and_its_coming_ends_the_visit(building, people):
    w = building
    limit = w.filing.limits.get(rule="P27", ended_at=None)
    w.past(limit.due_at)

    visit = PlannedVisit.objects.get(filing=w.filing, purpose=P.REPORT)
    assert (visit.department.code, visit.started_at) == ("ZJJ", limit.due_at)
    assert told(people.department("ZJJ"), "逾期未报告进度")
    with undone(w):
        w.check("ZJJ")
        assert visits(w)["ZJJ", P.REPORT].check_held is not None
    from inspection.services import report_progress

    w.do(
        report_progress, w.filing, happened_on=timezone.localdate(w.now), percent=40, text="主体完成",
        by=people.enterprise,
    )  # fmt: skip
    assert not visits(w)["ZJJ", P.REPORT].open


def test_several_departments_go_together(building, people):
    w, day = building, timezone.localdate(building.now)
    for stranger in (people.department("ZJJ"), people.enterprise, people.supervisor):
        with refused(error=PermissionDenied):
            w.do(plan_joint_check, w.filing, planned_on=day, by=stranger)
    with refused(error=ValidationError):
        w.do(plan_joint_check, w.filing, planned_on=day.replace(day=day.day - 1), by=people.window)

    made = w.do(plan_joint_check, w.filing, planned_on=day, by=people.window)

    assert len(made) == len({c.department_id for c in made}) > 1
    assert {c.planned_on for c in made} == {day}
    assert len(told(people.enterprise, "合并检查")) == 1
    with refused("不到两个"):
        w.do(plan_joint_check, w.filing, planned_on=day, by=people.window)


def test_not_before_the_works(people, at):
    w = walk(people, at(NOW), to=Stage.START_NOTIFIED)
    with pytest.raises(NotNow, match="开工报告以后"):
        w.do(plan_joint_check, w.filing, planned_on=w.now.date(), by=people.window)


def test_a_plan_made_again_takes_the_old_ones_place(building, people):
    w = building
    CreditBar.objects.create(
        enterprise=w.filing.enterprise, filing=w.filing, ground="示例", organ="示例", organ_number="示例1号",
        paper=w.filing.book.papers.first(), since=w.now,
    )  # fmt: skip
    w.do(make_plan, w.filing, by=people.convenor)

    open_now = visits(w, ended_at=None)
    assert {key[1] for key in open_now} == {P.FULL}
    assert ("FGJ", P.FULL) in open_now


def test_the_page_asks_the_same_number_of_queries_for_one_clause_and_for_all(
    building, people, client, django_assert_max_num_queries
):
    w = building
    client.force_login(people.department("ZJJ").user)
    number = w.clauses("ZJJ")[0]
    with clock.driven(w.now):
        page = client.get(reverse("inspection:plan", args=[w.filing.public_id]))
        assert page.status_code == 200
        assert "全覆盖" in page.content.decode()
        with django_assert_max_num_queries(40):
            client.get(reverse("inspection:plan", args=[w.filing.public_id]))
        one = reverse("inspection:clause", args=[w.filing.public_id, number.pk])
        assert "尚无部门核查" in client.get(one).content.decode()
    finding = w.breach("ZJJ")
    w.report_rectified(finding)
    w.recheck(finding)
    with clock.driven(w.now):
        said = client.get(one).content.decode()
        assert "复查合格" in said
        assert "尚无部门核查" not in said
        client.force_login(people.other_enterprise.user)
        assert client.get(one).status_code == 404
