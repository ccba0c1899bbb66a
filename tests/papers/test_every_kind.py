"""Every kind of the county's list has its paper, which says what it is and is refused with any blank."""

import csv
from pathlib import Path

import pytest
from django.conf import settings

from core.documents import pdf
from tests.papers.making import example, made, squeezed, template_of

LIST = Path(settings.BASE_DIR) / "counties" / "zuoquan" / "documents.csv"
ROWS = {row["code"]: row for row in csv.DictReader(LIST.open(encoding="utf-8"))}
# Which example shows which kind.
SHOWN = {
    "DOC01": "checklist_notice", "DOC02": "receipt_gap", "DOC03": "acceptance", "DOC04": "correction",
    "DOC05": "refusal_decision", "DOC06": "tolerant_acceptance", "DOC07": "tolerance_promise",
    "DOC08": "session_notice", "DOC09": "survey_opinion", "DOC10": "survey_record", "DOC11": "session_notice",
    "DOC12": "meeting_opinion", "DOC13": "minutes", "DOC14": "default_notice", "DOC15": "default_notice_absence",
    "DOC16": "commitment_letter", "DOC17": "public_notice", "DOC18": "objection_receipt",
    "DOC19": "objection_reply", "DOC20": "not_published", "DOC21": "start_notice", "DOC22": "not_eligible",
    "DOC23": "check_record", "DOC24": "rectification_notice", "DOC25": "recheck_record",
    "DOC26": "acceptance_opinion", "DOC27": "licence_granted", "DOC28": "licence_refused",
    "DOC29": "service_proof", "DOC30": "credit_intended", "DOC31": "credit_decision",
    "DOC32": "repair_application", "DOC33": "repair_decision", "DOC34": "return_notice",
    "DOC35": "suspension_notice", "DOC36": "lapse_notice", "DOC37": "withdrawal", "DOC38": "intended_measure",
    "DOC39": "exit_decision", "DOC40": "revocation", "DOC41": "stop_order", "DOC42": "correction_list",
    "DOC43": "credit_record", "DOC44": "stop_lifted", "DOC45": "not_passed", "DOC46": "limit_notice",
    "DOC47": "limit_notice", "DOC48": "limit_notice", "DOC50": "default_decision", "DOC51": "default_decision_rejected",
    "DOC52": "default_bulletin", "DOC57": "gap_told_again", "DOC58": "gap_checked", "DOC61": "roll_record",
    **dict.fromkeys(("DOC81", "DOC82", "DOC83", "DOC84", "DOC85"), "disclosure_letter"),
    "DOC86": "mailbox_receipt",
}  # fmt: skip
# Where a template shares an example with another kind, its title is that one's.
TITLED = {"DOC02": "收件回执", "DOC08": "通知", "DOC11": "通知", "DOC13": "纪要", "DOC17": "公示", "DOC46": "告知书",
          "DOC47": "告知书", "DOC48": "告知书", "DOC51": "决定书", "DOC52": "通报", "DOC16": "承诺书",
          **dict.fromkeys(("DOC81", "DOC82", "DOC83", "DOC84"), "公开")}  # fmt: skip


@pytest.mark.parametrize("code", sorted(ROWS))
def test_each_kind_has_a_paper_that_says_what_it_is(code: str) -> None:
    text = squeezed(made(SHOWN[code]))
    assert TITLED.get(code, ROWS[code]["name_zh"]) in text
    assert ROWS[code]["number_series"], "a number without a series would read DOC…"
    content = example(SHOWN[code])
    assert pdf.missing_fields(template_of(SHOWN[code]), content) == []
    for field in ("contact", "phone", "supervision_phone"):
        assert content["issuer"][field] in text


@pytest.mark.parametrize("code", sorted(ROWS))
def test_no_kind_is_issued_with_a_blank(code: str) -> None:
    """Each place that a paper needs, blanked by itself, is named; nothing is drawn for it."""
    template, content = template_of(SHOWN[code]), example(SHOWN[code])
    tops = {gap.path.split(".")[0].split("[")[0] for gap in pdf.missing_fields(template, {})}
    assert len(tops) > 7
    for top in tops - {"demo"}:
        gaps = pdf.missing_fields(template, {**content, top: None})
        assert any(gap.path.split(".")[0].split("[")[0] == top and gap.label for gap in gaps), top
        with pytest.raises(pdf.PaperError):
            pdf.check(template, {**content, top: None})
