"""What would harm whoever opens it is not taken, and looking at it costs little: every file of the corpus."""

import json
import resource
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from core.documents.contents import KINDS, check_upload
from tests.core.hostile import (
    CORPUS,
    DOCX,
    OFD,
    XLSX,
    archive,
    pdf_packed,
    pdf_with,
    picture,
    png_of,
)
from tests.files import PDF, PNG

MEMORY = 512 << 20
ROOT = Path(__file__).resolve().parents[2]
DWG = b"AC1032" + b"\x00" * 200
TAKEN = [
    ("a.pdf", PDF),
    ("a.pdf", PDF + b"\r\n\x00\x00"),
    ("a.pdf", pdf_packed(b"3 0 <</Type/Page>>")),
    ("a.pdf", pdf_with(b"/Lang(zh)")),
    ("a.png", PNG),
    ("a.png", png_of(12_000, 12_000)),
    ("a.jpg", picture("JPEG")),
    ("a.jpeg", picture("JPEG", comment="工地照片".encode())),
    ("a.jpg", picture("JPEG") + b"\x00" * 300),
    ("a.docx", archive(DOCX)),
    ("a.docx", archive({**DOCX, "word/embeddings/table.xlsx": archive(XLSX)})),
    ("a.docx", archive({**DOCX, "word/media/image1.png": PNG})),
    ("a.docx", archive({**DOCX, "word/media/drawing.emz": b"\x1f\x8b\x08 packed"})),
    ("a.docx", archive({"docProps/thumbnail.jpeg": "0" * 9000, **DOCX}, packed=zipfile.ZIP_STORED)),
    ("a.docx", archive({"[Content_Types].xml": "<x/>", "word/document2.xml": "<x/>", "_rels/.rels": "<x/>"})),
    ("a.xlsx", archive({"_rels/.rels": "<x/>", "docProps/app.xml": "<x/>", "docProps/core.xml": "<x/>",
                        "docProps/custom.xml": "<x/>", **XLSX})),
    ("a.xlsx", archive(XLSX)),
    ("a.jpg", picture("JPEG") + b"\x01" * 3_000_000),
    ("a.pdf", PDF + b"\x00" * 30_000),
    ("a.ofd", archive(OFD)),
    ("a.dwg", DWG),
]  # fmt: skip
CHILD = """
import django
from django.conf import settings
settings.configure(UPLOAD_MAX_BYTES=50 << 20, USE_I18N=False)
django.setup()
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from core.documents.contents import check_upload
from tests.core.hostile import CORPUS
files = [(what, SimpleUploadedFile(name, content)) for what, name, content in CORPUS]
def peak():
    status = open("/proc/self/status").read()
    return int(status.partition("VmHWM:")[2].split()[0]) << 10
before = peak()
taken = []
for what, upload in files:
    try:
        check_upload(upload)
        taken.append(what)
    except ValidationError:
        pass
import json
print(json.dumps({"taken": taken, "seen": len(files), "more": peak() - before}))
"""


@pytest.mark.parametrize(
    ("name", "content"),
    [(name, content) for _what, name, content in CORPUS],
    ids=[row[0] for row in CORPUS],
)
def test_what_would_harm_is_not_taken(name, content):
    with pytest.raises(ValidationError):
        check_upload(SimpleUploadedFile(name, content))


@pytest.mark.parametrize(("name", "content"), TAKEN)
def test_what_offices_and_cameras_write_is_taken(name, content):
    assert check_upload(SimpleUploadedFile(name, content)) in KINDS


def test_a_hundred_files_cost_little_memory_and_time():
    done = subprocess.run(
        [sys.executable, "-c", CHILD], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["taken"] == []
    assert said["seen"] >= 100
    assert said["more"] < 64 << 20
