"""One filing from the questionnaire to its completion, every role at its own browser.

A plain project on land of its own; six departments are asked, one of them (the weather bureau) stays silent.
Nobody touches the mouse.
"""

from datetime import date

import pytest

from approvals.models import Filing
from approvals.stages import Stage
from core import clock
from core.documents.models import Paper
from core.ledger.queries import verify_all
from core.steps.papers import render_waiting
from tests.e2e import works
from tests.files import PDF, PNG

pytestmark = pytest.mark.browser

PROJECT = "示例核桃油加工项目"
ANSWERS = (
    ("procedure_type", "备案"),
    ("in_development_zone", "否"),
    ("project_limits", "均不属于"),
    ("open_dishonesty_record", "否"),
    ("land_route", "自有土地（已有不动产权证书）"),
    ("site_features", "均不涉及"),
    ("eia_class", "登记表"),
    ("energy_above_threshold", "否"),
    ("soil_plan_needed", "否"),
    ("takes_water", "否"),
    ("has_civil_building", "否"),
    ("special_places", "均不包含"),
)
SILENT = "qxj"
LEAD = "zjj"  # of the joint acceptance
GAP = "勘察设计合同"


def test_from_filing_to_completion(site):
    site.by_form = site.by_keys = True
    enterprise = site.person()
    tries_out(enterprise)
    files(enterprise)
    window = site.person("window")
    serves(window)
    hands_in(enterprise)
    accepts(window)
    convenor = site.person("convenor")
    calls(convenor)
    clerks = answer_the_summons(site)
    meet(site, convenor, clerks)
    fills_the_gap(enterprise, window)
    falls_silent(site, convenor, clerks)
    commits(enterprise, window)
    hears_the_public(site, window)
    starts(site, window, clerks, enterprise)
    is_built_and_accepted(site, enterprise, clerks)
    is_watched(site)
    stands_in_the_books(enterprise)
    assert [fault for fault in site.faults() if "422" not in fault] == []


# — stages 0 to 3 ————————————————————————————————————————————————————————————————————


def tries_out(somebody):
    """Without an account somebody answers and sees what it comes to; the answers stand in the address and go along."""
    somebody.goes("/")
    somebody.follow("试算", within="aside, main")
    for fact, label in ANSWERS[:-1]:
        with somebody.page.expect_response("**/try/?**"):
            somebody.choose(fact, label)
    somebody.page.get_by_text("还有1题没有回答").wait_for()
    somebody.sees("最早何时可以开工", "登录后用这些回答申报")
    somebody.shoot("00-trial")
    for language, said in (
        ("English", "Questions not answered yet: 1"),
        ("中文", "还有1题没有回答"),
    ):
        somebody.press(language, within="header")
        somebody.page.get_by_text(said).wait_for()
    somebody.page.reload()
    somebody.sees("还有1题没有回答")
    somebody.follow("登录后用这些回答申报")
    somebody.enters("enterprise-01", arrives="**/try/?**")
    somebody.sees("还有1题没有回答")
    somebody.press("用这些回答申报")


def files(enterprise):
    """The enterprise answers what is open, describes the project and files."""
    fact, label = ANSWERS[-1]
    with enterprise.page.expect_response("**/questionnaire/"):
        enterprise.choose(fact, label)
    enterprise.page.get_by_text("问卷已答完。").wait_for()
    enterprise.sees("6个事项", "最早何时可以开工")
    enterprise.shoot("02-questionnaire")
    enterprise.follow("下一步：填写项目信息")
    enterprise.fill(
        project_name=PROJECT,
        site_detail="示例村东",
        scale="新建榨油车间一座，年加工核桃二千吨",
        investment_wan="860",
        planned_start="2018-08-01",
    )
    enterprise.page.locator("#id_site").select_option(label="辽阳镇")
    enterprise.shoot("03-project")
    enterprise.press("保存项目信息")
    enterprise.sees(PROJECT, "窗口核对营业执照后")
    enterprise.press("申报")
    enterprise.sees("已申报，申报编号", "轮到：窗口")


