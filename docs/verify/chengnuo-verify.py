#!/usr/bin/env python3
"""Check an exported ledger of 承诺通 without that system, without a network, with Python 3.8 or newer and nothing else.

    python3 chengnuo-verify.py LEDGER [--checkpoint FILE]... [--key KEY]... [--pdf FILE]... [--json]

LEDGER is what `manage.py export_ledger` wrote. A checkpoint that you kept yourself (from the public page, from a
receipt) is the strongest question: without one, whoever has the database can write the whole ledger anew. KEY is a
public key that you know from elsewhere, as the public page hands it out; without one the keys in the file are believed.

It ends with 0: all that was asked holds. 1: the ledger does not hold. 2: something could not be read. 3: the ledger
holds, but a PDF is not one that it says was issued. The last two lines say it in one sentence, in Chinese and in
English; before them stands a line for each PDF: which paper it is, where the ledger has it and under which checkpoint.
"""

import argparse
import base64
import hashlib
import json
import re
import sys

HOLDS, BROKEN, UNREADABLE, NOT_FOUND = 0, 1, 2, 3
FORM = "chengnuo-ledger/1"
GENESIS = "0" * 64


class Bad(Exception):
    """The ledger does not hold: where, and why in Chinese and English."""


class Unreadable(Exception):
    """Something is not what it should be a file of."""


# — Ed25519, RFC 8032: to check a signature needs no secret, so it may be slow and plain ———————————————————————————————

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def add(one, other):
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * one[3] * other[3] * D % P
    d = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number, point):
    found = (0, 1, 1, 0)
    while number:
        if number & 1:
            found = add(found, point)
        point = add(point, point)
        number >>= 1
    return found


def same(one, other):
    return (one[0] * other[2] - other[0] * one[2]) % P == 0 and (
        one[1] * other[2] - other[1] * one[2]
    ) % P == 0


def x_of(y, sign):
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P:
        return None
    return P - x if x & 1 != sign else x


