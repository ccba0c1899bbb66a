"""chengnuo-verify: a program of its own, that agrees with the writer and shares nothing with it."""

import ast
import hashlib
import importlib.util
import json
import os
import subprocess
import sys
from random import Random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command
from django.db import transaction

from core.ledger import keys
from core.ledger.attest import attested
from core.ledger.checkpoints import make_checkpoint, rotate_key
from core.ledger.notes import Signer, signed
from core.ledger.queries import verify_all
from core.ledger.services import record
from tests.chance import drawn
from tests.core.ledgers import fill, key_file, lines, other
from tests.house.source import PACKAGES, ROOT

pytestmark = pytest.mark.django_db
PROGRAM = ROOT / "docs" / "verify" / "chengnuo-verify.py"
VECTORS = json.loads((ROOT / "docs" / "verify" / "vectors.json").read_text("utf-8"))
HOLDS, BROKEN, UNREADABLE, NOT_FOUND = range(4)


def _loaded():
    spec = importlib.util.spec_from_file_location("chengnuo_verify", PROGRAM)
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


verifier = _loaded()


@pytest.fixture(autouse=True)
def key(settings, tmp_path):
    settings.CHECKPOINT_KEY = key_file(tmp_path)
    settings.LEDGER_NAME = "chengnuo.example/ledger"


@pytest.fixture
def exported(tmp_path):
    """Write the ledger, or a book of it, into a file."""

    def write(name="ledger.jsonl", **more):
        path = tmp_path / name
        path.unlink(missing_ok=True)
        call_command("export_ledger", path, **more)
        return path

    return write


def asked(*arguments):
    """Exit code and sentences of the program, in this process."""
    code, _found, chinese, english = verifier.check(verifier.asked([str(one) for one in arguments]))
    assert chinese.endswith("。")
    assert english.endswith(".")
    return code, chinese