def serves(window):
    """The window looks at the licence, decides, and serves the one list."""
    window.shoot("04-desk-window")
    window.takes_up(PROJECT)
    window.follow("核对营业执照")
    window.press("与执照一致，确认")
    window.follow("决定是否适用承诺制")
    window.sees("没有发现不适用的情形，涉及6个事项")
    window.press("适用承诺制")
    window.follow("送达一次性告知书")
    window.shoot("05-serve")
    window.press("送达一次性告知书")
    window.sees("一次性告知书已送达", "清单从此约束政府各部门")


def hands_in(enterprise):
    """The enterprise signs for the list, uploads what is needed now, and promises one paper for later."""
    enterprise.takes_up(PROJECT)
    enterprise.sees("签收告知书")
    enterprise.follow("签收告知书")
    enterprise.press("签收告知书")
    enterprise.sees("已签收一次性告知书")
    enterprise.shoot("06-materials")
    page = enterprise.page
    late = page.locator("section.material", has=page.get_by_role("heading", name=GAP)).first
    enterprise.puts(late.locator("summary", has_text="承诺补交"))
    late.locator("textarea").fill("设计单位正在复核，合同五月内签订")
    enterprise.ticks(late.get_by_label("签署容缺声明"))
    enterprise.leaves_by(late.get_by_role("button", name="签署并承诺补交"))
    enterprise.sees("已承诺补交")
    waiting = page.locator("section.material", has=page.locator(".mark-awaited"))
    for field in waiting.locator("input[type=file]:visible").all():
        field.set_input_files({"name": "材料.pdf", "mimeType": "application/pdf", "buffer": PDF})
    enterprise.shoot("06-chosen")
    enterprise.press("上传选好的全部文件")
    enterprise.sees("已上传")
    enterprise.sees_not("件没有交，也没有承诺补交")
    enterprise.follow("提交材料")
    enterprise.press("提交材料")
    enterprise.sees("材料已提交，窗口已收件", "视为受理")


def accepts(window):
    """The window decides paper after paper, saves them at once, and accepts with the gap."""
    window.takes_up(PROJECT)
    window.follow("逐件核收材料")
    window.shoot("07-check-materials")
    for link in window.page.locator(".review-index a").all():
        window.puts(link)
        fine = window.page.locator(".review-one:not([hidden])").get_by_label("核收", exact=True)
        if fine.count():
            window.ticks(fine)
    window.press("保存并受理")
    window.sees("已容缺受理", "轮到召集人")


# — stages 4 and 5 ———————————————————————————————————————————————————————————————————


def calls(convenor):
    """The convenor goes without a survey, says why, and calls the meeting."""
    convenor.shoot("08-desk-convenor")
    convenor.takes_up(PROJECT)
    convenor.follow("不勘察，直接预审")
    convenor.fill(reason="利用自有厂区，各事项均不需要看现场")
    convenor.press("确认无须勘察")
    convenor.sees("已确认无须勘察", "利用自有厂区")
    convenor.follow("召集联合预审会")
    convenor.sees(PROJECT, "最早5月")
    convenor.fill(opens_at="2018-05-11T09:00", place="政务大厅二楼会议室")
    convenor.shoot("09-call")
    convenor.press("召集并送达通知")
    convenor.sees("已召集，通知已送达", "政务大厅二楼会议室", "还没有到通知的开始时间")
    convenor.shoot("10-session-called")


def invited():
    """The account names of the clerks of the departments that were asked."""
    asked = Filing.objects.get(project_name=PROJECT).slots.values_list(
        "department__code", flat=True
    )
    return sorted({code.lower() for code in asked})


def answer_the_summons(site):
    """Each clerk signs for the file, finds the summons on the desk, signs for that and says who comes."""
    clerks = {}
    for username in invited():
        clerk = clerks[username] = site.person(username)
        clerk.shoot(f"11-desk-{username}")
        clerk.takes_up("签收分送件")
        clerk.press("签收")
        clerk.sees("已签收1件")
        clerk.takes_up("签收并答复")
        clerk.press("签收")
        clerk.sees("已签收")
        clerk.follow("答复到会")
        clerk.fill(representative="示例代表 股长")
        clerk.press("答复到会")
        clerk.sees("已答复到会")
    assert SILENT in clerks
    return clerks


