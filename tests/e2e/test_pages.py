"""Every page on a phone and on a wide screen: usable by everyone, nothing runs out of it, none is heavy."""

from dataclasses import dataclass

import pytest
from django.urls import reverse

from approvals import services as filings
from approvals.stages import Stage
from core import clock
from inspection.models import Check
from prereview.models import Slot
from prereview.stages import SlotState
from tests.e2e.audit import DESK, PHONE, audit
from tests.walk import Walk, walk

pytestmark = pytest.mark.browser

HEAVY = 100_000  # bytes of a page without its pictures
FULL_PAGE = 50  # filings on one page of the list


@dataclass
class County:
    """Cases at several stages, as of the clock of the site."""

    draft: Walk
    listed: Walk
    asked: Walk
    sent: Walk
    noticed: Walk
    built: Walk
    check: Check

    def slot(self, department):
        """An opinion that this department still owes."""
        return Slot.objects.filter(
            filing=self.asked.filing, department__code=department, state=SlotState.AWAITED
        ).first()


@pytest.fixture
def cases(site, people, at):
    """Six cases on their way, and as many drafts as fill a page of the list."""
    built = walk(people, at("2018-03-05 09:00"), to=Stage.ACCEPTING)
    check = built.plan_check("ZJJ")
    noticed = walk(people, at("2018-04-16 09:00"), to=Stage.NOTICED)
    asked = walk(people, at("2018-04-20 09:00"), to=Stage.PREREVIEWING)
    asked.call_meeting()
    asked.acknowledge(asked.meeting, skip=["XFD"])
    asked.open(asked.meeting, absent=["XFD"])
    asked.close(asked.meeting)
    asked.opinions(asked.meeting, silent=["QXJ", "R06"])
    sent = walk(people, max(noticed.now, asked.now), to=Stage.RECEIVED)
    sent.accept(unsigned=["QXJ"])
    now = sent.now
    listed = walk(people, now, to=Stage.LISTED, project_name="示例" + "很长名称的综合利用" * 6)
    draft = walk(people, now, to=Stage.DRAFT)
    with clock.driven(now):
        for _n in range(FULL_PAGE):
            filings.open_draft(by=people.enterprise, at=now)
    site.stand(now)
    return County(draft, listed, asked, sent, noticed, built, check)


def looks(person, name, path, *, wanted="", axe=(PHONE, DESK)):
    """Open a page and return what is wrong with it: its answer, its size, and what the audit finds in both views.

    Axe asks a public page and a desk at both widths, the pages of a case on the phone alone, where most goes wrong; the
    rules of this house are asked of every page at both.
    """
    answer = person.page.goto(path)
    if not answer.ok:
        return [f"{name} {path}: {answer.status}"]
    found = []
    size = len(answer.body())
    if size >= HEAVY:
        found.append(f"{name}: {size} bytes")
    if wanted and wanted not in person.text():
        found.append(f"{name}: “{wanted}” is not there")
    person.shoot(name)
    return found + [f"{name} {fault}" for fault in audit(person.page, axe=axe)]


def of_case(name, w, *rest):
    """The address of a page of a case."""
    return reverse(name, args=[w.filing.public_id, *rest])


def test_pages_fit(site, cases, people):
    """Public pages without a login, then the pages of each role."""
    wrong = []
    for who, pages in _pages(cases).items():
        person = site.person(None if who == "public" else who)
        for name, (path, wanted) in pages.items():
            axe = (PHONE, DESK) if who == "public" or name == "desk" else (PHONE,)
            wrong += looks(person, f"{who}-{name}", path, wanted=wanted, axe=axe)
    assert not wrong, "\n".join(wrong)
    assert not site.faults()


