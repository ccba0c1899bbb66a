"""Keeping uploaded files, and drawing the numbers of papers."""

import hashlib
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

import magic
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from accounts.models import Membership
from core.documents.models import Attachment, Series

# What a county takes: by content *and* by name; both must agree.
ACCEPTED = {
    "application/pdf": (".pdf",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (".docx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (".xlsx",),
}


def clean_name(name: str) -> str:
    """Return the display name of a file: its last part, printable, at most 120 characters."""
    last = PurePosixPath(str(name).replace("\\", "/")).name
    return "".join(ch for ch in last if ch.isprintable()).strip()[-120:] or "file"


def check_upload(upload: UploadedFile) -> str:
    """Return the type of an upload; raise ValidationError, in the user's words, for what cannot be taken."""
    if not upload.size:
        raise ValidationError(_("文件是空的，请重新选择。"))
    if upload.size > settings.UPLOAD_MAX_BYTES:
        most = settings.UPLOAD_MAX_BYTES >> 20
        raise ValidationError(_("文件超过%(most)s MB，请压缩或拆分后再传。") % {"most": most})
    upload.seek(0)
    found = magic.from_buffer(upload.read(8192), mime=True)
    upload.seek(0)
    endings = ACCEPTED.get(found)
    if not endings or not clean_name(upload.name or "").lower().endswith(endings):
        raise ValidationError(
            _("只接收 PDF、JPG、PNG、DOCX、XLSX，且扩展名须与内容一致；这个文件的内容是 %(type)s。")
            % {"type": found}
        )
    return found


def keep(upload: UploadedFile, *, book: Any, by: Membership, at: datetime) -> Attachment:
    """Store an upload as it is, with its digest; called inside the act that needs it."""
    found = check_upload(upload)
    return keep_bytes(
        upload.read(), name=upload.name or "", content_type=found, book=book, by=by, at=at
    )


def keep_bytes(
    content: bytes, *, name: str, content_type: str, book: Any, by: Membership, at: datetime
) -> Attachment:
    """Store what was read and checked already, e.g. a table of days, as it came in."""
    return Attachment.objects.create(
        book=book,
        name=clean_name(name),
        content_type=content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        file=ContentFile(content, name="upload"),
        uploaded_by=by,
        uploaded_at=at,
    )


def draw_number(mark: str, year: int) -> str:
    """Draw the next number of a series, in the act's transaction: 左承告〔2018〕12号."""
    Series.objects.get_or_create(mark=mark, year=year)
    series = Series.objects.select_for_update(no_key=True).get(mark=mark, year=year)
    series.last += 1
    series.save(update_fields=["last"])
    return f"{mark}〔{year}〕{series.last}号"