def meet(site, convenor, clerks):
    """On the day: opened, checked in, the item heard and closed, the session closed."""
    site.until("2018-05-11 09:00")
    convenor.page.reload()
    convenor.follow("宣布开始")
    convenor.press("宣布开始")
    convenor.sees("已宣布开始")
    for clerk in clerks.values():
        clerk.page.reload()
        clerk.press("签到")
        clerk.sees("已签到")
    convenor.press("开始审议")
    convenor.shoot("12-session-open")
    convenor.follow("结束本议程")
    convenor.press("结束")
    convenor.follow("宣布结束")
    convenor.press("宣布结束")
    convenor.sees("已宣布结束")


def fills_the_gap(enterprise, window):
    """What was promised is handed in before its days are over, and checked."""
    enterprise.takes_up(PROJECT)
    enterprise.follow("补交容缺材料")
    row = enterprise.page.locator("section.material", has=enterprise.page.locator(".mark-held"))
    enterprise.shoot("13-gap")
    row.locator("input[type=file]").set_input_files(
        {"name": "合同.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    enterprise.leaves_by(row.get_by_role("button", name="上传"))
    enterprise.sees("已上传")
    window.takes_up(PROJECT)
    window.follow("核验补交的材料")
    window.press("补齐，核收")
    window.sees("容缺材料已补齐")


def falls_silent(site, convenor, clerks):
    """All agree but one, whose silence is deemed no objection when its days are over; then the conclusion."""
    for username, clerk in clerks.items():
        clerk.desk()
        clerk.shoot(f"13-desk-{username}")
        clerk.follow("提出意见")
        clerk.sees("视同无异议" if username == SILENT else "同意全部本单位事项")
        clerk.shoot(f"14-opinions-{username}")
        if username != SILENT:
            clerk.press("同意全部本单位事项")
            clerk.sees("已同意")
    convenor.takes_up(PROJECT)
    convenor.sees("作出预审结论")
    convenor.shoot("15-case-waiting")
    site.until("2018-05-17 09:00")
    convenor.follow("部门意见一览")
    convenor.sees("拟视同无异议")
    convenor.shoot("16-matrix-candidate")
    site.until("2018-05-18 09:00")
    convenor.page.reload()
    convenor.sees("视同", "由召集人作出结论")
    convenor.shoot("17-matrix-deemed")
    convenor.follow("作出结论")
    convenor.sees("因沉默产生的结果")
    convenor.choose("conclusion", "通过")
    convenor.shoot("18-conclude")
    convenor.press("作出结论，印发纪要")
    convenor.sees("预审结论：通过", "由企业签署承诺书")
    silent = clerks[SILENT]
    silent.page.reload()
    silent.sees("视同无异议", "补做意见")
    silent.shoot("19-silent-department")


# — stages 6 to 8 ————————————————————————————————————————————————————————————————————


def commits(enterprise, window):
    """The enterprise signs; the window compares and publishes."""
    enterprise.desk()
    enterprise.shoot("20-desk-enterprise")
    enterprise.takes_up(PROJECT)
    enterprise.follow("签署承诺书")
    enterprise.sees("承诺条款", "违反承诺的后果")
    enterprise.shoot("21-sign")
    enterprise.hand_over("scan", {"name": "扫描件.png", "mimeType": "image/png", "buffer": PNG})
    enterprise.ticks(enterprise.page.locator("[name=same]"))
    enterprise.press("签署并上传承诺书")
    enterprise.sees("承诺书的扫描件已上传")
    window.takes_up(PROJECT)
    window.follow("核验承诺书")
    window.press("核验无误，承诺成立")
    window.follow("发布承诺公示")
    window.shoot("22-publish")
    window.press("发布承诺公示")
    window.sees("承诺公示已发布", "公示期至")


def hears_the_public(site, window):
    """Anyone finds the notice in two clicks and objects; the window answers; the period runs out."""
    site.until("2018-05-21 10:00")
    public = site.person()
    public.goes("/")
    public.shoot("23-front")
    public.follow(PROJECT)
    public.sees("承诺事项和标准", "有异议可以提出")
    public.shoot("24-notice")
    public.follow("提出异议", exact=True)
    public.fill(
        name="王示例", contact="示例村12号", interest="相邻住户", text="担心车间夜间噪声扰民。"
    )
    public.press("")
    public.sees("王某", "联系方式和与项目的关系不公开")
    public.shoot("25-preview")
    public.press("")
    public.sees("异议回执", "查询码")
    public.shoot("26-receipt")
    window.desk()
    window.shoot("27-desk-window")
    window.takes_up(PROJECT)
    window.follow("答复公示异议")
    window.follow("答复", exact=True)
    window.choose("finding", "异议不成立")
    window.fill(reply="厂界距最近住户八百米，环评登记表已列明降噪措施，建设中核查。")
    window.press("答复")
    window.sees("已答复", "5月25日（周五） 24:00")
    window.shoot("28-case-noticed")
    site.until("2018-05-29 09:00")
    public = site.person()
    public.goes("/notices/")
    public.follow(PROJECT)
    public.sees("公示期满，没有未决异议，承诺生效", "异议不成立", "王某")


def starts(site, window, clerks, enterprise):
    """Every owed approval is recorded by its number, and the window notifies the start."""
    window.takes_up(PROJECT)
    window.shoot("29-case-cleared")
    window.sees("发出开工告知书")
    for clerk in clerks.values():
        clerk.desk()
        records(clerk)
    window.takes_up(PROJECT)
    window.follow("发出开工告知书")
    window.shoot("30-start")
    window.press("发出开工告知书")
    window.sees("开工告知")
    enterprise.desk()
    enterprise.goes(f"/cases/{Filing.objects.get(project_name=PROJECT).public_id}/")
    enterprise.sees("已发开工告知")
    enterprise.shoot("31-case-started")


def records(clerk):
    """Record by number whatever this department still owes."""
    clerk.goes(f"/cases/{Filing.objects.get(project_name=PROJECT).public_id}/")
    if not clerk.page.get_by_role("link", name="登记批准文号").count():
        return
    clerk.follow("登记批准文号")
    open_rows = clerk.page.locator("tr.ask a", has_text="登记批准文号")
    clerk.shoot(f"29-gate-{clerk.name}")
    while open_rows.count():
        clerk.leaves_by(open_rows.first)
        clerk.fill(number="示例文〔2018〕7号", issued_on=date(2018, 5, 29).isoformat())
        clerk.leaves_by(clerk.page.locator("main form button[type=submit]"))
        clerk.sees("示例文〔2018〕7号")


# — stages 9 to 11 ———————————————————————————————————————————————————————————————————


def is_built_and_accepted(site, enterprise, clerks):
    """The works begin, are done and accepted in two rounds: one department first says no."""
    case = f"/cases/{Filing.objects.get(project_name=PROJECT).public_id}/"
    works.builds(enterprise, PROJECT)
    works.checks(clerks[LEAD], PROJECT, case)
    works.mends(enterprise, clerks[LEAD], PROJECT)
    site.until("2018-07-30 09:00")
    works.completes(enterprise, case)
    works.accepts(clerks, clerks[LEAD], case)
    works.amends(enterprise, clerks[LEAD], PROJECT, case)


# — what remains —————————————————————————————————————————————————————————————————————


def is_watched(site):
    """The supervisor finds the default with its reason; the administrator reads the county's rules."""
    supervisor = site.person("supervisor")
    supervisor.shoot("32-desk-supervisor")
    supervisor.goes("/supervision/")
    supervisor.sees("已认定的默认", PROJECT, "视同无异议")
    supervisor.shoot("33-supervision")
    administrator = site.person("admin")
    administrator.goes("/county/")
    administrator.sees("工作日日历", "办事规则", "事项清单")
    administrator.shoot("34-county")


def stands_in_the_books(enterprise):
    """The chain holds and every paper opens as a PDF."""
    filing = Filing.objects.get(project_name=PROJECT)
    assert filing.stage == Stage.COMPLETED
    while render_waiting(clock.now()):
        pass
    _books, entries, faults = verify_all()
    assert entries
    assert not faults
    enterprise.page.reload()
    for name in (
        "一次性告知书",
        "承诺书",
        "公示",
        "开工告知",
        "整改",
        "联合验收意见书",
        "践诺情况",
    ):
        enterprise.sees(name)
    codes = Paper.objects.filter(book=filing.book_id).values_list("code", flat=True)
    for code in list(codes):
        answer = enterprise.context.request.get(f"/papers/{code}/")
        assert answer.status == 200, code
        assert answer.body().startswith(b"%PDF"), code
