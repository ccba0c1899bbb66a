"""What somebody typed into a paper ends like a sentence, and only once."""

import pytest

from core.documents.templatetags.papers import sentence


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("属核准类项目", "属核准类项目。"),
        ("已查实。", "已查实。"),
        ("所称“危房”", "所称“危房”。"),
        ("他说：“不是。”", "他说：“不是。”"),
        ("县规则（第1版）", "县规则（第1版）。"),
        ("按表格填写.", "按表格填写."),
        ("“何时开工?”", "“何时开工?”"),
        ("第一点\n第二点 ", "第一点\n第二点。"),
        ("", ""),
        ("<b>", "<b>。"),
    ],
)
def test_it_ends_once(typed, printed):
    assert sentence(typed) == printed