def _pages(c):
    desk = (reverse("desk:home"), "等我办理")
    return {
        "public": {
            "front": ("/", "四个统一"),
            "notices": ("/notices/", "承诺公示"),
            "trial": ("/try/?procedure_type=filing&in_development_zone=no", "登录后用这些回答申报"),
            "notice": (f"/notices/{c.noticed.notice.public_id}/", "有异议可以提出"),
            "notice-over": (f"/notices/{c.built.notice.public_id}/", "承诺生效"),
            "object": (f"/notices/{c.noticed.notice.public_id}/object/", "异议内容"),
            "lookup": ("/objections/", "查询码"),
            "progress": ("/progress/", "查询码在哪里"),
            "due": ("/due/?start=2018-06-15&length=5&unit=working_day", "端午节"),
            "due-open": ("/due/?start=2018-12-28&length=5&unit=working_day", "期限待定"),
            "login": ("/accounts/login/", "这是演示县"),
            "register": ("/register/", "企业注册"),
        },
        "enterprise-01": {
            "desk": desk,
            "filings": ("/filings/", "下一页"),
            "questionnaire": (of_case("approvals:questionnaire", c.draft), "最早何时可以开工"),
            "project": (of_case("approvals:project", c.draft), "总投资"),
            "submit": (of_case("approvals:submit", c.draft), "核对并申报"),
            "materials": (of_case("approvals:materials", c.listed), "申报材料"),
            "checklist": (of_case("approvals:checklist", c.listed), "一次性告知书"),
            "case-draft": (of_case("desk:case", c.draft), "草稿"),
            "case-listed": (of_case("desk:case", c.listed), "清单"),
            "case-noticed": (of_case("desk:case", c.noticed), "公示"),
            "case-built": (of_case("desk:case", c.built), "联合验收"),
            "acceptance": (of_case("inspection:acceptance", c.built), "第1轮联合验收"),
            "commitment": (of_case("approvals:commitment", c.noticed), "承诺条款"),
            "query-code": (of_case("approvals:query_code", c.noticed), "更换查询码"),
        },
        "window": {
            "desk": desk,
            "gate": (of_case("approvals:gate", c.noticed), "各事项"),
            "case-asked": (of_case("desk:case", c.asked), "勘察与会议"),
            "case-sent": (of_case("desk:case", c.sent), "分送"),
            "serve": (
                reverse(
                    "prereview:serve_dispatch",
                    args=[c.sent.filing.dispatches.get(department__code="QXJ").pk],
                ),
                "签收单",
            ),
        },
        "convenor": {
            "desk": desk,
            "sessions": ("/sessions/", "即将召开"),
            "call": ("/sessions/call/", "召集"),
            "session": (reverse("prereview:session", args=[c.asked.meeting.public_id]), "议程"),
            "matrix": (of_case("prereview:matrix", c.asked), "部门意见一览"),
            "conclude": (
                reverse(
                    "prereview:conclude",
                    args=[c.asked.meeting.agenda.get(filing=c.asked.filing).pk],
                ),
                "现在还不能办理",
            ),
        },
        "qxj": {
            "desk": desk,
            "session": (reverse("prereview:session", args=[c.asked.meeting.public_id]), "本单位"),
            "files": (reverse("prereview:sign_dispatches"), "改用第二种方式送达"),
            "file": (of_case("prereview:sign_file", c.sent), "不代替提出意见"),
            "opinions": (of_case("prereview:opinions", c.asked), "视同无异议"),
            "opinion": (reverse("prereview:opinion", args=[c.slot("QXJ").pk]), "视同无异议"),
        },
        "zjj": {
            "desk": desk,
            "verdicts": (of_case("inspection:verdicts", c.built), "不会视同合格"),
            "verdict": (
                of_case("inspection:verdict", c.built, c.built.verdict("C09-3").pk),
                "标准",
            ),
            "conclude": (of_case("inspection:conclude_acceptance", c.built), "现在还不能办理"),
            "checks": (reverse("inspection:checks"), "计划日期"),
            "check": (reverse("inspection:check", args=[c.check.pk]), "进行检查"),
            "hold": (reverse("inspection:hold_check", args=[c.check.pk]), "检查人员"),
            "visit": (of_case("inspection:call_visit", c.built), "集合地点"),
        },
        "supervisor": {"desk": desk, "supervision": ("/supervision/", "已认定的默认")},
        "admin": {"desk": desk, "county": ("/county/", "办事规则")},
    }


def test_reading_needs_no_script(site, cases):
    """Desk, case and all public pages show the same without scripts; an objection goes its whole way."""
    reader = site.person("enterprise-01", scripts=False)
    reader.sees("等我办理", "签收告知书")
    reader.goes(of_case("desk:case", cases.noticed))
    reader.sees(cases.noticed.filing.project_name, "公示中", "部门意见", "承诺公示")
    reader.goes(of_case("approvals:questionnaire", cases.draft))
    reader.sees("项目按哪种方式立项", "保存并更新", "6个事项")
    wrong = []
    public = site.person(scripts=False)
    for name, (path, wanted) in _pages(cases)["public"].items():
        public.goes(path)
        if wanted not in public.text():
            wrong.append(f"{name}: “{wanted}” is not there")
    assert not wrong, "\n".join(wrong)
    objects(public, cases.noticed.notice)
    assert not site.faults()


def objects(public, notice):
    """An objection goes its whole way without scripts: written, looked over, sent, looked up."""
    public.goes(f"/notices/{notice.public_id}/")
    public.follow("提出异议", exact=True)
    public.fill(name="王示例", contact="示例村12号", text="担心车间夜间噪声扰民。")
    public.press("预览将要公开的内容")
    public.sees("王某")
    public.press("提出异议")
    public.sees("异议回执", "查询码")
    code = public.page.locator("main dd.code").nth(1).inner_text()
    public.follow("查询办理情况")
    public.fill(code=code)
    public.press("查询")
    public.sees("担心车间夜间噪声扰民")