def test_it_imports_nothing_but_the_standard_library():
    names = set()
    for node in ast.walk(ast.parse(PROGRAM.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module.split(".")[0])

    assert names <= sys.stdlib_module_names
    assert not names & {*PACKAGES, "tests", "socket", "urllib", "http", "subprocess"}


def test_it_runs_alone_and_says_it_in_two_languages(exported, at, people, tmp_path):
    fill(Random(1), people, at)
    kept = tmp_path / "kept.txt"
    kept.write_text(make_checkpoint(at("2018-06-20 12:00")).text)
    path = exported()

    def run(*more):
        done = subprocess.run(
            [sys.executable, "-I", "-S", PROGRAM, path, "--checkpoint", kept, *more],
            capture_output=True, text=True, check=False, cwd=tmp_path, env={}, encoding="utf-8",
        )  # fmt: skip
        return done.returncode, done.stdout.splitlines()

    code, said = run("--json")
    assert (code, json.loads(said[0])["checkpoints"]) == (HOLDS, 2)
    assert said[1].startswith("台账成立")
    assert said[2].startswith("The ledger holds")

    text = path.read_text("utf-8")
    path.write_text(text.replace("act_1", "act_2", 1), "utf-8")
    code, said = run()
    assert code == BROKEN
    assert "#" in said[0]


def test_signatures_are_judged_as_the_library_judges_them():
    chance = Random(drawn("signatures"))
    for _each in range(12):
        private = Ed25519PrivateKey.generate()
        public, message = private.public_key().public_bytes_raw(), os.urandom(chance.randrange(80))
        signature = private.sign(message)
        assert verifier.signature_holds(public, message, signature)
        place = chance.randrange(64)
        wrong = bytearray(signature)
        wrong[place] ^= 1 << chance.randrange(8)
        assert not verifier.signature_holds(public, message, bytes(wrong))
        assert not verifier.signature_holds(public, message + b"x", signature)
    low = (
        int.from_bytes(signature[32:], "little") + verifier.ORDER
    )  # the same number, written twice
    assert not verifier.signature_holds(
        public, message, signature[:32] + low.to_bytes(32, "little")
    )
    assert not verifier.signature_holds(public, message, signature[:63])


def agree(times, name, people, at, exported, tmp_path):
    """Write so many ledgers by chance and let both judge them, whole and with one character changed."""
    seed = drawn(name)
    print("seed", seed)
    chance = Random(seed)
    for number in range(times):
        with transaction.atomic():
            fill(chance, people, at, books=3, entries=chance.randrange(4, 14))
            kept = tmp_path / "kept.txt"
            kept.write_text(make_checkpoint(at("2018-06-20 12:00")).text)
            if number % 10 == 0:
                fill(chance, people, at, books=1, entries=3, prefix="later")
                rotate_key(at("2018-06-21 12:00"))
            assert (verify_all()[2], attested()[1]) == ([], None)
            path = exported()
            assert asked(path, "--checkpoint", kept)[0] == HOLDS
            said = lines(path)
            entry = chance.choice([one for one in said if one["type"] == "entry"])
            field = chance.choice(("payload", "act", "digest", "previous", "actor", "event_at"))
            entry[field] = other(entry[field], chance)
            path.write_text("\n".join(map(json.dumps, said)))
            code, sentence = asked(path)
            assert code == BROKEN, entry
            assert f"{entry['book']} #{entry['sequence']}" in sentence
            transaction.set_rollback(True)


def test_writer_and_verifier_agree(people, at, exported, tmp_path):
    agree(60, "agreement", people, at, exported, tmp_path)


@pytest.mark.hunt
def test_writer_and_verifier_agree_on_a_thousand_ledgers(people, at, exported, tmp_path):
    agree(1_000, "agreement", people, at, exported, tmp_path)


@pytest.fixture
def told(people, at, exported):
    """An exported ledger as its lines, and a way to ask of changed ones."""
    fill(Random(2), people, at)
    make_checkpoint(at("2018-06-20 12:00"))
    path = exported()

    def ask(change=lambda said: said, *more):
        path.write_text("\n".join(map(json.dumps, change(lines(exported())))))
        return asked(path, *more)

    return ask


CHANGES = {
    "last attested entry gone": lambda said: said[:-3] + said[-2:],
    "an entry gone": lambda said: said[:2] + said[3:],
    "two swapped": lambda said: [*said[:2], said[3], said[2], *said[4:]],
    "the checkpoint earlier": lambda said: [*said[:-3], said[-2], said[-3], said[-1]],
    "sequence as true": lambda said: [said[0], said[1] | {"sequence": True}, *said[2:]],
}


def test_a_ledger_as_it_was_written_holds(told):
    assert told()[0] == HOLDS


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_changed_ledger_does_not_hold(told, tmp_path, change):
    kept = tmp_path / "kept.txt"
    kept.write_text(keys_text())
    assert told(change, "--checkpoint", kept)[0] == BROKEN


def keys_text():
    from core.ledger.checkpoints import newest

    return newest().text


def test_a_checkpoint_beyond_the_ledger_or_by_a_stranger_is_not_met(told, tmp_path, settings):
    kept, mine = tmp_path / "kept.txt", Signer.of("chengnuo.example/ledger", os.urandom(32))
    real = Signer.of("chengnuo.example/ledger", keys.read_seed(settings.CHECKPOINT_KEY))
    for signer, size in ((mine, 3), (real, 3), (real, 900)):
        kept.write_text(signed(signer.key.name, size, bytes(32), [signer]))
        assert told(lambda said: said, "--checkpoint", kept)[0] == BROKEN
    assert told(lambda said: said, "--key", mine.key.text)[0] == BROKEN
    assert told(lambda said: said, "--key", real.key.text)[0] == HOLDS


@pytest.mark.parametrize("text", ["", "x", "{}", "[]", '{"type":"ledger","form":"other/9"}'])
def test_what_is_no_ledger_is_not_read(tmp_path, text):
    path = tmp_path / "file"
    path.write_text(text)

    assert asked(path)[0] == UNREADABLE
    assert asked(tmp_path / "none")[0] == UNREADABLE


def test_a_paper_is_in_the_ledger_by_its_digest(told, people, at, exported, tmp_path):
    paper, stranger = tmp_path / "a.pdf", tmp_path / "b.pdf"
    paper.write_bytes(b"%PDF ours")
    stranger.write_bytes(b"%PDF ours ")
    digest = hashlib.sha256(paper.read_bytes()).hexdigest()
    book = fill(Random(3), people, at, prefix="p")[0]
    record(book, "render_paper", by=people.window, at=at("2018-06-20 13:00"), sha256=digest)

    assert told(lambda said: said, "--pdf", paper)[0] == NOT_FOUND  # nothing attests it yet
    make_checkpoint(at("2018-06-20 14:00"))
    assert told(lambda said: said, "--pdf", paper)[0] == HOLDS
    code, sentence = told(lambda said: said, "--pdf", paper, "--pdf", stranger)
    assert code == NOT_FOUND
    assert "b.pdf" in sentence
    assert "a.pdf" not in sentence


def test_one_book_proves_itself_under_a_checkpoint(people, at, exported, tmp_path):
    book = fill(Random(4), people, at)[0]
    kept = tmp_path / "kept.txt"
    kept.write_text(make_checkpoint(at("2018-06-20 12:00")).text)
    record(book, "later", by=people.window, at=at("2018-06-20 13:00"))
    path = exported(book=book.code)
    said = lines(path)

    assert {line["book"] for line in said if line["type"] == "entry"} == {book.code}
    assert asked(path, "--checkpoint", kept)[0] == HOLDS
    proof = next(line for line in said if line["type"] == "proof")
    for change in ({"path": proof["path"][1:]}, {"place": proof["place"] ^ 1}, {"size": 1}):
        changed = [line | change if line is proof else line for line in said]
        path.write_text("\n".join(map(json.dumps, changed)))
        assert asked(path)[0] == BROKEN
    path.write_text("\n".join(json.dumps(line) for line in said if line is not proof))
    assert asked(path)[0] == BROKEN
    with pytest.raises(CommandError):
        exported(book="none")


def test_an_export_never_writes_over_a_file(tmp_path):
    path = tmp_path / "there"
    path.write_text("kept")
    with pytest.raises(CommandError):
        call_command("export_ledger", path)
    assert path.read_text() == "kept"
