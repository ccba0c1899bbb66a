"""Reports, checks, findings and draws in the browser: who gets in, what a refusal says, what is shown to whom."""

import pytest

from approvals.stages import Stage
from inspection.models import Check, Draw, Finding
from inspection.services import Looked, call_off_check
from inspection.services.pledges import announce_in_time
from inspection.stages import CheckMode, FindingState, Kept, ReportKind, Severity
from tests.conftest import instant
from tests.inspection.browse import Browser, text
from tests.standing import standing
from tests.walk import NO_NODES, walk

pytestmark = pytest.mark.django_db
NOW = "2018-03-05 09:00"
OURS, THEIRS = "ZJJ", "QXJ"
NONE = {f"without_{code}": "on" for code in NO_NODES}
TWO = {"officer_1": "甲", "card_1": "示例001", "officer_2": "乙", "card_2": "示例002"}


walked, w = standing(lambda people: walk(people, instant(NOW), to=Stage.BUILDING))


@pytest.fixture
def someone(w, people):
    """`someone("enterprise")` or `someone("ZJJ")` at the walk's present instant."""

    def of(name):
        known = hasattr(people, name)
        return Browser(getattr(people, name) if known else people.department(name), w.now)

    return of


def results(w, check, **broken):
    """The fields of the form for a check in which everything is kept but what is named."""
    data = {**TWO, "text": "现场查看"}
    for clause in w.clauses(check.department.code):
        data[f"kept_{clause.pk}"] = "kept"
    return data | broken


# — reports ———————————————————————————————————————————————————————————————————————


def test_start_is_reported_on_its_page(people, at):
    w = walk(people, at(NOW), to=Stage.START_NOTIFIED)
    enterprise, pk = Browser(people.enterprise, w.now), w.filing.public_id
    assert "报告开工" in text(enterprise.get("desk:case", pk))
    assert "未办理的，转效能监督督办" in text(enterprise.get("report_start", pk))
    assert Browser(people.department(OURS), w.now).post("report_start", pk).status_code == 403
    assert Browser(people.other_enterprise, w.now).get("report_start", pk).status_code == 404
    late = enterprise.post("report_start", pk, happened_on="2030-01-01", text="基础", **NONE)
    assert late.status_code == 422
    assert "不能晚于今天" in text(late)
    day = w.now.date().isoformat()
    assert (
        enterprise.post("report_start", pk, happened_on=day, text="基础", **NONE).status_code == 302
    )
    assert w.filing.stage == Stage.BUILDING
    assert (
        enterprise.post("report_start", pk, happened_on=day, text="基础", **NONE).status_code == 409
    )
    assert "开工报告" in text(enterprise.get("desk:case", pk))


def test_progress_and_completion_are_reported(w, someone):
    enterprise, pk = someone("enterprise"), w.filing.public_id
    day = w.now.date().isoformat()
    over = enterprise.post("report_progress", pk, happened_on=day, percent=101, text="主体")
    assert over.status_code == 422
    done = {"happened_on": day, "percent": 40, "text": "主体"}
    assert enterprise.post("report_progress", pk, **done).status_code == 302
    assert enterprise.post("report_progress", pk, **done).status_code == 409
    assert enterprise.post("report_completion", pk, happened_on=day, text="完").status_code == 302
    assert w.filing.reports.filter(kind=ReportKind.COMPLETION).exists()
    assert "已经报告竣工" in text(enterprise.get("report_progress", pk))


# — checks ————————————————————————————————————————————————————————————————————————


def test_a_check_is_planned_and_announced_or_not(w, someone, people):
    pk, day = w.filing.public_id, w.now.date().isoformat()
    own = people.department(OURS).organisation.pk
    planned = {"department": own, "mode": "planned", "planned_on": day}
    assert someone("enterprise").get("plan_check", pk).status_code == 403
    assert someone(THEIRS).post("plan_check", pk, **planned).status_code == 422
    assert someone(OURS).post("plan_check", pk, **{**planned, "mode": "random"}).status_code == 422
    assert someone(OURS).post("plan_check", pk, **planned).status_code == 302
    assert someone("convenor").post("plan_check", pk, **planned).status_code == 409
    hidden = {"department": people.department(THEIRS).organisation.pk, "why": "有人反映"}
    someone("window").post("plan_check", pk, **{**planned, **hidden, "mode": "complaint"})
    announced, quiet = Check.objects.order_by("pk")
    page = text(someone("enterprise").get("desk:case", pk))
    assert "计划检查" in page
    assert "举报核查" not in page
    assert someone("enterprise").get("check", announced.pk).status_code == 200
    assert someone("enterprise").get("check", quiet.pk).status_code == 404
    assert "举报核查" in text(someone("supervisor").get("checks"))
    assert "不预先告知" not in page
    assert quiet.mode == CheckMode.COMPLAINT


