"""A store of objects behind HTTP, as one that speaks S3: put, get, head, delete; a wrong key and a line that breaks."""

import hashlib
import http.server
import threading
import urllib.error
import urllib.request

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from approvals import services
from approvals.stages import Stage
from core import clock
from core.documents.models import Attachment
from core.ledger.models import Entry
from tests.approvals.browse import Browser
from tests.conftest import instant
from tests.files import pdf_of
from tests.standing import standing
from tests.walk import walk

pytestmark = pytest.mark.django_db
walked, listed = standing(lambda people: walk(people, instant("2018-03-05 09:00"), to=Stage.LISTED))
KEY = "example-key"


class Objects(http.server.BaseHTTPRequestHandler):
    """Objects by their address, for whoever has the key; `breaks` shuts the line in the middle of a PUT."""

    def _do(self):
        kept, size = self.server.kept, int(self.headers.get("Content-Length") or 0)
        if self.command == "PUT" and self.server.breaks:
            self.rfile.read(size // 2)
            self.connection.close()
            return
        body = self.rfile.read(size)
        if self.headers.get("Authorization") != KEY:
            self._answer(403)
        elif self.command == "PUT":
            kept[self.path] = body
            self._answer(200)
        elif self.path not in kept:
            self._answer(404)
        else:
            found = kept[self.path]
            if self.command == "DELETE":
                del kept[self.path]
            self._answer(200, b"" if self.command == "DELETE" else found)

    def _answer(self, status, body=b""):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, *_said):
        """Say nothing."""


for _verb in ("PUT", "GET", "HEAD", "DELETE"):
    setattr(Objects, f"do_{_verb}", Objects._do)


class Bucket(Storage):
    """Django's interface and no more: there is no `path` on any disk."""

    def __init__(self, address, key):
        self.address, self.key = address, key

    def _ask(self, method, name, body=None):
        headers = {"Authorization": self.key}
        asked = urllib.request.Request(f"{self.address}/{name}", body, headers, method=method)
        with urllib.request.urlopen(asked, timeout=5) as answer:
            return answer.read(), int(answer.headers["Content-Length"])

    def _open(self, name, mode="rb"):
        return ContentFile(self._ask("GET", name)[0], name=name)

    def _save(self, name, content):
        self._ask("PUT", name, content.read())
        return name

    def exists(self, name):
        try:
            self._ask("HEAD", name)
        except urllib.error.HTTPError as no:
            if no.code == 404:
                return False
            raise
        return True

    def size(self, name):
        return self._ask("HEAD", name)[1]

    def delete(self, name):
        self._ask("DELETE", name)


@pytest.fixture
def bucket(listed, settings, tmp_path):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Objects)
    server.kept, server.breaks = {}, False
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.INCOMING_DIR, settings.MEDIA_ROOT = tmp_path / "incoming", tmp_path / "files"

    def stands(key=KEY):
        options = {"address": f"http://127.0.0.1:{server.server_port}", "key": key}
        named = {"BACKEND": f"{__name__}.Bucket", "OPTIONS": options}
        settings.STORAGES = {**settings.STORAGES, "default": named}
        return server

    stands()
    with clock.driven(listed.now):
        yield stands
    server.shutdown()
    server.server_close()
    assert not (tmp_path / "files").exists(), "nothing was written to the disk beside it"


def hand_in(w):
    paper = w.filing.materials.intake()[0]
    upload = SimpleUploadedFile("图.pdf", pdf_of(2))
    services.upload_material(paper, upload=upload, by=w.people.enterprise, at=w.now)
    return w.filing.materials.get(pk=paper.pk).attachment


def test_put_get_head_and_delete(listed, bucket):
    kept = hand_in(listed)
    assert kept.sha256 == hashlib.sha256(pdf_of(2)).hexdigest()
    answer = Browser(listed.people.window, listed.now).get("attachment", kept.pk)
    assert b"".join(answer.streaming_content) == pdf_of(2)
    assert default_storage.size(kept.file.name) == len(pdf_of(2))
    default_storage.delete(kept.file.name)
    assert not default_storage.exists(kept.file.name)


@pytest.mark.parametrize("how", ["a wrong key", "the line breaks"])
def test_what_did_not_get_there_leaves_no_row_and_no_entry(listed, bucket, how):
    server = bucket(key="wrong" if how == "a wrong key" else KEY)
    server.breaks = how == "the line breaks"
    before = Attachment.objects.count(), Entry.objects.count()
    with pytest.raises(OSError):
        hand_in(listed)
    assert (Attachment.objects.count(), Entry.objects.count()) == before
    assert listed.filing.materials.intake()[0].attachment is None
    server.breaks = False
    bucket()
    assert hand_in(listed).size  # and again, once it is mended
