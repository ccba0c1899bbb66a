"""A backup is put into an empty place and is what was there; half of one, or a changed one, is named and refused."""

import json
import shutil

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management import CommandError, call_command
from django.db import connection

from approvals.stages import Stage
from core import clock
from core.documents.models import Attachment
from core.ledger.checkpoints import make_checkpoint, newest
from desk.services import dumps
from desk.services.backup import FILES, MANIFEST
from tests.core.ledgers import key_file
from tests.walk import walk

NOT_WHOLE = 3


@pytest.fixture
def backed_up(transactional_db, people, at, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "store"
    settings.CHECKPOINT_KEY, settings.LEDGER_NAME = key_file(tmp_path), "chengnuo.example/ledger"
    w = walk(people, at("2018-04-11 09:00"), to=Stage.RECEIVED)
    with clock.driven(w.now):
        make_checkpoint(w.now)
        call_command("backup", tmp_path / "backup")
    return w, tmp_path / "backup"


def manifest_of(folder):
    return json.loads((folder / MANIFEST).read_text("utf-8"))


def refused(folder, *words, **more):
    with pytest.raises(CommandError, match="|".join(words) or ".") as caught:
        call_command("restore", folder, **more)
    return caught.value.returncode


def test_a_backup_comes_back_as_it_was_and_a_changed_one_does_not(
    backed_up, tmp_path, settings, capsys
):
    _w, folder = backed_up
    said = manifest_of(folder)
    assert said["rows"] == dumps.counts()
    assert said["checkpoint"]["root"] == newest().root
    assert {one["sha256"] for one in said["files"]} == set(
        Attachment.objects.values_list("sha256", flat=True)
    )
    secret = settings.CHECKPOINT_KEY.read_bytes().strip()
    assert not any(secret in path.read_bytes() for path in folder.rglob("*") if path.is_file())
    # Into an empty place of its own: the rows, the chains, the checkpoint and every file are those of the original.
    call_command("restore", folder, check=True)
    assert "台账和检查点成立" in capsys.readouterr().out
    # Where something is, nothing is written over.
    refused(folder, "不是空的")
    with pytest.raises(CommandError, match="已经存在"):
        call_command("backup", folder)
    refused(tmp_path, "不是备份")
    changed(folder, said)
    if connection.vendor == "sqlite":
        forged(folder, said)


class Busy(FileSystemStorage):
    """A store in which somebody works while it is read: at the first look one file goes with its row, one comes."""

    act = None

    def _open(self, name, mode="rb"):
        found = super()._open(name, mode)
        if mode == "rb" and (act := Busy.act):
            Busy.act = None
            act(name)
        return found


def test_the_files_are_those_of_the_dump_though_others_work_meanwhile(
    backed_up, tmp_path, settings
):
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": f"{__name__}.Busy"}}
    first = Attachment.objects.order_by("file").first()

    def meanwhile(_name):
        first.pk, first.file.name = None, "later/late.bin"
        default_storage.save(first.file.name, ContentFile(b"late"))
        first.save(force_insert=True)
        # and one whose row stays is taken away after it was copied
        default_storage.delete(_name)

    Busy.act = meanwhile
    second = tmp_path / "second"
    call_command("backup", second)
    said = manifest_of(second)
    assert said["lost"] == []
    on_disk = {
        p.relative_to(second / FILES).as_posix() for p in (second / FILES).rglob("*") if p.is_file()
    }
    named = dumps.names_of_files()
    assert {one["name"] for one in said["files"]} == on_disk == named
    assert "later/late.bin" in named


def test_a_file_missing_or_too_much_is_named(backed_up, capsys):
    _w, folder = backed_up
    (folder / FILES / "stray.txt").write_text("x")
    refused(folder, "不完整", check=True)
    assert "多出清单没有的文件：stray.txt" in "".join(capsys.readouterr())
    (folder / FILES / "stray.txt").unlink()
    said = manifest_of(folder)
    gone = said["files"].pop()
    (folder / FILES / gone["name"]).unlink()
    (folder / MANIFEST).write_text(json.dumps(said), "utf-8")
    refused(folder, "不能恢复|不完整", check=True)
    assert f"数据库提到的文件不在备份里：{gone['name']}" in "".join(capsys.readouterr())


def changed(folder, said):
    """A file that is gone, or has another byte, is named before anything is restored."""
    file = folder / FILES / said["files"][0]["name"]
    kept = file.read_bytes()
    file.write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))
    assert refused(folder, "不完整", check=True) == NOT_WHOLE
    file.unlink()
    assert refused(folder, "不完整", check=True) == NOT_WHOLE
    file.write_bytes(kept)
    database = folder / said["database"]["name"]
    whole = database.read_bytes()
    database.write_bytes(whole[: len(whole) // 2])
    assert refused(folder, "不完整", check=True) == NOT_WHOLE
    database.write_bytes(whole)


def forged(folder, said):
    """Somebody took the last entry out of the copy and made the list anew: rows and chain say so."""
    import sqlite3

    from desk.services.backup import digest_of

    database = folder / said["database"]["name"]
    shutil.copy(database, folder / "kept")
    with sqlite3.connect(database) as copy:
        copy.execute("DROP TRIGGER ledger_entry_no_delete")
        copy.execute("DELETE FROM ledger_entry WHERE id = (SELECT max(id) FROM ledger_entry)")
    copy.close()
    said["database"]["sha256"] = digest_of(database)
    said["rows"]["ledger_entry"] -= 1
    (folder / MANIFEST).write_text(json.dumps(said), "utf-8")
    assert refused(folder, "不能恢复", check=True) == NOT_WHOLE