def test_a_check_is_held_clause_by_clause(w, someone):
    check = w.plan_check(OURS)
    clerk, first = someone(OURS), w.clauses(OURS)[0]
    assert someone(THEIRS).get("hold_check", check.pk).status_code == 403
    page = text(clerk.get("hold_check", check.pk))
    assert first.text in page
    alone = clerk.post("hold_check", check.pk, **results(w, check, officer_2="", card_2=""))
    assert alone.status_code == 422
    same = clerk.post("hold_check", check.pk, **results(w, check, card_2="示例001"))
    assert same.status_code == 422
    assert "两名以上" in text(same)
    bare = clerk.post("hold_check", check.pk, **results(w, check, **{f"kept_{first.pk}": "broken"}))
    assert bare.status_code == 422
    assert "不符合的条款须填写这一项" in text(bare)
    odd = clerk.post("hold_check", check.pk, **results(w, check, **{f"problem_{first.pk}": "缺"}))
    assert "结论应是“不符合”" in text(odd)
    usual, other = first.severity, next(x for x in Severity.values if x != first.severity)
    breach = {
        f"kept_{first.pk}": "broken", f"severity_{first.pk}": other,
        f"problem_{first.pk}": "缺少防火分隔", f"basis_{first.pk}": "承诺书",
        f"demand_{first.pk}": "按图补做", f"days_{first.pk}": 10,
    }  # fmt: skip
    assert f'value="{usual}" selected' in page  # filled in from the clause
    unsaid = clerk.post("hold_check", check.pk, **results(w, check, **breach))
    assert unsaid.status_code == 422
    assert "改为其他程度须写明理由" in text(unsaid)
    breach[f"why_severity_{first.pk}"] = "只有一处，当场说明"
    assert clerk.post("hold_check", check.pk, **results(w, check, **breach)).status_code == 302
    found = Finding.objects.get()
    assert (found.text, found.severity) == ("缺少防火分隔", other)
    assert "只有一处，当场说明" in text(clerk.get("finding", found.pk))
    assert clerk.post("hold_check", check.pk, **results(w, check)).status_code == 409
    record = text(clerk.get("check", check.pk))
    assert "缺少防火分隔" in record
    assert "限期整改" in record


def test_a_check_is_called_off_on_its_page(w, someone):
    check = w.plan_check(OURS)
    assert someone("enterprise").get("call_off_check", check.pk).status_code == 403
    assert someone(OURS).post("call_off_check", check.pk, reason="").status_code == 422
    assert someone(OURS).post("call_off_check", check.pk, reason="改期").status_code == 302
    assert "改期" in text(someone(OURS).get("check", check.pk))
    assert someone(OURS).post("call_off_check", check.pk, reason="改期").status_code == 409
    assert "已取消" in text(someone(OURS).get("checks", state="off"))
    assert "改期" not in text(someone(OURS).get("checks", state="open"))


# — findings ——————————————————————————————————————————————————————————————————————


def test_a_finding_is_mended_and_rechecked(w, someone):
    finding = w.breach(OURS)
    enterprise, clerk = someone("enterprise"), someone(OURS)
    assert "整改并报告" in text(enterprise.get("desk:home"))
    assert "报整改" in text(enterprise.get("finding", finding.pk))
    assert someone("other_enterprise").get("finding", finding.pk).status_code == 404
    assert clerk.post("report_rectified", finding.pk, text="已改").status_code == 403
    again = {**TWO, "fine": "yes", "text": "已改正"}
    assert clerk.post("recheck", finding.pk, **again).status_code == 409
    assert enterprise.post("report_rectified", finding.pk, text="").status_code == 422
    assert enterprise.post("report_rectified", finding.pk, text="已改").status_code == 302
    assert enterprise.post("report_rectified", finding.pk, text="已改").status_code == 409
    assert "复查整改" in text(clerk.get("desk:home"))
    assert enterprise.post("recheck", finding.pk, **again).status_code == 403
    more = clerk.post("recheck", finding.pk, **{**again, "days": 5})
    assert more.status_code == 422
    assert "不再给期限" in text(more)
    assert clerk.post("recheck", finding.pk, **again).status_code == 302
    finding.refresh_from_db()
    assert finding.state == FindingState.CLOSED
    assert "复查合格" in text(someone("supervisor").get("clauses", w.filing.public_id))


