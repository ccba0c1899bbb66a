"""Papers: number and content with the act, the PDF once, both in the ledger, nothing with a blank."""

import hashlib
import json
import logging
from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy

from core import clock
from core.documents import pdf
from core.documents.models import Paper, PaperKind, Series
from core.ledger.models import Entry
from core.ledger.queries import verify
from core.ledger.services import open_book
from core.steps.papers import date_text, issue, render_one, render_waiting, time_text
from tests.walk import acts

pytestmark = pytest.mark.django_db

EXAMPLE = Path(__file__).parents[1] / "papers" / "examples" / "public_notice.json"


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    """Files go to a folder of the test."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def book(county):
    """A book of its own."""
    return open_book("test:paper")


@pytest.fixture
def content():
    """Everything that a notice must say."""
    return json.loads(EXAMPLE.read_text(encoding="utf-8"))


@pytest.fixture
def draw(book, content, people, at):
    """`draw()` issues the notice; what is given replaces what it says."""

    def run(when="2018-06-15 09:30", **changed):
        said = {**content, **changed}
        return issue("public_notice", said, book=book, kind="DOC17", by=people.window, at=at(when))

    return run


def mark():
    return PaperKind.objects.get(code="DOC17").mark or "DOC17"


def test_a_paper_has_its_number_its_frozen_content_and_its_entry(draw, book, people, at):
    paper = draw()

    assert paper.number == f"{mark()}〔2018〕1号"
    assert paper.content["number"] == paper.number
    assert paper.content["date_text"] == "2018年6月15日"
    assert paper.content["verify_url"].endswith(f"/papers/check/{paper.code}/")
    assert paper.content_sha256 == pdf.content_digest(paper.content)
    assert (paper.issued_by, paper.issued_at) == (people.window, at("2018-06-15 09:30"))
    assert not paper.ready
    entry = Entry.objects.get(book=book)
    assert entry.act == "issue_paper"
    assert json.loads(entry.payload) == {
        "kind": "DOC17",
        "paper": paper.number,
        "sha256": paper.content_sha256,
    }


@transaction.atomic
def _fail_after(act):
    act()
    raise RuntimeError


def test_numbers_have_no_hole_where_an_act_failed(draw):
    first = draw()
    with pytest.raises(RuntimeError):
        _fail_after(draw)
    with pytest.raises(ValidationError):
        draw(letter_number="")
    second = draw()

    assert [first.number, second.number] == [f"{mark()}〔2018〕{n}号" for n in (1, 2)]
    assert draw("2019-01-02 09:30").number == f"{mark()}〔2019〕1号"
    assert Series.objects.get(mark=mark(), year=2018).last == 2


def test_the_year_of_a_number_is_the_countys(draw):
    """00:30 on New Year's Day is still the old year in UTC."""
    assert draw("2019-01-01 00:30").number == f"{mark()}〔2019〕1号"


@pytest.mark.parametrize(
    ("changed", "label"),
    [
        ({"letter_number": ""}, "承诺书编号"),
        ({"starts_text": "  "}, "公示开始日"),
        ({"clauses": []}, "clauses"),
        ({"objection": {"how": "网上"}}, "异议电话"),
    ],
)
def test_what_is_missing_is_named_and_no_paper_is_issued(draw, book, changed, label):
    with pytest.raises(ValidationError) as refused:
        draw(**changed)

    assert label in "".join(refused.value.messages)
    assert not Paper.objects.filter(book=book).exists()
    assert acts(book) == []


def test_labels_are_frozen_in_chinese_whatever_the_page_speaks(draw):
    with translation.override("en"):
        paper = draw(basis=gettext_lazy("公示中"))

    assert Paper.objects.get(pk=paper.pk).content["basis"] == "公示中"


@pytest.mark.slow
def test_the_pdf_is_made_once_and_both_are_in_the_ledger(draw, book, at, files):
    paper = draw()

    assert render_one(paper.pk, at("2018-06-15 09:31"))
    paper.refresh_from_db()
    data = paper.file.read()
    assert data.startswith(b"%PDF")
    assert paper.file_sha256 == hashlib.sha256(data).hexdigest()
    assert paper.rendered_at == at("2018-06-15 09:31")
    assert acts(book) == ["issue_paper", "render_paper"]
    entry = Entry.objects.get(book=book, act="render_paper")
    assert entry.actor.role == "system"
    assert json.loads(entry.payload)["sha256"] == paper.file_sha256

    assert not render_one(paper.pk, at("2018-06-15 09:32"))
    again = Paper.objects.get(pk=paper.pk)
    assert (again.file.name, again.rendered_at) == (paper.file.name, at("2018-06-15 09:31"))
    assert acts(book) == ["issue_paper", "render_paper"]
    assert len(list(files.rglob("*.pdf"))) == 1
    assert verify(type(book).objects.get(pk=book.pk)) is None


@pytest.mark.slow
def test_what_changes_afterwards_changes_no_paper(draw, content, at):
    paper = draw()
    content["basis"] = "另一个依据"
    render_one(paper.pk, at("2018-06-15 09:31"))

    paper.refresh_from_db()
    assert paper.content["basis"] != "另一个依据"
    assert pdf.content_digest(paper.content) == paper.content_sha256


@pytest.mark.slow
def test_a_paper_that_cannot_be_set_is_put_down_with_its_reason(draw, at, caplog):
    caplog.set_level(logging.CRITICAL, "chengnuo.papers")
    broken, good = draw(), draw()
    Paper.objects.filter(pk=broken.pk).update(content={**broken.content, "letter_number": ""})

    assert render_waiting(at("2018-06-15 09:31")) == 2
    assert render_waiting(at("2018-06-15 09:32")) == 0

    broken.refresh_from_db()
    good.refresh_from_db()
    assert "承诺书编号" in broken.failure
    assert not broken.ready
    assert good.ready


@pytest.mark.slow
def test_a_fault_of_the_machine_leaves_a_paper_waiting(draw, at, settings, tmp_path, caplog):
    caplog.set_level(logging.CRITICAL, "chengnuo.papers")
    paper = draw()
    settings.MEDIA_ROOT = tmp_path / "file" / "below"
    (tmp_path / "file").write_text("no folder can be made here")

    assert render_waiting(at("2018-06-15 09:31")) == 0
    paper.refresh_from_db()
    assert (paper.ready, paper.rendered_at, paper.failure) == (False, None, "")

    settings.MEDIA_ROOT = tmp_path
    assert render_waiting(at("2018-06-15 09:36")) == 1
    paper.refresh_from_db()
    assert paper.ready


@pytest.mark.slow
def test_the_command_renders_until_nothing_waits(draw, at, capsys):
    draw()

    with clock.driven(at("2018-06-15 10:00")):
        call_command("render_papers")
        call_command("render_papers")

    assert capsys.readouterr().out.splitlines() == ["成文 1 份。", "成文 0 份。"]


def test_days_and_instants_as_papers_write_them(at):
    assert date_text(date(2018, 6, 5)) == "2018年6月5日"
    assert time_text(at("2018-06-15 09:05")) == "2018年6月15日9时05分"
    assert time_text(at("2018-06-16 00:00")) == "2018年6月15日24时"
