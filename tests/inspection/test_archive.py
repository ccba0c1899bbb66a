"""归档包: made once, after the papers; every digest and every chain holds, and the enterprise may fetch it."""

import hashlib
import io
import json
import zipfile
from datetime import datetime
from types import SimpleNamespace

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import transaction

from approvals.policies import INSIDE
from approvals.stages import Stage
from core import clock
from core.documents.models import Attachment, Paper
from core.ledger.models import GENESIS, Entry
from core.ledger.queries import verify_all
from core.ledger.rules import digest_of
from core.steps.papers import render_waiting
from inspection.models import Archive
from inspection.services import archive as archives
from tests.inspection.test_acceptance_pages import Desk
from tests.walk import acts, walk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def completed(people, at):
    return walk(people, at("2018-03-05 09:00"), to=Stage.COMPLETED)


def render(w):
    """The ticker's work: render until nothing waits."""
    with clock.driven(w.now):
        while render_waiting(w.now):
            pass


def stand_in(w):
    """Something short in the place of each PDF, where a test is not about what papers look like."""
    for paper in Paper.objects.filter(book=w.filing.book):
        content = f"%PDF {paper.number}".encode()
        paper.file_sha256 = hashlib.sha256(content).hexdigest()
        paper.file.save(f"papers/{paper.code}.pdf", ContentFile(content), save=True)


def make(w):
    with clock.driven(w.now):
        return archives.make_archives(w.now)


def opened(w):
    return zipfile.ZipFile(io.BytesIO(Archive.objects.get(filing=w.pk).file.read()))


def chain_of(lines):
    """The last digest of a book as exported, every link and every digest being recomputed; withheld words by link."""
    previous = GENESIS
    for place, line in enumerate(lines, start=1):
        entry = json.loads(line)
        assert (entry["sequence"], entry["previous"]) == (place, previous)
        if entry["withheld"]:
            assert set(entry) == {"book", "sequence", "previous", "digest", "withheld"}
            acted = Entry.objects.get(book__code=entry["book"], sequence=place).act
            assert acted in (*INSIDE, "hand_over")
        else:
            times = {
                name: datetime.fromisoformat(entry[name]) for name in ("event_at", "entered_at")
            }
            said = SimpleNamespace(**{**entry, **times})
            assert digest_of(said, entry["book"], entry["actor"]) == entry["digest"]
        previous = entry["digest"]
    return previous


def test_nothing_is_bundled_before_the_papers_are_there(completed):
    assert make(completed) == 0
    assert Archive.objects.get().made_at is None
    assert Desk(completed.people.enterprise, completed).get("archive").status_code == 404


def test_the_bundle_holds_everything_and_proves_it(completed, people):
    w = completed
    render(w)
    assert make(w) == 1
    archive = Archive.objects.get()
    whole = archive.file.read()
    assert (hashlib.sha256(whole).hexdigest(), len(whole)) == (archive.sha256, archive.size)
    bundle = opened(w)
    listed = json.loads(bundle.read("manifest.json"))
    names = [name for name in bundle.namelist() if name != "manifest.json"]
    assert names == sorted(names) == [member["name"] for member in listed["members"]]
    for member in listed["members"]:
        assert hashlib.sha256(bundle.read(member["name"])).hexdigest() == member["sha256"]
    book = w.filing.book
    numbers = {member["number"] for member in listed["members"] if "number" in member}
    assert numbers == set(Paper.objects.filter(book=book).values_list("number", flat=True))
    assert (
        sum(name.startswith("附件/") for name in names)
        == Attachment.objects.filter(book=book).count()
    )
    books = [member for member in listed["members"] if "book" in member]
    assert {b["book"] for b in books} == {
        book.code, w.survey.book.code, w.meeting.book.code,
    }  # fmt: skip
    for one in books:
        assert chain_of(bundle.read(one["name"]).splitlines()) == one["head"]
    entries = next(b["entries"] for b in books if b["book"] == book.code)
    assert Entry.objects.get(book=book, sequence=entries).digest == next(
        b["head"] for b in books if b["book"] == book.code
    )
    assert listed["project"]["filing_number"] == w.filing.number
    assert listed["record"]["rounds"] == 1
    assert acts(book)[-1] == "archive"
    assert verify_all()[2] == []

    page = Desk(people.enterprise, w).get("archive")
    assert b"".join(page.streaming_content) == whole
    assert page["Content-Disposition"].startswith("attachment")
    assert archive.sha256 in Desk(people.window, w).says("desk:case")
    for stranger in (people.other_enterprise, people.department("LYJ")):
        assert Desk(stranger, w).get("archive").status_code == 404


def test_a_changed_entry_breaks_the_exported_chain(completed):
    stand_in(completed)
    make(completed)
    bundle = opened(completed)
    name = next(n for n in bundle.namelist() if n.startswith("台账/filing"))
    lines = bundle.read(name).splitlines()
    place = next(n for n, line in enumerate(lines) if not json.loads(line)["withheld"])
    changed = json.loads(lines[place])
    changed["payload"] = changed["payload"].replace("}", ' ,"x":1}')
    lines[place] = json.dumps(changed).encode()
    with pytest.raises(AssertionError):
        chain_of(lines)


def test_it_is_made_once_and_always_the_same(completed, tmp_path):
    w = completed
    stand_in(w)
    with transaction.atomic():
        make(w)
        first = Archive.objects.get()
        transaction.set_rollback(True)
    # The machine stopped between the file and the row: the file is left, and is taken as it is.
    assert Archive.objects.get().made_at is None
    assert make(w) == 1
    again = Archive.objects.get()
    assert (again.sha256, again.file.name) == (first.sha256, first.file.name)
    assert len(list((tmp_path / "archives").iterdir())) == 1
    assert make(w) == 0
    assert archives.make_one(again.pk, w.now) is False
    assert acts(w.filing.book).count("archive") == 1


def test_half_a_file_left_by_a_crash_is_not_taken(completed, tmp_path):
    w = completed
    stand_in(w)
    with transaction.atomic():
        make(w)
        name = Archive.objects.get().file.name
        transaction.set_rollback(True)
    (tmp_path / name).write_bytes(b"PK half")
    make(w)
    archive = Archive.objects.get()
    assert hashlib.sha256(archive.file.read()).hexdigest() == archive.sha256


def test_a_changed_original_is_not_bundled(completed, tmp_path):
    w = completed
    stand_in(w)
    kept = Attachment.objects.filter(book=w.filing.book).first()
    (tmp_path / kept.file.name).write_bytes(b"something else")
    assert make(w) == 0
    assert Archive.objects.get().made_at is None


def test_the_command_makes_what_waits(completed, capsys):
    stand_in(completed)
    with clock.driven(completed.now):
        call_command("make_archives")
    assert Archive.objects.exclude(made_at=None).count() == 1
    assert "1" in capsys.readouterr().out
