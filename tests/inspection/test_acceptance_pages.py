"""The joint acceptance in the browser: who finds which page, what it says, and what pressing does."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from approvals.stages import Stage
from core import clock
from core.ledger.models import Entry
from desk.queries.case import strip
from inspection import services
from inspection.queries.acceptance import verdicts_of
from inspection.stages import Verdict
from inspection.views.acceptance_words import verdict_rows
from tests.approvals.browse import text
from tests.conftest import instant
from tests.inspection.test_acceptance import BROKEN, failed_once
from tests.share import mine, turns
from tests.standing import standing
from tests.walk import pdf, walk

pytestmark = pytest.mark.django_db
NOW = "2018-03-05 09:00"


class Desk:
    """One person before the pages of a case, at the instant of the walk."""

    def __init__(self, membership, w):
        self.w, self.client = w, Client()
        self.client.force_login(
            membership.user, backend="django.contrib.auth.backends.ModelBackend"
        )

    def address(self, name, *args):
        space = "" if ":" in name else "inspection:"
        return reverse(f"{space}{name}", args=[self.w.filing.public_id, *args])

    def get(self, name, *args):
        with clock.driven(self.w.now):
            return self.client.get(self.address(name, *args))

    def post(self, name, *args, **data):
        with clock.driven(self.w.now):
            return self.client.post(self.address(name, *args), data)

    def says(self, name, *args):
        page = self.get(name, *args)
        assert page.status_code == 200, (name, page.status_code)
        return text(page)


walked, w = standing(lambda people: walk(people, instant(NOW), to=Stage.ACCEPTING))


def test_the_application_names_everything_that_is_missing_and_is_taken_when_it_is_there(people, at):
    w = walk(people, at(NOW), to=Stage.BUILDING)
    enterprise = Desk(people.enterprise, w)
    assert "竣工报告还没有提交" in enterprise.says("apply_acceptance")
    assert "竣工报告还没有提交" in enterprise.says("desk:case")
    assert enterprise.post("apply_acceptance", text="建成").status_code == 409
    w.report_completion()
    assert Desk(people.window, w).post("apply_acceptance", text="建成").status_code == 403
    assert enterprise.post("apply_acceptance", text="").status_code == 422
    assert enterprise.post("apply_acceptance", text="建成", upload=pdf()).status_code == 302
    assert w.filing.stage == Stage.ACCEPTING
    assert "材料.pdf" in enterprise.says("acceptance")


def test_before_an_application_there_is_no_round(people, at):
    w = walk(people, at(NOW), to=Stage.BUILDING)
    lead = Desk(people.department("ZJJ"), w)
    for name in ("acceptance", "call_visit", "verdicts", "conclude_acceptance"):
        assert lead.get(name).status_code == 404, name


def test_the_lead_finds_a_case_at_its_acceptance_and_nowhere_before(people, at, county):
    """The lead sees what stands at acceptance, even where nothing on the list is its own."""
    from approvals.models import Filing

    lead = people.department("ZJJ")
    w = walk(people, at(NOW), to=Stage.BUILDING)
    for item in w.filing.items.filter(department=lead.organisation):
        item.department = county.window
        item.save()
    w.filing.letter().clauses.update(checked_by=county.window)
    for item in w.filing.items.all():
        item.item.co_departments.remove(lead.organisation)
    assert not Filing.objects.visible_to(lead).filter(pk=w.pk).exists()
    assert Desk(lead, w).get("desk:case").status_code == 404
    w.report_completion()
    w.do(services.apply_acceptance, w.filing, text="建成", by=people.enterprise)
    assert Filing.objects.visible_to(lead).filter(pk=w.pk).exists()
    assert "组织联合验收" in text(_home(lead, w))
    assert Desk(lead, w).get("desk:case").status_code == 200


def _home(membership, w):
    client = Client()
    client.force_login(membership.user, backend="django.contrib.auth.backends.ModelBackend")
    with clock.driven(w.now):
        return client.get(reverse("desk:home"))


def test_a_department_passes_all_of_its_own_or_one_by_one(w, people):
    clerk, lead = Desk(people.department("QXJ"), w), Desk(people.department("ZJJ"), w)
    assert "提出验收意见" in text(_home(people.department("QXJ"), w))
    page = clerk.says("verdicts")
    assert "C03-1" in page
    assert "C09-3" not in page
    assert "不提出意见不会视同合格" in page
    during = [clause for clause in w.clauses("QXJ") if clause.checked_when == "construction"]
    assert page.count("此前没有部门核查过") == len(during) == 1
    assert clerk.post("verdicts").status_code == 302
    assert clerk.post("verdicts").status_code == 409
    assert Desk(people.window, w).post("verdicts").status_code == 403

    verdict = w.verdict("C09-3")
    assert clerk.get("verdict", verdict.pk).status_code == 404
    assert Desk(people.convenor, w).get("verdict", verdict.pk).status_code == 404
    assert "不提出新的标准" in lead.says("verdict", verdict.pk)
    short = lead.post("verdict", verdict.pk, outcome="failed", problem="无水压")
    assert short.status_code == 422
    assert "不合格必须写明整改要求" in text(short)
    assert "无水压" in text(short)
    assert lead.post("verdict", verdict.pk, outcome="failed", **BROKEN).status_code == 302
    assert w.verdict("C09-3").verdict == Verdict.FAILED
    assert BROKEN["demand"] in Desk(people.enterprise, w).says("acceptance")


def test_the_visit_is_set_and_moved(w, people):
    lead = Desk(people.department("ZJJ"), w)
    assert Desk(people.department("QXJ"), w).get("call_visit").status_code == 403
    assert (
        lead.post("call_visit", visit_at="2017-01-01T09:00", visit_place="北门").status_code == 422
    )
    assert (
        lead.post("call_visit", visit_at="2018-09-03T09:00", visit_place="北门").status_code == 302
    )
    assert "现在定的是" in lead.says("call_visit")
    assert "北门" in Desk(people.enterprise, w).says("desk:case")


def test_the_conclusion_names_who_is_awaited_and_then_closes_the_case(w, people):
    lead = Desk(people.head("ZJJ"), w)
    assert "气象局" in lead.says("conclude_acceptance")
    assert lead.post("conclude_acceptance").status_code == 409
    w.pass_all()
    assert "作出联合验收结论" in text(_home(people.head("ZJJ"), w))
    assert Desk(people.convenor, w).post("conclude_acceptance").status_code == 403
    assert "办结" in lead.says("conclude_acceptance")
    assert lead.post("conclude_acceptance").status_code == 302
    assert w.filing.stage == Stage.COMPLETED
    page = Desk(people.enterprise, w).says("desk:case")
    assert "践诺情况记录" in page
    assert "归档包在全部文书成文后生成" in page
    shown = Desk(people.enterprise, w).says("acceptance")
    assert "没有另行通知现场验收" in shown
    assert "尚未通知时间和地点" not in shown
    found = list(verdicts_of(w.filing))
    with override("en"):
        rows = verdict_rows(w.filing, found, all_of=found)
    assert "Meteorological Bureau" in {row["department"] for row in rows}
    assert "已经有结论" in lead.says("conclude_acceptance")
    assert Desk(people.enterprise, w).get("archive").status_code == 404


def test_the_correction_list_is_a_list_of_tasks(w, people):
    failed_once(w)
    enterprise = Desk(people.enterprise, w)
    desk = text(_home(people.enterprise, w))
    assert "按整改清单整改" in desk
    assert "轮到谁" not in desk, "what is one's own move does not wait for others"
    page = enterprise.says("amendment")
    assert BROKEN["problem"] in page
    assert "还有1项没有写明整改情况" in page
    assert enterprise.post("amendment", text="已整改").status_code == 409
    entry = w.acceptance.verdicts.get(verdict=Verdict.FAILED)
    fine = w.acceptance.verdicts.filter(verdict=Verdict.PASSED).first()
    assert "不在现在的整改清单上" in enterprise.says("report_amendment", fine.pk)
    assert Desk(people.window, w).post("report_amendment", entry.pk, text="x").status_code == 403
    assert enterprise.post("report_amendment", entry.pk, text="").status_code == 422
    done = enterprise.post("report_amendment", entry.pk, text="已接通水源", upload=pdf("压力.pdf"))
    assert done.status_code == 302
    assert enterprise.post("amendment", text="已整改").status_code == 302
    assert w.filing.stage == Stage.ACCEPTING
    page = Desk(people.department("ZJJ"), w).says("verdicts")
    assert "已接通水源" in page
    assert "压力.pdf" in page
    assert "C12-1" not in page
    assert "不能办理“申请复验”" in enterprise.says("amendment")


NAMES = (
    "acceptance", "apply_acceptance", "call_visit", "verdicts", "conclude_acceptance", "amendment",
    "archive",
)  # fmt: skip


def test_reading_writes_nothing_and_strangers_find_nothing(w, people):
    entries = Entry.objects.count()
    verdict = w.verdict("C09-3")
    inside = (
        people.enterprise, people.window, people.convenor, people.supervisor, people.administrator,
        people.department("ZJJ"), people.department("QXJ"),
    )  # fmt: skip
    pages = [(name, ()) for name in NAMES]
    pages += [("verdict", (verdict.pk,)), ("report_amendment", (verdict.pk,))]
    for name, args in pages:
        for person in inside:
            if not mine(name, person.pk) or not turns(name, person.pk, of=2):
                continue
            assert Desk(person, w).get(name, *args).status_code in (200, 403, 404), name
        assert Desk(people.other_enterprise, w).get(name, *args).status_code == 404, name
        assert Desk(people.department("LYJ"), w).get(name, *args).status_code == 404, name
    assert Entry.objects.count() == entries


def test_the_strip_stands_at_acceptance_while_it_is_mended_and_at_the_end_when_it_is_closed(w):
    def shown():
        return {step["number"]: (step["state"], step["note"]) for step in strip(w.filing)}

    assert shown()[10] == ("now", "联合验收中")
    failed_once(w)
    assert (shown()[9][0], shown()[10], shown()[11][0]) == ("done", ("now", "验收整改中"), "next")
    filing = w.filing
    filing.stopped_at = w.now
    assert strip(filing)[9]["state"] == "stopped"
    entry = w.acceptance.verdicts.get(verdict=Verdict.FAILED)
    w.do(services.report_amendment, entry, text="已接通", by=w.enterprise)
    w.do(services.hand_in_amendment, w.filing, text="已整改", by=w.enterprise)
    w.pass_acceptance()
    assert (shown()[10][0], shown()[11]) == ("done", ("now", ""))


def _queries(desk, name):
    desk.get(name)
    with CaptureQueriesContext(connection) as seen:
        assert desk.get(name).status_code == 200
    return len(seen)


def test_a_page_costs_the_same_with_more_rounds_and_more_clauses(w, people):
    window = Desk(people.window, w)
    one = _queries(window, "acceptance")
    failed_once(w)
    entry = w.acceptance.verdicts.get(verdict=Verdict.FAILED)
    w.do(services.report_amendment, entry, text="已接通", by=people.enterprise)
    w.do(services.hand_in_amendment, w.filing, text="已整改", by=people.enterprise)
    assert _queries(window, "acceptance") == one
    assert one <= 20
