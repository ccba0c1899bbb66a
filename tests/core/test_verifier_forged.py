"""What is forged behind an attested ledger confirms nothing; what is honest is not called broken."""

import hashlib
import json
from random import Random

import pytest
from django.db import connection

from core.ledger import keys
from core.ledger.checkpoints import make_checkpoint, rotate_key
from core.ledger.models import GENESIS
from core.ledger.queries import verify_all
from core.ledger.services import record
from tests.core.ledgers import fill, lines, sql, unlocked
from tests.core.test_verifier import (
    BROKEN,
    HOLDS,
    NOT_FOUND,
    UNREADABLE,
    VECTORS,
    asked,
    exported,
    key,
)

__all__ = ["exported", "key"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def forged(tmp_path):
    """A file that nobody issued, and the entry that somebody without the key writes for it."""
    paper = tmp_path / "forged.pdf"
    paper.write_bytes(b"%PDF forged")
    said = json.dumps({"paper": "DOC21", "sha256": hashlib.sha256(paper.read_bytes()).hexdigest()})
    line = {
        "type": "entry", "book": "filing:fake", "sequence": 1, "act": "render_paper", "actor": "a",
        "event_at": "2018-06-20T12:00:00+08:00", "entered_at": "2018-06-20T12:00:00+08:00", "payload": said,
        "previous": GENESIS,
    }  # fmt: skip
    return paper, digested(line)


def digested(line):
    """An entry with the digest that whoever knows how reckons for it."""
    names = ("book", "sequence", "act", "actor", "event_at", "entered_at", "payload", "previous")
    whole = json.dumps([line[name] for name in names], ensure_ascii=False, separators=(",", ":"))
    return line | {"digest": hashlib.sha256(whole.encode()).hexdigest()}


def write(path, said):
    path.write_text("\n".join(map(json.dumps, said)))


def test_an_entry_behind_the_last_checkpoint_confirms_no_paper(
    people, at, exported, forged, tmp_path
):
    fill(Random(5), people, at)
    kept = tmp_path / "kept.txt"
    kept.write_text(make_checkpoint(at("2018-06-20 12:00")).text)
    paper, line = forged
    path = exported()
    write(path, [*lines(path), line])

    assert asked(path, "--checkpoint", kept)[0] == HOLDS  # what is attested still is
    code, sentence = asked(path, "--checkpoint", kept, "--pdf", paper)
    assert code == NOT_FOUND
    assert "还没有检查点见证" in sentence


def test_an_export_of_one_book_holds_no_other(people, at, exported, forged):
    book = fill(Random(6), people, at)[0]
    make_checkpoint(at("2018-06-20 12:00"))
    paper, line = forged
    path = exported(book=book.code)
    head, *rest = lines(path)
    write(path, [head, line, *rest])

    assert asked(path, "--pdf", paper)[0] == UNREADABLE


def test_what_somebody_handed_in_is_no_paper(people, at, exported, tmp_path):
    book = fill(Random(7), people, at)[0]
    evidence = tmp_path / "evidence.pdf"
    evidence.write_bytes(b"%PDF handed in")
    digest = hashlib.sha256(evidence.read_bytes()).hexdigest()
    record(book, "ask_change", by=people.window, at=at("2018-06-20 11:00"), sha256=digest)
    make_checkpoint(at("2018-06-20 12:00"))

    code, sentence = asked(exported(), "--pdf", evidence)
    assert code == NOT_FOUND
    assert "交来的文件" in sentence


def test_either_key_of_a_ledger_whose_key_was_changed_is_enough(people, at, exported):
    fill(Random(8), people, at)
    make_checkpoint(at("2018-06-20 12:00"))
    rotate_key(at("2018-06-20 13:00"))
    record(
        fill(Random(9), people, at, prefix="s")[0],
        "later",
        by=people.window,
        at=at("2018-06-28 13:00"),
    )
    make_checkpoint(at("2018-06-28 14:00"))
    path = exported()

    old, new = keys.announced()
    assert asked(path, "--key", old.text)[0] == HOLDS
    assert asked(path, "--key", new.text)[0] == HOLDS


def test_a_size_and_root_from_a_printed_paper_are_asked_for(people, at, exported):
    fill(Random(10), people, at)
    made = make_checkpoint(at("2018-06-20 12:00"))
    path = exported()

    assert asked(path, "--root", f"{made.size}:{made.root}")[0] == HOLDS
    assert asked(path, "--root", f"{made.size}:{'0' * 64}")[0] == BROKEN
    assert asked(path, "--root", "12")[0] == UNREADABLE


def test_a_book_whose_proof_is_for_another_checkpoint_is_not_called_broken(
    people, at, exported, tmp_path
):
    book = fill(Random(11), people, at)[0]
    kept = tmp_path / "kept.txt"
    kept.write_text(make_checkpoint(at("2018-06-20 12:00")).text)
    record(book, "later", by=people.window, at=at("2018-06-20 13:00"))
    make_checkpoint(at("2018-06-20 14:00"))

    code, sentence = asked(exported(book=book.code), "--checkpoint", kept)
    assert code in (HOLDS, UNREADABLE)
    assert code == HOLDS or "检查点的证明" in sentence
    code, sentence = asked(exported(book=book.code))
    assert code == HOLDS
    assert "是否另有条目" in sentence


# Times of no calendar, as each database takes them from whoever has its password.
NO_TIMES = {
    "sqlite": ("2018-02-30 01:00:00", "2018-06-15 25:00:00", "never", "9999-12-31 23:00:00"),
    "postgresql": ("infinity", "0044-03-15 00:00:00+00 BC", "12018-06-15 00:00:00+00",
                   "9999-12-31 23:00:00+00"),
}  # fmt: skip


@pytest.mark.parametrize("column", ["event_at", "entered_at"])
@pytest.mark.parametrize("which", range(4))
def test_a_time_of_no_calendar_in_the_database_is_exported_and_named(
    people, at, exported, column, which
):
    """The export does not stop at it: what the site finds a stranger finds, too, at the same place."""
    book = fill(Random(12), people, at, books=1, entries=4)[0]
    make_checkpoint(at("2018-06-20 12:00"))
    with unlocked():
        said = NO_TIMES[connection.vendor][which]
        sql(
            f"UPDATE ledger_entry SET {column} = %s WHERE book_id = %s AND sequence = 3",
            said,
            book.pk,
        )
        assert [(one.book, one.sequence) for one in verify_all()[2]] == [(book.code, 3)]
        for more in ({}, {"book": book.code}):
            code, sentence = asked(exported(**more))
            assert code == BROKEN
            assert f"{book.code} #3" in sentence


def test_an_entry_that_was_digested_with_a_time_of_no_calendar_does_not_hold(
    people, at, exported, forged
):
    fill(Random(13), people, at)
    _paper, line = forged
    path = exported()
    ours = lines(path)
    for time in VECTORS["times"]:
        for name in ("event_at", "entered_at"):
            write(path, [*ours, digested(line | {name: time["said"]})])
            code, sentence = asked(path)
            assert code == (HOLDS if time["holds"] else BROKEN), time
            assert time["holds"] or "filing:fake #1：时间" in sentence
    for name in ("event_at", "entered_at"):
        write(path, [*ours, digested(line | {name: None})])
        assert asked(path)[0] == BROKEN
