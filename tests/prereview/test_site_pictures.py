"""The photographs of a visit on its record: all are listed, some are printed small, none is in the frozen content."""

import io
import json

import pypdf
import pytest

from core import clock
from core.documents.models import Attachment, Paper
from core.documents.plates import MOST
from core.documents.stages import Scan
from core.steps.papers import render_one
from prereview.services.survey_record import survey_record
from tests.conftest import instant
from tests.prereview.onsite import Device, jpeg, running
from tests.standing import standing

pytestmark = pytest.mark.django_db
COLORS = [
    "red",
    "green",
    "blue",
    "black",
    "white",
    "gray",
    "navy",
    "teal",
    "olive",
    "lime",
    "aqua",
    "purple",
    "maroon",
]
walked, w = standing(lambda people: running(people, instant("2018-03-05 09:00")))


@pytest.fixture(autouse=True)
def _store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


def recorded(w):
    """The record of the visit, which ends now."""
    w.close(w.survey)
    w.stop.refresh_from_db()
    with clock.driven(w.now):
        return survey_record(w.stop, w.now)


def test_no_department_fills_the_page_alone_and_what_may_not_be_opened_is_only_listed(w, people):
    many, one = Device(w, people.department("ZJJ")), Device(w, people.department("ZRJ"))
    shot = []
    for color in COLORS:
        shot.append(many.shoots(jpeg(color)))
        w.minutes(1)
    last = one.shoots(jpeg("pink"))
    Attachment.objects.filter(pk=shot[0].file_id).update(scan=Scan.INFECTED)
    paper = recorded(w)
    said = paper.content

    assert len(said["photos"]) == len(COLORS) + 1
    numbers = [int(row["number"]) for row in said["pictures"]]
    assert numbers == [*range(2, MOST + 1), len(COLORS) + 1]
    assert said["pictures"][-1]["sha256"] == last.sha256
    assert len(json.dumps(said)) < 40_000, "a picture is named, and not held"
    assert render_one(paper.pk, w.now)
    paper.refresh_from_db()
    with paper.file.open() as file:
        pages = pypdf.PdfReader(io.BytesIO(file.read())).pages
        assert len({image.data for page in pages for image in page.images}) == MOST


def test_a_photograph_that_is_no_longer_what_it_was_prints_no_record(w, people):
    photo = Device(w, people.department("ZJJ")).shoots(jpeg())
    paper = recorded(w)
    with photo.file.file.storage.open(photo.file.file.name, "wb") as place:
        place.write(jpeg("blue"))

    assert not render_one(paper.pk, w.now)
    assert "与所记摘要不符" in Paper.objects.get(pk=paper.pk).failure
