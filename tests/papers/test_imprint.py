"""The end of a paper: its imprint is never alone on a page, and a letter of the enterprise bears no seal of ours."""

import re

import pypdf
import pytest

from tests.papers.making import NAMES, example, filled, made, said, squeezed, texts

IMPRINT = re.compile(r"抄送：|印发|制作$|收到$|扫码")


def text_above_the_imprint(reader: pypdf.PdfReader) -> list[str]:
    """The lines of the page with the imprint, without marks, page number and the imprint itself."""
    pages = [page.splitlines() for page in texts(reader)]
    lines = [line for line in pages if any("扫码" in words for words in line)][-1]
    end = next(at for at, line in enumerate(lines) if IMPRINT.search(line.strip()))
    return [line for line in lines[:end] if line.strip() and "示例数据" not in line]


# From the end, for another process may be at the same examples from the beginning: each then prints half of them.
@pytest.mark.parametrize("name", NAMES[::-1])
def test_the_imprint_never_stands_alone_on_a_page(name: str) -> None:
    """GB/T 9704-2012: what carries the imprint carries text, two lines of it at least."""
    assert len(text_above_the_imprint(made(name))) >= 2


@pytest.mark.parametrize("more", range(0, 18, 3))
def test_however_long_the_text_is_two_lines_go_over_with_the_imprint(more: int) -> None:
    content = example("lapse_notice")
    content["effects"] = [*content["effects"], *["本行只为凑足篇幅。"] * more]
    above = text_above_the_imprint(filled("lapse_notice", content))
    seal = {"示例印章", "非真实印章，不具效力", content["issuer"]["name"], content["date_text"]}
    assert len([line for line in above if line.strip() not in seal]) >= 2


def test_a_promise_is_the_enterprises_letter_with_its_signature_and_the_windows_receipt() -> None:
    said("tolerance_promise", "gap", "declaration", "consequences", "signed_by", "signed_text")
    text = squeezed(made("tolerance_promise"))
    assert "承诺单位（盖章）" in text
    assert "窗口收件记录" in text
    assert "印发" not in text
    real = squeezed(filled("tolerance_promise", {**example("tolerance_promise"), "demo": False}))
    assert "（印章）" not in real
    # What the window answers to it is the authority's.
    for answer in ("gap_told_again", "gap_checked"):
        assert "非真实印章" in squeezed(made(answer))
        assert "印发" not in squeezed(made(answer))  # a letter (GB/T 9704) has no line of issue
    said("gap_told_again", "reason", "wanted", "supplied_text", "effects")
    said("gap_checked", "checked_by", "checked_text", "conclusion", "supplied_text")


def test_a_record_that_was_signed_on_the_device_takes_a_sentence_over_to_its_last_page() -> None:
    """The officers' line alone above the seal would say nothing of what they sign."""
    content = example("check_record")
    signed = {
        "who": "示例人",
        "at_text": "2018年3月7日9时30分",
        "outcome": "已签名",
        "note": "在设备上签名",
    }
    reader = filled("check_record", {**content, "said": [signed]})
    above = "".join("".join(text_above_the_imprint(reader)).split())
    assert "公开时隐去个人信息和商业秘密。检查人员（签字）" in above