def point_of(raw):
    y = int.from_bytes(raw, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    x = x_of(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = (x_of(BASE_Y, 0), BASE_Y, 1, x_of(BASE_Y, 0) * BASE_Y % P)


def signature_holds(public, message, signature):
    """Say whether a signature of 64 bytes is that of the message by the key."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, point = point_of(public), point_of(signature[:32])
    number = int.from_bytes(signature[32:], "little")
    if key is None or point is None or number >= ORDER:
        return False
    drawn = hashlib.sha512(signature[:32] + public + message).digest()
    drawn = int.from_bytes(drawn, "little") % ORDER
    return same(times(number, BASE), add(point, times(drawn, key)))


# — the tree, RFC 6962 —————————————————————————————————————————————————————————————————————————————————————————————————


def leaf_of(entry):
    said = "%s\n%d\n%s" % (entry["book"], entry["sequence"], entry["digest"])
    return hashlib.sha256(b"\0" + said.encode()).digest()


def parent(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


class Tree:
    """Leaves are put at the end; of what is whole only the root is kept."""

    def __init__(self):
        self.size, self.whole = 0, []  # (height, root), the highest first

    def put(self, leaf):
        height = 0
        while self.whole and self.whole[-1][0] == height:
            leaf = parent(self.whole.pop()[1], leaf)
            height += 1
        self.whole.append((height, leaf))
        self.size += 1

    def root(self):
        if not self.whole:
            return hashlib.sha256(b"").digest()
        root = self.whole[-1][1]
        for _height, left in self.whole[-2::-1]:
            root = parent(left, root)
        return root


def root_from(leaf, place, size, path):
    """Walk a proof upwards as RFC 9162 (2.1.3.2) does; None where it does not fit."""
    if not 0 <= place < size:
        return None
    node, last = place, size - 1
    for other in path:
        if last == 0:
            return None
        if node & 1 or node == last:
            leaf = parent(other, leaf)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            leaf = parent(leaf, other)
        node, last = node >> 1, last >> 1
    return leaf if last == 0 else None


# — checkpoints, c2sp.org/tlog-checkpoint and c2sp.org/signed-note —————————————————————————————————————————————————————

CHECKPOINT = re.compile(
    r"([^\n]+)\n(\d{1,18})\n([A-Za-z0-9+/]{43}=)\n\n((?:— [^\s+]+ [A-Za-z0-9+/=]+\n)+)"
)


def key_of(text):
    try:
        name, _id, raw = text.strip().split("+", 2)
        raw = base64.b64decode(raw, validate=True)
    except ValueError:
        raise Unreadable("密钥 key: %s" % text[:80])
    named = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
    if raw[:1] != b"\1" or len(raw) != 33 or named.hex() != _id:
        raise Unreadable("密钥 key: %s" % text[:80])
    return name, named, raw[1:]


def checkpoint_of(text, keys):
    """Return size and root of a checkpoint that one of the keys has signed."""
    found = CHECKPOINT.fullmatch(text.replace("\r\n", "\n"))
    if not found:
        raise Unreadable("不是检查点 not a checkpoint")
    origin, size, root, below = found.groups()
    body = ("%s\n%s\n%s\n" % (origin, size, root)).encode()
    held = False
    for line in below.splitlines():
        _dash, name, raw = line.split(" ")
        raw = base64.b64decode(raw)
        for known, key_id, public in keys:
            if (known, key_id) == (name, raw[:4]):
                if not signature_holds(public, body, raw[4:]):
                    raise Bad("", 0, "检查点的签名不对", "the signature of a checkpoint is wrong")
                held = True
    if not held:
        raise Bad("", 0, "检查点没有已知密钥的签名", "no known key has signed the checkpoint")
    return int(size), base64.b64decode(root)


# — a paper: its digest stands in the ledger, and nothing may stand behind its end ————————————————————————————————————

# The acts by which a file is issued, and what it is then. A digest in any other act is a file that somebody handed in.
ISSUED = {
    "render_paper": ("成文的文书", "a paper as it was issued"),
    "sign_paper": ("带单位电子签名的文书", "a paper with the county's signature"),
    "confirm_scan": ("经第二人核对的盖章扫描件", "a sealed scan that a second person compared"),
}
# The acts after which a paper, by its number, stands no more; its file stays what it is.
ENDED = {
    "void_paper": ("；文号后来作废", "; its number was made void later"),
    "correct_paper": ("；后来由新的版本更正", "; a newer version corrects it"),
}
END, MOST_ENDS = b"%%EOF", 16


class File:
    """A PDF: its digest, and those of its beginnings that end like a PDF: a paper may be hidden in a longer file."""

    def __init__(self, path):
        content = bytes_of(path)
        self.path, self.size = path, len(content)
        self.digest = hashlib.sha256(content).hexdigest()
        self.beginnings, at = {}, content.find(END)
        while at >= 0 and len(self.beginnings) < MOST_ENDS:
            for line in (b"", b"\n", b"\r", b"\r\n"):
                end = at + len(END) + len(line)
                if content.startswith(line, at + len(END)) and end < len(content):
                    self.beginnings[hashlib.sha256(content[:end]).hexdigest()] = end
            at = content.find(END, at + 1)

    def judged(self, ledger):
        """Return what the ledger says of the file: found in it or not, for the answer and in two sentences."""
        said = {"file": self.path, "sha256": self.digest, "is": "unknown"}
        issued = ledger.issued.get(self.digest)
        if issued is not None:
            ended = ledger.ended.get(issued["paper"])
            under, after = covered(issued["checkpoint"]), ENDED.get(ended, ("", ""))
            said.update(issued, **{"is": issued["act"], "ended": ended})
            chinese, english = ISSUED[issued["act"]]
            place = (issued["paper"], issued["book"], issued["sequence"])
            return said, (
                "%s是%s：%s，台账 %s 第%d条，%s%s"
                % (self.path, chinese, *place, under[0], after[0]),
                "%s is %s: %s, ledger %s #%d, %s%s"
                % (self.path, english, *place, under[1], after[1]),
            )
        begun = [
            (end, ledger.issued[one])
            for one, end in self.beginnings.items()
            if one in ledger.issued
        ]
        if begun:
            end, issued = max(begun, key=lambda one: one[0])
            said.update(paper=issued["paper"], added=self.size - end, **{"is": "added"})
            return said, (
                "%s的前%d字节是文书%s，后面另加了%d字节，不是制发的那一份"
                % (self.path, end, issued["paper"], self.size - end),
                "%s begins with paper %s (%d bytes), but %d bytes were added behind it"
                % (self.path, issued["paper"], end, self.size - end),
            )
        if self.digest in ledger.handed_in:
            said["is"] = "handed in"
            return said, (
                "%s在台账里，但只是别人交来的文件，不是制发的文书" % self.path,
                "%s is in the ledger only as a file that somebody handed in, not as a paper"
                % self.path,
            )
        return said, (
            "%s不是台账所记的文书" % self.path,
            "%s is no paper of this ledger" % self.path,
        )


def covered(under):
    if under is None:
        return "还没有检查点见证", "under no checkpoint yet"
    return "由共%d条的检查点见证" % under, "attested by the checkpoint of %d entries" % under


# — the ledger ————————————————————————————————————————————————————————————————————————————————————————————————————————


def digest_of(entry):
    """The digest of an entry: SHA-256 of a JSON list without blanks, in UTF-8, nothing escaped that need not be."""
    names = ("book", "sequence", "act", "actor", "event_at", "entered_at", "payload", "previous")
    said = json.dumps([entry[name] for name in names], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()


class Ledger:
    """Reads the lines once; what it keeps grows with the books, not with the entries."""

    def __init__(self, given, trusted, wanted):
        self.given, self.trusted, self.wanted = given, trusted, wanted
        self.keys, self.ends, self.tree = [], {}, Tree()
        self.entries = self.checkpoints = 0
        self.waiting, self.proven, self.one_book = {}, None, None
        self.issued, self.handed_in, self.ended = {}, set(), {}

    def head(self, line):
        if line.get("type") != "ledger" or line.get("form") != FORM:
            raise Unreadable("不是导出的台账 not an exported ledger")
        self.keys = self.trusted or [key_of(key) for key in line["keys"]]
        self.one_book = line.get("book")
        for text in self.given:
            size, root = checkpoint_of(text, self.keys)
            self.waiting.setdefault(size, []).append(root)
        self.look()

    def entry(self, line):
        book, sequence = line["book"], line["sequence"]
        last, previous = self.ends.get(book, (0, GENESIS))
        if type(sequence) is not int or sequence != last + 1:
            raise Bad(book, last + 1, "缺少条目或者次序不对", "an entry is missing or out of order")
        if line["previous"] != previous:
            raise Bad(book, sequence, "与前一条不相连", "it does not follow the entry before")
        if digest_of(line) != line["digest"]:
            raise Bad(book, sequence, "内容与摘要不符", "its content is not what its digest is of")
        self.ends[book] = (sequence, line["digest"])
        self.entries += 1
        self.tree.put(leaf_of(line))
        if line["act"] in ENDED and self.wanted:
            self.ended[json.loads(line["payload"]).get("paper")] = line["act"]
        for digest in self.wanted:
            if digest in line["payload"]:
                self.mention(line, digest)
        self.look()

    def mention(self, line, digest):
        """Note an entry that names the digest of a file that is asked for."""
        said = json.loads(line["payload"])
        if not isinstance(said, dict) or said.get("sha256") != digest:
            return
        if line["act"] not in ISSUED:
            self.handed_in.add(digest)
        elif digest not in self.issued:
            self.issued[digest] = {
                "act": line["act"], "paper": said.get("paper", ""), "book": line["book"],
                "sequence": line["sequence"], "place": self.tree.size - 1, "checkpoint": None,
            }  # fmt: skip

    def attest(self, size, sequence=None):
        """Note that a checkpoint of so many entries holds; of one book it covers the entries up to a sequence."""
        for one in self.issued.values():
            inside = one["place"] < size if sequence is None else one["sequence"] <= sequence
            if inside and one["checkpoint"] is None:
                one["checkpoint"] = size

    def look(self):
        """Compare the checkpoints that were given, where their size is reached."""
        for root in self.waiting.pop(self.tree.size, []) if self.one_book is None else []:
            self.hold(self.tree.root(), root)
            self.attest(self.tree.size)

    def hold(self, root, wanted):
        if root != wanted:
            raise Bad(
                "",
                0,
                "与检查点不符：以前的条目被改写过",
                "older entries are not those of the checkpoint",
            )
        self.checkpoints += 1

    def proof(self, line):
        sequence, digest = self.ends.get(line["book"], (0, ""))
        if line["sequence"] != sequence:
            raise Bad(
                line["book"],
                sequence + 1,
                "缺少条目或者次序不对",
                "an entry is missing or out of order",
            )
        leaf = leaf_of({"book": line["book"], "sequence": sequence, "digest": digest})
        path = [bytes.fromhex(one) for one in line["path"]]
        self.proven_to = sequence
        self.proven = line["size"], root_from(leaf, line["place"], line["size"], path)

    def checkpoint(self, line):
        size, root = checkpoint_of(line["text"], self.keys)
        if self.one_book is not None:
            if self.proven is None or self.proven[0] != size:
                raise Bad("", 0, "没有这个检查点的证明", "there is no proof for the checkpoint")
            self.hold(self.proven[1], root)
            self.attest(size, self.proven_to)
            for given in self.waiting.pop(size, []):
                self.hold(self.proven[1], given)
        elif size != self.tree.size:
            raise Bad("", 0, "检查点不在它的位置", "a checkpoint is not in its place")
        else:
            self.hold(self.tree.root(), root)
            self.attest(size)

    def read(self, lines):
        steps = {"entry": self.entry, "proof": self.proof, "checkpoint": self.checkpoint}
        first = True
        for raw in lines:
            try:
                line = json.loads(raw)
                (self.head if first else steps[line["type"]])(line)
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise Unreadable("%s" % error)
            first = False
        if first:
            raise Unreadable("空文件 an empty file")
        if self.waiting:
            raise Bad(
                "",
                0,
                "台账比检查点短",
                "the ledger is shorter than the checkpoint, or has no proof for it",
            )


# — what is asked, and what is said ———————————————————————————————————————————————————————————————————————————————————


def asked(arguments):
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("ledger")
    parser.add_argument("--checkpoint", action="append", default=[], metavar="FILE")
    parser.add_argument("--key", action="append", default=[], metavar="KEY")
    parser.add_argument("--pdf", action="append", default=[], metavar="FILE")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args(arguments)


def bytes_of(path):
    with open(path, "rb") as file:
        return file.read()


def check(said):
    """Return exit code, what was found, and the sentences in Chinese and English."""
    found = {"entries": 0, "books": 0, "checkpoints": 0, "place": None, "missing": [], "pdfs": []}
    try:
        pdfs = [File(path) for path in said.pdf]
        wanted = {digest for one in pdfs for digest in (one.digest, *one.beginnings)}
        given = [bytes_of(path).decode() for path in said.checkpoint]
        ledger = Ledger(given, [key_of(key) for key in said.key], wanted)
        with open(said.ledger, "rb") as lines:
            ledger.read(lines)
    except Bad as bad:
        book, sequence, chinese, english = bad.args
        found["place"] = [book, sequence] if book else None
        where = "%s #%d：" % (book, sequence) if book else ""
        return (
            BROKEN,
            found,
            "台账不成立。%s%s。" % (where, chinese),
            "The ledger does not hold. %s%s." % (where, english),
        )
    except (Unreadable, OSError, UnicodeDecodeError) as error:
        return UNREADABLE, found, "读不出来：%s。" % error, "It cannot be read: %s." % error
    found.update(entries=ledger.entries, books=len(ledger.ends), checkpoints=ledger.checkpoints)
    judged = [one.judged(ledger) for one in pdfs]
    found["pdfs"] = [said for said, _sentences in judged]
    found["lines"] = [line for _said, sentences in judged for line in sentences]
    wrong = [(said["file"], sentences) for said, sentences in judged if said["is"] not in ISSUED]
    found["missing"] = sorted(path for path, _sentences in wrong)
    if wrong:
        return (
            NOT_FOUND,
            found,
            "台账成立，但文件不对：%s。" % "；".join(sentences[0] for _path, sentences in wrong),
            "The ledger holds, but: %s." % "; ".join(sentences[1] for _path, sentences in wrong),
        )
    counts = (ledger.entries, len(ledger.ends), ledger.checkpoints)
    return (
        HOLDS,
        found,
        "台账成立：%d条，%d本账簿，与%d个检查点相符。" % counts,
        "The ledger holds: %d entries in %d books, as %d checkpoints attest." % counts,
    )


def main(arguments=None):
    said = asked(arguments)
    code, found, chinese, english = check(said)
    lines = found.pop("lines", [])
    if said.json:
        print(json.dumps({"code": code, **found}, ensure_ascii=False))
    print(*lines, chinese, english, sep="\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
