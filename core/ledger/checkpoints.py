"""Making checkpoints: one signed statement of the whole ledger, cheap because the tree grows from where it stood."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.services import system_actor
from core.ledger import keys, log, seen
from core.ledger.models import Checkpoint
from core.ledger.notes import Signer, signed
from core.ledger.services import county_book, lock, record
from core.ledger.tree import Tree, leaf_of


class Broken(RuntimeError):
    """The ledger does not hold, so nothing is attested; `verify_ledger` names the place."""


def newest() -> Checkpoint | None:
    """Return the newest checkpoint."""
    return Checkpoint.objects.first()


def due_today(at: datetime) -> bool:
    """Say whether the day of an instant has no checkpoint yet; never where the clock stands before the newest."""
    last = newest()
    return last is None or timezone.localdate(last.made_at) < timezone.localdate(at)


@transaction.atomic
def make_checkpoint(at: datetime) -> Checkpoint:
    """Attest every entry that is written so far, and write into the county's book that it was done.

    Raises keys.NoKey without a key, and Broken where the entries are not what their books say.
    """
    lock(county_book().pk)
    return _make(at, [keys.signer(at)])


def _make(at: datetime, signers: list[Signer]) -> Checkpoint:
    last = newest()
    tree = _tree_of(last)
    end = log.cover()
    try:
        for code, sequence, digest in log.new_leaves(tree.size, end):
            tree.add(leaf_of(code, sequence, digest))
    except ValueError as error:
        raise Broken(_("台账的条目与账簿不符，不能生成检查点：请运行 verify_ledger。")) from error
    if tree.size != end:
        raise Broken(_("台账的条目与账簿不符，不能生成检查点：请运行 verify_ledger。"))
    root = tree.root()
    made = Checkpoint.objects.create(
        number=last.number + 1 if last else 1, size=end, root=root.hex(), made_at=at,
        peaks=" ".join(peak.hex() for peak in tree.peaks),
        text=signed(signers[0].key.name, end, root, signers),
    )  # fmt: skip
    transaction.on_commit(lambda: seen.keep(made.text), robust=True)
    record(
        county_book(), "make_checkpoint", by=system_actor(), at=at,
        number=made.number, size=made.size, root=made.root,
    )  # fmt: skip
    return made


def _tree_of(last: Checkpoint | None) -> Tree:
    if last is None:
        return Tree()
    tree = Tree(last.size, [bytes.fromhex(peak) for peak in last.peaks.split()])
    if tree.root().hex() != last.root:
        raise Broken(_("最近的检查点与其子树不符，不能接着生成：请运行 verify_ledger。"))
    return tree


def rotate_key(at: datetime, *, lost: bool = False) -> Checkpoint:
    """Take a new key: announced by a checkpoint that the old and the new one have signed.

    `lost` is for a key whose file is gone: the new one signs alone, and every reader sees that. Raises keys.NoKey
    where there is no old key and that was not said.
    """
    keys.settle_files()
    waiting = keys.next_file()
    if not waiting.exists():
        keys.write_seed(waiting)
    with transaction.atomic():
        lock(county_book().pk)
        known = keys.announced()
        old = [] if lost and known else [keys.signer(at)]
        name = known[0].name if known else old[0].key.name
        new = Signer.of(name, keys.read_seed(waiting))
        keys.announce(new, at)
        made = _make(at, [*old, new])
    waiting.replace(Path(settings.CHECKPOINT_KEY))
    return made
