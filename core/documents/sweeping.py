"""清扫: files that a crash left in the store without a row, temporaries, and previews of nothing are removed.

A file is stored before its row is committed, so a machine that stops in between leaves a file that nobody names. It is
told by two things together: no row names it, and it has lain for a day. What is being stored now is younger; a row
that names a file was committed long before the file is a day old. Only names of chance are swept (`attachments/`):
nobody ever comes back to such a name. Papers and bundles have names that a second run takes up again.
"""

import logging
import os
import secrets
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import transaction

from core.documents.models import Attachment, Incoming, StoreSweep
from core.documents.previews import FOLDER as PREVIEWS
from core.documents.storage import PART

log = logging.getLogger("chengnuo.sweeping")
AGE = timedelta(days=1)
AGAIN = timedelta(hours=20)  # between two looks of the background worker
ATTACHMENTS = "attachments"
AT_ONCE = 500  # names asked for in one query
KEPT_LOOKS = timedelta(days=90)


def sweep_files(now: datetime, *, always: bool = True) -> int:
    """Look through the store once and remove what nobody names; return how many files were removed.

    Safe to repeat and to run beside everything else. Without `always` it does nothing where the last look is recent.
    """
    last = StoreSweep.objects.order_by("-at").values_list("at", flat=True).first()
    if not always and last is not None and last > now - AGAIN:
        return 0
    looked = removed = left = 0
    young = _clock_of_the_store() - AGE
    for name, lost in _found():
        looked += 1
        if lost and _aged(name, young):
            gone = _remove(name)
            removed, left = removed + gone, left + (not gone)
    removed += _sweep_incoming()
    with transaction.atomic():
        StoreSweep.objects.create(at=now, looked=looked, removed=removed, left=left)
        StoreSweep.objects.filter(at__lt=now - KEPT_LOOKS).delete()
    return removed


def sweep_now_and_then(now: datetime) -> int:
    """Sweep where the last look is long ago: what the background worker calls with every tick."""
    return sweep_files(now, always=False)


def _found() -> Iterator[tuple[str, bool]]:
    """Yield what lies in the store, each with whether it is lost: named by no row, or half of a file."""
    names = [f"{ATTACHMENTS}/{name}" for name in _listed(ATTACHMENTS)[1]]
    for begin in range(0, len(names), AT_ONCE):
        some = names[begin : begin + AT_ONCE]
        known = set(Attachment.objects.filter(file__in=some).values_list("file", flat=True))
        yield from ((name, name not in known) for name in some)
    digests = _listed(PREVIEWS)[0]
    for begin in range(0, len(digests), AT_ONCE):
        some = digests[begin : begin + AT_ONCE]
        shown = set(Attachment.objects.filter(sha256__in=some).values_list("sha256", flat=True))
        for digest in some:
            for name in _listed(f"{PREVIEWS}/{digest}")[1]:
                yield f"{PREVIEWS}/{digest}/{name}", digest not in shown or name.endswith(PART)
    yield from ((name, True) for name in _halves())


def _halves() -> Iterator[str]:
    """Yield the temporaries of the local store elsewhere than among the attachments, where every name is looked at."""
    if not isinstance(default_storage, FileSystemStorage):
        return
    root = Path(default_storage.location)
    seen = (root / ATTACHMENTS, root / PREVIEWS)
    for folder, inner, names in os.walk(root):
        inner[:] = [name for name in inner if Path(folder, name) not in seen]
        for name in names:
            if name.endswith(PART):
                yield str(Path(folder, name).relative_to(root))


def _listed(folder: str) -> tuple[list[str], list[str]]:
    try:
        return default_storage.listdir(folder)
    except FileNotFoundError:
        return [], []


def _clock_of_the_store() -> datetime:
    """Return what time it is where the files are: the county's clock may be another, or one of a demonstration."""
    mark = default_storage.save(f"{ATTACHMENTS}/{secrets.token_hex(16)}{PART}", ContentFile(b"now"))
    try:
        return default_storage.get_modified_time(mark)
    finally:
        default_storage.delete(mark)


def _aged(name: str, young: datetime) -> bool:
    try:
        return default_storage.get_modified_time(name) < young
    except FileNotFoundError:
        return False  # another look was quicker


def _remove(name: str) -> bool:
    try:
        default_storage.delete(name)
    except OSError:
        log.exception("%s is named by nobody and cannot be removed", name)
        return False
    log.warning("%s was named by nobody and is removed", name)
    return True


def _sweep_incoming() -> int:
    """Remove pieces whose row is gone: given up or handed in, and the machine stopped before the file was removed."""
    removed, place = 0, Path(settings.INCOMING_DIR)
    if not place.is_dir():
        return 0
    with tempfile.NamedTemporaryFile(dir=place) as mark:
        young = Path(mark.name).stat().st_mtime - AGE.total_seconds()
    names = sorted(path.name for path in place.iterdir())
    for begin in range(0, len(names), AT_ONCE):
        some = names[begin : begin + AT_ONCE]
        known = set(Incoming.objects.filter(token__in=some).values_list("token", flat=True))
        for name in some:
            path = place / name
            if name in known or not path.is_file():
                continue
            if path.stat().st_mtime < young:
                path.unlink(missing_ok=True)
                removed += 1
    return removed
