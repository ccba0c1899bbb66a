"""Checkpoints: one signed statement of the whole ledger, that anyone may keep and nobody can argue with."""

import hashlib
import os
from contextlib import suppress
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.db.models import Max

from core import clock
from core.ledger import checkpoints, keys, log
from core.ledger.attest import NotOurs, attested, opened
from core.ledger.checkpoints import due_today, make_checkpoint, newest, rotate_key
from core.ledger.export import proof_in
from core.ledger.models import Book, Checkpoint, CheckpointKey, Entry, Span
from core.ledger.notes import Key, NotANote, Signer, key_from, read, signed
from core.ledger.services import record
from core.ledger.tree import EMPTY, Tree, leaf_of, proof_of, root_by
from tests.chance import drawn
from tests.core.ledgers import fill, key_file, rehash, sql, unlocked

pytestmark = pytest.mark.django_db
# RFC 6962's own leaves, as its reference implementation has them.
LEAVES = [
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
]  # fmt: skip
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


@pytest.fixture(autouse=True)
def key(settings, tmp_path):
    settings.CHECKPOINT_KEY = key_file(tmp_path)
    settings.LEDGER_NAME = "chengnuo.example/ledger"
    return settings.CHECKPOINT_KEY


@pytest.fixture
def books(people, at):
    return fill(Random(drawn("checkpoints")), people, at)


@pytest.fixture
def attest(at):
    return lambda day="2018-06-20": make_checkpoint(at(f"{day} 12:00"))


# — the tree —————————————————————————————————————————————————————————————————————————————————


def test_the_tree_is_that_of_rfc_6962():
    tree = Tree()
    assert tree.root() == EMPTY == hashlib.sha256(b"").digest()
    for size, text in enumerate(LEAVES, 1):
        tree.add(hashlib.sha256(b"\0" + bytes.fromhex(text)).digest())
        assert tree.root().hex() == ROOTS[size]


def test_every_entry_of_every_tree_has_its_proof_and_no_other_leaf_has_it():
    leaves = [leaf_of("b", number, "d") for number in range(20)]
    for size in range(1, 20):
        tree = Tree()
        for leaf in leaves[:size]:
            tree.add(leaf)
        for place in range(size):
            path = proof_of(place, size, leaves)
            assert root_by(place, size, leaves[place], path) == tree.root()
            assert root_by(place, size, leaves[19], path) != tree.root()
            assert root_by(place, size, leaves[place], [*path, EMPTY]) is None
    assert root_by(5, 5, leaves[0], []) is None


# — the text —————————————————————————————————————————————————————————————————————————————————


def test_a_checkpoint_is_three_lines_and_a_signature(books, attest):
    made = attest()
    note, text = read(made.text), made.text.split("\n")

    assert text[0] == "chengnuo.example/ledger"
    assert text[1] == str(made.size)
    assert text[3] == ""
    assert text[4].startswith("— chengnuo.example/ledger ")
    assert (note.size, note.root.hex()) == (made.size, made.root)
    assert note.signed_by(keys.announced()) == keys.announced()


def test_it_attests_every_entry_but_the_one_that_says_so(books, attest):
    made = attest()

    assert made.size == Entry.objects.count() - 1
    last = Entry.objects.order_by("pk").last()
    assert (last.act, last.book.code) == ("make_checkpoint", "county")
    assert made.root in last.payload


@pytest.mark.parametrize(
    "text",
    ["", "a\n1\nb\n\n", "o\n1\n" + "A" * 43 + "=\n\n", "o\n01\n" + "A" * 43 + "=\n\n— o AAAA\n",
     "o\n1\n" + "A" * 43 + "=\n\n- o AAAA\n", "o\n1\n" + "A" * 43 + "=\n\n— o 字\n"],
)  # fmt: skip
def test_what_is_no_checkpoint_is_refused(text):
    with pytest.raises(NotANote):
        read(text)


def test_a_key_is_read_as_it_was_written_and_nothing_else_is():
    known = Signer.of("a.example/x", os.urandom(32)).key

    assert key_from(known.text) == known
    for wrong in ("", "x", known.text[:-4], known.text.replace("a.example", "b.example"), "a+字+b"):
        with pytest.raises(NotANote):
            key_from(wrong)


def test_a_signature_in_the_name_of_a_key_that_is_not_its_own_makes_it_nobodys(books, attest):
    made = attest()
    wrong = made.text[:-20] + ("A" if made.text[-20] != "A" else "B") + made.text[-19:]
    stranger = Signer.of("chengnuo.example/ledger", os.urandom(32))

    assert read(wrong).signed_by(keys.announced()) == []
    with pytest.raises(NotOurs):
        opened(signed("chengnuo.example/ledger", made.size, bytes(32), [stranger]), [])


