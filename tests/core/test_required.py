"""What a paper must not lack and may not hold: blanks are named, hostile content ends in an error."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.composed import composed
from core.documents import pdf
from core.documents.required import missing, read_rules

EXAMPLES = Path(__file__).parents[1] / "papers" / "examples"
AT = datetime(2018, 6, 22, 1, 0, tzinfo=UTC)


def example(name: str) -> dict:
    return json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "blank",
    [None, "", "  ", "\n", "\t\r\n", [], {}],
    ids=["none", "empty", "space", "line", "tab", "list", "dict"],
)
def test_blank_is_named_by_path_and_label(blank: object) -> None:
    content = example("default_notice")
    content["matters"][0]["effect"] = blank
    (gap,) = pdf.missing_fields("default_notice", content)
    assert str(gap) == "意见的处理（matters[0].effect）"
    with pytest.raises(pdf.PaperError, match=r"意见的处理（matters\[0\]\.effect）"):
        pdf.render("default_notice", content, identifier="x", created_at=AT)


@pytest.mark.parametrize("blank", ["\n", "\t", "\r\n", "\u3000"])
def test_a_blank_is_found_in_a_text_that_was_written_out_too(blank):
    content = example("default_notice")
    content["matters"][0]["effect"] = blank
    (gap,) = pdf.missing_fields("default_notice", composed(content))
    assert gap.path == "matters[0].effect"


def test_empty_content_names_everything() -> None:
    gaps = {gap.path for gap in pdf.missing_fields("public_notice", {})}
    assert {"number", "issuer.name", "project.code", "clauses", "objection.how"} <= gaps


def test_false_and_zero_are_no_blanks() -> None:
    rules = [("demo", "示例"), ("days", "天数")]
    assert missing(rules, {"demo": False, "days": 0}) == []


def test_optional_list_may_be_absent_but_not_half_filled() -> None:
    rules = [("gaps[]?.due", "期限"), ("rows[].name", "名称"), ("words[]", "词")]
    assert missing(rules, {"rows": [{"name": "甲"}], "words": ["乙"]}) == []
    half = {"gaps": [{"due": ""}], "rows": [{}, "text"], "words": ["", "丙"]}
    paths = [gap.path for gap in missing(rules, half)]
    assert paths == ["gaps[0].due", "rows[0].name", "rows[1].name", "words[0]"]
    assert [gap.path for gap in missing(rules, {"rows": "text", "words": []})] == ["rows", "words"]


def test_rule_without_label_names_its_line(tmp_path: Path) -> None:
    file = tmp_path / "bad.required"
    file.write_text("# comment\nnumber 文书编号\nproject.code\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"bad\.required:3"):
        read_rules(file)


HOSTILE = {
    "nul": "a\x00b",
    "control": "a\x08b",
    "surrogate": "a\ud800b",
    "bidi override": "甲\u202e乙",
    "private use": "\ue000",
    "too long": "长" * 30_000,
    "object": object(),
    "bytes": b"x",
}


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_value_ends_with_a_paper_error_that_names_the_place(value: object) -> None:
    content = example("public_notice")
    content["objection"]["how"] = value
    with pytest.raises(pdf.PaperError, match=r"objection\.how"):
        pdf.render("public_notice", content, identifier="x", created_at=AT)


def test_hostile_size_and_depth_end_with_a_paper_error() -> None:
    content = example("public_notice")
    nested: object = "x"
    for _ in range(50):
        nested = [nested]
    clause = content["clauses"][0]
    for extra in (
        {"more": nested},
        {"clauses": [clause] * 2_001},
        {"more": [["长" * 19_000] * 30]},
    ):
        with pytest.raises(pdf.PaperError):
            pdf.render("public_notice", {**content, **extra}, identifier="x", created_at=AT)
