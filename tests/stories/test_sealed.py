"""签章: a paper is sealed on paper and compared by a second person, or signed with the county's certificate."""

import json
from tempfile import TemporaryDirectory
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings

from accounts.policies import seals_papers
from approvals.stages import Stage
from core.documents import signing
from core.documents.models import Attachment, Paper
from core.documents.stages import Scan
from core.ledger.models import Entry
from core.ledger.queries import verify_all
from core.steps.checking import signed_how
from core.steps.correcting import correct_paper
from core.steps.models import Seal
from core.steps.papers import render_one
from core.steps.reasons import NotNow
from core.steps.sealing import (
    confirm_scan,
    hand_in_scan,
    page_count,
    refuse_scan,
    sign_by_certificate,
)
from desk.queries.work.seals import scans_to_compare
from tests import seals
from tests.approvals.browse import Browser, text
from tests.conftest import instant
from tests.files import pdf_of
from tests.standing import standing
from tests.walk import walk

pytestmark = pytest.mark.django_db


def listed(people):
    """A case with its one-time notice, which is printed once for all tests."""
    way = walk(people, instant("2018-03-05 09:00"), to=Stage.LISTED)
    with TemporaryDirectory() as folder, override_settings(MEDIA_ROOT=folder):
        render_one(way.filing.checklist_paper_id, way.now)
        way.frozen = way.filing.checklist_paper.file.read()
    return way


walked, served = standing(listed)


@pytest.fixture
def paper(served, settings, tmp_path):
    """The notice, as it was frozen, in a store of the test."""
    settings.MEDIA_ROOT = tmp_path / "files"
    found = served.filing.checklist_paper
    found.file.storage.save(found.file.name, ContentFile(served.frozen))
    return again(found)


def scanned(pages, name="扫描件.pdf"):
    return SimpleUploadedFile(name, pdf_of(pages), content_type="application/pdf")


@pytest.fixture
def scan(paper):
    return lambda more=0: scanned(page_count(paper) + more)


def again(paper):
    return Paper.objects.get(pk=paper.pk)


def said(paper, act):
    entry = Entry.objects.filter(book=paper.book, act=act).last()
    return json.loads(entry.payload)


# — a scan with a second person ————————————————————————————————————————————————————————————


def test_a_scan_counts_once_a_second_person_has_compared_it(served, paper, scan, people):
    w, page = served, lambda: text(Browser(None, served.now).get("check_paper", paper.code))
    assert "没有经核验的签章" in page()
    seal = w.do(hand_in_scan, paper, upload=scan(), by=people.window)
    assert signed_how(again(paper)) == []
    assert "没有经核验的签章" in page()

    w.do(confirm_scan, paper, number=paper.number, by=people.convenor)
    (how,) = signed_how(again(paper))
    assert (how.method, how.sha256) == ("scan", seal.sha256)
    assert "盖章原件的扫描件，经第二人核对" in page()
    assert said(paper, "confirm_scan")["over"] == paper.file_sha256
    assert again(paper).file_sha256 == paper.file_sha256
    assert verify_all()[2] == []


def test_who_uploaded_it_does_not_compare_it(served, paper, scan, people):
    served.do(hand_in_scan, paper, upload=scan(), by=people.window)
    for decide in (
        lambda: served.do(confirm_scan, paper, number=paper.number, by=people.window),
        lambda: served.do(refuse_scan, paper, reason="不是", by=people.window),
    ):
        with pytest.raises(NotNow, match="上传的人不能自己核对"):
            decide()
    page = text(Browser(people.window, served.now).get("paper_scan", paper.code))
    assert "上传的人不能自己核对" in page
    assert signed_how(again(paper)) == []


@pytest.mark.parametrize("who", ["enterprise", "other_enterprise", "supervisor", "administrator"])
def test_nobody_else_seals_a_paper(served, paper, scan, people, who):
    by = getattr(people, who)
    for act, more in (
        (hand_in_scan, {"upload": scan()}),
        (confirm_scan, {"number": paper.number}),
        (refuse_scan, {"reason": "不是"}),
        (sign_by_certificate, {}),
    ):
        with pytest.raises(PermissionDenied):
            served.do(act, paper, **more, by=by)
    assert Browser(by, served.now).get("paper_seal", paper.code).status_code in (403, 404)


