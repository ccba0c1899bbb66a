"""What somebody without the county's key can make of a pack of evidence; none of it may hold."""

import json

from core.ledger.models import GENESIS
from core.ledger.notes import Signer, signed
from core.ledger.tree import Tree, proof_of
from tests.desk.packs import verifier
from tests.walk import pdf

STRANGER = Signer.of("chengnuo.example/ledger", b"s" * 32)


def case(members):
    return next(name for name in members if name.startswith("ledger/filing"))


def lines_of(members, name):
    return [json.loads(line) for line in members[name].split(b"\n")[:-1]]


def with_lines(members, name, lines):
    whole = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    return {**members, name: whole.encode()}


def with_manifest(members, **change):
    said = json.loads(members["manifest.json"])
    return {**members, "manifest.json": json.dumps({**said, **change}).encode()}


def with_end(members, book, last):
    books = json.loads(members["manifest.json"])["books"]
    return with_manifest(members, books={**books, book: last})


def chained(entries, last=0, previous=GENESIS):
    """Give invented entries their places and digests."""
    for entry in entries:
        last += 1
        entry.update(sequence=last, previous=previous)
        previous = entry["digest"] = verifier.digest_of(entry)
    return entries


def invented(members, act="give_opinion", **payload):
    """An entry that nobody wrote, in the case's book."""
    line = next(line for line in lines_of(members, case(members)) if line["type"] == "entry")
    said = json.dumps(payload, ensure_ascii=False)
    return {**line, "act": act, "payload": said, "event_at": "2018-10-12T09:00:00+08:00"}


def _a_book_of_ones_own(members):
    """The whole book written anew, one word changed, without proof or checkpoint."""
    head, *lines = lines_of(members, case(members))
    entries = [line for line in lines if line["type"] == "entry"]
    entries[3]["event_at"] = "2018-09-18T09:00:00+08:00"
    return with_lines(members, case(members), [head, *chained(entries)])


def behind(members, *entries):
    """Entries behind the last that is proven, and the list says so."""
    lines = lines_of(members, case(members))
    last = [line for line in lines if line["type"] == "entry"][-1]
    more = chained(list(entries), last["sequence"], last["digest"])
    members = with_end(members, last["book"], more[-1]["sequence"])
    return with_lines(members, case(members), [*lines, *more])


def _more_behind_the_proof(members):
    return behind(members, invented(members))


def _more_under_a_key_of_ones_own(members):
    """Behind the county's checkpoint an entry, its proof in a tree of one, and a checkpoint by a stranger."""
    members = _more_behind_the_proof(members)
    lines = lines_of(members, case(members))
    leaf = verifier.leaf_of(lines[-1])
    text = signed(STRANGER.key.name, 1, leaf, [STRANGER])
    proof = {
        "type": "proof",
        "book": lines[-1]["book"],
        "sequence": lines[-1]["sequence"],
        "place": 0,
    }
    lines += [{**proof, "size": 1, "path": []}, {"type": "checkpoint", "number": 9, "text": text}]
    return with_lines(members, case(members), lines)


def _withheld_under_a_key_of_ones_own(members):
    """A checkpoint by a stranger in the midst of a book."""
    head, first, *lines = lines_of(members, case(members))
    text = signed(STRANGER.key.name, 1, verifier.leaf_of(first), [STRANGER])
    proof = {
        "type": "proof",
        "book": first["book"],
        "sequence": 1,
        "place": 0,
        "size": 1,
        "path": [],
    }
    made = {"type": "checkpoint", "number": 9, "text": text}
    return with_lines(members, case(members), [head, first, proof, made, *lines])


def _a_book_less(members):
    """A session's book left out, and taken off the list's ends only in the files."""
    name = next(name for name in members if name.startswith("ledger/session"))
    said = json.loads(members["manifest.json"])
    said["members"] = [member for member in said["members"] if member["name"] != name]
    less = {name_: content for name_, content in members.items() if name_ != name}
    return {**less, "manifest.json": json.dumps(said).encode()}


def _an_excerpt_of_the_case(members):
    head, *lines = lines_of(members, case(members))
    return with_lines(members, case(members), [{**head, "excerpt": True}, *lines[-3:]])


BOOKS = {
    "a book of one's own": _a_book_of_ones_own,
    "entries behind the proven one": _more_behind_the_proof,
    "entries under a key of one's own": _more_under_a_key_of_ones_own,
    "a stranger's checkpoint in the midst": _withheld_under_a_key_of_ones_own,
    "a session's book left out": _a_book_less,
    "an excerpt in the place of the case's book": _an_excerpt_of_the_case,
}  # fmt: skip


def first_paper(members):
    return next(name for name in members if name.startswith("papers/"))


def _handed_in(members):
    """Under a paper's name a file that stands in the ledger only as one that somebody handed in."""
    return {**members, first_paper(members): pdf().read()}


def _another_number(members):
    said = json.loads(members["manifest.json"])
    member = next(one for one in said["members"] if one["name"] == first_paper(members))
    member["number"] = "左承准〔2018〕1号"
    return {**members, "manifest.json": json.dumps(said).encode()}


