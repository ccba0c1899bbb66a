"""What was produced is read again: a page or a file with a personal number left is not served."""

from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader, PdfWriter

from core.documents.models import Paper
from core.steps import papers
from core.steps.papers import issue, render_one
from public_notice.models import Notice
from public_notice.services.reading import left_in_file, left_in_page, names_somebody
from tests.public_notice.test_gate import IDENTITY

pytestmark = pytest.mark.django_db
MOBILE = "13812345678"


@pytest.fixture
def frozen(noticed):
    """The notice's content before anything is drawn for its paper."""
    return dict(noticed.notice.content)


def reissued(noticed, frozen, **changed):
    return issue(
        "public_notice", frozen | changed, book=noticed.filing.book, kind="DOC17", by=noticed.people.window,
        at=noticed.now,
    )  # fmt: skip


def test_what_was_drawn_by_chance_and_reads_like_a_telephone_is_nobodys(noticed):
    """A paper's own check code and the digest of the version it corrects keep it from nobody."""
    content = noticed.notice.paper.content
    drawn = f"ab{MOBILE}cde"
    corrects = {"digest": drawn, "reason": "漏字", "changes": []}
    assert not names_somebody(
        content | {"verify_url": f"https://chengnuo.example/papers/check/{drawn}/"}
    )
    assert not names_somebody(content | {"corrects": corrects})
    assert names_somebody(content | {"corrects": corrects | {"reason": f"请找{MOBILE}"}})


def test_a_paper_that_names_somebody_is_kept_from_strangers(noticed, frozen, client):
    assert reissued(noticed, frozen).public
    paper = reissued(noticed, frozen, gaps_text=f"请找{MOBILE}")
    assert names_somebody(paper.content)
    assert not paper.public
    assert client.get(reverse("approvals:paper", args=[paper.code])).status_code == 302
    assert (
        frozen["project"]["name"]
        not in client.get(reverse("approvals:check_paper", args=[paper.code])).content.decode()
    )


def test_the_page_is_read_as_it_is_shown(frozen):
    assert not left_in_page(frozen)
    row = frozen["clauses"][0]
    halves = [{**row, "standard": MOBILE[:7]}, {**row, "item": MOBILE[7:], "standard": "0"}]
    assert not left_in_page(frozen | {"clauses": halves})  # in two cells they are two numbers
    assert left_in_page(frozen | {"clauses": [{**row, "standard": IDENTITY}]})


def test_a_file_with_a_number_left_is_not_served(noticed, frozen, client, monkeypatch):
    paper = reissued(noticed, frozen)
    asked = []

    def read(found, made):
        asked.append(left_in_file(found, made))
        writer = PdfWriter(clone_from=PdfReader(BytesIO(made)))
        writer.add_metadata({"/Subject": f"联系 {MOBILE[:3]} {MOBILE[3:7]}-{MOBILE[7:]}"})
        changed = BytesIO()
        writer.write(changed)
        return left_in_file(found, changed.getvalue())

    monkeypatch.setattr(papers, "READ_AGAIN", [read])
    assert not render_one(paper.pk, noticed.now)
    assert asked == [""]
    paper = Paper.objects.get(pk=paper.pk)
    assert "不能公开" in paper.failure
    assert not paper.ready
    served = client.get(reverse("approvals:paper", args=[paper.code]))
    assert (served.status_code, served["Content-Type"].split(";")[0]) == (202, "text/html")


def test_the_machines_own_numbers_are_no_persons(noticed, frozen):
    paper = reissued(noticed, frozen)
    paper.code = "f138123456780abc"
    paper.content = {**paper.content, "verify_url": f"https://a.example/papers/check/{paper.code}/"}
    assert paper.content["issuer"]["phone"]
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.add_metadata({"/Title": f"{paper.code} {' '.join(paper.code)}"})
    made = BytesIO()
    writer.write(made)
    assert left_in_file(paper, made.getvalue()) == ""


def test_why_a_notice_ended_is_masked_for_programs_too(noticed, client):
    Notice.objects.filter(pk=noticed.notice.pk).update(end_reason=f"村民王小明来电{MOBILE}")
    page = client.get(
        reverse("public_notice:notice", args=[noticed.notice.public_id])
    ).content.decode()
    told = client.get(reverse("api:notice_read", args=[noticed.notice.public_id])).json()
    assert told["end_reason"] == "村民王某来电138****5678"
    assert MOBILE not in page
