"""What is done to a PDF to pass for one of ours, each answered rightly by the page and by the verifier of strangers."""

import hashlib
import io
import json
from random import Random

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import transaction
from pyhanko.pdf_utils.generic import NumberObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pypdf import PdfReader, PdfWriter

from core.documents.digests import Reckoner, reckon
from core.documents.models import Paper
from core.documents.signing import pades
from core.ledger.checkpoints import make_checkpoint
from core.ledger.services import open_book, record
from core.steps.checking import find
from core.steps.sealing import sign_by_certificate
from core.steps.stages import Verdict
from tests import seals
from tests.chance import drawn
from tests.core.ledgers import key_file, lines
from tests.core.test_papers import EXAMPLE
from tests.core.test_verifier import HOLDS, NOT_FOUND, verifier
from tests.files import pdf_of

pytestmark = pytest.mark.django_db
FROZEN, OTHER = pdf_of(2), pdf_of(3)


@pytest.fixture
def ours(settings, tmp_path, people, at):
    """A paper with its frozen file, signed by the county; another one; and a file that somebody handed in."""
    settings.MEDIA_ROOT, settings.CHECKPOINT_KEY = tmp_path / "files", key_file(tmp_path)
    settings.LEDGER_NAME = "chengnuo.example/ledger"
    seals.put(tmp_path / "keys", settings)
    when = at("2018-06-15 09:30")
    papers = [
        issued(open_book(f"test:{n}"), one, people, when) for n, one in enumerate((FROZEN, OTHER))
    ]
    seal = sign_by_certificate(papers[0], by=people.window, at=when)
    with transaction.atomic():
        handed = hashlib.sha256(forged(seal.file.read())).hexdigest()
        record(papers[1].book, "upload_material", by=people.enterprise, at=when, sha256=handed)
    seal.file.seek(0)
    return papers[0], seal.file.read()


def issued(book, content, people, at):
    """Issue a notice and give it a file of a few bytes in place of the printed one."""
    from core.steps.papers import issue

    said = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    with transaction.atomic():
        paper = issue("public_notice", said, book=book, kind="DOC17", by=people.window, at=at)
        paper.file_sha256, paper.rendered_at = hashlib.sha256(content).hexdigest(), at
        paper.file.save(f"papers/{paper.code}.pdf", ContentFile(content), save=True)
        record(
            book,
            "render_paper",
            by=people.window,
            at=at,
            paper=paper.number,
            sha256=paper.file_sha256,
        )
    return paper


def appended(content):
    return content + b"\n"


