"""What follows the start, every role at its own browser: built, checked, mended, accepted, closed."""


def builds(enterprise, project):
    """The enterprise reports the start of the works."""
    enterprise.takes_up(project)
    enterprise.follow("报告开工")
    enterprise.fill(text="施工单位进场，基础开挖。")
    for none in enterprise.page.locator("[name^=without_]").all():
        enterprise.ticks(none)  # the works have no such node
    enterprise.press("报告开工")
    enterprise.sees("已报告开工", "建设中")
    enterprise.shoot("40-case-building")


def officers(clerk):
    """Two officers with their cards: nobody checks alone."""
    clerk.fill(officer_1="检查示例甲", card_1="示例01号", officer_2="检查示例乙", card_2="示例02号")


def checks(clerk, project, case):
    """The department plans a check, goes there with two officers, and finds one clause broken."""
    clerk.goes(case)
    clerk.follow("安排检查")
    clerk.press("安排检查")
    clerk.sees("已安排检查")
    clerk.takes_up(project)
    clerk.follow("进行检查")
    officers(clerk)
    clauses = clerk.page.locator("main section.card-line")
    for number in range(clauses.count()):
        clerk.ticks(clauses.nth(number).get_by_label("符合", exact=True))
    broken = clauses.first
    clerk.ticks(broken.get_by_label("不符合", exact=True))
    clerk.fill(text="现场查看")
    clerk.press("记录检查结果")
    clerk.sees("还有内容需要改", "不符合的条款须填写这一项")
    clerk.shoot("41-check-errors")
    broken = clauses.first
    broken.locator("[name^=problem_]").fill("深基坑未按图支护")
    broken.locator("[name^=demand_]").fill("按图补做支护并验收")
    broken.locator("[name^=days_]").fill("5")
    clerk.press("记录检查结果")
    clerk.sees("检查已记录", "企业按期整改并报告")
    clerk.shoot("42-check")


def mends(enterprise, clerk, project):
    """What was found stands on the enterprise's desk, then on the department's, then it is closed."""
    enterprise.takes_up(project)
    enterprise.sees("深基坑未按图支护", "按图补做支护并验收")
    enterprise.shoot("43-finding")
    enterprise.follow("报整改")
    enterprise.fill(text="支护已经补做，监理验收合格。")
    enterprise.press("报整改")
    enterprise.sees("已报整改", "轮到责任部门复查")
    clerk.takes_up(project)
    clerk.follow("复查")
    officers(clerk)
    clerk.choose("fine", "合格")
    clerk.fill(text="现场复查，支护符合图纸。")
    clerk.press("记录复查结果")
    clerk.sees("复查已记录", "问题已经结束")


def completes(enterprise, case):
    """The works are done; one application goes to all departments."""
    enterprise.goes(case)
    enterprise.follow("报告竣工")
    enterprise.fill(text="按承诺的规模和内容建成。")
    enterprise.press("报告竣工")
    enterprise.sees("已报告竣工")
    enterprise.goes(case)
    enterprise.follow("申请联合验收")
    enterprise.fill(text="工程已经建成，各专项自验合格。")
    enterprise.press("申请联合验收")
    enterprise.sees("已申请联合验收", "逐项提出意见")


def accepts(clerks, lead, case):
    """Every department finds for itself; one says no, and the lead hands over one list."""
    lead.goes(case)
    lead.follow("通知现场验收")
    lead.fill(visit_at="2018-09-04T09:00", visit_place="厂区北门")
    lead.press("通知各部门和企业")
    lead.sees("厂区北门")
    lead.goes(case)
    lead.follow("提出验收意见")
    lead.leaves_by(lead.page.locator("main tr.ask a", has_text="提出验收意见").first)
    lead.choose("outcome", "不合格")
    lead.press("提出验收意见")
    lead.sees("还有内容需要改")
    lead.fill(problem="消火栓无水", demand="接通水源并试压")
    lead.press("提出验收意见")
    lead.sees("验收意见已提出")
    for clerk in clerks.values():
        passes(clerk, case)
    lead.goes(case)
    lead.follow("联合验收一览")
    lead.shoot("44-acceptance")
    lead.goes(case)
    lead.follow("作出联合验收结论")
    lead.sees("消火栓无水")
    lead.press("出具整改清单")
    lead.sees("已出具整改清单")


def passes(clerk, case):
    """A department passes what is still its own to find."""
    clerk.goes(case)
    if clerk.page.locator("main .steps").get_by_role("link", name="提出验收意见").count() == 0:
        return
    clerk.follow("提出验收意见")
    if clerk.page.get_by_role("button", name="其余全部合格").count():
        clerk.press("其余全部合格")
        clerk.sees("提出合格意见")


def amends(enterprise, lead, project, case):
    """The list is worked off entry by entry; the second round looks at nothing else; the case is closed."""
    enterprise.takes_up(project)
    enterprise.sees("整改清单", "消火栓无水")
    enterprise.follow("写明整改情况")
    enterprise.fill(text="已接通水源，试压合格。")
    enterprise.press("保存整改情况")
    enterprise.sees("可以申请复验")
    enterprise.shoot("45-amendment")
    enterprise.fill(text="清单各项已经整改。")
    enterprise.press("申请复验")
    enterprise.sees("已申请复验")
    passes(lead, case)
    lead.goes(case)
    lead.follow("作出联合验收结论")
    lead.press("出具联合验收意见书")
    lead.sees("联合验收合格，本件办结")
    enterprise.goes(case)
    enterprise.sees("办结", "践诺情况", "联合验收")
    enterprise.shoot("46-case-completed")
