"""Each paper from a full example: what it says, where it refuses, how it breaks across pages."""

import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.conf import settings

from core.documents import pdf

EXAMPLES = Path(__file__).parent / "examples"
TEMPLATES = Path(settings.BASE_DIR) / "templates" / "papers"
NAMES = sorted(file.stem for file in EXAMPLES.glob("*.json"))
AT = datetime(2018, 6, 22, 1, 0, tzinfo=UTC)
# What stands on a paper beside its content: set by templates, so not looked for in the text.
UNPRINTED = {"demo", "draft"}


def example(name: str) -> dict[str, Any]:
    return json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))


def made(name: str, content: dict[str, Any] | None = None) -> pypdf.PdfReader:
    content = content or example(name)
    template = name.removesuffix("_absence")
    data = pdf.render(template, content, identifier=content["number"], created_at=AT)
    return pypdf.PdfReader(io.BytesIO(data))


def squeezed(reader: pypdf.PdfReader) -> str:
    """All text without blanks, and without marks and page numbers in the middle of a sentence."""
    pages = ["".join(page.extract_text().split()) for page in reader.pages]
    return "".join(re.sub(r"【示例数据】[^—]*?法律效力|—\d+—", "", page) for page in pages)


def words(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in UNPRINTED:
                yield from words(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from words(inner)
    elif isinstance(value, str):
        yield value


@pytest.mark.parametrize("name", NAMES)
def test_paper_carries_number_parties_and_date_on_marked_pages(name: str) -> None:
    content, reader = example(name), made(name)
    text = squeezed(reader)
    assert content["number"] in text
    assert content["date_text"] in text
    assert content["issuer"]["name"] in text
    assert "非真实印章" in text or name == "commitment_letter"
    for party in [content, *content.get("agenda", [])]:
        if "enterprise" in party:
            assert party["enterprise"]["name"] in text
            assert party["project"]["code"] in text
    for page in reader.pages:
        assert "示例数据" in page.extract_text()
    assert "Fandol" in text or "思源" in text


@pytest.mark.parametrize("name", NAMES)
def test_every_required_place_of_the_example_is_needed(name: str) -> None:
    template = name.removesuffix("_absence")
    assert pdf.missing_fields(template, example(name)) == []
    labels = {gap.label for gap in pdf.missing_fields(template, {})}
    assert {"文书编号", "日期", "制发单位", "监督电话", "核验地址"} <= labels


@pytest.mark.parametrize("name", NAMES)
def test_pages_are_numbered_outside_and_the_last_carries_the_imprint(name: str) -> None:
    reader = made(name)
    for number, page in enumerate(reader.pages, start=1):
        assert f"—{number}—" in "".join(page.extract_text().split())
    last = "".join(reader.pages[-1].extract_text().split())
    assert example(name)["verify_url"] in last
    digest = pdf.content_digest(example(name))
    assert digest[:16] in last


def test_default_notice_proves_itself_and_grants_nothing() -> None:
    for name in ("default_notice", "default_notice_absence"):
        content, text = example(name), squeezed(made(name))
        for part in ("service", "limit", "day_table", "matters", "exclusions", "editions", "rule"):
            for word in words(content[part]):
                assert "".join(word.split()) in text, (part, word)
        assert "视同无异议" in text
        assert "不是同意，也不是行政许可" in text
        assert "视为同意" not in text


def test_minutes_keep_deemed_apart_from_agreed() -> None:
    content = example("minutes")
    text = squeezed(made("minutes"))
    assert "视同无异议不等于同意" in text
    for default in content["defaults"]:
        assert default["notice_number"] in text
    without = {**content, "defaults": [], "no_opinion": [], "actions": [], "absent": []}
    assert "没有适用超时默认、缺席默认的事项" in squeezed(made("minutes", without))


def test_checklist_notice_says_everything_that_it_was_given() -> None:
    content, text = example("checklist_notice"), squeezed(made("checklist_notice"))
    for word in words([content["groups"], content["steps"], content["rules"], content["project"]]):
        assert "".join(word.split()) in text, word
    assert "未经签署的，你单位可以拒绝" in text


def test_commitment_letter_holds_clauses_declined_items_and_a_place_to_sign() -> None:
    content, text = example("commitment_letter"), squeezed(made("commitment_letter"))
    for word in words([content["clauses"], content["declined"], content["planned"]]):
        assert "".join(word.split()) in text, word
    assert "法定代表人（签字）" in text
    assert "承诺单位（盖章）" in text
    all_committed = {**content, "declined": []}
    assert "防雷装置" not in squeezed(made("commitment_letter", all_committed))


def test_public_notice_names_its_dates_and_the_way_to_object() -> None:
    content, text = example("public_notice"), squeezed(made("public_notice"))
    for word in words([content["objection"], content["starts_text"], content["ends_text"]]):
        assert "".join(word.split()) in text, word


def test_real_paper_has_room_for_the_seal_and_no_sample_marks() -> None:
    text = squeezed(made("public_notice", {**example("public_notice"), "demo": False}))
    assert "示例数据" not in text
    assert "非真实印章" not in text
    assert "（印章）" in text


def test_long_table_repeats_its_head_on_each_page() -> None:
    content = example("public_notice")
    content["clauses"] = content["clauses"] * 20
    pages = [page.extract_text() for page in made("public_notice", content).pages]
    with_rows = [text for text in pages if "水土保持设施与主体工程" in "".join(text.split())]
    assert len(with_rows) > 2
    assert all("承诺标准" in text for text in with_rows)


def test_rare_characters_are_set_from_the_fallback_font() -> None:
    content = example("commitment_letter")
    content["legal_representative"] = "陈喆堃"
    assert "陈喆堃" in squeezed(made("commitment_letter", content))


def test_templates_never_switch_escaping_off() -> None:
    for file in TEMPLATES.glob("*.html"):
        source = file.read_text(encoding="utf-8")
        assert "|safe" not in source, file.name
        assert "autoescape off" not in source, file.name
        assert (file.with_suffix(".required")).is_file() or file.name == "base.html"
