"""The ledger as a file for a stranger: JSON lines in the order of the log, described in docs/verify/README.md.

The whole ledger: its entries in the order in which checkpoints covered them, each checkpoint where it stands, and at
the end what no checkpoint covers yet. One book: its entries, and the proof that its last covered one stands in the log.
"""

import json
from collections.abc import Container, Iterable, Iterator
from typing import Any

from core.ledger import keys, log, reading
from core.ledger.checkpoints import newest
from core.ledger.models import Book, Checkpoint, Span
from core.ledger.proving import Proofs, between
from core.ledger.tree import leaf_of, proof_of

Line = dict[str, Any]
FORM = "chengnuo-ledger/1"


def whole() -> Iterator[Line]:
    """Yield the lines of the whole ledger; what is written meanwhile may or may not be among the last."""
    checkpoints = list(Checkpoint.objects.order_by("number").values("number", "size", "text"))
    covered = checkpoints[-1]["size"] if checkpoints else 0
    yield _head(None)
    place, waiting = 0, checkpoints
    waiting = yield from _said(waiting, place)
    for row in reading.rows_of_log(0, covered):
        yield _entry(row)
        place += 1
        waiting = yield from _said(waiting, place)
    yield from map(_entry, reading.rows(beyond=covered))


def _said(waiting: list[Any], place: int) -> Any:
    """Yield the checkpoints that stand at a place; return those that come later."""
    while waiting and waiting[0]["size"] <= place:
        yield {"type": "checkpoint", "number": waiting[0]["number"], "text": waiting[0]["text"]}
        waiting = waiting[1:]
    return waiting


def of_book(book: Book) -> Iterator[Line]:
    """Yield the lines of one book; after the last entry that the newest checkpoint covers its proof, and that one."""
    yield _head(book.code)
    last = newest()
    proof = proof_in(last, book.code) if last else None
    for row in reading.rows(book.pk):
        yield _entry(row)
        if last is not None and proof is not None and row[1] == proof["sequence"]:
            yield proof
            yield {"type": "checkpoint", "number": last.number, "text": last.text}


def proof_in(checkpoint: Checkpoint, code: str, sequence: int | None = None) -> Line | None:
    """Return the proof that an entry stands under a checkpoint; without a sequence, the last of its book that does.

    One pass over the digests, some seconds for a million: not for a request. None where it is not covered.
    """
    runs = Span.objects.filter(code=code, start__lt=checkpoint.size).order_by("-last")
    if sequence is not None:
        runs = runs.filter(first__lte=sequence, last__gte=sequence)
    if (span := runs.first()) is None:
        return None
    sequence = span.last if sequence is None else sequence
    place, size = span.start + sequence - span.first, checkpoint.size
    leaves = (leaf_of(c, s, d or "") for c, s, d in log.leaves(0, size))
    path = [one.hex() for one in proof_of(place, size, leaves)]
    at = {"book": code, "sequence": sequence, "place": place, "size": size}
    return {"type": "proof", **at, "path": path}


def as_given(
    book: Book, until: int, hidden: Container[int], proofs: Proofs | None
) -> Iterator[Line]:
    """Yield the lines of one book through a sequence, for somebody who may not read all of its words.

    Of a hidden entry only its place and its digests are given: who did what and when may be as secret as the words.
    It is proven by itself. So is the last entry.
    """
    yield _head(book.code)
    for row in reading.rows(book.pk):
        if row[1] > until:
            break
        hide = row[1] in hidden
        yield _withheld(row) if hide else _entry(row)
        if proofs and (hide or row[1] == until) and (proof := proofs.of(book.code, row[1])):
            yield proof
    yield from _under(proofs)


def singly(book: Book, sequences: Container[int], proofs: Proofs) -> Iterator[Line]:
    """Yield single entries of a book, each with its own proof: an excerpt that says nothing of the others."""
    yield {**_head(book.code), "excerpt": True}
    for row in reading.rows(book.pk):
        if row[1] in sequences and (proof := proofs.of(book.code, row[1])):
            yield _entry(row)
            yield proof
    yield from _under(proofs)


def consistency(old: Checkpoint, new: Checkpoint) -> Iterator[Line]:
    """Yield the lines that prove, without any entry, that a checkpoint extends an older one."""
    yield {**_head(None), "proves": "consistency"}
    yield from between(old, new)


def _under(proofs: Proofs | None) -> Iterator[Line]:
    if proofs is not None:
        made = proofs.checkpoint
        yield {"type": "checkpoint", "number": made.number, "text": made.text}


def _head(book: str | None) -> Line:
    known = [key.text for key in keys.announced()]
    head: Line = {"type": "ledger", "form": FORM, "keys": known}
    return head if book is None else {**head, "book": book}


def _entry(row: tuple[Any, ...]) -> Line:
    found = reading.Row(*row)
    return {
        "type": "entry", "book": found.code, "sequence": found.sequence, "act": found.act, "actor": found.actor,
        "event_at": reading.as_kept(found.event_at), "entered_at": reading.as_kept(found.entered_at),
        "payload": found.payload, "previous": found.previous, "digest": found.digest,
    }  # fmt: skip


def _withheld(row: tuple[Any, ...]) -> Line:
    given = ("type", "book", "sequence", "previous", "digest")
    said = _entry(row)
    return {**{name: said[name] for name in given}, "withheld": True}


def written(lines: Iterable[Line]) -> Iterator[bytes]:
    """Yield lines as they stand in the file."""
    for line in lines:
        yield json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