def updated(content):
    """An update behind the end that gives the first page other words."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Rotate"] = NumberObject(90)
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def forged(content):
    """Shadow content: the whole paper stays in the file, and a hand-made update puts other objects in its place."""
    start = content.rindex(b"startxref")
    place = int(content[start:].split()[1])
    shadow = b"9 0 obj<</Type/Catalog/Shadow true>>endobj\n"
    xref = len(content) + len(shadow)
    table = b"xref\n9 1\n%010d 00000 n \ntrailer<</Size 10/Root 9 0 R/Prev %d>>\n" % (
        len(content),
        place,
    )
    return content + shadow + table + b"startxref\n%d\n%%%%EOF\n" % xref


def swapped(content):
    """An object inside is exchanged for one of the same length."""
    return content.replace(b"Page 2", b"Page 9", 1)


def saved_anew(content):
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def signed_by_a_stranger(settings, tmp_path, at):
    """The frozen paper with a valid signature of somebody else."""
    stranger = seals.certificate(by="别的根证书")
    seals.put(tmp_path / "theirs", settings, stranger, roots=[seals.root("别的根证书")])
    return pades.sign(FROZEN, reason="x", contact="x", at=at).content


ATTACKS = {
    "as it was signed": (lambda signed: signed, Verdict.SIGNED),
    "the signature cut off": (lambda signed: signed[: len(FROZEN)], Verdict.OURS),
    "a byte behind the signature": (appended, Verdict.ADDED),
    "a byte behind the paper": (lambda _signed: appended(FROZEN), Verdict.ADDED),
    "a word behind the last line": (lambda signed: signed + b"x", Verdict.ADDED),
    "an update of a page": (updated, Verdict.ADDED),
    "an update of the unsigned paper": (lambda _signed: updated(FROZEN), Verdict.ADDED),
    "shadow content": (lambda _signed: forged(FROZEN), Verdict.ADDED),
    "shadow content that was handed in": (forged, Verdict.ADDED),
    "another page behind another paper's": (lambda _signed: OTHER + FROZEN, Verdict.ADDED),
    "an object exchanged": (swapped, Verdict.UNKNOWN),
    "an object of the paper exchanged": (lambda _signed: swapped(FROZEN), Verdict.UNKNOWN),
    "the last byte lost": (lambda signed: signed[:-2], Verdict.ADDED),
    "the last byte of the paper lost": (lambda _signed: FROZEN[:-2], Verdict.UNKNOWN),
    "saved by another program": (saved_anew, Verdict.UNKNOWN),
    "something before it": (lambda signed: b"\n" + signed, Verdict.UNKNOWN),
    "another file": (lambda _signed: pdf_of(4), Verdict.UNKNOWN),
    "nothing": (lambda _signed: b"", Verdict.UNKNOWN),
}


def test_each_attack_is_answered_rightly_by_page_and_verifier(ours, at, tmp_path, settings, people):
    paper, signed = ours
    make_checkpoint(at("2018-06-15 12:00"))
    ledger = tmp_path / "ledger.jsonl"
    call_command("export_ledger", ledger)
    files = {name: make(signed) for name, (make, _verdict) in ATTACKS.items()}
    verdicts = {name: verdict for name, (_make, verdict) in ATTACKS.items()}
    files["signed by a stranger"] = signed_by_a_stranger(settings, tmp_path, at("2018-06-15 09:30"))
    verdicts["signed by a stranger"] = Verdict.ADDED
    wrong = {}
    for name, content in files.items():
        path = tmp_path / "file.pdf"
        path.write_bytes(content)
        found = find(reckon(content))
        code, said, *_sentences = verifier.check(verifier.asked([str(ledger), "--pdf", str(path)]))
        true = verdicts[name] in (Verdict.OURS, Verdict.SIGNED)
        if (found.verdict, code) != (verdicts[name], HOLDS if true else NOT_FOUND):
            wrong[name] = (found.verdict, code, said["pdfs"])
        if true:
            assert said["pdfs"][0]["paper"] == paper.number == found.paper.number
            assert said["pdfs"][0]["checkpoint"]
        if verdicts[name] == Verdict.ADDED:
            assert said["pdfs"][0]["is"] == "added"
    assert wrong == {}


def test_a_file_that_was_only_handed_in_is_no_paper(ours, tmp_path, people, at):
    _paper, _signed = ours
    strange = pdf_of(5)
    with transaction.atomic():
        digest = hashlib.sha256(strange).hexdigest()
        book = open_book("test:strange")
        record(
            book, "upload_material", by=people.enterprise, at=at("2018-06-15 10:00"), sha256=digest
        )
    ledger, path = tmp_path / "ledger.jsonl", tmp_path / "file.pdf"
    call_command("export_ledger", ledger)
    path.write_bytes(strange)
    code, said, chinese, english = verifier.check(verifier.asked([str(ledger), "--pdf", str(path)]))
    assert (code, said["pdfs"][0]["is"]) == (NOT_FOUND, "handed in")
    assert "只是别人交来的文件" in chinese
    assert "handed in" in english
    assert find(reckon(strange)).verdict == Verdict.UNKNOWN


def test_a_paper_that_was_corrected_later_is_said_to_be(ours, tmp_path, people, at):
    paper, signed = ours
    with transaction.atomic():
        record(
            paper.book,
            "correct_paper",
            by=people.window,
            at=at("2018-06-15 10:00"),
            paper=paper.number,
        )
    make_checkpoint(at("2018-06-15 12:00"))
    ledger, path = tmp_path / "ledger.jsonl", tmp_path / "file.pdf"
    call_command("export_ledger", ledger)
    path.write_bytes(signed)
    code, said, *_sentences = verifier.check(verifier.asked([str(ledger), "--pdf", str(path)]))
    assert (code, said["pdfs"][0]["ended"]) == (HOLDS, "correct_paper")
    assert "更正" in said["lines"][0]


def test_one_book_is_enough_to_place_a_paper_under_a_checkpoint(ours, tmp_path, at):
    paper, signed = ours
    made = make_checkpoint(at("2018-06-15 12:00"))
    ledger, path = tmp_path / "book.jsonl", tmp_path / "file.pdf"
    call_command("export_ledger", ledger, book=paper.book.code)
    path.write_bytes(signed)
    code, said, *_sentences = verifier.check(verifier.asked([str(ledger), "--pdf", str(path)]))
    assert code == HOLDS
    assert said["pdfs"][0]["checkpoint"] == made.size
    assert {line["type"] for line in lines(ledger)} >= {"proof", "checkpoint"}


def test_no_flip_of_three_thousand_passes_for_ours(ours):
    _paper, signed = ours
    chance = Random(drawn("flips of a signed paper"))
    known = set(Paper.objects.values_list("file_sha256", flat=True)) | {reckon(signed).sha256}
    for number in range(3_000):
        changed = bytearray(signed)
        changed[chance.randrange(len(signed))] ^= 1 << chance.randrange(8)
        found = reckon(bytes(changed))
        assert found.sha256 not in known
        if number % 60 == 0:
            assert find(found).verdict in (Verdict.ADDED, Verdict.UNKNOWN)


def test_however_a_file_is_cut_into_pieces_its_digests_are_the_same():
    whole = FROZEN + b"x%%EOF\r\ny%%EOF\r%%EOF%%EO" + OTHER
    wanted, chance = reckon(whole), Random(drawn("pieces"))
    for end in range(len(whole)):
        if whole[:end].endswith((b"%%EOF", b"%%EOF\n", b"%%EOF\r", b"%%EOF\r\n")):
            assert wanted.beginnings[hashlib.sha256(whole[:end]).hexdigest()] == end
    assert wanted.sha256 == hashlib.sha256(whole).hexdigest()
    for _each in range(200):
        reckoner, at = Reckoner(), 0
        while at < len(whole):
            size = chance.choice((1, 2, 3, 5, 64, 999))
            reckoner.take(whole[at : at + size])
            at += size
        assert reckoner.end() == wanted


def test_a_file_full_of_ends_costs_no_more():
    assert len(reckon(b"%%EOF\n" * 50_000).beginnings) <= 20


def test_what_the_signed_file_shows_is_the_frozen_paper(ours):
    _paper, signed = ours
    first = PdfFileReader(io.BytesIO(signed)).get_historical_root(0)
    assert int(first["/Pages"]["/Count"]) == 2
