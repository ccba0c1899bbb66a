"""The pages of docs/ that are drawn from the code: as the code says now, or the build fails."""

import pytest

from approvals.models import Filing
from approvals.stages import Stage
from core.deadlines.rules import RULES
from desk.queries.handbook import PAGES
from desk.queries.handbook.flow import machines, steps, who
from desk.queries.handbook.words import both, table
from tests.house.source import ROOT


@pytest.mark.parametrize("name", PAGES)
def test_a_drawn_page_is_as_the_code_says(name):
    drawn = PAGES[name]()

    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == drawn, "run: manage.py handbook"


def test_the_flow_names_every_stage_and_every_step():
    page = PAGES["flow.md"]()

    assert all(f"`{stage.value}`" in page for stage in Stage)
    assert all(f"`{name}`" in page for model in machines() for name, *_rest in steps(model))


def test_the_rules_name_every_limit():
    page = PAGES["rules.md"]()

    assert all(f"| `{code}` |" in page for code in RULES)


def test_whose_a_step_is_is_said_in_words():
    said = {name: who(found.permission) for name, _from, _to, found in steps(Filing)}

    assert "窗口人员 (Window staff)" in said["accept"]
    assert said["submit"].startswith("The enterprise whose filing it is, or its agent")
    assert all(said.values())


def test_a_bar_in_a_cell_stays_in_its_cell():
    assert table(("a",), [("x|y\nz",)]).splitlines()[-1] == "| x\\|y z |"
    assert both("ZJJ") == "ZJJ"
