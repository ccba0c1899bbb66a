"""A new edition of the catalogue in the browser: drafted, compared, proposed, signed; both views of each page."""

import pytest

from approvals.models import CatalogueEdition
from approvals.stages import Stage
from desk.models import CatalogueDraft
from desk.rules.pack.catalogue import name_of
from tests.e2e.test_pages import looks
from tests.walk import walk

pytestmark = pytest.mark.browser
R04 = name_of("catalogue.csv", {"code": "R04"})


def test_an_edition_from_draft_to_signature(site, people, at):
    walk(people, at("2018-04-20 09:00"), to=Stage.ACCEPTED)
    site.stand(at("2018-05-07 09:00"))
    administrator, supervisor = site.person("admin"), site.person("supervisor")
    page = administrator.page

    page.goto("/catalogue/")
    administrator.sees("事项清单的版次", "现行")
    page.get_by_role("link", name="起草新版").first.click()
    page.get_by_label("修订事由").fill("缩短规划许可承诺时限（示例）")
    page.get_by_role("button", name="建立草案").click()
    draft = CatalogueDraft.objects.get()
    here = f"/catalogue-drafts/{draft.pk}/"
    page.goto(f"{here}row/catalogue/{R04}/")
    page.get_by_label("沉默的后果", exact=True).select_option("yes")
    page.get_by_role("button", name="保存这一行").click()
    administrator.sees("红线事项不得默认为无异议", "城乡规划法第40条")
    administrator.shoot("catalogue-refused")
    page.get_by_label("沉默的后果", exact=True).select_option("escalate")
    page.get_by_label("承诺时限（工作日）").fill("2")
    page.get_by_role("button", name="保存这一行").click()
    administrator.sees("减轻", "承诺时限（工作日）", "在办、不受影响")
    digest = CatalogueEdition.objects.get().digest
    pages = {
        "catalogues": "/catalogue/", "catalogue": f"/catalogue/{digest}/", "catalogue-draft": here,
        "catalogue-item": f"/catalogue/{digest}/item/R04/", "catalogue-rows": f"{here}rows/materials/",
        "catalogue-row": f"{here}row/catalogue/{R04}/", "catalogue-upload": f"{here}upload/",
        "catalogue-propose": f"{here}propose/",
    }  # fmt: skip
    wrong = [fault for name, path in pages.items() for fault in looks(administrator, name, path)]
    assert wrong == []

    page.get_by_label("施行日").fill("2018-06-01")
    page.get_by_label("决定文件").fill("示例：县政府常务会议（示例数据）")
    page.get_by_role("button", name="提请另一人签字").click()
    administrator.sees("待第二人签字")
    supervisor.page.goto(f"{here}decide/")
    supervisor.page.get_by_label("同意，签字通过").check()
    supervisor.page.get_by_role("button", name="签字").click()
    supervisor.sees("已通过", "第2版")
    supervisor.page.goto("/catalogue/")
    supervisor.sees("将施行")
    assert looks(supervisor, "catalogues-to-come", "/catalogue/") == []
    assert [
        fault for fault in site.faults() if "422" not in fault
    ] == []  # the row that was refused
