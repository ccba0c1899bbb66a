"""备份: the database of one moment, every file that it names, and the newest checkpoint, with a list of digests.

Keys are not in it: neither the one that signs checkpoints nor the site's secret. Whoever has a backup can read the
county's cases and forge no checkpoint. The files are copied after the database: what it names was there before it.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import connection, models
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _

from core.ledger.checkpoints import newest
from core.ledger.models import Book
from desk.services.dumps import dump
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
    name, rows = dump(part)
    if last is not None:
        (part / CHECKPOINT).write_text(last.text, "utf-8")
    files, lost = _files(part / FILES)
    listed = {
        "form": FORM,
        "made_at": iso(at),
        "database": {"name": name, "sha256": digest_of(part / name), "size": (part / name).stat().st_size},
        "rows": rows,
        "books": rows[Book._meta.db_table],
        "checkpoint": last and {"number": last.number, "size": last.size, "root": last.root},
        "files": files,
        "lost": lost,  # named by the database and not in the store: found now, and not at the restore
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


def _files(folder: Path) -> tuple[list[dict[str, Any]], list[str]]:
    """Copy every file that a row names; return what was copied, with digests, and what was not there."""
    copied: list[dict[str, Any]] = []
    lost: list[str] = []
    for name in sorted(set(names_of_files())):
        file = folder / name
        if folder.resolve() not in file.resolve().parents or not default_storage.exists(name):
            lost.append(name)
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        with default_storage.open(name) as source, file.open("xb") as target:
            for portion in source.chunks():
                digest.update(portion)
                size += target.write(portion)
        copied.append({"name": name, "sha256": digest.hexdigest(), "size": size})
    return copied, lost


def names_of_files() -> Iterator[str]:
    """Yield the name of every file that a row of any table names."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.FileField):
                rows = model._default_manager.exclude(**{field.attname: ""}).values_list(
                    field.attname, flat=True
                )
                yield from rows.iterator()


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with open(path, "rb") as file:  # noqa: PTH123 - a path's own way of opening is named like a step
        return hashlib.file_digest(file, "sha256").hexdigest()
