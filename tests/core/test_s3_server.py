"""The store of files on a real server that speaks S3 (SeaweedFS), by the real client: what the setting promises.

Client and server are no part of `make test`: `make hunt` installs them (requirements/s3.txt, hunt.txt). Where one is
missing, this is skipped and says so.
"""

import hashlib
import resource
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from approvals import services
from core import clock
from core.documents import services as documents
from core.documents import sweeping
from core.documents.models import Attachment
from core.documents.receiving import begin, receive, whole
from core.ledger.models import Entry
from core.ledger.services import county_book
from tests.approvals.browse import Browser
from tests.core import weed
from tests.core.servers import certificate
from tests.core.test_store_over_the_wire import hand_in, listed, walked
from tests.files import pdf_of

pytest.importorskip("storages.backends.s3", reason="requirements/s3.txt is not installed: no S3")
if weed.program() is None:
    pytest.skip("requirements/hunt.txt is not installed: no S3 server", allow_module_level=True)
pytestmark = [pytest.mark.hunt, pytest.mark.django_db]
__all__ = ["listed", "walked"]
MB = 1 << 20


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    found = weed.Weed(tmp_path_factory.mktemp("weed"))
    found.start()
    yield found
    found.stop()


def options(server, **more):
    """As docs/operations/files.md says, with less patience than a site has."""
    from botocore.config import Config

    patience = Config(connect_timeout=3, read_timeout=20, retries={"total_max_attempts": 1})
    return {
        "bucket_name": weed.BUCKET, "endpoint_url": server.address, "region_name": weed.REGION,
        "access_key": weed.ACCESS, "secret_key": weed.SECRET, "default_acl": "private", "file_overwrite": False,
        "querystring_auth": True, "client_config": patience,
    } | more  # fmt: skip


@pytest.fixture
def store(settings, tmp_path):
    """Set the store; call it again with other options."""
    settings.INCOMING_DIR, settings.MEDIA_ROOT = tmp_path / "incoming", tmp_path / "files"

    def stands(server, **more):
        named = {
            "BACKEND": "core.documents.objects.ObjectStore",
            "OPTIONS": options(server, **more),
        }
        settings.STORAGES = {**settings.STORAGES, "default": named}

    yield stands
    assert not (tmp_path / "files").exists(), "nothing was written to the disk beside it"


@pytest.fixture
def w(listed, store, server):
    store(server)
    with clock.driven(listed.now):
        yield listed


def handed_out(w, kept):
    answer = Browser(w.people.window, w.now).get("attachment", kept.pk)
    return b"".join(answer.streaming_content)


def digest(content):
    return hashlib.sha256(content).hexdigest()


def test_a_file_goes_in_is_handed_out_previewed_and_is_nobodys_outside(w, server):
    kept = hand_in(w)
    assert kept.sha256 == digest(pdf_of(2)) == digest(handed_out(w, kept))
    page = Browser(w.people.window, w.now).get("preview_page", kept.pk, 2)
    assert b"".join(page.streaming_content).startswith(b"\x89PNG")
    assert default_storage.exists(f"previews/{kept.sha256}/2")
    assert server.unsigned(f"/{weed.BUCKET}/{kept.file.name}") == 403
    assert server.unsigned(f"/{weed.BUCKET}/?list-type=2") == 403


def test_a_drawing_of_200_mb_comes_in_pieces_and_goes_out_whole_in_little_memory(w):
    by, piece = w.people.enterprise, bytes(range(256)) * (16 << 10)  # 4 MB
    head, end = b"AC1032" + piece, 200 * MB
    coming = begin(name="总平面图.dwg", size=end, by=by, at=w.now)
    for place in range(0, end, 4 * MB):
        part = (head if place == 0 else piece)[: 4 * MB]
        receive(coming, offset=place, piece=ContentFile(part), by=by, at=w.now)
    paper = w.filing.materials.intake()[0]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    services.upload_material(paper, upload=whole(coming.token, by=by), by=by, at=w.now)
    kept = w.filing.materials.get(pk=paper.pk).attachment
    answer, seen = Browser(w.people.window, w.now).get("attachment", kept.pk), hashlib.sha256()
    for portion in answer.streaming_content:
        seen.update(portion)
    assert (kept.size, seen.hexdigest()) == (end, kept.sha256)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10
    assert grown < 150, f"{grown} MB more for a file of 200"


def test_the_sweep_takes_what_no_row_names_and_can_be_undone(w):
    for folder in ("attachments", "previews", "lost"):
        clean(folder)
    kept = hand_in(w)
    with transaction.atomic():
        lost = documents.keep_bytes(
            b"x", name="x", content_type="x", book=county_book(), by=w.people.window, at=w.now
        ).file.name
        transaction.set_rollback(True)
    assert sweeping.sweep_files(w.now) == 0, "it is young"
    with pytest.MonkeyPatch.context() as later:
        later.setattr(sweeping, "AGE", timedelta(seconds=-60))
        assert sweeping.sweep_files(w.now) == 1
    assert not default_storage.exists(lost)
    assert default_storage.exists(kept.file.name)
    [day] = default_storage.listdir("lost")[0]
    assert default_storage.open(f"lost/{day}/{lost.rpartition('/')[2]}").read() == b"x"


def clean(folder):
    inner, names = default_storage.listdir(folder)
    for name in names:
        default_storage.delete(f"{folder}/{name}")
    for one in inner:
        clean(f"{folder}/{one}")


WRONG = {
    "a wrong secret": {"secret_key": "wrong"},
    "no such bucket": {"bucket_name": "nobodys"},
    "nobody listens": {"endpoint_url": "http://127.0.0.1:9"},
}


@pytest.mark.parametrize("how", WRONG)
def test_what_did_not_get_there_leaves_no_row_and_no_entry(w, store, server, how):
    store(server, **WRONG[how])
    before = Attachment.objects.count(), Entry.objects.count()
    with pytest.raises(OSError):
        hand_in(w)
    assert (Attachment.objects.count(), Entry.objects.count()) == before
    store(server)
    assert handed_out(w, hand_in(w)) == pdf_of(2), "and again, once it is mended"


def test_the_server_is_killed_and_comes_back_with_all_that_was_acknowledged(w, server):
    papers, kept = list(w.filing.materials.intake()), []
    for n, paper in enumerate(papers[:4], 1):
        upload = SimpleUploadedFile(f"{n}.pdf", pdf_of(n))
        services.upload_material(paper, upload=upload, by=w.people.enterprise, at=w.now)
        kept.append((w.filing.materials.get(pk=paper.pk).attachment, pdf_of(n)))
    server.stop()
    page = Browser(w.people.window, w.now).get("attachment", kept[0][0].pk)
    assert page.status_code == 503
    assert "文件库" in page.content.decode()
    server.start()
    for one, content in kept:
        assert handed_out(w, one) == content


def test_over_tls_only_a_server_that_is_known_is_believed(w, store, tmp_path):
    safe = weed.Weed(tmp_path, certificate(tmp_path))
    safe.start()
    try:
        store(safe)
        with pytest.raises(OSError):
            hand_in(w)
        store(safe, verify=str(safe.certificate))
        assert handed_out(w, hand_in(w)) == pdf_of(2)
    finally:
        safe.stop()
