"""The key that signs checkpoints: a file outside of the database, its public half announced in the ledger.

A new key is written beside the old one, announced by a checkpoint that both have signed, and only then takes the old
one's place: a crash in between leaves a file that is found by what was announced last.
"""

import base64
import os
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.services import system_actor
from core.ledger.models import CheckpointKey
from core.ledger.notes import KEY_LENGTH, NAME, Key, Signer
from core.ledger.services import county_book, record


class NoKey(RuntimeError):
    """There is no key that could sign, in a sentence for the administrator."""


def announced() -> list[Key]:
    """Return all keys that were ever announced, the newest last."""
    rows = CheckpointKey.objects.order_by("pk").values_list("name", "public")
    return [Key(name, base64.b64decode(public)) for name, public in rows]


def has_key() -> bool:
    """Say whether there is a file of a key."""
    return Path(settings.CHECKPOINT_KEY).exists()


def next_file() -> Path:
    """Return where a new key waits until it is announced."""
    return Path(f"{settings.CHECKPOINT_KEY}.next")


def read_seed(path: Path) -> bytes:
    """Return the 32 bytes of a file; raises NoKey where it is missing, open to others, or something else."""
    try:
        mode, text = path.stat().st_mode, path.read_text("ascii")
        seed = base64.b64decode(text.strip(), validate=True)
    except FileNotFoundError as error:
        raise NoKey(_("没有检查点的签名密钥（%(path)s）。") % {"path": path}) from error
    except ValueError as error:
        raise NoKey(_("检查点的签名密钥读不出来（%(path)s）。") % {"path": path}) from error
    if mode & 0o077:
        raise NoKey(_("检查点的签名密钥别人也能读（%(path)s）：请改为 0600。") % {"path": path})
    if len(seed) != KEY_LENGTH:
        raise NoKey(_("检查点的签名密钥读不出来（%(path)s）。") % {"path": path})
    return seed


def write_seed(path: Path) -> None:
    """Make a new key in a file that only its owner reads; an existing one is never written over."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(base64.b64encode(os.urandom(KEY_LENGTH)) + b"\n")
        file.flush()
        os.fsync(file.fileno())


def signer(at: datetime) -> Signer:
    """Return the key that was announced last; the very first is announced now. Raises NoKey where its file is lost.

    Within a transaction that holds the county's book.
    """
    known = announced()
    name = known[0].name if known else settings.LEDGER_NAME
    if not NAME.fullmatch(name):
        raise NoKey(
            _("台账的名称（%(name)s）不能为空，不能含空格和加号：请改 CHENGNUO_LEDGER_NAME。")
            % {"name": name}
        )
    if not known:
        first = Signer.of(name, read_seed(Path(settings.CHECKPOINT_KEY)))
        announce(first, at)
        return first
    for path in (Path(settings.CHECKPOINT_KEY), next_file()):
        if path.exists() and (found := Signer.of(name, read_seed(path))).key == known[-1]:
            return found
    raise NoKey(_("签名密钥不是最近公布的那一个：换密钥要用 rotate_checkpoint_key。"))


def announce(new: Signer, at: datetime) -> None:
    """Put a key on the list and into the ledger."""
    public = base64.b64encode(new.key.public).decode()
    CheckpointKey.objects.create(name=new.key.name, public=public, announced_at=at)
    record(county_book(), "announce_checkpoint_key", by=system_actor(), at=at, key=new.key.text)


def settle_files() -> None:
    """Let the key that was announced last take its place, where a change was cut off before."""
    known, waiting = announced(), next_file()
    if not known or not waiting.exists():
        return
    if Signer.of(known[0].name, read_seed(waiting)).key == known[-1]:
        waiting.replace(settings.CHECKPOINT_KEY)