def test_a_department_seals_what_it_has_issued_and_nothing_else(served, paper, scan, people):
    clerk, head = people.department("ZJJ"), people.head("ZJJ")
    with pytest.raises(PermissionDenied):
        served.do(hand_in_scan, paper, upload=scan(), by=clerk)
    Paper.objects.filter(pk=paper.pk).update(issued_by=clerk)
    with pytest.raises(PermissionDenied):  # the window seals the county's own papers
        served.do(hand_in_scan, again(paper), upload=scan(), by=people.window)
    for by in (clerk, people.window):  # and the county's certificate signs none of a department
        with pytest.raises(PermissionDenied):
            served.do(sign_by_certificate, again(paper), by=by)
    served.do(hand_in_scan, again(paper), upload=scan(), by=clerk)
    served.do(confirm_scan, again(paper), number=paper.number, by=head)
    assert signed_how(again(paper))


def test_a_correction_is_sealed_by_the_office_whose_paper_was_wrong(served, paper, people):
    Paper.objects.filter(pk=paper.pk).update(issued_by=people.department("ZJJ"))
    right = {"project.name": "示例小杂粮精深加工项目"}
    newer = served.do(correct_paper, again(paper), changes=right, reason="漏字", by=people.convenor)
    assert not seals_papers(newer, people.window)
    assert seals_papers(newer, people.head("ZJJ"))
    assert not seals_papers(newer, people.department("ZRJ"))


def test_a_wrong_file_is_refused(served, paper, scan, people):
    other = Paper.objects.filter(book=paper.book).exclude(pk=paper.pk).first()
    itself = SimpleUploadedFile("文书.pdf", paper.file.read(), content_type="application/pdf")
    with pytest.raises(ValidationError):  # and no scan: a PDF of ours carries no seal
        served.do(hand_in_scan, paper, upload=itself, by=people.window)
    more = paper.file.storage.open(paper.file.name).read() + b"\n% signed\n%%EOF\n"
    added = SimpleUploadedFile("文书.pdf", more, content_type="application/pdf")
    with pytest.raises(ValidationError, match="电子件本身"):  # as a signature by certificate does
        served.do(hand_in_scan, paper, upload=added, by=people.window)
    served.do(hand_in_scan, paper, upload=scan(1), by=people.window)
    with pytest.raises(NotNow, match="不是同一份"):
        served.do(confirm_scan, paper, number=paper.number, by=people.convenor)
    served.do(refuse_scan, paper, reason="页数不对", by=people.convenor)

    served.do(hand_in_scan, paper, upload=scan(), by=people.window)
    wrong = other.number if other else "左承告〔2018〕999号"
    with pytest.raises(ValidationError, match="文号不一致"):
        served.do(confirm_scan, paper, number=wrong, by=people.convenor)
    served.do(
        confirm_scan, paper, number=f" {paper.number.replace('〔', '[')} ", by=people.convenor
    )
    assert [one.state for one in Seal.objects.filter(paper=paper)] == ["refused", "verified"]


def test_a_scan_of_what_was_corrected_meanwhile_is_refused_and_never_confirmed(
    served, paper, scan, people
):
    served.do(hand_in_scan, paper, upload=scan(), by=people.window)
    right = {"project.name": "示例小杂粮精深加工项目"}
    served.do(correct_paper, paper, changes=right, reason="漏字", by=people.supervisor)
    with pytest.raises(NotNow, match="更正"):
        served.do(confirm_scan, again(paper), number=paper.number, by=people.convenor)
    seen = SimpleNamespace(by=people.convenor)
    assert list(scans_to_compare(seen)) == []
    served.do(refuse_scan, again(paper), reason="已更正", by=people.convenor)
    assert signed_how(again(paper)) == []


def test_twice_and_too_late(served, paper, scan, people):
    with pytest.raises(NotNow, match="没有待核对"):
        served.do(confirm_scan, paper, number=paper.number, by=people.convenor)
    served.do(hand_in_scan, paper, upload=scan(), by=people.window)
    with pytest.raises(NotNow, match="等第二人核对"):
        served.do(hand_in_scan, paper, upload=scanned(9), by=people.window)
    served.do(confirm_scan, paper, number=paper.number, by=people.convenor)
    for act, more in ((confirm_scan, {"number": paper.number}), (refuse_scan, {"reason": "迟了"})):
        with pytest.raises(NotNow, match="已经办过"):
            served.do(act, paper, **more, by=people.convenor)
    with pytest.raises(NotNow, match="不再重复"):
        served.do(hand_in_scan, paper, upload=scanned(9), by=people.window)


def test_a_scan_that_waits_for_the_scanner_is_not_compared(served, paper, scan, people):
    seal = served.do(hand_in_scan, paper, upload=scan(), by=people.window)
    Attachment.objects.filter(pk=seal.scan_id).update(scan=Scan.WAITING)
    with pytest.raises(NotNow, match="查毒"):
        served.do(confirm_scan, paper, number=paper.number, by=people.convenor)


