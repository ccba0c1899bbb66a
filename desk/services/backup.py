"""备份: the database of one moment, every file that it names, and the newest checkpoint, with a list of digests.

Keys are not in it: neither the one that signs checkpoints nor the site's secret. Whoever has a backup can read the
county's cases and forge no checkpoint. The files are copied before the dump, and after it those
that have come; the list has what the dump names: a file written since is none of its moment, one taken away since is.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _

from core.ledger.checkpoints import newest
from core.ledger.models import Book
from desk.services.dumps import dump, names_of_files
from prereview.queries.defaults import iso

FORM = "chengnuo-backup/1"
MANIFEST, CHECKPOINT, FILES = "manifest.json", "checkpoint.txt", "files"
PORTION = 1 << 20


class NotThere(RuntimeError):
    """A place is not as it must be, in a sentence for the administrator."""


def back_up(folder: Path, at: datetime) -> dict[str, Any]:
    """Write a backup into a folder that is not there yet; return its list. Half a backup never bears the name."""
    if folder.exists():
        raise NotThere(_("%(path)s 已经存在：备份写入新的文件夹。") % {"path": folder})
    part = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True, mode=0o700)
    # Read before the dump: what the list says stands in it, whatever is written meanwhile.
    last, migrations = newest(), MigrationRecorder(connection).applied_migrations()
    early = _copied(names_of_files(), part / FILES)
    dumped = dump(part)
    if last is not None:
        (part / CHECKPOINT).write_text(last.text, "utf-8")
    files = early | _copied(dumped.files - early.keys(), part / FILES)
    for name in files.keys() - dumped.files:
        (part / FILES / name).unlink()
    listed = {
        "form": FORM,
        "made_at": iso(at),
        "database": _listed(part, dumped.name),
        "rows": dumped.rows,
        "books": dumped.rows[Book._meta.db_table],
        "checkpoint": last and {"number": last.number, "size": last.size, "root": last.root},
        "files": [files[name] for name in sorted(files.keys() & dumped.files)],
        # named by the database and not in the store: found now, and not at the restore
        "lost": sorted(dumped.files - files.keys()),
        "migrations": sorted(".".join(one) for one in migrations),
        "keys": "not included",
    }  # fmt: skip
    (part / MANIFEST).write_text(
        json.dumps(listed, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8"
    )
    for path in part.rglob("*"):
        _flush(path)
    part.rename(folder)
    _flush(folder.parent)
    return listed


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _listed(folder: Path, name: str) -> dict[str, Any]:
    return {
        "name": name,
        "sha256": digest_of(folder / name),
        "size": (folder / name).stat().st_size,
    }


def _copied(names: Iterable[str], folder: Path) -> dict[str, dict[str, Any]]:
    """Copy files of the store; return what the list says of each, without those that are not there."""
    copied: dict[str, dict[str, Any]] = {}
    for name in sorted(names):
        file = folder / name
        if folder.resolve() not in file.resolve().parents:
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        try:
            with default_storage.open(name) as source, file.open("wb") as target:
                for portion in source.chunks():
                    digest.update(portion)
                    size += target.write(portion)
        except FileNotFoundError:
            continue
        copied[name] = {"name": name, "sha256": digest.hexdigest(), "size": size}
    return copied


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with open(path, "rb") as file:  # noqa: PTH123 - a path's own way of opening is named like a step
        return hashlib.file_digest(file, "sha256").hexdigest()
