"""The list of filings: who sees what, chips, search, and a fixed number of queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from approvals.models import Filing, StageLimit
from approvals.rules import limits
from approvals.services import open_draft
from approvals.stages import Stage
from core.deadlines.queries import calendar_at
from core.deadlines.services import start
from tests.approvals.browse import Browser, text
from tests.walk import walk

pytestmark = pytest.mark.django_db
NOW = "2018-03-05 09:00"


def test_fifty_rows_cost_at_most_eight_queries(people, at):
    now = at(NOW)
    for _n in range(55):
        filing = open_draft(by=people.enterprise, at=now)
        start(StageLimit(filing=filing, book=filing.book), limits.CHECKLIST, at=now)
    browser = Browser(people.enterprise, now)
    calendar_at(now)
    with CaptureQueriesContext(connection) as seen:
        page = browser.get("list")
    assert page.status_code == 200
    assert text(page).count("data-stop") == 50
    assert "共2页，55条" in text(page)
    assert len(seen) <= 8, [query["sql"][:90] for query in seen]
    assert len(page.content) < 100_000


def test_an_empty_list_says_what_will_come(people, at):
    assert "新建申报" in text(Browser(people.enterprise, at(NOW)).get("list"))
    assert "新建申报" not in text(Browser(people.window, at(NOW)).get("list"))


def test_the_move_is_whose_limit_ends_first_as_the_desk_says(people, at):
    """A meeting that has closed waits for the convenor's conclusion: the list does not say 各部门."""
    w = walk(people, at(NOW), to=Stage.PREREVIEWING)
    start(StageLimit(filing=w.filing, book=w.filing.book), limits.MEETING, at=w.now)
    assert "召集人与各部门" not in text(Browser(people.window, w.now).get("list"))
    assert "召集人" in text(Browser(people.window, w.now).get("list"))


def test_chips_and_search_narrow_the_list(people, at):
    w = walk(people, at(NOW), to=Stage.LISTED, project_name="示例甲项目")
    walk(people, w.now, to=Stage.RECEIVED, project_name="示例乙项目")
    browser = Browser(people.window, w.now)
    assert "示例甲项目" in text(browser.get("list"))
    intake = text(browser.get("list", stage="intake"))
    assert "示例乙项目" in intake
    assert "示例甲项目" not in intake
    found = text(browser.get("list", q="甲"))
    assert "示例甲项目" in found
    assert "示例乙项目" not in found
    assert "没有符合条件的申报件" in text(browser.get("list", q="没有这个"))


def test_each_sees_their_own(people, at):
    w = walk(people, at(NOW), to=Stage.LISTED)
    assert w.filing.project_name in text(Browser(people.enterprise, w.now).get("list"))
    assert w.filing.project_name not in text(Browser(people.other_enterprise, w.now).get("list"))
    mine = w.filing.items.first().department.code
    assert w.filing.project_name in text(Browser(people.department(mine), w.now).get("list"))


def test_only_an_enterprise_opens_a_filing(people, at):
    assert Browser(people.window, at(NOW)).post("new").status_code == 403
    assert Browser(people.enterprise, at(NOW)).get("new").status_code == 405
    assert not Filing.objects.exists()
