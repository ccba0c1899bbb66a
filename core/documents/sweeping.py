"""清扫: files that a crash left in the store without a row, temporaries, and previews of nothing are taken away.

A file is stored before its row is committed, so a machine that stops in between leaves a file that nobody names. It is
told by two things together: no row names it, and it has lain for a day. What is being stored now is younger; a row
that names a file was committed long before the file is a day old. Only names of chance are swept (`attachments/`):
nobody ever comes back to such a name. Papers and bundles have names that a second run takes up again.

A store that is not this county's is not swept at all (`belonging`). A file or a piece that is swept lies in `lost/`
under the day for a month more, so that a wrong sweep can be taken back.
"""

import logging
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import transaction

from core.documents.belonging import NotSwept, too_many, why_not_ours, why_too_many
from core.documents.models import Attachment, Incoming, StoreSweep
from core.documents.previews import FOLDER as PREVIEWS
from core.documents.storage import PART

log = logging.getLogger("chengnuo.sweeping")
AGE = timedelta(days=1)
AGAIN = timedelta(hours=20)  # between two looks of the background worker
ATTACHMENTS = "attachments"
AT_ONCE = 500  # names asked for in one query
LOST = "lost"  # folder of the store and of the pieces in coming
LOST_FOR = timedelta(days=30)
KEPT_LOOKS = timedelta(days=90)


def sweep_files(now: datetime, *, always: bool = True, yes: bool = False) -> int:
    """Look through the store once and take away what nobody names; return how many files that were.

    Safe to repeat and to run beside everything else. Without `always` it does nothing where the last look is recent.
    Raises NotSwept, and takes nothing, where the store is not this county's or (without `yes`) too much of it is lost.
    """
    last = StoreSweep.objects.order_by("-at").values_list("at", flat=True).first()
    if not always and last is not None and last > now - AGAIN:
        return 0
    clock = _clock_of_the_store()
    found = list(_found())
    lost = [name for name, unnamed in found if unnamed and _aged(name, clock - AGE)]
    _refuse_a_wrong_store(found, lost, now, yes=yes)
    gone = sum(_remove(name, clock.date()) for name in lost)
    left = len(lost) - gone
    gone += _sweep_incoming(clock.date())
    _forget_lost(clock.date())
    _note(now, looked=len(found), removed=gone, left=left)
    return gone


def sweep_now_and_then(now: datetime) -> int:
    """Sweep where the last look is long ago: what the background worker calls with every tick."""
    try:
        return sweep_files(now, always=False)
    except NotSwept as refusal:
        log.error("%s", refusal)  # noqa: TRY400 - no fault of the program: the sentence says all, and /health/ says it
        return 0


def _refuse_a_wrong_store(
    found: list[tuple[str, bool]], lost: list[str], now: datetime, *, yes: bool
) -> None:
    """Raise NotSwept, and keep the numbers for /health/, where another county's files may lie in the store."""
    kept = [unnamed for name, unnamed in found if _acknowledged(name)]
    taken = sum(_acknowledged(name) for name in lost)
    why = why_not_ours(empty=not kept, named=not all(kept))
    if not why and not yes and too_many(taken, len(kept)):
        why = why_too_many(taken, len(kept))
    if why:
        _note(now, looked=len(kept), removed=0, left=max(taken, 1))
        raise NotSwept(why)


def _acknowledged(name: str) -> bool:
    """Whether a name is one that a row may hold: a whole file among the attachments."""
    return name.startswith(f"{ATTACHMENTS}/") and not name.endswith(PART)


def _note(now: datetime, *, looked: int, removed: int, left: int) -> None:
    with transaction.atomic():
        StoreSweep.objects.create(at=now, looked=looked, removed=removed, left=left)
        StoreSweep.objects.filter(at__lt=now - KEPT_LOOKS).delete()


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
    seen = (root / ATTACHMENTS, root / PREVIEWS, root / LOST)
    for folder, inner, names in os.walk(root):
        inner[:] = [name for name in inner if Path(folder, name) not in seen]
        for name in names:
            if name.endswith(PART):
                yield str(Path(folder, name).relative_to(root))


def _listed(folder: str) -> tuple[list[str], list[str]]:
    try:
        return default_storage.listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
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


def _remove(name: str, today: date) -> bool:
    """Take a file away: what a row may have named is kept for a while in `lost/`, halves and pictures are not."""
    try:
        if _acknowledged(name):
            _lay_aside(name, f"{LOST}/{today}/{Path(name).name}")
        else:
            default_storage.delete(name)
    except OSError:
        log.exception("%s is named by nobody and cannot be removed", name)
        return False
    log.warning("%s was named by nobody and is taken away", name)
    return True


def _lay_aside(name: str, place: str) -> None:
    if isinstance(default_storage, FileSystemStorage):
        Path(default_storage.path(place)).parent.mkdir(parents=True, exist_ok=True)
        Path(default_storage.path(name)).replace(default_storage.path(place))
        return
    with default_storage.open(name) as kept:
        default_storage.save(place, kept)
    default_storage.delete(name)


def _forget_lost(today: date) -> None:
    """Remove for good what was taken away long ago; the folder's name is the day on which that was."""
    for day in filter(lambda day: _long_lost(day, today), _listed(LOST)[0]):
        for name in _listed(f"{LOST}/{day}")[1]:
            default_storage.delete(f"{LOST}/{day}/{name}")
        with suppress(OSError):
            default_storage.delete(f"{LOST}/{day}")
    for folder in (Path(settings.INCOMING_DIR) / LOST).glob("*"):
        if _long_lost(folder.name, today):
            shutil.rmtree(folder, ignore_errors=True)


def _long_lost(day: str, today: date) -> bool:
    try:
        return date.fromisoformat(day) < today - LOST_FOR
    except ValueError:
        return False  # not ours


def _sweep_incoming(today: date) -> int:
    """Take away pieces without a row: given up or handed in, and the machine stopped before the file was removed."""
    removed, place = 0, Path(settings.INCOMING_DIR)
    if not place.is_dir():
        return 0
    with tempfile.NamedTemporaryFile(dir=place) as mark:
        young = Path(mark.name).stat().st_mtime - AGE.total_seconds()
    names = sorted(path.name for path in place.iterdir() if path.is_file())
    for begin in range(0, len(names), AT_ONCE):
        some = names[begin : begin + AT_ONCE]
        known = set(Incoming.objects.filter(token__in=some).values_list("token", flat=True))
        for name in some:
            with suppress(FileNotFoundError):  # another look was quicker
                if name not in known and (place / name).stat().st_mtime < young:
                    aside = place / LOST / str(today)
                    aside.mkdir(parents=True, exist_ok=True)
                    (place / name).replace(aside / name)
                    removed += 1
    return removed
