"""The scanner's word: a file waits for it and is opened by nobody, and the case goes on as if it were there."""

import socketserver
import struct
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.documents.models import Attachment
from core.documents.scanning import ScannerDown, ask, scan_waiting
from core.documents.services import keep
from core.documents.stages import Scan
from core.ledger.services import open_book
from core.notify.models import Message
from tests.conftest import instant
from tests.files import PDF

# The industry's test word, in two halves, so that this file itself is let alone.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
NOW = instant("2018-06-15 09:30")


class Clamd(socketserver.StreamRequestHandler):
    """Speaks as clamd does: INSTREAM, pieces with their lengths, and a word at the end."""

    def handle(self):
        assert self.rfile.read(10) == b"zINSTREAM\0"
        whole = b""
        while size := struct.unpack("!L", self.rfile.read(4))[0]:
            whole += self.rfile.read(size)
        self.server.heard.append(len(whole))
        found = b"Eicar-Signature FOUND" if EICAR in whole else b"OK"
        self.wfile.write(self.server.says or b"stream: " + found + b"\0")


@pytest.fixture
def clamd(tmp_path, settings):
    """A scanner at a socket of its own; `says` is what it answers in place of its finding."""
    address = str(tmp_path / "clamd.ctl")
    with socketserver.ThreadingUnixStreamServer(address, Clamd) as server:
        server.heard, server.says = [], b""
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.CLAMD = server.address = f"unix:{address}"
        yield server
        server.shutdown()


@pytest.mark.parametrize(
    ("content", "found"), [(b"%PDF-", ""), (EICAR, "Eicar-Signature"), (b"", "")]
)
def test_what_the_scanner_says_is_understood(clamd, content, found):
    assert ask(clamd.address, iter([content[:3], content[3:]] if content else [])) == found


@pytest.mark.parametrize("says", [b"INSTREAM size limit exceeded. ERROR\0", b"stream: no\0", b"\0"])
def test_no_answer_is_not_a_good_one(clamd, says):
    clamd.says = says

    with pytest.raises(ScannerDown):
        ask(clamd.address, iter([b"a"]))


@pytest.mark.parametrize(
    "address", ["unix:/nowhere/clamd.ctl", "tcp:localhost:1", "tcp:nonsense", "tcp:a:b"]
)
def test_a_scanner_that_is_not_there_is_down(address):
    with pytest.raises(ScannerDown):
        ask(address, iter([b"a"]))


def kept_by(people, content=None):
    whole = PDF if content is None else PDF + b"%" + content + b"\n%%EOF\n"
    upload = SimpleUploadedFile("a.pdf", whole)
    return keep(
        upload, book=open_book(f"test:{Attachment.objects.count()}"), by=people.enterprise, at=NOW
    )


@pytest.mark.django_db
def test_without_a_scanner_a_file_says_that_it_was_not_scanned(people, settings, tmp_path):
    settings.MEDIA_ROOT, settings.CLAMD = tmp_path, ""
    kept = kept_by(people)

    assert (kept.scan, kept.withheld, scan_waiting(NOW)) == (Scan.NONE, "", 0)


@pytest.mark.django_db
def test_a_file_waits_until_the_scanner_has_answered(people, clamd, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    fine, wrong = kept_by(people), kept_by(people, EICAR)
    assert "还在查毒" in fine.withheld

    assert scan_waiting(NOW) == 2
    assert scan_waiting(NOW) == 0
    fine.refresh_from_db()
    wrong.refresh_from_db()

    assert (fine.scan, fine.withheld, fine.scanned_at) == (Scan.CLEAN, "", NOW)
    assert (wrong.scan, wrong.scan_found) == (Scan.INFECTED, "Eicar-Signature")
    assert "已隔离" in wrong.withheld
    assert clamd.heard == [fine.size, wrong.size]


@pytest.mark.django_db
def test_a_file_at_which_the_scanner_fails_holds_up_no_other(people, clamd, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    lost, fine = kept_by(people), kept_by(people)
    (tmp_path / lost.file.name).unlink()

    assert scan_waiting(NOW) == 1
    fine.refresh_from_db()
    lost.refresh_from_db()
    assert (fine.scan, lost.scan, lost.scanned_at) == (Scan.CLEAN, Scan.WAITING, NOW)


@pytest.mark.django_db
def test_where_the_scanner_is_taken_away_nothing_waits_for_ever(people, clamd, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    kept = kept_by(people)
    settings.CLAMD = ""
    scan_waiting(NOW)
    kept.refresh_from_db()

    assert (kept.scan, kept.withheld) == (Scan.NONE, "")


@pytest.mark.django_db
def test_a_finding_in_a_file_of_no_paper_is_written_down_and_told(
    people, clamd, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    wrong = kept_by(people, EICAR)
    scan_waiting(NOW)

    assert wrong.book.entries.filter(act="file_infected").count() == 1
    assert Message.objects.filter(to=people.window).exists()


@pytest.mark.django_db
def test_where_the_scanner_is_down_files_wait_and_are_not_lost(people, clamd, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    kept = kept_by(people)
    settings.CLAMD = "unix:/nowhere/clamd.ctl"

    assert scan_waiting(NOW) == 0
    kept.refresh_from_db()
    assert kept.scan == Scan.WAITING

    settings.CLAMD = clamd.address
    assert scan_waiting(NOW) == 1