def test_what_the_ledger_does_not_say_is_not_called_signed(served, paper, scan, people):
    served.do(hand_in_scan, paper, upload=scan(), by=people.window)
    seal = served.do(confirm_scan, paper, number=paper.number, by=people.convenor)
    Seal.objects.filter(pk=seal.pk).update(sha256="0" * 64)  # a hand in the table
    assert signed_how(again(paper)) == []
    Seal.objects.filter(pk=seal.pk).update(sha256=seal.sha256, over_sha256="0" * 64)
    assert signed_how(again(paper)) == []


def test_the_letter_of_an_enterprise_is_signed_by_its_own_steps(people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.COMMITTING)
    letter = w.filing.letter().paper
    with pytest.raises(NotNow, match="由企业签字盖章"):
        w.do(hand_in_scan, again(letter), upload=scanned(1), by=people.window)
    assert signed_how(again(letter)) == []
    w.to(Stage.COMMITTED)
    (how,) = signed_how(w.filing.letter().paper)
    assert how.method == "scan"


# — the county's certificate ——————————————————————————————————————————————————————————————


@pytest.fixture
def county(settings, tmp_path):
    return seals.put(tmp_path / "keys", settings)


def test_the_county_signs_by_certificate_and_the_frozen_paper_stays(served, paper, county, people):
    frozen = paper.file.read()
    with seals.stamp_authority(county):
        seal = served.do(sign_by_certificate, paper, by=people.window)

    content = seal.file.read()
    assert content.startswith(frozen)
    assert said(paper, "sign_paper")["sha256"] == seal.sha256 != paper.file_sha256
    assert again(paper).file.read() == frozen
    page = text(Browser(None, served.now).get("check_paper", paper.code))
    assert f"单位数字证书的 PDF 电子签名 · {seals.COUNTY}" in page
    assert f"由{seals.STAMPER}证明" in page
    with pytest.raises(NotNow, match="不再重复"):
        served.do(sign_by_certificate, paper, by=people.convenor)
    served_file = Browser(people.window, served.now).get("paper_signed", paper.code)
    assert b"".join(served_file.streaming_content) == content
    assert (
        Browser(people.other_enterprise, served.now).get("paper_signed", paper.code).status_code
        == 404
    )
    assert Browser(None, served.now).get("paper_signed", paper.code).status_code == 302


def test_no_report_of_an_error_shows_the_key(served, county):
    assert "whole" not in repr(signing.holder(served.now))


def test_while_the_stamp_authority_is_down_nothing_is_signed_and_a_scan_does(
    served, paper, county, scan, people
):
    county.SIGNING_TSA = (
        "http://127.0.0.1:9/"  # nobody listens there: it refuses at once, under load too
    )
    with pytest.raises(NotNow, match="先办理盖章扫描件"):
        served.do(sign_by_certificate, paper, by=people.window)
    assert not Seal.objects.exists()
    served.do(hand_in_scan, paper, upload=scan(), by=people.window)
    served.do(confirm_scan, paper, number=paper.number, by=people.convenor)
    county.SIGNING_TSA_TIMEOUT = 30.0  # it answers from this machine, however busy that is
    with seals.stamp_authority(county):
        served.do(sign_by_certificate, paper, by=people.window)
    assert [how.method for how in signed_how(again(paper))] == ["scan", "pdf"]


def test_a_certificate_that_expires_signs_no_more_and_what_it_signed_stands(
    served, paper, settings, tmp_path, people
):
    seals.put(tmp_path / "keys", settings, seals.certificate(until=seals.day(90)))
    served.do(sign_by_certificate, paper, by=people.window)
    served.until(instant("2018-06-15 09:30"))
    page = text(Browser(None, served.now).get("check_paper", paper.code))
    assert seals.COUNTY in page
    assert "没有时间戳" in page
    Seal.objects.all().delete()
    with pytest.raises(NotNow, match="过期"):
        served.do(sign_by_certificate, again(paper), by=people.window)
    assert "已于" in text(Browser(people.window, served.now).get("paper_certificate", paper.code))


def test_a_paper_that_was_changed_in_the_store_is_not_signed(served, paper, county, people):
    with paper.file.storage.open(paper.file.name, "rb+") as kept:
        kept.write(b"%PDF-1.9")
    with pytest.raises(NotNow, match="与成文时的摘要不符"):
        served.do(sign_by_certificate, paper, by=people.window)
