"""大文件续传: a file that comes in pieces. What was acknowledged is on the disk; after a break one goes on from there.

A file in coming is nobody's paper yet: it lies in a folder of its own beside the kept files, belongs to the person who
sends it, and is forgotten after a week. When it is whole, an act takes it like any other upload.
"""

import os
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.models import Membership
from core.documents.contents import KINDS, clean_name
from core.documents.models import Incoming
from core.documents.storage import flush_folder
from core.documents.watching import forget_watches

AT_ONCE = 40  # files of one person in coming
KEPT = timedelta(days=7)
WATCHED = timedelta(days=1)  # no work takes as long
PIECE = 1 << 16
TOKEN = re.compile(r"[0-9a-f]{32}")


class Received(UploadedFile):
    """A file that came in pieces, as an act takes it; it may be larger than one that comes in a single request."""

    def __init__(self, coming: Incoming) -> None:
        file = self.place = _place(coming)
        super().__init__(file=file.open("rb"), name=coming.name, size=coming.size)
        self.coming = coming

    @property
    def most(self) -> int:
        """The most bytes such a file may have."""
        return settings.LARGE_UPLOAD_MAX_BYTES


def most_together() -> int:
    """Return the most bytes that all files of one person in coming may have together."""
    return int(AT_ONCE * settings.LARGE_UPLOAD_MAX_BYTES // 4)


def _place(coming: Incoming) -> Path:
    return Path(settings.INCOMING_DIR) / coming.token


@transaction.atomic
def begin(*, name: str, size: int, by: Membership, at: datetime) -> Incoming:
    """Announce a file by name and size in bytes; raise ValidationError for what could not be taken anyway."""
    name = clean_name(name)
    if not name.lower().endswith(tuple(end for kind in KINDS.values() for end in kind.endings)):
        raise ValidationError(_("只接收 PDF、OFD、JPG、PNG、DOCX、XLSX、DWG。"))
    most = settings.LARGE_UPLOAD_MAX_BYTES
    if not 0 < size <= most:
        raise ValidationError(_("文件应大于0，不超过%(most)s MB。") % {"most": most >> 20})
    open_ones = Incoming.objects.filter(by=by)
    total = open_ones.aggregate(all=Sum("size"))["all"] or 0
    if open_ones.count() >= AT_ONCE or total + size > most_together():
        raise ValidationError(_("正在上传的文件太多：请先提交，或者在“没有传完的文件”中放弃一些。"))
    return Incoming.objects.create(name=name, size=size, by=by, begun_at=at, last_at=at)


TABLES = (
    ".xlsx",
    ".csv",
)  # what `hold` takes: a table that is looked at on one page and loaded on the next


@transaction.atomic
def hold(upload: UploadedFile, *, most: int, by: Membership, at: datetime) -> Incoming:
    """Put a table down whole, so that the page behind can take it by its token, to the byte; it waits a week at most.

    Raises ValidationError for another kind of file, for one over `most` bytes, and for too many at once.
    """
    name, size = clean_name(upload.name or ""), upload.size or 0
    if not name.lower().endswith(TABLES):
        raise ValidationError(_("只接收 Excel 工作簿（.xlsx）或 CSV。"))
    if not 0 < size <= most:
        raise ValidationError(_("文件应大于0，不超过%(most)s MB。") % {"most": most >> 20})
    if Incoming.objects.filter(by=by).count() >= AT_ONCE:
        raise ValidationError(_("正在上传的文件太多，请先提交或者放弃一些。"))
    coming = Incoming.objects.create(name=name, size=size, by=by, begun_at=at, last_at=at)
    coming.received = write(_place(coming), 0, upload, most=size)
    coming.save(update_fields=["received"])
    return coming


@transaction.atomic
def receive(
    coming: Incoming, *, offset: int, piece: UploadedFile, by: Membership, at: datetime
) -> Incoming:
    """Take a piece that begins at `offset`; it counts only when it is on the disk. Nothing is taken twice.

    The piece is read to its end or to the announced size. Raises ValidationError, with what is here already, where it
    does not begin there; Incoming.DoesNotExist for what is another's.
    """
    coming = Incoming.objects.select_for_update().get(pk=coming.pk, by=by)
    if offset != coming.received:
        raise ValidationError(_("已收到%(n)d字节，请从那里接着传。") % {"n": coming.received})
    coming.received = write(_place(coming), offset, piece, most=coming.size - offset)
    coming.last_at = at
    coming.save(update_fields=["received", "last_at"])
    return coming


def write(place: Path, offset: int, piece: Any, *, most: int) -> int:
    """Write at most `most` bytes of a piece at a place in a file; return where it ends, once that is on the disk."""
    place.parent.mkdir(parents=True, exist_ok=True)
    begins = not place.exists()
    # Opened without emptying it; what came after the last acknowledged byte, before a break, is written over.
    with os.fdopen(os.open(place, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as out:
        out.seek(offset)
        end = offset
        while end < offset + most and (read := piece.read(min(PIECE, offset + most - end))):
            end += out.write(read)
        out.truncate(end)
        out.flush()
        os.fsync(out.fileno())
    if begins:
        flush_folder(place.parent)
    return end


def whole(token: str, *, by: Membership) -> Received:
    """Return a file that has come, to be taken by an act; raise ValidationError where it is not whole or not theirs."""
    known = TOKEN.fullmatch(token) is not None
    coming = Incoming.objects.filter(token=token, by=by).first() if known else None
    if coming is None:
        raise _gone()
    if coming.received < coming.size:
        raise ValidationError(_("“%(name)s”还没有传完，请接着传。") % {"name": coming.name})
    try:
        return Received(coming)
    except FileNotFoundError:
        raise _gone() from None


def _gone() -> ValidationError:
    return ValidationError(_("上传的文件已经提交过，或者已经过期，请重新选择。"))


def taken(upload: Any) -> None:
    """Forget a file in coming once the act that took it stands; raise ValidationError where another act took it."""
    coming = getattr(upload, "coming", None)
    if coming is not None and not _forget(coming):
        raise _gone()


def _forget(coming: Incoming) -> bool:
    place = _place(coming)
    gone, _which = Incoming.objects.filter(pk=coming.pk).delete()
    transaction.on_commit(lambda: place.unlink(missing_ok=True))
    return bool(gone)


@transaction.atomic
def abandon(coming: Incoming, *, by: Membership, at: datetime) -> Incoming:
    """Give up a file in coming; Incoming.DoesNotExist for what is another's."""
    coming = Incoming.objects.select_for_update().get(pk=coming.pk, by=by)
    coming.received, coming.last_at = 0, at
    _forget(coming)
    return coming


def forget_incoming(now: datetime) -> int:
    """Forget what nobody has gone on with for a week; return how many files."""
    old = list(Incoming.objects.filter(last_at__lt=now - KEPT)[:100])
    for coming in old:
        with transaction.atomic():
            _forget(coming)
    forget_watches((now - WATCHED).timestamp())
    return len(old)
