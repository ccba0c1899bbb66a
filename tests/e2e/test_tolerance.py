"""容缺 in the browser, from 试算 to acceptance: promised and signed, late, wrong, told once more, right, on record."""

import pytest

from tests.e2e.test_story import GAP, PROJECT, accepts, files, hands_in, serves, tries_out
from tests.files import PDF

pytestmark = pytest.mark.browser


def test_from_trial_to_acceptance_with_a_gap(site):
    enterprise = site.person()
    tries_out(enterprise)
    files(enterprise)
    window = site.person("window")
    serves(window)
    hands_in(enterprise)
    shows_the_promise(enterprise)
    accepts(window)
    waits_too_long(site, enterprise)
    brings_the_wrong_one(enterprise, window)
    brings_the_right_one(enterprise, window)
    stands_on_record(site, enterprise)
    assert [fault for fault in site.faults() if "422" not in fault] == []


def shows_the_promise(enterprise):
    """The promise is signed, has its paper and its day, and stands in the enterprise's own ledger."""
    enterprise.turns_to("申报件")
    enterprise.follow("容缺台账")
    enterprise.sees(GAP, "待补齐", "本单位承诺补齐的材料")
    enterprise.shoot("gap-01-ledger")
    enterprise.follow(GAP)
    enterprise.sees("容缺承诺书", "补齐以前，所涉事项不作决定")


def waits_too_long(site, enterprise):
    """The day passes: the case stands still, and the page says until when it may be mended."""
    site.until("2018-05-20 09:00")
    enterprise.looks_up(PROJECT)
    enterprise.sees("中止")
    enterprise.shoot("gap-02-suspended")


def supplies(enterprise, name):
    enterprise.takes_up(PROJECT)
    enterprise.follow("补交容缺材料")
    row = enterprise.page.locator("section.material", has=enterprise.page.locator(".mark-held"))
    row.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/pdf", "buffer": PDF}
    )
    enterprise.leaves_by(row.locator("button[value=upload]"))
    enterprise.sees("已上传")


def brings_the_wrong_one(enterprise, window):
    """What is wrong is said once more in writing."""
    supplies(enterprise, "合同.pdf")
    window.takes_up(PROJECT)
    window.follow("核验补交的材料")
    row = window.page.locator("section.material", has=window.page.locator(".mark-held"))
    row.locator("summary", has_text="退回").click()
    row.locator("textarea").fill("没有双方盖章")
    window.leaves_by(row.get_by_role("button", name="退回补正"))
    window.sees("已告知企业再次补正", "没有双方盖章")
    enterprise.looks_up(PROJECT)
    enterprise.sees("容缺材料再次补正告知书")


def brings_the_right_one(enterprise, window):
    """Right, it is written down, and the case goes on."""
    supplies(enterprise, "合同（盖章）.pdf")
    window.takes_up(PROJECT)
    window.follow("核验补交的材料")
    window.press("补齐，核收")
    window.sees("容缺材料已补齐")
    enterprise.looks_up(PROJECT)
    enterprise.sees("容缺材料核验单", "恢复办理")
    enterprise.shoot("gap-03-resumed")


def stands_on_record(site, enterprise):
    """The supervisor finds it in the ledger: late, and wrong once."""
    supervisor = site.person("supervisor")
    supervisor.turns_to("申报件")
    supervisor.follow("容缺台账")
    supervisor.follow("补交有误")
    supervisor.sees(GAP, "逾期后补齐", "补交有误1次", "按企业")
    supervisor.shoot("gap-04-record")
