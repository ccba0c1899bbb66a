"""The local store of files: a name stands only for a whole file that is on the disk."""

import os
import secrets
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage
from django.utils.translation import gettext_lazy

PART = ".part"


class StoreDown(OSError):
    """The store of files does not answer, or refuses us; `args` hold the name of the file."""

    said = gettext_lazy(
        "文件库现在打不开，这次什么都没有存下，也没有改变。请稍后再试；急的，请告诉县管理员。"
    )


class WholeFiles(FileSystemStorage):
    """Writes beside the place, flushes to the disk, and only then gives the file its name.

    A full disk or a machine that stops in the middle leaves a `.part` that no row names, never half a file under a
    name (reliability: a store that wrote in place left an empty one). Two who store one name at once have a `.part`
    each: who comes second gets FileExistsError, and the file of the first stands. `flush=False` is for tests, where
    many files are written and none has to outlive the machine.
    """

    def __init__(self, *, flush: bool = True, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.flush = flush

    def _copy(self, content: Any, part: Path) -> None:
        with part.open("xb") as out:
            for chunk in content.chunks():
                out.write(chunk)
            if self.flush:
                out.flush()
                os.fsync(out.fileno())

    def _save(self, name: str, content: Any) -> str:
        place = Path(self.path(name))
        place.parent.mkdir(parents=True, exist_ok=True)
        part = place.with_name(f"{place.name}.{secrets.token_hex(4)}{PART}")
        try:
            if not _linked(content, part):
                self._copy(content, part)
            _name(part, place)
        finally:
            part.unlink(missing_ok=True)
        if self.file_permissions_mode is not None:
            place.chmod(self.file_permissions_mode)
        if self.flush:
            flush_folder(place.parent)
        return str(name).replace("\\", "/")


def _name(part: Path, place: Path) -> None:
    """Give a whole file its name; FileExistsError where one has it already, or gets it at this moment."""
    try:
        os.link(part, place)
    except FileExistsError:
        raise
    except (
        OSError
    ) as unlinked:  # a disk without links: a look and then the name, with a moment between
        if place.exists():
            raise FileExistsError(place) from unlinked
        part.rename(place)


def _linked(content: Any, part: Path) -> bool:
    """Give a second name to a file that is on this disk already, whole and flushed; a copy of 200 MB takes seconds."""
    source = getattr(content, "place", None)
    if source is None:
        return False
    try:
        os.link(source, part)
        os.utime(
            part
        )  # it is as old as the act that stores it, not as its last piece: sweeping goes by age
    except OSError:
        return False  # another disk, or one without links: it is copied
    return True


def flush_folder(folder: Path) -> None:
    """Put the names in a folder on the disk: a flushed file whose name is lost with the power is lost."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