def _another_paper(members):
    """One paper in the place of another."""
    one, other = [name for name in members if name.startswith("papers/")][:2]
    return {**members, one: members[other]}


PAPERS = {
    "a file that was handed in": _handed_in,
    "under another number": _another_number,
    "in the place of another": _another_paper,
}  # fmt: skip


HIDDEN = ("type", "book", "sequence", "previous", "digest")


def attested(members, change):
    """What the county itself would have given out, had its ledger said otherwise: every book chained and proven anew.

    `change` is given the name of a file and its entries; an entry that it marks with `hide` is withheld.
    """
    books, leaves = {}, []
    for name in sorted(n for n in members if n.startswith("ledger/") and n.endswith(".jsonl")):
        head, *lines = lines_of(members, name)
        entries = [line for line in lines if line["type"] == "entry"]
        if not head.get("excerpt"):
            entries = chained(change(name, entries))
            members = with_end(members, head["book"], len(entries))
        books[name] = ({**head, "keys": [STRANGER.key.text]}, entries, len(leaves))
        leaves += [verifier.leaf_of(entry) for entry in entries]
    tree = Tree()
    for leaf in leaves:
        tree.add(leaf)
    text = signed(STRANGER.key.name, len(leaves), tree.root(), [STRANGER])
    for name, (head, entries, start) in books.items():
        given = [
            head,
            *_given(head, entries, start, leaves),
            {"type": "checkpoint", "number": 1, "text": text},
        ]
        members = with_lines(members, name, given)
    return members


def _given(head, entries, start, leaves):
    for place, entry in enumerate(entries, start):
        hide = entry.pop("hide", False)
        yield {**{key: entry[key] for key in HIDDEN}, "withheld": True} if hide else entry
        if hide or head.get("excerpt") or entry is entries[-1]:
            path = [one.hex() for one in proof_of(place, len(leaves), leaves)]
            at = {"book": entry["book"], "sequence": entry["sequence"], "place": place}
            yield {"type": "proof", **at, "size": len(leaves), "path": path}


def _hiding(act):
    def change(_name, entries):
        return [{**entry, "hide": True} if entry["act"] == act else entry for entry in entries]

    return change


def _with(act, department="QXJ", moment="2018-10-08T10:00:00+08:00", **payload):
    """Something more in the case's book, at its end."""

    def change(name, entries):
        if not name.startswith("ledger/filing"):
            return entries
        said = json.dumps({"department": department, "item": "C03", **payload})
        more = {**entries[0], "act": act, "payload": said, "event_at": moment, "entered_at": moment}
        return [*entries, more]

    return change


def _elsewhere(name, entries):
    """The department that stayed away came to another session on that day."""
    other = name.startswith("ledger/session") and any(
        entry["act"] == "check_in" and '"XFD"' in entry["payload"] for entry in entries
    )
    moved = {"event_at": "2018-09-28T09:01:00+08:00"}
    return [{**e, **moved} if other and e["act"] == "check_in" else e for e in entries]


# What the county's own ledger might say, by the ending of the program; of a pack of the whole case for an office.
TOLD = {
    "nothing else": (lambda _name, entries: entries, 0),
    "the department was at another session that day": (_elsewhere, 0),
    "an opinion withheld": (_hiding("give_opinion"), 1),
    "it spoke by letter": (_with("enter_opinion", position="agree"), 1),
    "it said by letter that it is not theirs": (_with("enter_opinion", position="not_ours"), 0),
    "it was withdrawn": (_with("approve_withdrawal", moment="2018-10-12T10:00:00+08:00", kind="meeting"), 1),
    "another's was withdrawn": (_with("approve_withdrawal", department="ZJJ", kind="meeting"), 0),
    "one more default": (_with("deemed_timeout", department="ZJJ", kind="meeting", proof="0" * 64), 1),
    "a confirmation too late to count": (_with("confirm_default"), 0),
}  # fmt: skip


def _default_left_out(members):
    said = json.loads(members["manifest.json"])
    said["members"] = [one for one in said["members"] if one["name"] != "defaults/002.json"]
    less = {name: content for name, content in members.items() if name != "defaults/002.json"}
    return {**less, "manifest.json": json.dumps(said).encode()}


def _of_another_case(members):
    filing = json.loads(members["manifest.json"])["filing"]
    return with_manifest(members, filing={**filing, "number": "左承申〔2018〕99号"})


def _said_to_be_withdrawn(members):
    said = json.loads(members["defaults/001.json"])
    said["withdrawn_at"] = "2018-10-12T10:00:00+08:00"
    return {**members, "defaults/001.json": json.dumps(said).encode()}


# Of a pack of the whole case.
WHOLE = {
    "a default left out": _default_left_out,
    "the number of another case": _of_another_case,
    "said to be withdrawn": _said_to_be_withdrawn,
}  # fmt: skip


def unproven(members):
    """A book of one's own in a pack that says that no checkpoint could be made."""
    members = _a_book_of_ones_own(members)
    for name in [n for n in members if n.startswith("ledger/") and n.endswith(".jsonl")]:
        kept = [one for one in lines_of(members, name) if one["type"] in ("ledger", "entry")]
        members = with_lines(members, name, kept)
    return with_manifest(members, checkpoint=None)
