"""The window's day with the keyboard alone: past the navigation, down the desk, into a case, and back from an error."""

import pytest

from approvals.stages import Stage
from desk.rules.people import PASSWORD
from tests.walk import walk

pytestmark = pytest.mark.browser

FAR = 60  # presses of Tab after which whoever looks for a button gives up

WHERE = """() => { const e = document.activeElement; if (!e || e === document.body) { return ['', '']; }
  return [e.id || e.name || e.tagName, (e.innerText || e.value || '').replace(/\\s+/g, ' ').trim()]; }"""


class Keys:
    """A person who never touches the mouse."""

    def __init__(self, person):
        self.page = person.page

    def at(self):
        """The name and the words of what has the focus."""
        return self.page.evaluate(WHERE)

    def press(self, key):
        """Press one key."""
        self.page.keyboard.press(key)

    def tab_to(self, words, *, back=False, inside="body", whole=False):
        """Go on with Tab until something that begins with these words, or has this name, has the focus."""
        passed = []
        for _n in range(FAR):
            self.press("Shift+Tab" if back else "Tab")
            name, said = self.at()
            there = self.page.locator(f"{inside} :focus").count()
            if there and (words in (name, said) or (said.startswith(words) and not whole)):
                return
            passed.append(said[:12] or name)
        pytest.fail(f"“{words}” is not reached by Tab at {self.page.url}: {passed}")

    def opens(self, words, key="Enter", *, whole=True):
        """Go to a link or button and press it; the next page is there when this returns."""
        self.tab_to(words, whole=whole)
        with self.page.expect_navigation():
            self.press(key)


@pytest.fixture
def cases(site, people, at):
    """Two filings whose materials are handed in."""
    first = walk(people, at("2018-05-07 09:00"), to=Stage.RECEIVED, project_name="示例甲项目")
    second = walk(people, first.now, to=Stage.RECEIVED, project_name="示例乙项目")
    site.stand(second.now)
    return first, second


def test_a_case_is_accepted_without_a_mouse(site, cases):
    first, second = cases
    person = site.person()
    person.goes("/")
    keys = Keys(person)
    logs_in(keys)
    walks_the_desk(keys)
    opens_the_day_table(keys)
    comes_back_from_an_error(keys, person)
    accepts(keys, person)
    for case in cases:
        case.filing.refresh_from_db()
    assert {first.filing.stage, second.filing.stage} == {Stage.ACCEPTED, Stage.RECEIVED}
    assert [fault for fault in site.faults() if "422" not in fault] == []


def logs_in(keys):
    """The first stop of every page leads past the navigation."""
    keys.press("Tab")
    assert keys.at()[1] == "跳到正文"
    keys.press("Enter")
    assert keys.at()[0] == "main"
    keys.page.reload()
    keys.opens("登录")
    keys.tab_to("id_login")
    keys.page.keyboard.type("window")
    keys.tab_to("id_password")
    keys.page.keyboard.type(PASSWORD)
    with keys.page.expect_navigation(url="**/desk/"):
        keys.press("Enter")


def walks_the_desk(keys):
    """The list is walked by arrow keys; Enter opens, and where nothing follows the arrow stays."""
    keys.tab_to("核收材料", inside="[data-walk]")
    rows = keys.page.locator("main .worklist").first.locator("[data-stop]")
    stops = rows.evaluate_all("all => all.map(e => e.href)")
    assert len(stops) == 2
    here = "document.activeElement.href"
    keys.press("ArrowDown")
    assert keys.page.evaluate(here) == stops[1]
    keys.press("ArrowDown")
    assert keys.page.evaluate(here) == stops[1]
    keys.press("ArrowUp")
    assert keys.page.evaluate(here) == stops[0]
    with keys.page.expect_navigation():
        keys.press("Enter")


def opens_the_day_table(keys):
    """A date is opened and shut by Enter and by the space bar."""
    table = keys.page.locator(".due .month").first
    keys.tab_to("受理决定")
    assert not table.is_visible()
    keys.press("Enter")
    assert table.is_visible()
    keys.press("Space")
    assert not table.is_visible()


def comes_back_from_an_error(keys, person):
    """After a mistake the cursor is in the first wrong field, and the summary above leads there."""
    keys.opens("不予受理")
    keys.opens("不予受理")
    person.sees("还有内容需要改")
    assert keys.at()[0] == "id_reason"
    keys.tab_to("不予受理的理由", back=True)
    keys.press("Enter")
    keys.press("Tab")
    assert keys.at()[1] == "不予受理", (
        "the link of the summary leads to the field before the button"
    )
    keys.opens("← ", whole=False)


def accepts(keys, person):
    """Check all papers, accept, and read what comes next."""
    keys.opens("逐件核收材料")
    for _paper in range(person.page.locator("[data-paper]").count()):
        keys.press("a")
    assert keys.at()[1] == "保存并受理", "after the last one the focus is on what follows"
    with person.page.expect_navigation():
        keys.press("Space")
    person.sees("已受理", "轮到召集人")
