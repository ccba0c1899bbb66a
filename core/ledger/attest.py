"""Whether the ledger still holds what its checkpoints attest: the ones it keeps, and one that somebody else kept."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from core.ledger import keys, log
from core.ledger.models import Checkpoint, Span
from core.ledger.notes import Key, NotANote, Note, read
from core.ledger.queries import Fault
from core.ledger.tree import Tree, leaf_of


class NotOurs(RuntimeError):
    """A checkpoint that no known key has signed says nothing about this ledger."""


@dataclass
class _Seen:
    """What the pass over the log has found: how many checkpoints hold, and the first place where one does not."""

    roots: dict[int, list[str]]
    tree: Tree = field(default_factory=Tree)
    held: int = 0
    odd: Fault | None = (
        None  # the first entry that its run does not say; a root that fails is its fault
    )

    def stop(self) -> Fault | None:
        """Compare at the end of a leaf, where a checkpoint stands; return the fault that ends the pass."""
        wanted = self.roots.pop(self.tree.size, [])
        if not wanted:
            return None
        found = self.tree.root().hex()
        if any(root != found for root in wanted):
            return self.odd or Fault("", 0, _("检查点所含条目的清单被改动，指不出是哪一条"))
        self.held += len(wanted)
        return None


def attested(given: Note | None = None) -> tuple[int, Fault | None]:
    """Recompute the tree in one pass and compare every checkpoint; return how many hold, and the first fault.

    `given` is one that was kept elsewhere: it must be among ours, word for word in what was signed.
    """
    seen = _Seen({})
    for kept in Checkpoint.objects.order_by("number").values_list("size", "root"):
        seen.roots.setdefault(kept[0], []).append(kept[1])
    if given is not None and given.root.hex() not in seen.roots.setdefault(given.size, []):
        seen.roots[given.size].append(given.root.hex())
    if fault := next(_wrong_rows(), None) or seen.stop() or _pass(seen):
        return seen.held, fault
    if seen.odd is not None:
        return seen.held, seen.odd
    if seen.roots:
        said = {"size": max(seen.roots), "found": seen.tree.size}
        return seen.held, Fault("", 0, _("检查点见证了%(size)d条，台账只有%(found)d条") % said)
    if given is not None and not _among_ours(given):
        return seen.held, Fault("", 0, _("台账里没有这个检查点"))
    return seen.held, None


def _pass(seen: _Seen) -> Fault | None:
    for span, digests in log.runs(0, log.size()):
        if span.start != seen.tree.size:
            return Fault(span.code, span.first, _("检查点所含条目的清单不连续"))
        seen.odd = seen.odd or _odd(span, digests)
        for sequence in range(span.first, span.last + 1):
            seen.tree.add(leaf_of(span.code, sequence, digests.get(sequence, "")))
            if fault := seen.stop():
                return fault
    return None


def _odd(span: Span, digests: dict[int, str]) -> Fault | None:
    for sequence in range(span.first, span.last + 1):
        if sequence not in digests:
            said = {"first": span.first}
            return Fault(
                span.code,
                sequence,
                _("检查点见证过的条目不在了（从第%(first)d条起可能被改写）") % said,
            )
    if digests[span.last] != span.head:
        said = {"first": span.first, "last": span.last}
        return Fault(
            span.code, span.first, _("检查点见证以后被改写（第%(first)d至%(last)d条之间）") % said
        )
    return None


def _wrong_rows() -> Iterator[Fault]:
    """Checkpoints that are not what their own text says, are missing in between, or are signed by nobody."""
    known = keys.announced()
    for expected, kept in enumerate(Checkpoint.objects.order_by("number").iterator(), 1):
        if kept.number != expected:
            yield Fault("", 0, _("缺少第%(number)d号检查点") % {"number": expected})
        try:
            note = read(kept.text)
        except NotANote:
            note = None
        if note is None or (note.size, note.root.hex()) != (kept.size, kept.root):
            yield Fault("", 0, _("第%(number)d号检查点被改动") % {"number": kept.number})
        elif not note.signed_by(known):
            yield Fault("", 0, _("第%(number)d号检查点的签名不对") % {"number": kept.number})


def _among_ours(given: Note) -> bool:
    texts = Checkpoint.objects.filter(size=given.size).values_list("text", flat=True)
    return any(read(text).body == given.body for text in texts)


def opened(text: str, trusted: list[Key]) -> Note:
    """Read a checkpoint that somebody kept; raises NotANote, and NotOurs where none of the keys has signed it."""
    note = read(text)
    if not note.signed_by(trusted or keys.announced()):
        raise NotOurs
    return note