# — making ———————————————————————————————————————————————————————————————————————————————————


def test_the_next_one_covers_only_what_is_new_and_the_root_is_that_of_the_whole(
    books, attest, people, at
):
    first = attest()
    record(books[0], "later", by=people.window, at=at("2018-06-20 13:00"))
    second = attest("2018-06-21")

    assert {s.code for s in Span.objects.filter(start__gte=first.size)} == {books[0].code, "county"}
    assert second.size == first.size + 2
    tree = Tree()
    for code, sequence, digest in log.leaves(0, second.size):
        tree.add(leaf_of(code, sequence, digest))
    assert tree.root().hex() == second.root
    assert attested() == (2, None)


def test_it_is_due_once_a_day_and_never_when_the_clock_goes_back(books, attest, at):
    assert due_today(at("2018-06-20 00:00"))
    attest("2018-06-20")

    assert not due_today(at("2018-06-20 23:59"))
    assert not due_today(at("2018-06-19 23:59"))
    assert due_today(at("2018-06-21 00:00"))


def test_making_one_asks_a_fixed_number_of_questions(books, attest, django_assert_max_num_queries):
    attest()
    with django_assert_max_num_queries(17):
        attest("2018-06-21")


def test_nothing_is_attested_over_a_ledger_that_does_not_hold(books, attest):
    with unlocked():
        sql("DELETE FROM ledger_entry WHERE book_id = %s AND sequence = 1", books[0].pk)
        with pytest.raises(checkpoints.Broken), transaction.atomic():
            attest()
    assert newest() is None


def test_every_entry_has_a_proof_under_every_checkpoint_that_covers_it(books, attest):
    first, second = attest(), attest("2018-06-21")
    for code, sequence in [(books[1].code, 1), (books[2].code, books[2].sequence), ("county", 1)]:
        entry = Entry.objects.get(book__code=code, sequence=sequence)
        for made in (first, second):
            proof = proof_in(made, code, sequence)
            leaf = leaf_of(code, sequence, entry.digest)
            path = [bytes.fromhex(one) for one in proof["path"]]
            assert root_by(proof["place"], made.size, leaf, path).hex() == made.root
    last = Book.objects.get(code="county").sequence
    assert proof_in(first, "county", last) is None


# — the key ——————————————————————————————————————————————————————————————————————————————————


def test_without_a_key_there_is_no_checkpoint(books, attest, key):
    key.unlink()
    with pytest.raises(keys.NoKey), transaction.atomic():
        attest()
    assert not CheckpointKey.objects.exists()


def test_a_key_that_others_can_read_is_refused(books, attest, key):
    key.chmod(0o640)
    with pytest.raises(keys.NoKey, match="0600"), transaction.atomic():
        attest()


@pytest.mark.parametrize("text", ["", "字", "AAAA", "!!"])
def test_a_file_that_holds_no_key_is_refused(books, attest, key, text):
    key.write_text(text)
    with pytest.raises(keys.NoKey), transaction.atomic():
        attest()


def test_another_key_than_the_announced_one_is_refused(books, attest, key, tmp_path):
    attest()
    key_file(tmp_path, "other").replace(key)
    with pytest.raises(keys.NoKey, match="rotate_checkpoint_key"), transaction.atomic():
        attest("2018-06-21")


def test_a_new_key_is_announced_by_a_checkpoint_that_both_have_signed(books, attest, key, at):
    first, old = attest(), key.read_text()
    second = rotate_key(at("2018-06-21 09:00"))
    third = attest("2018-06-22")

    known = keys.announced()
    assert read(first.text).signed_by(known) == known[:1]
    assert read(second.text).signed_by(known) == known
    assert read(third.text).signed_by(known) == known[1:]
    assert key.read_text() != old
    assert key.stat().st_mode & 0o777 == 0o600
    assert Entry.objects.filter(act="announce_checkpoint_key").count() == 2
    assert attested() == (3, None)


def test_a_change_of_keys_that_was_cut_off_is_finished(books, attest, key, at, monkeypatch):
    attest()
    old = key.read_bytes()
    rotate_key(at("2018-06-21 09:00"))
    key.replace(keys.next_file())  # as it stood before the file took its place
    key.write_bytes(old)
    key.chmod(0o600)

    attest("2018-06-22")
    rotate_key(at("2018-06-23 09:00"))

    assert not keys.next_file().exists()
    assert attested() == (4, None)


def test_a_lost_key_is_followed_by_one_that_signs_alone(books, attest, key, at):
    attest()
    key.unlink()
    with pytest.raises(keys.NoKey):
        rotate_key(at("2018-06-21 09:00"))
    made = rotate_key(at("2018-06-21 09:00"), lost=True)

    assert read(made.text).signed_by(keys.announced()) == keys.announced()[1:]


