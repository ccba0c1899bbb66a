"""Each paper from a full example: what it says, where it refuses, how it breaks across pages."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from core.documents import pdf
from tests.papers.making import (
    NAMES,
    example,
    filled,
    made,
    said,
    squeezed,
    template_of,
    texts,
    words,
)

TEMPLATES = Path(settings.BASE_DIR) / "templates" / "papers"
# What bears no seal of the authority: letters of the enterprise, and minutes (GB/T 9704).
UNSEALED = {"own", "minutes"}


@pytest.mark.parametrize("name", NAMES)
def test_paper_carries_number_parties_and_date_on_marked_pages(name: str) -> None:
    content, reader = example(name), made(name)
    text = squeezed(reader)
    assert content["number"] in text
    assert content["date_text"] in text
    assert content["issuer"]["name"] in text
    assert ("非真实印章" in text) is (pdf.form_of(template_of(name)) not in UNSEALED)
    for party in [content, *content.get("agenda", [])]:
        if "enterprise" in party:
            assert party["enterprise"]["name"] in text
            assert party["project"]["code"] in text
    for page in texts(reader):
        assert "示例数据" in page
    assert "Fandol" in text or "思源" in text


@pytest.mark.parametrize("name", NAMES)
def test_the_red_head_is_as_large_as_what_it_says_allows(name: str) -> None:
    """GB/T 9704-2012: on one line. `heading` stands in the place of the issuer, so nothing else is named so."""
    own_head = "red-head" in (TEMPLATES / f"{template_of(name)}.html").read_text(encoding="utf-8")
    assert ("heading" in example(name)) is own_head


@pytest.mark.parametrize("name", NAMES)
def test_every_required_place_of_the_example_is_needed(name: str) -> None:
    template = template_of(name)
    assert pdf.missing_fields(template, example(name)) == []
    labels = {gap.label for gap in pdf.missing_fields(template, {})}
    assert {"文书编号", "日期", "制发单位", "监督电话", "核验地址"} <= labels


@pytest.mark.parametrize("name", NAMES)
def test_pages_are_numbered_outside_and_the_last_carries_the_imprint(name: str) -> None:
    reader = made(name)
    letter = pdf.form_of(template_of(name)) == "letter"
    pages = ["".join(page.split()) for page in texts(reader)]
    for number, page in list(enumerate(pages, start=1))[letter:]:
        assert f"—{number}—" in page
    last = pages[-2 if "english" in example(name) else -1]
    assert example(name)["verify_url"] in last
    digest = pdf.content_digest(example(name))
    assert digest[:16] in last


def blanks(name: str, **blanked: Any) -> set[str]:
    """The labels that are missed when these parts of an example are blank."""
    content = {**example(name), **blanked}
    return {gap.label for gap in pdf.missing_fields(template_of(name), content)}


def test_receipt_lists_what_came_and_until_when_the_window_must_speak() -> None:
    said(
        "receipt_gap", "filing_number", "matter", "handler", "received_text", "materials", "limits"
    )
    text = squeezed(made("receipt_gap"))
    assert "不表示材料已经审查合格" in text
    assert "自收到材料之日起即为受理" in text
    assert "第5日" in text
    assert blanks("receipt_gap", materials=[], received_text="") == {"收件时间", "材料名称"}
    assert blanks("receipt_gap", limits=[{"name": "受理决定"}]) >= {"时限届满", "逾期的后果"}


def test_receipt_says_where_the_case_is_followed_and_one_of_before_stays_as_it_was() -> None:
    said("receipt_gap", "progress_url", "filing_number")
    assert "查询码只告知你单位" in squeezed(made("receipt_gap"))
    before = {k: v for k, v in example("receipt_gap").items() if k != "progress_url"}
    assert pdf.missing_fields("receipt", before) == []
    assert "查询码" not in squeezed(filled("receipt_gap", before))


def test_acceptance_gives_its_reason_and_silence_is_told_apart_from_a_decision() -> None:
    decided, silent = squeezed(made("acceptance")), squeezed(made("acceptance_deemed"))
    said("acceptance", "received_text", "effective_text", "reason", "basis", "materials", "limits")
    assert "决定予以受理" in decided
    assert "视为受理" not in decided
    said("acceptance_deemed", "decided_text", "effective_text", "later", "basis")
    assert "自收到材料之日起即为受理" in silent
    assert "决定予以受理" not in silent
    assert blanks("acceptance", reason=" ", basis="") == {"受理理由", "法律依据"}
    assert blanks("acceptance_deemed", later=[{"name": "资金证明"}]) == {"待补原因", "待补期限"}


def test_tolerant_acceptance_names_each_gap_its_date_and_what_follows() -> None:
    said("tolerant_acceptance", "gaps", "consequences", "materials")
    text = squeezed(made("tolerant_acceptance"))
    assert "先予受理" in text
    assert "中止办理" in text
    assert blanks("tolerant_acceptance", gaps=[], consequences=[]) == {"缺少材料名称", "后果告知"}


def test_correction_tells_everything_at_once_until_when_and_where() -> None:
    said("correction", "defects", "limit", "place", "received_text", "told_text", "stage_text")
    assert "全部内容" in squeezed(made("correction"))
    assert blanks("correction", defects=[{"material": "授权委托书", "items": "C05"}]) == {
        "缺陷及需补内容"
    }


def test_survey_record_says_who_came_who_did_not_and_what_that_came_to() -> None:
    said("survey_record", "departments", "findings", "deemed", "conclusion", "survey")
    text = squeezed(made("survey_record"))
    assert "不得要求再次勘察" in text
    assert "视同无异议不等于同意" in text
    none = squeezed(filled("survey_record", {**example("survey_record"), "deemed": []}))
    assert "没有适用超时默认、缺席默认的部门" in none
    assert blanks("survey_record", findings=[], conclusion=[]) == {"意见部门", "结论"}


def test_start_notice_lists_each_document_by_number_and_is_no_licence() -> None:
    said("start_notice", "conditions", "letter", "checks", "reports", "duties", "departments")
    assert "不是行政许可" in squeezed(made("start_notice"))
    without = [{**row, "number": ""} for row in example("start_notice")["conditions"]]
    assert blanks("start_notice", conditions=without) == {"文号"}


def test_a_summary_in_english_is_the_last_page_and_says_which_text_prevails() -> None:
    said("correction_english", "english")
    pages = [" ".join(page.split()) for page in texts(made("correction_english"))]
    assert "the Chinese text prevails" in pages[-1]
    assert "19 March 2018, 24:00" in pages[-1]
    assert not any("prevails" in page for page in pages[:-1])
    assert not any("prevails" in page for page in texts(made("correction")))


def test_default_notice_carries_its_day_table_on_a_sheet_of_its_own() -> None:
    for name in ("default_notice", "default_notice_absence"):
        pages = ["".join(page.split()) for page in texts(made(name))]
        annex = [page for page in pages if "逐日计算表" in page and "第1日" in page]
        assert len(annex) == 1
        assert annex[0] == pages[-1]
        assert not any("第1日" in page for page in pages[:-1])
        assert "抄送" in pages[-1]


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
    assert "没有适用超时默认、缺席默认的事项" in squeezed(filled("minutes", without))


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
    assert "防雷装置" not in squeezed(filled("commitment_letter", all_committed))


def test_public_notice_names_its_dates_and_the_way_to_object() -> None:
    content, text = example("public_notice"), squeezed(made("public_notice"))
    for word in words([content["objection"], content["starts_text"], content["ends_text"]]):
        assert "".join(word.split()) in text, word


def test_correction_list_says_each_problem_its_demand_and_until_when() -> None:
    content, text = example("correction_list"), squeezed(made("correction_list"))
    for word in words(
        [content["entries"], content["limit"], content["rules"], content["remedies"]]
    ):
        assert "".join(word.split()) in text, word


def test_acceptance_opinion_names_every_department_and_publishes_no_problem_in_words() -> None:
    content, text = example("acceptance_opinion"), squeezed(made("acceptance_opinion"))
    for word in words([content["rounds"], content["verdicts"], content["rules"]]):
        assert "".join(word.split()) in text, word
    for entry in example("correction_list")["entries"]:
        assert entry["problem"] not in text


def test_credit_record_counts_and_judges_nobody() -> None:
    content, text = example("credit_record"), squeezed(made("credit_record"))
    for word in words([content["rows"], content["counts"], content["letter_number"]]):
        assert "".join(word.split()) in text, word
    assert "不认定失信" in text


def test_real_paper_has_room_for_the_seal_and_no_sample_marks() -> None:
    text = squeezed(filled("public_notice", {**example("public_notice"), "demo": False}))
    assert "示例数据" not in text
    assert "非真实印章" not in text
    assert "（印章）" in text


def test_long_table_repeats_its_head_on_each_page() -> None:
    content = example("public_notice")
    content["clauses"] = content["clauses"] * 20
    pages = texts(filled("public_notice", content))
    with_rows = [text for text in pages if "水土保持设施与主体工程" in "".join(text.split())]
    assert len(with_rows) > 2
    assert all("承诺标准" in text for text in with_rows)


def test_rare_characters_are_set_from_the_fallback_font() -> None:
    content = example("commitment_letter")
    content["legal_representative"] = "陈喆堃"
    assert "陈喆堃" in squeezed(filled("commitment_letter", content))


def test_templates_never_switch_escaping_off() -> None:
    for file in TEMPLATES.glob("*.html"):
        source = file.read_text(encoding="utf-8")
        assert "|safe" not in source, file.name
        assert "autoescape off" not in source, file.name
        assert (file.with_suffix(".required")).is_file() or file.name == "base.html"


def test_minutes_say_who_did_not_come_and_leave_it_to_the_reason_whether_that_is_an_absence() -> (
    None
):
    text = squeezed(made("minutes"))
    assert "未到会：" in text
    assert "缺席：" not in text