def test_the_case_leads_to_what_waits_in_it(w, someone):
    pk = w.filing.public_id
    for page in ("to_mend", "to_recheck", "to_hold"):
        assert someone("enterprise").get(page, pk).status_code == 404
        assert someone(OURS).get(page, pk).status_code == 404
    check = w.plan_check(OURS)
    assert "进行检查" in text(someone(OURS).get("desk:case", pk))
    assert someone(OURS).get("to_hold", pk)["Location"] == f"/checks/{check.pk}/hold/"
    assert someone(THEIRS).get("to_hold", pk).status_code == 404
    w.do(call_off_check, check, reason="改期", by=w.people.department(OURS))
    finding = w.breach(OURS)
    page = text(someone("enterprise").get("desk:case", pk))
    assert "整改并报告" in page
    assert "未办理的，转效能监督督办" in page
    assert someone("enterprise").get("to_mend", pk)["Location"] == (
        f"/findings/{finding.pk}/rectified/"
    )
    assert someone(OURS).get("to_mend", pk).status_code == 404
    w.report_rectified(finding)
    assert "整改并报告" not in text(someone("enterprise").get("desk:case", pk))
    assert someone(OURS).get("to_recheck", pk)["Location"] == f"/findings/{finding.pk}/recheck/"
    assert someone("other_enterprise").get("to_mend", pk).status_code == 404


def test_an_overdue_finding_shows_as_failed_before_any_sweep_and_stands_with_the_supervisor_after(
    w, someone
):
    finding = w.breach(OURS)
    w.now = w.now.replace(month=w.now.month + 2)
    assert "逾期或复查不合格" in text(someone("enterprise").get("finding", finding.pk))
    w.sweep()
    assert "督办整改" in text(someone("supervisor").get("desk:home"))


def test_clauses_nobody_has_checked_stand_out(w, someone):
    pk = w.filing.public_id
    every = w.filing.letter().clauses.count()
    assert f"还有{every}条没有部门核查过" in text(someone("enterprise").get("clauses", pk))
    waits = [Looked(clause, Kept.NOT_YET) for clause in w.clauses(OURS)]
    w.hold_check(w.plan_check(OURS), results=waits)
    page = text(someone("enterprise").get("clauses", pk))
    assert f"还有{every}条没有部门核查过" in page, "what was not due yet was not looked at"
    assert "尚无部门核查" in text(someone("enterprise").get("clause", pk, waits[0].clause.pk))
    assert f"还有{every}条没有部门核查过" in text(someone("enterprise").get("desk:case", pk))
    w.check(OURS)
    left = every - len(w.clauses(OURS))
    page = text(someone("enterprise").get("clauses", pk))
    assert f"还有{left}条没有部门核查过" in page
    assert page.count("尚无部门核查") == left


def test_following_the_clauses_asks_the_same_however_many_checks(
    w, someone, django_assert_max_num_queries
):
    w.breach(OURS)
    clerk = someone(OURS)
    with django_assert_max_num_queries(60) as few:
        clerk.get("clauses", w.filing.public_id)
    w.check(THEIRS)
    w.check(OURS)
    with django_assert_max_num_queries(len(few.captured_queries)):
        clerk.get("clauses", w.filing.public_id)


# — draws —————————————————————————————————————————————————————————————————————————


def test_the_quarter_is_drawn_on_its_page_and_the_supervisor_looks_on(w, someone):
    assert someone("enterprise").get("draws").status_code == 403
    assert someone(OURS).get("draws").status_code == 403
    assert someone("supervisor").post("draws").status_code == 403
    assert "抽取本季度的检查" in text(someone("convenor").get("desk:home"))
    assert someone("convenor").post("draws").status_code == 409
    announce_in_time(w.now)
    assert someone("convenor").post("draws").status_code == 302
    made = Draw.objects.get()
    page = text(someone("supervisor").get("draws"))
    assert made.seed in page
    assert w.filing.number in page
    assert "本季度已经抽取" in text(someone("administrator").get("draws"))
    assert "抽取本季度的检查" not in text(someone("convenor").get("desk:home"))


def test_a_drawn_check_waits_on_its_department_and_is_unknown_to_the_enterprise(w, someone):
    announce_in_time(w.now)
    someone("convenor").post("draws")
    check = Check.objects.get()
    department = check.department.code
    assert "双随机抽查" in text(someone(department).get("desk:home"))
    assert check.officers[0]["name"] in text(someone(department).get("hold_check", check.pk))
    assert "双随机抽查" not in text(someone("enterprise").get("desk:case", w.filing.public_id))
    assert someone("enterprise").get("check", check.pk).status_code == 404