# — with one in hand —————————————————————————————————————————————————————————————————————————


def test_the_command_says_whether_the_ledger_still_holds_what_was_attested(
    books, attest, tmp_path, capsys
):
    kept = tmp_path / "kept.txt"
    kept.write_text(attest().text)
    attest("2018-06-21")
    call_command("verify_ledger", checkpoint=kept)
    call_command("verify_ledger", checkpoint=kept, json=True)
    assert '"holds": true' in capsys.readouterr().out

    book = next(book for book in books if book.sequence > 1)
    with unlocked():
        changed = "UPDATE ledger_entry SET act = 'x' WHERE book_id = %s AND sequence = 2"
        assert sql(changed, book.pk) == 1
        rehash(book, 2)
        with pytest.raises(CommandError) as refused:
            call_command("verify_ledger", checkpoint=kept)
    assert refused.value.returncode == 1
    assert f"{book.code} #1: " in capsys.readouterr().err


def test_a_file_that_says_nothing_about_this_ledger_ends_with_two(books, attest, tmp_path):
    made, kept = attest(), tmp_path / "kept.txt"
    stranger = Signer.of("chengnuo.example/ledger", os.urandom(32))
    for text in ("x", signed(stranger.key.name, made.size, bytes.fromhex(made.root), [stranger])):
        kept.write_text(text)
        with pytest.raises(CommandError) as refused:
            call_command("verify_ledger", checkpoint=kept)
        assert refused.value.returncode == 2
    call_command("verify_ledger", checkpoint=kept, key=[stranger.key.text])
    with pytest.raises(CommandError):
        call_command("verify_ledger", checkpoint=tmp_path / "none")


def test_a_checkpoint_of_another_history_is_refused(books, attest, tmp_path, key):
    """Signed by the very key: two histories were shown to two people."""
    made, kept = attest(), tmp_path / "kept.txt"
    mine = Signer.of("chengnuo.example/ledger", keys.read_seed(key))
    for size, root in ((made.size, bytes(32)), (made.size + 90, bytes(32)), (3, bytes(32))):
        kept.write_text(signed(mine.key.name, size, root, [mine]))
        with pytest.raises(CommandError) as refused:
            call_command("verify_ledger", checkpoint=kept)
        assert refused.value.returncode == 1


ALTERED = {
    "a root": "UPDATE ledger_checkpoint SET root = '00' WHERE number = 1",
    "a text": "UPDATE ledger_checkpoint SET text = 'x' WHERE number = 1",
    "a size": "UPDATE ledger_checkpoint SET size = size - 1 WHERE number = 1",
    "one gone": "DELETE FROM ledger_checkpoint WHERE number = 1",
    "a key": "UPDATE ledger_checkpointkey SET name = 'x'",
    "all keys": "DELETE FROM ledger_checkpointkey",
    "a run's end": "UPDATE ledger_span SET head = '00' WHERE start = 0",
    "a run gone": "DELETE FROM ledger_span WHERE start = 0",
    "all runs gone": "DELETE FROM ledger_span",
    "a run's book": "UPDATE ledger_span SET code = 'x' WHERE start = 0",
}


@pytest.mark.parametrize("statement", ALTERED.values(), ids=ALTERED)
def test_what_the_checkpoints_themselves_say_is_checked(books, attest, statement):
    attest()
    attest("2018-06-21")
    with unlocked():
        assert sql(statement)
        assert attested()[1] is not None
    assert attested() == (2, None)


@pytest.mark.parametrize("table", ["ledger_checkpoint", "ledger_checkpointkey", "ledger_span"])
def test_the_database_keeps_checkpoints_as_it_keeps_entries(books, attest, table):
    attest()
    for statement in (f"UPDATE {table} SET id = id + 1", f"DELETE FROM {table}"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            sql(statement)
    with suppress(DatabaseError), transaction.atomic():
        sql(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
        pytest.fail("a row was replaced")


def test_the_command_makes_one_a_day(books, tmp_path, capsys, driven):
    with driven("2018-06-20 09:00"):
        call_command("make_checkpoint", to=tmp_path / "kept.txt")
        call_command("make_checkpoint", daily=True)
        call_command("rotate_checkpoint_key")
        assert clock.now()
    assert Checkpoint.objects.aggregate(Max("number"))["number__max"] == 2
    assert read((tmp_path / "kept.txt").read_text()).size == Checkpoint.objects.last().size
    assert (
        Key("chengnuo.example/ledger", keys.announced()[-1].public).text in capsys.readouterr().out
    )
