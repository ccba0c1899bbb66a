"""Any storage of Django's kind will do: stored, sent in pieces, its digest, handed out, previewed - without a disk."""

import hashlib

import environ
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from approvals import services
from approvals.stages import Stage
from config.ways_in import OWN_STORE, store
from core import clock
from core.documents.checks import files_can_be_kept
from core.documents.receiving import begin, receive, whole
from tests.approvals.browse import Browser
from tests.conftest import instant
from tests.files import pdf_of
from tests.standing import standing
from tests.walk import walk

pytestmark = pytest.mark.django_db
MEMORY = "django.core.files.storage.InMemoryStorage"
walked, listed = standing(lambda people: walk(people, instant("2018-03-05 09:00"), to=Stage.LISTED))


@pytest.fixture
def elsewhere(listed, settings, tmp_path):
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": MEMORY}}
    settings.INCOMING_DIR, settings.MEDIA_ROOT = tmp_path / "incoming", tmp_path / "files"
    with clock.driven(listed.now):
        yield listed
    assert not (tmp_path / "files").exists(), "nothing was written to the disk beside it"


def handed_out(w, kept):
    answer = Browser(w.people.window, w.now).get("attachment", kept.pk)
    return b"".join(answer.streaming_content)


def test_a_file_goes_in_and_comes_out_as_it_was(elsewhere):
    by, paper = elsewhere.people.enterprise, elsewhere.filing.materials.intake()[0]
    upload = SimpleUploadedFile("图.pdf", pdf_of(2))
    services.upload_material(paper, upload=upload, by=by, at=elsewhere.now)
    kept = elsewhere.filing.materials.get(pk=paper.pk).attachment

    assert kept.sha256 == hashlib.sha256(pdf_of(2)).hexdigest()
    assert handed_out(elsewhere, kept) == pdf_of(2)
    page = Browser(by, elsewhere.now).get("preview_page", kept.pk, 2)
    assert b"".join(page.streaming_content).startswith(b"\x89PNG")
    assert default_storage.exists(f"previews/{kept.sha256}/2")


def test_a_file_that_came_in_pieces_is_copied_there_whole(elsewhere):
    by, content = elsewhere.people.enterprise, pdf_of(3)
    coming = begin(name="图.pdf", size=len(content), by=by, at=elsewhere.now)
    for place in (0, 500):
        piece = ContentFile(content[place : place + 500] if place == 0 else content[500:])
        receive(coming, offset=place, piece=piece, by=by, at=elsewhere.now)
    paper = elsewhere.filing.materials.intake()[0]
    upload = whole(coming.token, by=by)
    services.upload_material(paper, upload=upload, by=by, at=elsewhere.now)
    kept = elsewhere.filing.materials.get(pk=paper.pk).attachment

    assert (kept.size, kept.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert handed_out(elsewhere, kept) == content


def test_the_setting_names_a_store_and_its_options(monkeypatch):
    env = environ.Env()
    assert store(env, flush=True) == {"BACKEND": OWN_STORE, "OPTIONS": {"flush": True}}
    monkeypatch.setenv("CHENGNUO_STORAGE", "storages.backends.s3.S3Storage")
    monkeypatch.setenv("CHENGNUO_STORAGE_OPTIONS", '{"bucket_name": "chengnuo"}')
    assert store(env, flush=True) == {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {"bucket_name": "chengnuo"},
    }


def test_a_store_that_is_not_there_is_said_at_the_start(settings):
    assert [fault.id for fault in files_can_be_kept(None) if fault.id == "documents.E003"] == []
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": "storages.nowhere.Store"}}
    (fault,) = [fault for fault in files_can_be_kept(None) if fault.id == "documents.E003"]
    assert "CHENGNUO_STORAGE" in fault.msg
