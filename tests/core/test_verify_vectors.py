"""The vectors that other programs are tested with: writer, verifier and an independent library agree on each."""

import base64
import hashlib
import json

from core.ledger.notes import Signer, key_from, read, signed
from core.ledger.rules import canonical
from core.ledger.tree import Tree, leaf_of, proof_of, root_by
from tests.core.test_verifier import ROOT, verifier

TOLD = json.loads((ROOT / "docs" / "verify" / "vectors.json").read_text("utf-8"))
LEAVES = [bytes.fromhex(leaf) for leaf in TOLD["leaves"]]
ROOTS = [bytes.fromhex(root) for root in TOLD["roots"]]
BOUND = ("book", "sequence", "act", "actor", "event_at", "entered_at", "payload", "previous")


def test_the_digest_of_each_entry():
    for entry in TOLD["entries"]:
        text = canonical([entry[name] for name in BOUND])
        assert hashlib.sha256(text.encode()).hexdigest() == entry["digest"]
        assert verifier.digest_of(entry) == entry["digest"]


def test_leaves_and_roots():
    ours, theirs = Tree(), verifier.Tree()
    for entry, leaf, root in zip(TOLD["entries"], LEAVES, ROOTS, strict=True):
        assert leaf_of(entry["book"], entry["sequence"], entry["digest"]) == leaf
        assert verifier.leaf_of(entry) == leaf
        ours.add(leaf)
        theirs.put(leaf)
        assert ours.root() == theirs.root() == root


def test_proofs():
    for proof in TOLD["proofs"]:
        place, size = proof["place"], proof["size"]
        path = [bytes.fromhex(one) for one in proof["path"]]
        assert proof_of(place, size, LEAVES) == path
        for walk in (root_by, lambda p, s, leaf, way: verifier.root_from(leaf, p, s, way)):
            assert walk(place, size, LEAVES[place], path) == ROOTS[size - 1]


def test_keys_and_checkpoints():
    signers = [Signer.of("chengnuo.example/ledger", base64.b64decode(s)) for s in TOLD["seeds"]]
    known = [verifier.key_of(key) for key in TOLD["keys"]]
    assert [one.key for one in signers] == [key_from(key) for key in TOLD["keys"]]
    for text, size, by in zip(TOLD["checkpoints"], (3, 5), (signers[:1], signers), strict=True):
        assert signed("chengnuo.example/ledger", size, ROOTS[size - 1], by) == text
        assert read(text).signed_by([one.key for one in signers]) == [one.key for one in by]
        assert verifier.checkpoint_of(text, known) == (size, ROOTS[size - 1], True)


def test_the_program_reads_them_as_a_ledger(tmp_path):
    path, kept = tmp_path / "ledger", tmp_path / "kept"
    kept.write_text(TOLD["checkpoints"][1], "utf-8")
    head = {"type": "ledger", "form": "chengnuo-ledger/1", "keys": TOLD["keys"]}
    path.write_text("\n".join(map(json.dumps, [head, *TOLD["entries"]])), "utf-8")

    assert verifier.check(verifier.asked([str(path), "--checkpoint", str(kept)]))[0] == 0


def test_papers_that_are_signed_scanned_corrected_and_void(tmp_path):
    told, path = TOLD["papers"], tmp_path / "ledger"
    head = {"type": "ledger", "form": "chengnuo-ledger/1", "keys": []}
    path.write_text("\n".join(map(json.dumps, [head, *told["entries"]])), "utf-8")
    files = []
    for number, file in enumerate(told["files"]):
        (tmp_path / f"{number}.pdf").write_bytes(file["content"].encode())
        files += ["--pdf", str(tmp_path / f"{number}.pdf")]
    found = verifier.check(verifier.asked([str(path), *files]))[1]["pdfs"]
    assert [(one["is"], one.get("paper"), one.get("ended")) for one in found] == [
        (file["is"], file["paper"], file["ended"]) for file in told["files"]
    ]
