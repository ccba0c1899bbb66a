"""Proofs in number: of many entries under one checkpoint, of one checkpoint beside an older, of a paper's place."""

import json
import os
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from core.ledger import export, keys
from core.ledger.checkpoints import make_checkpoint
from core.ledger.models import Checkpoint
from core.ledger.notes import Signer, signed
from core.ledger.proving import Proofs, Whole, place_in_log
from core.ledger.services import record
from core.ledger.tree import Tree, proof_of, root_by
from core.ledger.witness import ISSUED_IN, place_of
from tests.core.ledgers import fill, key_file, lines
from tests.desk.packs import BROKEN, HOLDS, UNREADABLE, verifier

LEAVES = [os.urandom(32) for _each in range(40)]


def grown(size):
    tree = Tree()
    for leaf in LEAVES[:size]:
        tree.add(leaf)
    return tree.root()


def test_the_whole_tree_gives_the_roots_and_paths_of_the_one_that_grows():
    for size in range(1, len(LEAVES) + 1):
        whole = Whole(LEAVES[:size])
        assert (whole.size, whole.root()) == (size, grown(size))
        for place in range(size):
            path = whole.path(place)
            assert path == proof_of(place, size, LEAVES[:size])
            assert root_by(place, size, LEAVES[place], path) == whole.root()
            assert verifier.root_from(LEAVES[place], place, size, path) == whole.root()


def test_a_newer_tree_extends_every_older_one_and_no_other():
    roots = [grown(size) for size in range(len(LEAVES) + 1)]
    for new in range(1, len(LEAVES) + 1):
        whole = Whole(LEAVES[:new])
        for old in range(1, new + 1):
            path = whole.extends(old)
            assert verifier.extends(old, roots[old], new, roots[new], path)
            for wrong in (roots[old - 1], LEAVES[0]):
                assert wrong == roots[old] or not verifier.extends(
                    old, wrong, new, roots[new], path
                )
            assert not verifier.extends(old, roots[old], new, LEAVES[1], path) or new == 1
            assert not verifier.extends(old, roots[old], new, roots[new], [*path, LEAVES[2]])


@pytest.fixture
def attested(db, people, at, settings, tmp_path):
    settings.CHECKPOINT_KEY, settings.LEDGER_NAME = key_file(tmp_path), "chengnuo.example/ledger"
    books = fill(Random(5), people, at)
    make_checkpoint(at("2018-06-20 12:00"))
    record(books[0], "later", by=people.window, at=at("2018-06-20 13:00"))
    make_checkpoint(at("2018-06-21 12:00"))
    return books


def asked(path, *more):
    return verifier.check(verifier.asked([str(path), *map(str, more)]))[0]


def test_two_checkpoints_are_tied_without_a_single_entry(attested, tmp_path, settings):
    path, kept = tmp_path / "tie.jsonl", tmp_path / "kept.txt"
    call_command("export_ledger", path, between=[1, 2])
    kept.write_text(Checkpoint.objects.get(number=1).text)
    assert asked(path, "--checkpoint", kept) == HOLDS
    said = lines(path)
    assert {line["type"] for line in said} == {"ledger", "checkpoint", "consistency"}
    # Another history under the same key: whoever kept the old checkpoint is not told that the new one extends it.
    mine, size = (
        Signer.of(settings.LEDGER_NAME, keys.read_seed(settings.CHECKPOINT_KEY)),
        said[1]["number"],
    )
    other = {
        **said[1],
        "text": signed(
            settings.LEDGER_NAME, Checkpoint.objects.get(number=size).size, bytes(32), [mine]
        ),
    }
    for changed in (
        [said[0], other, *said[2:]],
        [*said[:2], {**said[2], "path": said[2]["path"][1:]}, said[3]],
    ):
        path.write_text("\n".join(map(json.dumps, changed)))
        assert asked(path) == BROKEN
    for less in (said[:2], [said[0], said[1], said[3]]):
        path.write_text("\n".join(map(json.dumps, less)))
        assert asked(path) in (BROKEN, UNREADABLE)
    for wrong in ([2, 1], [1, 9]):
        with pytest.raises(CommandError):
            call_command("export_ledger", tmp_path / "none", between=wrong)


def test_words_that_are_withheld_stand_by_their_digests_and_proofs(attested, tmp_path):
    book, proofs = attested[0], Proofs(Checkpoint.objects.first())
    path, until = tmp_path / "book.jsonl", attested[0].sequence
    hidden = {1, 2, until}
    path.write_bytes(b"".join(export.written(export.as_given(book, until, hidden, proofs))))
    assert asked(path) == HOLDS
    said = lines(path)
    given = {
        "type",
        "book",
        "sequence",
        "previous",
        "digest",
        "withheld",
    }  # neither who, nor what, nor when
    assert [set(line) for line in said if line.get("withheld")] == [given] * len(hidden)
    for place, line in enumerate(said):
        if line.get("withheld"):
            forged = [*said[:place], {**line, "digest": "0" * 64}, *said[place + 1 :]]
            path.write_text("\n".join(map(json.dumps, forged)))
            assert asked(path) == BROKEN
    path.write_text("\n".join(json.dumps(line) for line in said if line["type"] != "proof"))
    assert asked(path) == BROKEN
    assert place_in_log(book.code, 10_000) is None


def test_a_paper_finds_its_place_among_the_papers_of_its_book(attested, people, at):
    book = attested[1]
    made = record(book, "issue_paper", by=people.window, at=at("2018-06-21 13:00"), sha256="a" * 64)
    record(book, "mention", by=people.window, at=at("2018-06-21 13:00"), sha256="b" * 64)
    assert place_of(book.pk, "a" * 64)["sequence"] == made.sequence
    assert place_of(book.pk, "b" * 64) == {}
    with connection.cursor() as cursor:
        plan = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            # As nobody has counted it: of a dozen rows, one index is as good as another.
            cursor.execute("DELETE FROM pg_statistic WHERE starelid = 'ledger_entry'::regclass")
            cursor.execute("UPDATE pg_class SET reltuples = -1 WHERE relname = 'ledger_entry'")
        cursor.execute(plan + ISSUED_IN, [book.pk, "%a%"])
        assert "papers_issued_in_book" in str(cursor.fetchall())
