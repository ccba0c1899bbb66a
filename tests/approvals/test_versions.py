"""The files of a paper: several make one version, what was handed in before stays, and what is harmful comes back."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from approvals import services
from approvals.models import MaterialFile
from approvals.stages import GapState, MaterialState, Stage
from core.documents.models import Attachment
from core.documents.scanning import FOUND
from core.documents.stages import Scan
from core.notify.models import Message
from core.steps.reasons import NotNow
from tests.conftest import instant
from tests.doors.visit import Visit, text
from tests.files import PDF
from tests.standing import standing
from tests.walk import walk

pytestmark = pytest.mark.django_db


def _listed(people):
    way = walk(people, instant("2018-03-05 09:00"), to=Stage.LISTED)
    way.do(services.acknowledge_checklist, way.filing, by=people.enterprise)
    return way


walked, listed = standing(_listed)


def sheet(number):
    """A PDF unlike the others."""
    return SimpleUploadedFile(f"图{number}.pdf", PDF + b"%%" + str(number).encode() + b"\n%%EOF\n")


def hand(w, paper, *numbers, adding=()):
    uploads = [(paper, sheet(number)) for number in numbers]
    by, at = w.people.enterprise, w.now
    services.upload_materials(w.filing, uploads=uploads, adding=adding, by=by, at=at)
    return w.filing.materials.get(pk=paper.pk)


def names(files):
    return [(kept.version, kept.place, kept.attachment.name) for kept in files]


def test_several_files_are_one_version(listed):
    paper = hand(listed, listed.filing.materials.intake()[0], 1, 2, 3)

    assert names(paper.present) == [(1, 1, "图1.pdf"), (1, 2, "图2.pdf"), (1, 3, "图3.pdf")]
    assert (paper.version, paper.attachment.name, paper.earlier) == (1, "图1.pdf", [])


def test_a_new_version_replaces_and_the_earlier_stays(listed):
    paper = listed.filing.materials.intake()[0]
    hand(listed, paper, 1)
    hand(listed, paper, 2, 3)
    paper = hand(listed, paper, 4)

    assert names(paper.present) == [(3, 1, "图4.pdf")]
    assert names(paper.earlier) == [(2, 1, "图2.pdf"), (2, 2, "图3.pdf"), (1, 1, "图1.pdf")]


def test_added_files_stand_beside_the_present_ones(listed):
    paper = listed.filing.materials.intake()[0]
    hand(listed, paper, 1)
    paper = hand(listed, paper, 2, adding=(paper.pk,))

    assert names(paper.present) == [(2, 1, "图1.pdf"), (2, 2, "图2.pdf")]
    assert Attachment.objects.count() == 2


def test_the_same_file_twice_and_too_many_are_refused_and_nothing_is_kept(listed):
    paper = listed.filing.materials.intake()[0]
    hand(listed, paper, 1)

    for numbers, adding, says in (
        ([2, 2], (), "选了两次"), ([1], (paper.pk,), "已经在这件材料里"), (range(30, 51), (), "最多20个文件"),
    ):  # fmt: skip
        with pytest.raises(ValidationError, match=says), transaction.atomic():
            hand(listed, paper, *numbers, adding=adding)

    assert names(listed.filing.materials.get(pk=paper.pk).present) == [(1, 1, "图1.pdf")]
    assert Attachment.objects.count() == 1


def test_what_was_handed_in_is_not_changed_afterwards(listed):
    hand(listed, listed.filing.materials.intake()[0], 1)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        MaterialFile.objects.update(place=2)


def test_what_is_refused_leaves_nothing_in_the_store(listed, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    first, second = listed.filing.materials.intake()[:2]
    wrong = SimpleUploadedFile("a.pdf", b"no pdf")
    for uploads in ([(first, sheet(1)), (second, wrong)], [(first, sheet(1)), (first, sheet(1))]):
        with pytest.raises(ValidationError), transaction.atomic():
            services.upload_materials(
                listed.filing, uploads=uploads, by=listed.people.enterprise, at=listed.now
            )

    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_the_page_takes_several_and_adds(listed):
    paper = listed.filing.materials.intake()[0]
    visit = Visit(listed.enterprise, listed)
    key = f"file-{paper.pk}"

    assert visit.case("materials/", {"act": "upload", key: [sheet(1), sheet(2)]}).status_code == 302
    body = {"act": "upload", key: [sheet(3)], f"add-{paper.pk}": "1"}
    assert visit.case("materials/", body).status_code == 302
    page = text(visit.get(f"/cases/{listed.filing.public_id}/materials/"))

    assert names(listed.filing.materials.get(pk=paper.pk).present) == [
        (2, 1, "图1.pdf"), (2, 2, "图2.pdf"), (2, 3, "图3.pdf"),
    ]  # fmt: skip
    assert "现为第2次提交" in page


# — what the scanner found ———————————————————————————————————————————————————————————


def scanned(kept, word, at):
    """As `scan_waiting` settles a file."""
    kept.scan, kept.scan_found, kept.scanned_at = Scan.INFECTED, word, at
    kept.save()
    for follow in FOUND:
        follow(kept, at)


def test_a_file_that_waits_is_given_to_nobody_and_not_found_fine(listed, settings):
    settings.CLAMD = "unix:/nowhere"
    w = listed
    w.hand_in()
    paper = w.filing.materials.filter(state=MaterialState.RECEIVED).first()

    answer = Visit(w.people.window, w).get(f"/attachments/{paper.attachment_id}/")
    assert answer.status_code == 409
    assert "还在查毒" in text(answer)
    with pytest.raises(NotNow, match="没有通过查毒"):
        services.check_material(paper, fine=True, by=w.people.window, at=w.now)
    with pytest.raises(NotNow, match="没有通过查毒"):
        services.check_all_fine(w.filing, by=w.people.window, at=w.now)


def test_a_harmful_file_is_returned_once_and_both_sides_are_told(listed):
    paper = hand(listed, listed.filing.materials.intake()[0], 1)
    before = Message.objects.count()

    scanned(paper.attachment, "Eicar", listed.now)
    paper.refresh_from_db()

    assert paper.state == MaterialState.RETURNED
    assert "Eicar" in paper.reason
    assert Message.objects.count() > before + 1
    assert listed.filing.book.entries.filter(act="file_infected").count() == 1
    assert hand(listed, paper, 2).state == MaterialState.RECEIVED


def test_a_harmful_file_does_not_stay_beside_new_ones(listed):
    paper = hand(listed, listed.filing.materials.intake()[0], 1)
    scanned(paper.attachment, "Eicar", listed.now)
    paper = hand(listed, paper, 2, adding=(paper.pk,))

    assert names(paper.present) == [(2, 1, "图2.pdf")]


def test_a_harmful_file_of_an_earlier_version_is_written_down_and_changes_nothing(listed):
    paper = listed.filing.materials.intake()[0]
    first = hand(listed, paper, 1).attachment
    hand(listed, paper, 2)

    scanned(first, "Eicar", listed.now)
    assert listed.filing.materials.get(pk=paper.pk).state == MaterialState.RECEIVED
    assert listed.filing.book.entries.filter(act="file_infected").count() == 1


def test_a_harmful_file_for_a_gap_leaves_the_gap_open(listed):
    paper = listed.filing.materials.intake().filter(tolerable=True).first()
    services.promise_gap(
        paper, signed=True, reason="复核中", by=listed.people.enterprise, at=listed.now
    )
    paper = hand(listed, paper, 1)
    assert paper.gap.state == GapState.SUPPLIED

    scanned(paper.attachment, "Eicar", listed.now)
    paper.gap.refresh_from_db()
    assert (paper.gap.state, paper.gap.running) == (GapState.OPEN, True)
