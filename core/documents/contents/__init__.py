"""What a file really is: its type by content and by name, and nothing in it that harms the one who opens it.

Files are kept as they were handed in and never changed; so what would do harm is refused at the door, in the
words of the person who chose the file. Nothing is unpacked to the disk and no picture is decoded here: a bomb costs
what its size costs. What a virus scanner would find is another question (`core.documents.scanning`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

import magic
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from core.documents.contents.archives import look_into_docx, look_into_ofd, look_into_xlsx
from core.documents.contents.hidden import refuse_hidden
from core.documents.contents.pdfs import look_into_pdf
from core.documents.contents.pictures import look_into_jpeg, look_into_png

HEAD = 8192  # bytes by which a type is told
OFFICE = "application/vnd.openxmlformats-officedocument"
OFD = "application/ofd"
ZIPPED = ("application/zip", "application/octet-stream")


@dataclass(frozen=True)
class Kind:
    """A kind of file that a county takes: its endings, and what looks into it."""

    endings: tuple[str, ...]
    look: Callable[[BinaryIO], None]


def _drawing(file: BinaryIO) -> None:
    """DWG is a closed format: its version mark is all that can be told; a scanner looks for the rest."""
    refuse_hidden(file)


# What a county takes: by content *and* by name; both must agree.
KINDS = {
    "application/pdf": Kind((".pdf",), look_into_pdf),
    "image/jpeg": Kind((".jpg", ".jpeg"), look_into_jpeg),
    "image/png": Kind((".png",), look_into_png),
    f"{OFFICE}.wordprocessingml.document": Kind((".docx",), look_into_docx),
    f"{OFFICE}.spreadsheetml.sheet": Kind((".xlsx",), look_into_xlsx),
    OFD: Kind((".ofd",), look_into_ofd),
    "image/vnd.dwg": Kind((".dwg",), _drawing),
}

PACKED = (f"{OFFICE}.wordprocessingml.document", f"{OFFICE}.spreadsheetml.sheet", OFD)


def clean_name(name: str) -> str:
    """Return the display name of a file: its last part, printable, at most 120 characters."""
    last = PurePosixPath(str(name).replace("\\", "/")).name
    return "".join(ch for ch in last if ch.isprintable()).strip()[-120:] or "file"


def check_upload(upload: UploadedFile) -> str:
    """Return the type of an upload; raise ValidationError, in the user's words, for what cannot be taken."""
    if not upload.size:
        raise ValidationError(_("文件是空的，请重新选择。"))
    most = getattr(upload, "most", settings.UPLOAD_MAX_BYTES)
    if upload.size > most:
        raise ValidationError(_("文件超过%(most)s MB，请压缩或拆分后再传。") % {"most": most >> 20})
    found = _kind_of(upload)
    kind = KINDS.get(found)
    if kind is None or not clean_name(upload.name or "").lower().endswith(kind.endings):
        raise ValidationError(
            _(
                "只接收 PDF、OFD、JPG、PNG、DOCX、XLSX、DWG，且扩展名须与内容一致；这个文件的内容是 %(type)s。"
            )
            % {"type": found}
        )
    upload.seek(0)
    kind.look(upload.file)  # type: ignore[arg-type]
    upload.seek(0)
    return found


def _kind_of(upload: UploadedFile) -> str:
    upload.seek(0)
    head = upload.read(HEAD)
    found = magic.from_buffer(head, mime=True)
    # The type library knows an office document by the order of its parts, which programs do not keep, and the national
    # OFD format (GB/T 33190) not at all: the ending says what to look for, and what looks into it decides.
    if found in ZIPPED and head.startswith(b"PK"):
        ending = clean_name(upload.name or "").lower()[-5:]
        named = (
            kind for kind, one in KINDS.items() if kind in PACKED and ending.endswith(one.endings)
        )
        return next(named, found)
    return found
