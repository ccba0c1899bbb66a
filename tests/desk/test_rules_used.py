"""No row of the rulebook is unread: it runs, the system goes by it, or the page of the rules says why it does not."""

import csv
import re
from pathlib import Path

import pytest
from django.conf import settings

from approvals.rules.limits import extension_of
from core import clock
from core.deadlines.rules import RULES
from desk.queries.county import editions_in_force
from desk.rules.usage import READ, STATED, UNKNOWN, use_of

BASE = Path(settings.BASE_DIR)
ROWS = [
    row["id"]
    for row in csv.DictReader((BASE / "counties/zuoquan/rulebook.csv").open(encoding="utf-8"))
]
APPS = ("accounts", "approvals", "core", "desk", "inspection", "prereview", "public_notice")
ABOUT = ("desk/rules/usage.py", "desk/rules/pack/rulebook.py")  # what only lists the rows
SOURCE = "".join(
    file.read_text(encoding="utf-8")
    for app in APPS
    for file in sorted((BASE / app).rglob("*.py"))
    if "migrations" not in file.parts and str(file.relative_to(BASE)) not in ABOUT
)


@pytest.mark.parametrize("code", ROWS)
def test_each_row_is_one_of_the_three(code):
    assert [code in RULES, code in READ, code in STATED].count(True) == 1


@pytest.mark.parametrize("code", sorted(READ))
def test_what_is_said_to_be_read_is_named_in_the_code(code):
    assert re.search(rf"[\"']{code}[\"']", SOURCE)
    assert code in ROWS


# "3" and "6" stand in the code for other things.
@pytest.mark.parametrize("code", sorted(code for code in STATED if len(code) > 1))
def test_what_is_only_stated_is_not_read_in_secret(code):
    assert not re.search(rf"[\"']{code}[\"']", SOURCE)
    assert code in ROWS


def test_a_row_that_nobody_knows_says_so():
    assert use_of("P99") == UNKNOWN


@pytest.mark.django_db
def test_the_page_of_the_rules_says_it_of_each(county, at):
    with clock.driven(at("2018-06-15 10:00")):
        found = editions_in_force(clock.now())
    rows = [*found["values"], *found["statutes"]]
    assert {row["code"] for row in rows} == set(ROWS)
    assert all(row["use"] != UNKNOWN for row in rows)


BASES = {
    "城乡规划法 37；行政许可法 42": "2x",
    "行政许可法 42(1)": "2x",
    "行政许可法 42(2)": "3x",
    "企业投资项目核准和备案管理条例 10": "6x",
    "优化营商环境条例 42": "",
    "环境影响评价法 22": "",
    "": "",
}


@pytest.mark.parametrize(("basis", "row"), BASES.items())
def test_an_approval_is_lengthened_as_the_article_it_rests_on_says(basis, row):
    assert extension_of(basis) == row
    assert not row or row in READ
