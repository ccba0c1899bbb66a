"""归档包: every paper, file and ledger entry of a closed case in one ZIP file, made once, after the papers.

The file is written first and the row and its ledger entry then, in one transaction: a crash between them leaves
a file that nothing refers to, and the next run makes the same bytes again.
"""

import hashlib
import logging
import tempfile
import zipfile
from collections.abc import Iterable
from datetime import datetime
from typing import IO

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction

from accounts.services import system_actor
from approvals.models import Filing
from core.documents.models import Paper
from core.ledger.services import lock, record
from inspection.models import Archive
from inspection.services.archive_content import kept_by_the_county, manifest, members_of

log = logging.getLogger("chengnuo.archive")
EPOCH = (
    1980,
    1,
    1,
    0,
    0,
    0,
)  # the first instant a ZIP file knows: the same content gives the same bytes
PORTION = 1 << 20


class BrokenOriginal(Exception):
    """A stored file is not what was stored: nothing is bundled until somebody has looked at it."""


def make_archives(now: datetime, most: int = 5) -> int:
    """Make the bundles that are wanted and whose papers are all rendered; return how many were made.

    A fault in one (a full disk, a file that was changed) leaves it wanted and does not stop the others.
    """
    unready = Paper.objects.filter(file="").values("book_id")
    wanted = Archive.objects.filter(made_at=None).exclude(filing__book_id__in=unready)
    made = 0
    for pk in list(wanted.order_by("pk").values_list("pk", flat=True)[:most]):
        try:
            made += make_one(pk, now)
        except Exception:
            log.exception("the bundle %s could not be made now", pk)
    return made


def make_one(archive_id: int, now: datetime) -> bool:
    """Make one bundle; False where somebody else has made it meanwhile."""
    filing = Archive.objects.select_related("filing__book").get(pk=archive_id).filing
    with tempfile.TemporaryFile() as whole:
        _write(filing, whole, now)
        size = whole.tell()
        sha256 = _digest(whole)
        name = _store(f"archives/{filing.public_id}-{sha256[:16]}.zip", whole, sha256)
    with transaction.atomic():
        lock(filing.book_id)
        archive = Archive.objects.select_for_update().get(pk=archive_id)
        if archive.made_at is not None:
            return False
        archive.file.name, archive.sha256, archive.size, archive.made_at = name, sha256, size, now
        archive.save()
        record(
            filing.book, "archive", by=system_actor(), at=now, sha256=sha256, size=size,
        )  # fmt: skip
    return True


def _write(filing: Filing, whole: IO[bytes], now: datetime) -> None:
    """Write the members in the order of their names, and the manifest last: it names the digest of each."""
    members = sorted(members_of(filing, now), key=lambda member: member.name)
    listed = []
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as file:
        for member in members:
            digest, size = _add(file, member.name, member.portions())
            if member.sha256 and member.sha256 != digest:
                raise BrokenOriginal(member.name)
            listed.append({"name": member.name, "sha256": digest, "size": size, **member.facts})
        beside = kept_by_the_county(filing)
        _add(file, "manifest.json", [manifest(filing, listed, beside)])


def _add(file: zipfile.ZipFile, name: str, portions: Iterable[bytes]) -> tuple[str, int]:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.create_system, entry.external_attr = 3, 0o644 << 16
    digest, size = hashlib.sha256(), 0
    with file.open(entry, "w", force_zip64=True) as target:
        for portion in portions:
            digest.update(portion)
            size += len(portion)
            target.write(portion)
    return digest.hexdigest(), size


def _digest(whole: IO[bytes]) -> str:
    digest = hashlib.sha256()
    whole.seek(0)
    while portion := whole.read(PORTION):
        digest.update(portion)
    whole.seek(0)
    return digest.hexdigest()


def _store(name: str, whole: IO[bytes], sha256: str) -> str:
    """Store the bundle; what a run before a crash has stored whole is taken as it is."""
    if default_storage.exists(name):
        with default_storage.open(name) as left:
            if _digest(left) == sha256:
                return name
    return default_storage.save(name, File(whole))
