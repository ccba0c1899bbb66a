"""Keeping uploaded files, and drawing the numbers of papers."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import connection

from accounts.models import Membership
from core.documents.contents import check_upload, clean_name
from core.documents.models import Attachment
from core.documents.receiving import taken
from core.documents.stages import Scan


def digest_of(upload: UploadedFile) -> str:
    """Return the SHA-256 of an upload, read piece by piece."""
    whole = hashlib.sha256()
    for piece in upload.chunks():
        whole.update(piece)
    upload.seek(0)
    return whole.hexdigest()


@dataclass(frozen=True)
class Looked:
    """An upload that may be kept: looked into, with its type and digest."""

    upload: UploadedFile
    content_type: str
    sha256: str


def look(upload: UploadedFile) -> Looked:
    """Look into an upload; raise ValidationError, in the user's words, for what cannot be taken.

    Of a large file this takes seconds: it belongs before the transaction, not into it.
    """
    return Looked(upload, check_upload(upload), digest_of(upload))


def keep(upload: UploadedFile | Looked, *, book: Any, by: Membership, at: datetime) -> Attachment:
    """Store an upload as it is, with its digest; called inside the act that needs it.

    Raises ValidationError, in the user's words, for what cannot be taken.
    """
    found = upload if isinstance(upload, Looked) else look(upload)
    file = found.upload
    kept = _row(
        found.content_type, found.sha256, file, size=file.size or 0, book=book, by=by, at=at
    )
    taken(file)
    return kept


def keep_bytes(
    content: bytes, *, name: str, content_type: str, book: Any, by: Membership, at: datetime
) -> Attachment:
    """Store what was read and checked already, e.g. a table of days, as it came in."""
    file, digest = ContentFile(content, name=name), hashlib.sha256(content).hexdigest()
    return _row(content_type, digest, file, size=len(content), book=book, by=by, at=at)


def copied(kept: Attachment, *, book: Any, by: Membership, at: datetime) -> Attachment:
    """Hand in a file that was kept in one book in another: the same content and digest, and what is known of it."""
    return Attachment.objects.create(
        book=book,
        name=kept.name,
        content_type=kept.content_type,
        size=kept.size,
        sha256=kept.sha256,
        file=kept.file.name,
        uploaded_by=by,
        uploaded_at=at,
        scan=kept.scan,
        scanned_at=kept.scanned_at,
    )


def _row(
    content_type: str, sha256: str, file: Any, *, size: int, book: Any, by: Membership, at: datetime
) -> Attachment:
    return Attachment.objects.create(
        book=book,
        name=clean_name(file.name or ""),
        content_type=content_type,
        size=size,
        sha256=sha256,
        file=file,
        uploaded_by=by,
        uploaded_at=at,
        scan=Scan.WAITING if settings.CLAMD else Scan.NONE,
    )


def draw_number(mark: str, year: int) -> str:
    """Draw the next number of a series, in the act's transaction: 左承告〔2018〕12号."""
    return draw_numbers(mark, year, 1)[0]


def draw_numbers(mark: str, year: int, count: int) -> list[str]:
    """Draw the next numbers of a series, one after the other, as if each were drawn by itself."""
    with connection.cursor() as cursor:
        cursor.execute(DRAW, [mark, year, count])
        (last,) = cursor.fetchone()
    return [f"{mark}〔{year}〕{number}号" for number in range(last - count + 1, last + 1)]


# The row is made or its lock taken and its number drawn in one statement; whoever comes second waits for the first.
DRAW = (
    "INSERT INTO documents_series (mark, year, last) VALUES (%s, %s, %s) "
    "ON CONFLICT (mark, year) DO UPDATE SET last = documents_series.last + excluded.last RETURNING last"
)
