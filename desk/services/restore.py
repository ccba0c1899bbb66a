"""恢复: a backup into an empty place, and whether what stands there is what was there: digests, rows, chains, files."""

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from core.documents.models import Attachment, Paper
from core.ledger.attest import NotOurs, attested, opened
from core.ledger.notes import NotANote
from core.ledger.queries import verify_all
from core.steps.models import Seal
from desk.models import EvidencePack
from desk.services import dumps
from desk.services.backup import CHECKPOINT, FILES, FORM, MANIFEST, NotThere, digest_of
from inspection.models import Archive


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the list of a backup; raises NotThere where there is none."""
    try:
        found: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise NotThere(_("%(path)s 不是备份：没有清单。") % {"path": folder}) from error
    if found.get("form") != FORM:
        raise NotThere(_("%(path)s 不是备份：没有清单。") % {"path": folder})
    return found


def age_of(manifest: dict[str, Any], at: datetime) -> int:
    """Return how many hours old a backup is."""
    return int((at - datetime.fromisoformat(manifest["made_at"])).total_seconds() // 3600)


def faults_of_backup(folder: Path, manifest: dict[str, Any]) -> Iterator[str]:
    """Yield what of a backup is not what its list says, before anything is put anywhere."""
    for name in manifest["lost"]:
        yield _("备份时已经缺少文件：%(name)s") % {"name": name}
    named = [(manifest["database"], folder / manifest["database"]["name"])]
    named += [(one, folder / FILES / one["name"]) for one in manifest["files"]]
    for one, path in named:
        if not path.is_file():
            yield _("备份里缺少文件：%(name)s") % {"name": one["name"]}
        elif digest_of(path) != one["sha256"]:
            yield _("备份里的文件被改动：%(name)s") % {"name": one["name"]}
    listed = {one["name"] for one in manifest["files"]}
    for path in sorted((folder / FILES).rglob("*")):
        name = path.relative_to(folder / FILES).as_posix()
        if path.is_file() and name not in listed:
            yield _("备份里多出清单没有的文件：%(name)s") % {"name": name}


def restore(folder: Path, manifest: dict[str, Any]) -> None:
    """Put a backup into the county's database and store, which are empty; raises NotThere where they are not."""
    kind = dumps.kind_of(manifest["database"]["name"])
    if (kind == "sqlite") != dumps.is_sqlite():
        raise NotThere(_("这是另一种数据库的备份：%(kind)s。") % {"kind": kind})
    if not dumps.is_empty():
        raise NotThere(_("数据库不是空的：只恢复到空的地方，已有的内容不会被覆盖。"))
    if not _store_is_empty():
        raise NotThere(_("文件库不是空的：只恢复到空的地方，已有的内容不会被覆盖。"))
    dumps.load(folder / manifest["database"]["name"])
    for one in manifest["files"]:
        file = folder / FILES / one["name"]
        with file.open("rb") as source:
            kept = default_storage.save(one["name"], File(source))
        if kept != one["name"]:
            raise NotThere(_("文件库不是空的：只恢复到空的地方，已有的内容不会被覆盖。"))


def _store_is_empty() -> bool:
    try:
        folders, files = default_storage.listdir("")
    except FileNotFoundError:
        return True
    return not folders and not files


def faults_of_restored(folder: Path, manifest: dict[str, Any]) -> Iterator[str]:
    """Yield what of the county's database and files is not what was backed up: rows, chains, checkpoint, digests."""
    found = dumps.counts()
    for table, rows in manifest["rows"].items():
        if found.get(table) != rows:
            said = {"table": table, "rows": rows, "found": found.get(table)}
            yield _("%(table)s 应有%(rows)s行，只有%(found)s行") % said
    yield from _ledger(folder, manifest)
    yield from _named(manifest)
    yield from _papers()


def _named(manifest: dict[str, Any]) -> Iterator[str]:
    """Yield every file that the rows name and the list does not, and the other way round."""
    named = dumps.names_of_files()
    listed = {one["name"] for one in manifest["files"]}
    for name in sorted(named - listed - set(manifest["lost"])):
        yield _("数据库提到的文件不在备份里：%(name)s") % {"name": name}
    for name in sorted(listed - named):
        yield _("备份里的文件没有任何记录提到：%(name)s") % {"name": name}


def _ledger(folder: Path, manifest: dict[str, Any]) -> Iterator[str]:
    given = None
    if manifest["checkpoint"]:
        try:
            given = opened((folder / CHECKPOINT).read_text("utf-8"), [])
        except (OSError, UnicodeDecodeError, NotANote, NotOurs):
            yield _("备份里的检查点读不出来，或者不是本县的")
    faults = [*verify_all()[2], *filter(None, [attested(given)[1]])]
    for fault in faults:
        yield f"{fault.book} #{fault.sequence}: {fault.reason}" if fault.book else fault.reason


def _papers() -> Iterator[str]:
    """Yield every file whose digest is not the one that its row has kept since it was stored."""
    tables: tuple[tuple[Any, str], ...] = (
        (Paper, "file_sha256"), (Attachment, "sha256"), (Archive, "sha256"), (EvidencePack, "sha256"),
        (Seal, "sha256"),
    )  # fmt: skip
    for model, field in tables:
        for name, sha256 in model.objects.exclude(file="").values_list("file", field).iterator():
            if _digest(name) != sha256:
                yield _("文件与登记的摘要不符：%(name)s") % {"name": name}


def _digest(name: str) -> str:
    digest = hashlib.sha256()
    try:
        with default_storage.open(name) as file:
            for portion in file.chunks():
                digest.update(portion)
    except FileNotFoundError:
        return ""
    return digest.hexdigest()
