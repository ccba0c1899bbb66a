"""A table's row that holds a long text goes over to the next page; a short one is kept whole."""

import pytest

from core.documents.long_rows import LONG, marked
from tests.papers.making import example, filled, texts
from tests.papers.test_imprint import text_above_the_imprint

WORDS = "经核对，所附图纸与规划图斑不一致，须由编制单位复核并说明理由。"


@pytest.mark.parametrize(
    ("cells", "goes_over"),
    [
        (["短"], False),
        (["字" * LONG], False),
        (["字" * (LONG + 1)], True),
        (["字" * (LONG - 10), "字" * (LONG - 10)], False),  # what counts is how high the row grows
        ([f'<a href="{"x" * LONG}">短</a>'], False),
        (["1", f"<p>{'字' * LONG}</p>\n<p>终</p>"], True),
    ],
)
def test_what_counts_is_the_longest_cell_without_its_markup(
    cells: list[str], goes_over: bool
) -> None:
    row = "".join(f"<td>{cell}</td>" for cell in cells)
    page = f'<table class="facts keep"><tr>{row}</tr><tr><td>短</td></tr></table>'
    said = f'<table class="facts"><tr class="long">{row}</tr><tr><td>短</td></tr></table>'
    assert marked(page) == (said if goes_over else page)


@pytest.mark.parametrize(
    ("name", "times"),
    [
        ("default_decision", 14),
        ("default_decision_rejected", 10),
        ("default_decision_rejected", 14),
    ],
)
def test_long_statements_of_those_who_decided_leave_no_imprint_alone(name: str, times: int) -> None:
    """GB/T 9704-2012, 7.4: a page with the imprint alone is no page."""
    content = example(name)
    content["reason"] = WORDS * 6
    for one in content["signed"]:
        one["text"] = WORDS * times
    reader = filled(name, content)
    assert len(text_above_the_imprint(reader)) > 2
    assert all(len("".join(page.split())) > 120 for page in texts(reader)), (
        "a page with a heading alone"
    )


def test_a_long_finding_stands_below_its_heading_and_under_the_head_of_its_table() -> None:
    content = example("check_record")
    for row in content["results"]:
        row["note"] = WORDS * 14
    pages = ["".join(page.split()) for page in texts(filled("check_record", content))]
    begun = next(page for page in pages if "一、逐条核查" in page)
    assert content["results"][0]["text"][:8] in begun
    last = max(at for at, page in enumerate(pages) if WORDS[-12:-1] in page)
    first = pages.index(begun)
    assert all("条号" in page for page in pages[first:last])
    assert sum(page.count(WORDS) for page in pages) > 0


@pytest.mark.parametrize("lines", [10, 11])
def test_a_long_row_and_its_label_begin_on_one_page(lines: int) -> None:
    content = example("mailbox_receipt")
    content["rows"] = [{"name": f"第{n}项", "text": "短"} for n in range(lines)]
    content["rows"].append({"name": "来信人说明", "text": WORDS * 14})
    pages = ["".join(page.split()) for page in texts(filled("mailbox_receipt", content))]
    assert next(page for page in pages if "来信人说明" in page).count(WORDS[:8])
