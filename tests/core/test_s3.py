"""A store of S3's kind by its real client (django-storages, boto3), over a socket, each request signed or refused.

The client is in a lock of its own (requirements/s3.txt): where it is not installed, this is skipped and says so.
"""

import hashlib
import http.server
import threading

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from core import clock
from core.documents.models import Attachment
from core.ledger.models import Entry
from tests.approvals.browse import Browser
from tests.core import s3
from tests.core.test_store_over_the_wire import hand_in, listed, walked
from tests.files import pdf_of

pytest.importorskip("boto3", reason="boto3 is not installed: the S3 client was not tried")
pytest.importorskip("storages.backends.s3", reason="django-storages is not installed")
pytestmark = pytest.mark.django_db
__all__ = ["listed", "walked"]


@pytest.fixture
def bucket(listed, settings, tmp_path):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), s3.Bucket)
    server.kept, server.parts, server.asked, server.breaks = {}, {}, [], False
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.INCOMING_DIR, settings.MEDIA_ROOT = tmp_path / "incoming", tmp_path / "files"

    def stands(secret=s3.SECRET):
        from botocore.config import Config

        once = Config(
            retries={"total_max_attempts": 1},
            s3={"addressing_style": "path"},
            signature_version="s3v4",
        )
        options = {
            "bucket_name": "chengnuo", "endpoint_url": f"http://127.0.0.1:{server.server_port}",
            "access_key": s3.ACCESS, "secret_key": secret, "region_name": s3.REGION, "default_acl": "private",
            "file_overwrite": False, "querystring_auth": True, "client_config": once,
        }  # fmt: skip
        named = {"BACKEND": "core.documents.objects.ObjectStore", "OPTIONS": options}
        settings.STORAGES = {**settings.STORAGES, "default": named}
        return server

    stands()
    with clock.driven(listed.now):
        yield stands
    server.shutdown()
    server.server_close()
    assert not (tmp_path / "files").exists(), "nothing was written to the disk beside it"


def test_a_file_goes_in_is_handed_out_previewed_and_taken_away(listed, bucket):
    server = bucket()
    kept = hand_in(listed)
    assert server.kept[f"/chengnuo/{kept.file.name}"] == pdf_of(2)
    assert kept.sha256 == hashlib.sha256(pdf_of(2)).hexdigest()
    window = Browser(listed.people.window, listed.now)
    assert b"".join(window.get("attachment", kept.pk).streaming_content) == pdf_of(2)
    page = window.get("preview_page", kept.pk, 1)
    assert b"".join(page.streaming_content).startswith(b"\x89PNG")
    assert default_storage.size(kept.file.name) == len(pdf_of(2))
    default_storage.delete(kept.file.name)
    assert not default_storage.exists(kept.file.name)
    assert {"PUT", "GET", "HEAD", "DELETE"} <= set(server.asked)


def test_a_large_file_goes_in_parts_and_comes_back_whole(bucket):
    server, content = bucket(), bytes(range(256)) * (80 << 10)  # 20 MB
    name = default_storage.save("attachments/large", ContentFile(content))
    assert server.asked.count("PUT") > 1
    with default_storage.open(name) as file:
        assert hashlib.sha256(file.read()).hexdigest() == hashlib.sha256(content).hexdigest()
    assert not server.parts, "no part is left lying about"


@pytest.mark.parametrize("how", ["a wrong secret", "the line breaks"])
def test_what_did_not_get_there_leaves_no_row_and_no_entry(listed, bucket, how):
    server = bucket("wrong" if how == "a wrong secret" else s3.SECRET)
    server.breaks = how == "the line breaks"
    before = Attachment.objects.count(), Entry.objects.count()
    with pytest.raises(OSError):
        hand_in(listed)
    assert (Attachment.objects.count(), Entry.objects.count()) == before
    assert not server.kept
    server.breaks = False
    bucket()
    assert hand_in(listed).size  # and again, once it is mended
