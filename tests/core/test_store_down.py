"""The store of files does not answer: whoever asks for a file or brings one is told so, and nothing has happened."""

import pytest
from django.core.files.storage import InMemoryStorage
from django.core.files.uploadedfile import SimpleUploadedFile

from approvals import services
from approvals.stages import Stage
from core import clock
from core.documents.models import Attachment
from core.documents.storage import StoreDown
from core.ledger.models import Entry
from tests.approvals.browse import Browser, text
from tests.conftest import instant
from tests.files import pdf_of
from tests.standing import standing
from tests.walk import walk

pytestmark = pytest.mark.django_db
walked, listed = standing(lambda people: walk(people, instant("2018-03-05 09:00"), to=Stage.LISTED))


class Down(InMemoryStorage):
    """A store behind a line that is cut."""

    def _save(self, name, content):
        raise StoreDown(name)

    def _open(self, name, mode="rb"):
        raise StoreDown(name)


@pytest.fixture
def kept(listed, settings):
    """A file that was handed in before the line was cut."""
    paper = listed.filing.materials.intake()[0]
    with clock.driven(listed.now):
        upload = SimpleUploadedFile("图.pdf", pdf_of(2))
        services.upload_material(paper, upload=upload, by=listed.people.enterprise, at=listed.now)
    down = {"BACKEND": f"{__name__}.Down"}
    settings.STORAGES = {**settings.STORAGES, "default": down}
    return listed.filing.materials.get(pk=paper.pk).attachment


def counted():
    return Attachment.objects.count(), Entry.objects.count()


def test_a_file_is_not_handed_out_and_the_page_says_why(listed, kept):
    page = Browser(listed.people.window, listed.now).get("attachment", kept.pk)
    assert page.status_code == 503
    assert "文件库现在打不开" in text(page)


def test_what_is_brought_is_not_half_stored(listed, kept):
    before, paper = counted(), listed.filing.materials.intake()[1]
    files = {f"file-{paper.pk}": SimpleUploadedFile("图.pdf", pdf_of(3))}
    page = Browser(listed.people.enterprise, listed.now).post(
        "materials", listed.filing.public_id, act="upload", **files
    )
    assert page.status_code == 503, text(page)
    assert "什么都没有存下" in text(page)
    assert counted() == before


def test_a_program_is_told_so_too(listed, kept):
    client = Browser(listed.people.window, listed.now).client
    with clock.driven(listed.now):
        answer = client.get(f"/api/v1/attachments/{kept.pk}/file/")
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:chengnuo:problem:store-down")
