"""Whether this database is older than a checkpoint that somebody has seen: then it is an old copy, and only read.

A folder outside of the database (`CHECKPOINT_SEEN`) holds checkpoints as text: our own newest, written whenever one is
made, and any that were kept elsewhere and are put there (a copy from another office, the public page). One of our
log that this database has not made says that decisions were taken which it does not know: nobody may go on writing as
if they had never been. Every act passes `refuse_if_behind`; the administrator lifts it with a reason, in the ledger.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from core.ledger.models import Checkpoint, CheckpointKey, Entry
from core.ledger.notes import NotANote, Note, read

OWN = "own.txt"
LIFTED = "lift_read_only"
AGAIN = 5.0  # seconds after which a process that only reads looks whether it was lifted
ANEW = 60.0  # seconds after which one that writes looks whether a newer checkpoint was put there
LONGEST = 10_000


class OnlyRead(RuntimeError):
    """The database is older than a checkpoint that was seen: nothing is written, in a sentence that says why."""

    @property
    def said(self) -> str:
        """Why, and what to do."""
        return str(self)


@dataclass
class _Known:
    """What a process found when it looked: the checkpoints that are not of this database, and when it looked."""

    looked: float | None = None
    behind: list[Note] = field(default_factory=list)


_known = _Known()
_lifting: ContextVar[bool] = ContextVar("lifting", default=False)


def place() -> Path | None:
    """Return the folder of what was seen; None where a county has none."""
    return Path(settings.CHECKPOINT_SEEN) if settings.CHECKPOINT_SEEN else None


def keep(text: str) -> None:
    """Write our newest checkpoint where it is seen when the database is not: whole or not at all.

    A note that this database does not have, or a longer one, is evidence and is never replaced: ours is put beside it.
    """
    look_anew()
    folder = place()
    if folder is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    names = chain([OWN], (f"own-{number}.txt" for number in count(2)))
    name = next(name for name in names if _ours_to_replace(folder / name, text))
    part = folder / f"{OWN}.{os.getpid()}.part"
    with part.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(folder / name)


def _ours_to_replace(path: Path, text: str) -> bool:
    try:
        old = read(path.read_text("utf-8")[:LONGEST])
    except FileNotFoundError:
        return True
    except (NotANote, OSError, UnicodeDecodeError):
        return False
    known = Checkpoint.objects.filter(size=old.size, root=old.root.hex()).exists()
    return known and old.size <= read(text).size


def seen() -> list[Note]:
    """Return the checkpoints of the folder; what is none is passed over."""
    folder, found = place(), []
    for path in sorted(folder.glob("*.txt")) if folder and folder.is_dir() else []:
        try:
            found.append(read(path.read_text("utf-8")[:LONGEST]))
        except (NotANote, OSError, UnicodeDecodeError):
            continue
    return found


def behind() -> list[Note]:
    """Return the checkpoints of our log that this database does not have and nobody has lifted, the longest first."""
    names = set(CheckpointKey.objects.values_list("name", flat=True)) or {settings.LEDGER_NAME}
    found = [note for note in seen() if note.origin in names]
    missing = [
        note
        for note in found
        if not Checkpoint.objects.filter(size=note.size, root=note.root.hex()).exists()
        and not Entry.objects.filter(act=LIFTED, payload__contains=note.root.hex()).exists()
    ]
    return sorted(missing, key=lambda note: -note.size)


def _due() -> bool:
    if _known.looked is None:
        return True
    return time.monotonic() - _known.looked > (AGAIN if _known.behind else ANEW)


def _tables() -> bool:
    """Whether the tables that are asked are there; any other fault of the database is the caller's to see."""
    wanted = {one._meta.db_table for one in (Checkpoint, CheckpointKey, Entry)}
    return wanted <= set(connection.introspection.table_names())


def only_reads() -> str:
    """Return why this process only reads, in a sentence with what to do; empty where it writes."""
    if not settings.CHECKPOINT_SEEN:
        return ""
    if _due():
        if not _tables():
            return ""  # no tables yet: there is nothing to write into either
        _known.behind, _known.looked = behind(), time.monotonic()
    if not _known.behind:
        return ""
    if not Entry.objects.exists():
        return _(
            "这是一个新的数据库，旁边却有以前的检查点：如果本来要用旧数据库，请检查 DATABASE_URL 或恢复备份；"
            "确实要重新开始的，请把文件夹 %(folder)s 移到别处（不要删除），再重新启动。"
        ) % {"folder": place()}
    last = Checkpoint.objects.first()
    said = {"seen": _known.behind[0].size, "has": last.size if last else 0}
    if said["seen"] <= said["has"]:
        return (
            _(
                "这里的台账与见过的检查点（%(seen)s条）不是同一段历史：可能恢复了旧备份以后又办了件。现在只能查看，不能办理。"
                "请管理员核对哪一份是真的；确实以这里为准的，用 lift_read_only 写明理由后恢复办理。"
            )
            % said
        )
    return (
        _(
            "数据库是旧的备份：见过的检查点有%(seen)s条台账，这里只有%(has)s条，其间的决定会丢失。现在只能查看，不能办理。"
            "请管理员恢复较新的备份；确实没有的，用 lift_read_only 写明理由后恢复办理。"
        )
        % said
    )


def shown() -> str:
    """Return the same for a page, which is made even where the database does not answer."""
    try:
        return only_reads()
    except DatabaseError:
        return ""


def refuse_if_behind() -> None:
    """Raise OnlyRead where nothing may be written."""
    if settings.CHECKPOINT_SEEN and not _lifting.get() and (said := only_reads()):
        raise OnlyRead(said)


def look_anew() -> None:
    """Forget what was found: the next question looks again."""
    _known.looked, _known.behind = None, []


@contextmanager
def lifting() -> Iterator[None]:
    """Let the one act through that lifts it."""
    token = _lifting.set(True)
    try:
        yield
    finally:
        _lifting.reset(token)
