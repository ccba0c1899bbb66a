"""办件进度查询, the rules: what is typed, what a case waits for, which papers go to the enterprise."""

import csv

import pytest

from approvals.models.filing import new_query_code
from approvals.stages import ENDS, Stage
from desk.rules.progress import (
    ENDED_BY,
    LICENCE,
    STOPPED,
    SUSPENDED,
    TO_ENTERPRISE,
    VERIFY,
    awaited,
    plain_code,
    plain_number,
)
from tests.conftest import SHIPPED

KEPT = "左承申〔2026〕12号"


@pytest.mark.parametrize(
    "typed",
    [
        KEPT,
        "  左承申〔2026〕12号  ",
        "左承申 〔 2026 〕 12 号",
        "左承申[2026]12号",
        "左承申（2026）12号",
        "左承申【2026】12号",
        "左承申〔２０２６〕１２号",
        "左承申〔2026〕12",
        "左承申2026-12",
        "左承申2026012号",
        "左承申\u3000〔2026〕\u200b12号\n",
        "左承申〔2026〕0012号",
    ],
)
def test_a_number_is_found_however_it_is_typed(typed):
    assert plain_number(typed) == KEPT


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("左承申〔2026〕120号", "左承申〔2026〕120号"),
        ("左承告〔2026〕12号", "左承告〔2026〕12号"),
        ("左承申〔2026〕", "左承申2026"),  # no place in the year: nobody's number
        ("2026〕12号", "202612号"),
        ("左承申〔二〇二六〕12号", "左承申二〇二六12号"),
        ("左承申〔٢٠٢٦〕12号", "左承申٢٠٢٦12号"),  # other scripts' figures are none of ours
        ("", ""),
        ("〔〕 -", ""),
        ("\0\ud800", ""),
    ],
)
def test_what_is_no_number_stays_one_that_nobody_bears(typed, kept):
    assert plain_number(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["7KQM2XRA", "7kqm2xra", " 7kqm 2xra ", "7KQM-2XRA", "７ＫＱＭ２ＸＲＡ", "７ｋｑｍ２ｘｒａ", "7kq\u200bm2xra\n"],
)  # fmt: skip
def test_a_code_is_found_however_it_is_typed(typed):
    assert plain_code(typed) == "7KQM2XRA"


def test_a_drawn_code_is_as_it_is_kept():
    assert all(plain_code(code) == code for code in (new_query_code() for _n in range(200)))


@pytest.mark.parametrize("stage", Stage.values)
def test_every_stage_says_what_it_waits_for_or_that_it_has_ended(stage):
    ended = stage in (*ENDS, Stage.COMPLETED)
    said = awaited(stage)

    assert (said is None) == (ended or stage == Stage.DRAFT)
    assert (stage in ENDED_BY) == ended
    if said is not None:
        assert all(str(word) for word in said)


@pytest.mark.parametrize(
    ("stage", "facts", "said"),
    [
        (Stage.SUBMITTED, {"licence": False}, LICENCE),
        (Stage.LISTED, {"licence": False}, awaited(Stage.LISTED)),
        (Stage.COMMITTING, {"signed": True}, VERIFY),
        (Stage.COMMITTED, {"signed": True}, awaited(Stage.COMMITTED)),
        (Stage.PREREVIEWING, {"suspended": True}, SUSPENDED),
        (Stage.COMMITTING, {"suspended": True, "signed": True}, SUSPENDED),
        (Stage.BUILDING, {"stopped": True}, STOPPED),
        (Stage.RETURNED, {"suspended": True}, None),
        (Stage.REVOKED, {"stopped": True}, None),
    ],
)
def test_what_stands_still_waits_to_go_on(stage, facts, said):
    assert awaited(stage, **facts) == said


def test_the_papers_shown_are_those_that_the_county_sends_to_the_enterprise():
    rows = csv.DictReader((SHIPPED / "documents.csv").open(encoding="utf-8"))
    recipients = {row["code"]: row["recipient"].split(";") for row in rows}
    sent = {code for code, to in recipients.items() if "enterprise" in to}
    own = {"DOC16", "DOC17"}  # the enterprise's letter, and its publication

    assert set(TO_ENTERPRISE) == sent | own
    assert {kind for kinds in ENDED_BY.values() for kind in kinds} <= set(TO_ENTERPRISE)
