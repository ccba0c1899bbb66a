#!/usr/bin/env python3
"""Check a ledger or a pack of evidence of 承诺通 without that system or a network, with Python 3.8 or newer alone.

    python3 chengnuo-verify.py LEDGER [--checkpoint FILE]... [--root SIZE:ROOT]... [--key KEY]...
                               [--pdf FILE]... [--json]
    python3 chengnuo-verify.py PACK.zip [--checkpoint FILE]... [--key KEY]... [--json]

LEDGER is what `manage.py export_ledger` wrote, PACK.zip a pack of evidence (证据包): its files and its extract of the
ledger are checked, and each default in it is reckoned anew from its calendar. A checkpoint that you kept yourself (from
the public page; or its size and root, as every paper prints them) is the strongest question: without one, whoever has
the database can write the whole ledger anew. What stands behind the last checkpoint that holds is attested by nobody
yet, and a paper there is not confirmed. An export of one book says nothing of entries that may follow its last. KEY is
a public key that you know from elsewhere, as the public page hands it out; without one the keys in the file are
believed. A checkpoint by another key is compared too, and attests nothing.

It ends with 0: all that was asked holds. 1: something does not hold. 2: something could not be read. 3: the ledger
holds, but a PDF is not one that it says was issued. 4: nothing contradicts the pack, but something in it could not be
established. The last two lines say it in one sentence, in Chinese and in English; before them stands a line for each
PDF (which paper it is, where the ledger has it and under which checkpoint), and of a pack each finding.
"""

import argparse
import base64
import hashlib
import json
import re
import struct
import sys
import zipfile
import zlib
from datetime import date, datetime, timedelta, timezone

HOLDS, BROKEN, UNREADABLE, NOT_FOUND, NOT_SHOWN = 0, 1, 2, 3, 4
FORM = "chengnuo-ledger/1"
PACK = "chengnuo-evidence/1"
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


def extends(old, old_root, new, new_root, path):
    """Say whether a tree is the beginning of another, by a proof as in RFC 9162 (2.1.4.2)."""
    if old == new:
        return not path and old_root == new_root
    if not 0 < old < new or not path:
        return False
    path = [old_root, *path] if old & (old - 1) == 0 else list(path)
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    return walked(node, last, path) == (old_root, new_root)


def walked(node, last, path):
    """The two roots that a proof leads to; None where it is too long or too short."""
    first = second = path[0]
    for other in path[1:]:
        if last == 0:
            return None
        if node & 1 or node == last:
            first, second = parent(other, first), parent(other, second)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            second = parent(second, other)
        node, last = node >> 1, last >> 1
    return (first, second) if last == 0 else None


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
    """Return size and root of a checkpoint, and whether one of the keys has signed it."""
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
    return int(size), base64.b64decode(root), held


def root_of(text):
    """Return size and root as a receipt prints them: SIZE:ROOT, the root in hexadecimal."""
    size, _colon, root = text.strip().partition(":")
    if not (size.isdecimal() and len(root) == 64):
        raise Unreadable("SIZE:ROOT %s" % text[:80])
    try:
        return int(size), bytes.fromhex(root)
    except ValueError:
        raise Unreadable("SIZE:ROOT %s" % text[:80])


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


def is_instant(said):
    """Whether a text is an instant as an entry writes it: a day of the calendar, a time of that day, its offset."""
    try:
        found = datetime.fromisoformat(said)
    except (TypeError, ValueError):
        return False
    return found.tzinfo is not None and found.isoformat() == said


class Ledger:
    """Reads the lines once; what it keeps grows with the books, not with the entries."""

    def __init__(self, given, trusted, wanted, roots=()):
        self.given, self.trusted, self.wanted, self.roots = given, trusted, wanted, roots
        self.keys, self.ends, self.tree = [], {}, Tree()
        self.entries = self.checkpoints = 0
        self.waiting, self.proven, self.one_book = {}, [], None
        self.found, self.heard = set(), None
        self.excerpt = self.ties = self.lenient = False
        self.withheld = 0
        self.loose = 0  # withheld entries that nothing proves, where no checkpoint could be made
        self.unread = None  # a withheld entry that neither the next one nor a proof binds so far
        self.last, self.tie = None, None
        self.under = None  # the checkpoint by a known key behind the last entry of a book
        self.issued, self.handed_in, self.proven_to = {}, set(), 0
        self.covered = self.strange = (
            0  # entries under a checkpoint that holds; those of unknown keys
        )
        self.ended = {}

    def head(self, line):
        if line.get("type") != "ledger" or line.get("form") != FORM:
            raise Unreadable("不是导出的台账 not an exported ledger")
        self.keys = self.trusted or [key_of(key) for key in line["keys"]]
        self.one_book, self.excerpt = line.get("book"), bool(line.get("excerpt"))
        self.ties = line.get("proves") == "consistency"
        for text in self.given:
            size, root, held = checkpoint_of(text, self.keys)
            if not held:
                raise Bad(
                    "", 0, "检查点没有已知密钥的签名", "no known key has signed the checkpoint"
                )
            self.waiting.setdefault(size, []).append(root)
        for size, root in self.roots:
            self.waiting.setdefault(size, []).append(root)
        self.look()

    def entry(self, line):
        book, sequence = line["book"], line["sequence"]
        if self.ties or (self.one_book is not None and book != self.one_book):
            raise Unreadable("不该有这一条 an entry that does not belong here")
        hidden = line.get("withheld") is True and self.one_book is not None and not self.excerpt
        self.follows(line, book, sequence)
        if self.unread and (hidden or self.excerpt):
            self.unproven()
        if not hidden and digest_of(line) != line["digest"]:
            raise Bad(book, sequence, "内容与摘要不符", "its content is not what its digest is of")
        if not hidden and not (is_instant(line["event_at"]) and is_instant(line["entered_at"])):
            raise Bad(book, sequence, "时间不是历法上的时间", "its time is of no calendar")
        self.unread = sequence if hidden or self.excerpt else None
        self.withheld += hidden
        self.under = None
        self.ends[book] = (sequence, line["digest"])
        self.entries += 1
        if self.one_book is None:
            self.tree.put(leaf_of(line))
        if not hidden:
            self.listen(line)
        self.look()

    def follows(self, line, book, sequence):
        """An entry stands behind the one before; of an excerpt only the order is known."""
        last, previous = self.ends.get(book, (0, GENESIS))
        expected = sequence > last if self.excerpt else sequence == last + 1
        if type(sequence) is not int or not expected:
            raise Bad(book, last + 1, "缺少条目或者次序不对", "an entry is missing or out of order")
        if not self.excerpt and line["previous"] != previous:
            raise Bad(book, sequence, "与前一条不相连", "it does not follow the entry before")

    def listen(self, line):
        """Remember what is asked for: files by their digests, and of a pack all that was said."""
        if line["act"] in ENDED and self.wanted:
            self.ended[json.loads(line["payload"]).get("paper")] = line["act"]
        for digest in self.wanted:
            if digest in line["payload"]:
                self.found.add(digest)
                self.mention(line, digest)
        if self.heard is not None:
            self.heard.append(line)

    def unproven(self):
        if not self.lenient:
            raise Bad(
                self.one_book,
                self.unread,
                "没有给出内容，也没有证明",
                "its words are withheld and nothing proves it",
            )
        self.loose += 1

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
        self.covered = max(self.covered, size if sequence is None else sequence)
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
        self.proven.append((line["size"], root_from(leaf, line["place"], line["size"], path)))
        self.unread = None
        self.proven_to = sequence

    def checkpoint(self, line):
        size, root, known = checkpoint_of(line["text"], self.keys)
        # One that nobody known has signed is compared like the others, and attests nothing.
        self.strange, self.checkpoints = self.strange + (not known), self.checkpoints - (not known)
        if self.ties:
            self.tied(size, root)
        elif self.one_book is not None:
            self.of_one_book(size, root, known)
        elif size != self.tree.size:
            raise Bad("", 0, "检查点不在它的位置", "a checkpoint is not in its place")
        else:
            self.hold(self.tree.root(), root)
            if known:
                self.attest(size)
        self.last = size, root

    def of_one_book(self, size, root, known):
        if not self.proven or any(one != size for one, _root in self.proven):
            raise Bad("", 0, "没有这个检查点的证明", "there is no proof for the checkpoint")
        for _size, proven in self.proven:
            self.hold(proven, root)
        self.checkpoints -= len(self.proven) - 1
        given = self.waiting.pop(size, [])
        for one in given:
            self.hold(root, one)
        if known or given:
            self.attest(size, self.proven_to)
        self.under = (size, root) if known else None
        self.proven = []

    @property
    def proven_whole(self):
        """Whether known keys alone have signed for this book, and for it to its last entry."""
        last, _digest = self.ends.get(self.one_book, (0, ""))
        return self.under is not None and not self.strange and 0 < last == self.proven_to

    def tied(self, size, root):
        """Two checkpoints with nothing but the proof between them that the newer extends the older."""
        if self.tie is not None:
            old, new, path = self.tie
            if (old, new) != (self.last[0], size) or not extends(
                old, self.last[1], new, root, path
            ):
                raise Bad(
                    "",
                    0,
                    "新的检查点不是旧的检查点的延续",
                    "the newer checkpoint does not extend the older",
                )
        elif self.last is not None:
            raise Bad("", 0, "没有这个检查点的证明", "there is no proof for the checkpoint")
        self.checkpoints, self.tie = self.checkpoints + 1, None
        for given in self.waiting.pop(size, []):
            self.hold(root, given)

    def consistency(self, line):
        if not self.ties or self.last is None:
            raise Unreadable("不该有这一条 a proof that does not belong here")
        self.tie = line["old"], line["new"], [bytes.fromhex(one) for one in line["path"]]

    def read(self, lines):
        steps = {
            "entry": self.entry,
            "proof": self.proof,
            "checkpoint": self.checkpoint,
            "consistency": self.consistency,
        }
        first = True
        for raw in lines:
            try:
                line = json.loads(raw)
                (self.head if first else steps[line["type"]])(line)
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
                raise Unreadable("%s" % error)
            first = False
        if first:
            raise Unreadable("空文件 an empty file")
        self.left_open()

    def left_open(self):
        """What must not be left open at the end of the file."""
        if self.unread:
            self.unproven()
        if self.ties and self.checkpoints < 2:
            raise Unreadable("少于两个检查点 fewer than two checkpoints")
        if self.proven or self.tie:
            raise Bad("", 0, "证明之后没有检查点", "no checkpoint stands behind a proof")
        if self.waiting and self.one_book is not None:
            raise Unreadable("没有所存检查点的证明 no proof here for the checkpoint that you kept")
        if self.waiting:
            raise Bad("", 0, "台账比检查点短", "the ledger is shorter than the checkpoint")
        if self.strange and not self.checkpoints:
            raise Bad("", 0, "检查点没有已知密钥的签名", "no known key has signed a checkpoint")


# — packs of evidence ——————————————————————————————————————————————————————————————————————————————————————————————————

WORKING, MOST, LONGEST = "working_day", 1 << 26, 4000
WHOLE_COPIES = ("office", "court")
EXCERPT = ("ledger/editions.jsonl", "county")  # the only file of single entries, and whose they are
LOCKED = 0x1 | 0x40 | 0x2000  # a member's flags: encrypted, strongly, or with its name hidden
# What a file that is not what it says may lead to; all of it means that it cannot be read.
FAULTS = (
    Unreadable, OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, EOFError, MemoryError,
    RuntimeError, StopIteration, zipfile.BadZipFile, zlib.error, struct.error,
)  # fmt: skip
TICK = timedelta(microseconds=1)
ZONE = timezone(timedelta(hours=8))


class Gap(Exception):
    """A day beyond the calendar: nothing is guessed."""


def at(text):
    """The instant that a text says, in the county's zone."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("no zone: %s" % text)
    return found.astimezone(ZONE)


def day_of(text):
    """The day an instant belongs to; midnight is 24:00 of the day before."""
    return (at(text) - TICK).date()


def end_of(day):
    return datetime(day.year, day.month, day.day, tzinfo=ZONE) + timedelta(days=1)


class Calendar:
    """Which days are worked: weekdays, but for what the notices of the State Council and the county say."""

    def __init__(self, edition):
        self.first, self.last = (
            date.fromisoformat(edition["first"]),
            date.fromisoformat(edition["last"]),
        )
        self.said = {}
        for day, kind, _name, _notice in edition["days"]:
            self.said.setdefault(date.fromisoformat(day), set()).add(kind)

    def works(self, day):
        if not self.first <= day <= self.last:
            raise Gap(day)
        said = self.said.get(day, ())
        if "off" in said or "shut" in said:
            return False
        return "work" in said or day.weekday() < 5

    def after(self, day, number):
        """The so-manieth working day after a day."""
        while number > 0:
            day += timedelta(days=1)
            number -= self.works(day)
        return day


def counted(calendar, first, days, unit, stops):
    """Count a limit: the first day is not counted; it ends on a working day on which no suspension began or ran."""
    rows, day, used = [(first, None)], first, 0
    while (
        used < days
        or not calendar.works(day)
        or any(s <= day and (u is None or s < u >= day) for s, u in stops)
    ):
        if len(rows) > LONGEST:
            raise Gap(day)
        day += timedelta(days=1)
        still = any(s < day and (u is None or day <= u) for s, u in stops)
        runs = not still and used < days and (calendar.works(day) or unit != WORKING)
        used += runs
        rows.append((day, used if runs else None))
    return rows


def limit_rows(limit, calendar):
    """The days of a limit as it stands in a pack."""
    first = day_of(limit["started_at"])
    if limit.get("received") and not calendar.works(first):
        first = calendar.after(first, 1)
    stops = [
        (day_of(s["since"]), day_of(s["until"]) if s["until"] else None)
        for s in limit["suspensions"]
    ]
    days = limit["length"] + sum(longer["days"] for longer in limit["extensions"])
    return counted(calendar, first, days, limit["unit"], stops)


def table_of(rows):
    return [
        ("%d年%d月%d日" % (d.year, d.month, d.day), "第%d日" % n if n else "不计") for d, n in rows
    ]


class Findings:
    """What was looked at: True it holds, False it does not, None it could not be established."""

    def __init__(self):
        self.rows = []

    def say(self, holds, chinese, english):
        self.rows.append((holds, chinese, english))

    def code(self):
        said = [holds for holds, _zh, _en in self.rows]
        return BROKEN if False in said else NOT_SHOWN if None in said else HOLDS


class Pack:
    """A pack of evidence: its files, its ledger, and every default in it reckoned anew."""

    def __init__(self, path, given, keys):
        self.given, self.keys, self.found = given, keys, Findings()
        self.heard, self.calendars, self.entries, self.checkpoints = [], {}, 0, 0
        try:
            self.zip = zipfile.ZipFile(path)
            self.plain()
            self.manifest = json.loads(self.bytes("manifest.json"))
            self.members = {member["name"]: member for member in self.manifest["members"]}
        except FAULTS as error:
            raise Unreadable("%s" % error)
        self.lenient = self.manifest.get("checkpoint") is None
        if self.manifest.get("form") != PACK:
            raise Unreadable("不是证据包 not a pack of evidence")

    def plain(self):
        """A pack stores its members as they are: what is packed or locked is none that the county made."""
        for info in self.zip.infolist():
            if info.compress_type != zipfile.ZIP_STORED or info.flag_bits & LOCKED:
                raise Unreadable("压缩或者加密的文件 packed or encrypted: %s" % info.filename)

    def bytes(self, name):
        """A member that is read as a whole: lines or JSON, never more than MOST bytes."""
        info = self.zip.getinfo(name)
        if info.file_size > MOST:
            raise Unreadable("太大 too large: %s" % name)
        return self.zip.read(info)

    def json(self, name):
        return json.loads(self.bytes(name).decode())

    def look(self):
        self.files()
        if self.found.code() == BROKEN:
            return
        self.ledger()
        self.copied()
        self.papers()
        self.defaults = [
            Default(self, name, self.json(name))
            for name in sorted(self.members)
            if re.fullmatch(r"defaults/\d+\.json", name)
        ]
        self.named()
        for default in self.defaults:
            default.look()
        self.none_missing()
        if "limits.json" in self.members:
            self.limits()

    def named(self):
        """The list and each default name the case as its book does, where it does."""
        told = {
            json.loads(line["payload"]).get("number")
            for line in self.heard
            if line["book"] == self.case and line["act"] == "submit"
        }
        listed = self.manifest["filing"]["number"]
        said = {listed, *(default.said["filing"] for default in self.defaults)}
        if told:
            holds = said <= told
            self.found.say(
                holds,
                "申报编号%s%s账簿所记" % (listed, "就是" if holds else "不是"),
                "the number %s of the filing is %swhat its book says"
                % (listed, "" if holds else "not "),
            )

    def none_missing(self):
        """A pack of a whole case has every outcome of silence that its book has with a proof."""
        shown = [default.drawn["sequence"] for default in self.defaults if default.drawn]
        lost = [
            line
            for line in self.heard
            if line["book"] == self.case
            and line["act"] in NAMES
            and json.loads(line["payload"]).get("proof")
            and line["sequence"] not in shown
        ]
        if "limits.json" in self.members or len(self.defaults) != 1:
            self.none_of(
                self.found.say,
                lost,
                {self.case},
                ("账簿所记的默认都在包内", "账簿另有%d件默认不在包内" % len(lost)),
                (
                    "no default of the book is missing here",
                    "%d defaults of the book are missing here" % len(lost),
                ),
            )

    def files(self):
        """Every file is there, is what the list says, and there is no other."""
        names = self.zip.namelist()
        odd = set(names) ^ {*self.members, "manifest.json"}
        wrong = sorted(odd) + sorted({name for name in names if names.count(name) > 1} - odd)
        for name, member in self.members.items():
            if name in odd:
                continue
            digest = hashlib.sha256()
            try:
                with self.zip.open(name) as file:
                    for portion in iter(lambda: file.read(1 << 20), b""):
                        digest.update(portion)
            except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError):
                digest = hashlib.sha256(b"unreadable")
            if digest.hexdigest() != member["sha256"]:
                wrong.append(name)
        if wrong:
            said = "、".join(wrong)
            self.found.say(
                False,
                "文件缺少、多出或者被改动：%s" % said,
                "files missing, added or changed: %s" % said,
            )
        else:
            self.found.say(
                True,
                "%d个文件与清单的摘要相符" % len(self.members),
                "%d files are what the list has the digests of" % len(self.members),
            )

    def ledger(self):
        """Every book that the list names is there once, in full, and proven to its end; nothing else is."""
        self.wanted = {
            m["sha256"] for n, m in self.members.items() if n.startswith(("papers/", "service/"))
        }
        self.told, self.issued, self.ended, self.withheld = set(), {}, {}, {}
        under, loose, whole = set(), 0, {}
        for name in sorted(self.members):
            if not name.startswith("ledger/") or not name.endswith(".jsonl"):
                continue
            read = self.read(name)
            self.told |= read.found
            loose += read.loose
            under.add(read.under)
            if not read.excerpt:
                self.reaches(read, whole)
                whole[read.one_book] = read
                self.heard += read.heard
                self.withheld[read.one_book] = read.withheld
                self.issued.update(read.issued)
                self.ended.update(read.ended)
        lost = sorted(set(self.manifest["books"]) - set(whole))
        if lost:
            raise Bad(lost[0], 0, "清单所列的账簿不在包内", "a book of the list is not in the pack")
        self.case = next((book for book in whole if book.startswith("filing:")), None)
        if sum(book.startswith("filing:") for book in whole) != 1:
            raise Bad("", 0, "没有或者不止一本案件的账簿", "there is not one book of a case")
        self.attested(under, loose)

    def copied(self):
        """An office and a court read every word; of what another copy withholds nothing can be denied."""
        unseen = self.unseen(self.withheld)
        if unseen and self.manifest["copy"] in WHOLE_COPIES:
            self.found.say(
                False,
                "这一种副本不应有未给出内容的条目，却有%d条" % unseen,
                "a copy of this kind withholds nothing, yet %d entries are withheld" % unseen,
            )

    def unseen(self, books):
        """How many entries of some books are withheld."""
        return sum(self.withheld[book] for book in books)

    def read(self, name):
        """Read a file of the ledger; without a checkpoint in the list nothing in it can be proven."""
        read = Ledger([], self.keys, self.wanted)
        read.heard, read.lenient = [], self.lenient
        lines = self.bytes(name).split(b"\n")[:-1]
        if json.loads(lines[0]).get("book") is None:
            raise Unreadable("不是一本账簿 not one book: %s" % name)
        read.read(lines)
        if read.excerpt and (name, read.one_book) != EXCERPT:
            raise Bad(
                read.one_book,
                0,
                "这本账簿不应该只有摘出的条目",
                "of this book an excerpt is not enough",
            )
        if read.strange:
            raise Bad(
                read.one_book,
                0,
                "有检查点不是已知密钥签名的",
                "a checkpoint in it is signed by no known key",
            )
        if not self.lenient and not read.proven_whole:
            raise Bad(
                read.one_book,
                read.proven_to + 1,
                "从这一条起，没有已知密钥签名的检查点证明",
                "from this entry on no checkpoint by a known key proves the book",
            )
        return read

    def reaches(self, read, whole):
        """A book ends where the list says that it ended, and stands in the pack once."""
        last, _digest = read.ends.get(read.one_book, (0, ""))
        if read.one_book in whole or self.manifest["books"].get(read.one_book) != last:
            raise Bad(
                read.one_book,
                last,
                "台账节录没有到清单所说的末条",
                "the extract does not end where the list says",
            )
        self.entries += read.entries

    def attested(self, under, loose):
        self.found.say(
            True,
            "台账节录%d条逐条相连" % self.entries,
            "the %d entries of the ledger form chains" % self.entries,
        )
        if self.lenient or loose:
            self.found.say(
                None,
                "制作时没有检查点，签名无从核对",
                "no checkpoint could be made: no signature attests it",
            )
            return
        if len(under) > 1:
            raise Bad("", 0, "节录的检查点不是同一个", "the extracts are not under one checkpoint")
        ((size, root),) = under
        self.checkpoints = 1
        self.found.say(
            True,
            "各本账簿到末条为止都在检查点之下（共%d条，签名有效）" % size,
            "every book is proven to its last entry under one signed checkpoint of %d entries"
            % size,
        )
        if not self.keys:
            self.found.say(
                True,
                "公钥取自包内：请与县公布的公钥核对（--key）",
                "the key is the pack's own: compare it with the one the county publishes (--key)",
            )
        self.compared(size, root)

    def compared(self, size, root):
        """Compare the checkpoints that somebody kept."""
        for text in self.given:
            kept, other, known = checkpoint_of(
                text, self.keys or [key_of(k) for k in self.key_lines()]
            )
            if kept == size:
                same_root = known and other == root
                self.found.say(
                    same_root,
                    "与您保存的检查点%s" % ("相符" if same_root else "不符"),
                    "it is %sthe checkpoint you kept" % ("" if same_root else "not "),
                )
            else:
                self.found.say(
                    None,
                    "您保存的检查点是另一个（%d条）：用 export_ledger --between 的证明核对" % kept,
                    "the checkpoint you kept is another (%d entries): ask for the proof between them"
                    % kept,
                )

    def key_lines(self):
        name = next(name for name in sorted(self.members) if name.endswith(".jsonl"))
        return json.loads(self.bytes(name).split(b"\n")[0])["keys"]

    def papers(self):
        """Each paper is one that was issued, under the number that the list says; proofs of service are only named."""
        mine = [(n, m) for n, m in self.members.items() if n.startswith("papers/")]
        issued = {n: self.issued.get(m["sha256"], {}) for n, m in mine}
        lost = sorted(n for n, m in mine if not issued[n] or issued[n]["paper"] != m.get("number"))
        if lost:
            said = "、".join(lost)
            self.found.say(
                False,
                "台账没有以清单所写的文号记载制发这些文书：%s" % said,
                "the ledger does not say that these papers were issued under the numbers listed: %s"
                % said,
            )
        elif mine:
            attested = all(one["checkpoint"] is not None for one in issued.values())
            numbers = "、".join(sorted(one["paper"] for one in issued.values()))
            self.found.say(
                attested or None,
                "%d件文书都是台账所记制发的%s：%s"
                % (len(mine), "" if attested else "，但没有检查点见证", numbers),
                "the ledger says that all %d papers were issued%s: %s"
                % (len(mine), "" if attested else ", but no checkpoint attests it", numbers),
            )
        for number in sorted(one["paper"] for one in issued.values() if one):
            if number in self.ended:
                chinese, english = ENDED[self.ended[number]]
                self.found.say(True, number + chinese, number + english)
        if mine:
            self.none_of(
                self.found.say,
                (),
                self.withheld,
                ("没有%s文书作废或者更正的记载" % ("其他" if self.ended else ""), ""),
                ("no %spaper was made void or corrected" % ("other " if self.ended else ""), ""),
            )
        self.versions(mine)
        self.seals(mine)
        self.slips()

    def versions(self, papers):
        """What the list says of void and corrected papers is what the ledger says; lists before it said nothing."""
        stated = [(name, m) for name, m in papers if "voided_at" in m]
        wrong = []
        for name, m in stated:
            act = self.ended.get(m.get("number"))
            said = {"void_paper": bool(m["voided_at"]), "correct_paper": bool(m["corrected_by"])}
            if said.get(act) is False or (act is None and any(said.values())):
                wrong.append(name)
        if wrong:
            names = "、".join(sorted(wrong))
            self.found.say(
                None if self.unseen(self.withheld) else False,
                "清单所写的作废、更正与台账不符：%s" % names,
                "the list and the ledger differ on what is void or corrected: %s" % names,
            )

    def seals(self, papers):
        """Each scan and signed file is one that the ledger has as verified, over the very file of its paper."""
        mine = [(n, m) for n, m in self.members.items() if n.startswith("seals/")]
        files = {(m.get("number"), m["sha256"]) for _name, m in papers}
        verified = set()
        for line in self.heard:
            if line["act"] in ("confirm_scan", "sign_paper"):
                said = json.loads(line["payload"])
                verified.add((said.get("paper"), said.get("over"), said.get("sha256")))
        lost = [
            name
            for name, m in mine
            if (m.get("of"), m.get("over")) not in files
            or (m.get("of"), m.get("over"), m["sha256"]) not in verified
        ]
        if lost:
            names = "、".join(sorted(lost))
            self.found.say(
                None if self.unseen(self.withheld) else False,
                "台账没有记载这些签章件经过核验：%s" % names,
                "the ledger does not say that these sealed files were verified: %s" % names,
            )
        elif mine:
            self.found.say(
                True,
                "%d件签章件都是台账所记核验过的，所签的就是包内的文书" % len(mine),
                "the ledger says that all %d sealed files were verified, over the papers in the pack"
                % len(mine),
            )

    def none_of(self, say, against, books, chinese, english):
        """Say that something did not happen: only where every entry of the books concerned can be read.

        Both sentences are pairs: that there is none, and that there is.
        """
        unseen = self.unseen(books)
        if against:
            say(False, chinese[1], english[1])
        elif unseen or not books:
            say(
                None,
                "%s，但%s"
                % (chinese[0], "%d条未给出内容" % unseen if unseen else "有关账簿不在包内"),
                "%s, but %s"
                % (
                    english[0],
                    "%d entries are withheld" % unseen if unseen else "its book is not in the pack",
                ),
            )
        else:
            say(True, chinese[0], english[0])

    def slips(self):
        """A slip of a service is bound by the proof of the default that names it, where no entry does."""
        mine = [(n, m) for n, m in self.members.items() if n.startswith("service/")]
        lost = "、".join(sorted(n for n, m in mine if m["sha256"] not in self.told))
        if lost:
            self.found.say(
                None,
                "台账没有记载这些送达凭证：%s" % lost,
                "the ledger does not name these proofs of service: %s" % lost,
            )
        elif mine:
            self.found.say(
                True,
                "%d件送达凭证的摘要都在台账里" % len(mine),
                "the ledger names all %d proofs of service" % len(mine),
            )

    def calendar(self, name):
        if name not in self.calendars:
            self.calendars[name] = Calendar(self.json(name))
        return self.calendars[name]

    def limits(self):
        wrong, limits = [], self.json("limits.json")
        firm = {default.said["editions"]["calendar"] for default in self.defaults if default.firm}
        loose = sum(limit["calendar"] not in firm for limit in limits)
        for limit in limits:
            try:
                rows = limit_rows(limit, self.calendar(limit["calendar"]))
            except Gap:
                wrong.append(limit)
                continue
            table = [(row["date_text"], row["counted"]) for row in limit["days"]]
            if end_of(rows[-1][0]) != at(limit["due_at"]) or table[-len(rows) :] != table_of(rows):
                wrong.append(limit)
        said = "、".join("%s %s" % (limit["rule"], limit["name"]) for limit in wrong)
        if wrong:
            self.found.say(
                False,
                "期限重新计算的结果不同：%s" % said,
                "these limits come out otherwise: %s" % said,
            )
        elif limits:
            self.found.say(
                None if loose else True,
                "%d个期限逐日重新计算，结果相同%s"
                % (
                    len(limits),
                    "，但%d个的日历没有依据证明，只是自身一致" % loose if loose else "",
                ),
                "%d limits counted again, day by day: the same%s"
                % (
                    len(limits),
                    ", but no proof names the calendar of %d: only consistent in itself" % loose
                    if loose
                    else "",
                ),
            )


class Default:
    """One outcome of silence: was it served, was it signed for, was there silence past the due date, was it allowed?"""

    def __init__(self, pack, name, said):
        self.pack, self.found, self.said, self.proof = pack, pack.found, said, said["proof"]
        self.label = "%s %s" % (said["department_name"], said["item"] or said["item_name"])
        self.label_en = "%s %s" % (said["department"], said["item"] or "survey")
        self.slot = {"department": said["department"], "item": said["item"], "kind": said["kind"]}
        self.mine = [line for line in pack.heard if self.about(line)]
        self.name = name
        self.firm = (
            False  # whether its proof is the ledger's, and its editions are those of its proof
        )
        drawn = [
            line
            for line in self.mine
            if line["act"] == said["position"] and at(line["event_at"]) == at(said["effective_at"])
        ]
        self.drawn = drawn[0] if drawn else None

    def about(self, line):
        """Whether an act of the case's book is of this slot; a letter and a confirmation do not say the kind."""
        payload = json.loads(line["payload"])
        if line["book"] != self.pack.case or not isinstance(payload, dict):
            return False
        named = {"kind": self.slot["kind"], **payload}
        return all(named.get(key) == self.slot[key] for key in self.slot)

    def say(self, holds, chinese, english):
        self.found.say(holds, "%s：%s" % (self.label, chinese), "%s: %s" % (self.label_en, english))

    def look(self):
        try:
            self.bound()
            self.editions()
            rows = self.recounted()
            self.met()
            self.served()
            self.silent()
            self.allowed()
            self.outcome(rows)
        except Gap as gap:
            self.say(
                False,
                "用到日历以外的日子：%s" % gap,
                "it needs a day beyond the calendar: %s" % gap,
            )
        if self.drawn:
            self.stands()

    def stands(self):
        """Whether two persons took it back, as the case's book says; a slot may be drawn, and taken back, twice."""
        taken = [
            line
            for line in self.mine
            if line["act"] == "approve_withdrawal" and line["sequence"] > self.drawn["sequence"]
        ]
        said = self.said["withdrawn_at"]
        if said:
            holds = any(at(line["event_at"]) == at(said) for line in taken)
            self.say(
                holds or (None if self.pack.unseen({self.pack.case}) else False),
                "这件默认已经撤回（%s），不再是结果%s"
                % (said[:10], "" if holds else "：台账没有记载"),
                "it was withdrawn on %s and stands no more%s"
                % (said[:10], "" if holds else ": the ledger does not say so"),
            )
            return
        others = {
            at(one.said["withdrawn_at"])
            for one in self.pack.defaults
            if one.slot == self.slot and one.said["withdrawn_at"]
        }
        self.not_taken_back([line for line in taken if at(line["event_at"]) not in others])

    def not_taken_back(self, taken):
        again = [
            line for line in self.mine if line["act"] in NAMES and line is not self.drawn and taken
        ]
        if again:
            self.say(
                None,
                "台账记有撤回，但同一席位不止一次默认，不能断定撤回的是哪一次",
                "a default of this slot was withdrawn, but there is more than one: which cannot be said",
            )
            return
        self.pack.none_of(
            self.say,
            taken,
            {self.pack.case},
            ("没有撤回的记载", "台账记载已经撤回，本件却没有写明"),
            ("it was not withdrawn", "the ledger says that it was WITHDRAWN, and this does not"),
        )

    def bound(self):
        """The record is the one that the ledger wrote when it was drawn."""
        if not self.drawn:
            self.say(False, "台账没有记载这一结果", "the ledger does not have this outcome")
            return
        digest = json.loads(self.drawn["payload"]).get("proof")
        mine = hashlib.sha256(
            json.dumps(
                self.proof, ensure_ascii=False, sort_keys=True, separators=(",", ":")
            ).encode()
        ).hexdigest()
        if digest is None:
            self.say(
                None,
                "台账记载了结果，但没有依据的摘要（旧记录）",
                "the ledger has the outcome, but (of old) no digest of its proof",
            )
        else:
            self.firm = digest == mine
            self.say(
                digest == mine,
                "依据%s台账记下的摘要" % ("就是" if digest == mine else "不是"),
                "its proof is %swhat the ledger has the digest of"
                % ("" if digest == mine else "not "),
            )

    def editions(self):
        bound = self.proof.get("editions_sha256")
        if bound is None:
            self.firm = False
            self.say(
                None,
                "旧记录没有写明各版的摘要",
                "of old: the digests of the editions were not written down",
            )
            return
        wrong = []
        for kind, name in self.said["editions"].items():
            if name and self.pack.members.get(name, {}).get("sha256") != bound.get(kind):
                wrong.append(kind)
        self.firm = self.firm and not wrong
        self.say(
            not wrong,
            "日历、规则、清单%s当时所用的版次" % ("不是" if wrong else "就是"),
            "calendar, rulebook and catalogue are %sthose that were used"
            % ("not " if wrong else ""),
        )

    def recounted(self):
        name = self.said["editions"]["calendar"]
        if not (name and self.proof["started_at"] and self.proof["due_at"]):
            self.say(None, "没有可以计算的期限", "there is no limit to be counted")
            return None
        rows = limit_rows(self.proof, self.pack.calendar(name))
        same_end = end_of(rows[-1][0]) == at(self.proof["due_at"])
        table = [(row["date_text"], row["counted"]) for row in self.proof["days"]]
        self.say(
            same_end,
            "期限重新计算到%s24时，%s" % (rows[-1][0], "相同" if same_end else "不同"),
            "counted again the limit ends at 24:00 on %s, %s"
            % (rows[-1][0], "the same" if same_end else "NOT the same"),
        )
        self.say(
            table == table_of(rows),
            "逐日表%s" % ("每一天相符" if table == table_of(rows) else "与日历不符"),
            "the day table %s the calendar"
            % ("is that of" if table == table_of(rows) else "is NOT that of"),
        )
        return rows

    def heard(self, moment, *acts, **payload):
        """Whether the ledger has an act at a moment, with these words."""
        for line in self.pack.heard:
            if at(line["event_at"]) == at(moment) and (not acts or line["act"] in acts):
                said = json.loads(line["payload"])
                if all(said.get(key) == value for key, value in payload.items()):
                    return True
        return False

    @property
    def away(self):
        """Whether the department was not in the room when its item closed; served anew, only the limit counts."""
        p = self.proof
        if p.get("served_again_at"):
            return False
        came = p["checked_in_at"] and at(p["checked_in_at"]) <= at(p["closed_at"])
        return not (came and (p["left_at"] is None or at(p["left_at"]) >= at(p["closed_at"])))

    def met(self):
        p = self.proof
        closed = self.heard(p["closed_at"], "close_item", filing=self.said["filing"])
        self.say(
            True if closed else None,
            "议程于%s结束，%s"
            % (p["closed_at"][:16], "台账有记载" if closed else "台账节录里没有"),
            "the item was closed at %s, %s"
            % (p["closed_at"][:16], "as the ledger says" if closed else "not in this extract"),
        )
        rooms = self.rooms()
        here = [
            line
            for line in self.pack.heard
            if line["book"] in rooms
            and json.loads(line["payload"]).get("department") == self.slot["department"]
        ]
        came = [
            line
            for line in here
            if line["act"] == "check_in" and at(line["event_at"]) <= at(p["closed_at"])
        ]
        if p["checked_in_at"]:
            holds = any(at(line["event_at"]) == at(p["checked_in_at"]) for line in here)
            self.say(
                True if holds else None,
                "签到%s" % ("台账有记载" if holds else "不在台账节录里"),
                "its coming is %s" % ("in the ledger" if holds else "not in this extract"),
            )
        else:
            self.pack.none_of(
                self.say,
                came,
                rooms,
                ("没有签到，台账也没有", "没有签到，台账却有签到"),
                (
                    "it did not come, and the ledger has nothing else",
                    "it did not come, and the ledger says it did",
                ),
            )

    def rooms(self):
        """The book of the session in which the item was closed; other sessions of the day are none of this."""
        return {
            line["book"]
            for line in self.pack.heard
            if line["act"] == "close_item"
            and at(line["event_at"]) == at(self.proof["closed_at"])
            and json.loads(line["payload"]).get("filing") == self.said["filing"]
        }

    def served(self):
        p = self.proof
        arrival = p["counts_as_service"] == "arrival"
        counts = [
            a for a in p["attempts"] if a["received"] or (arrival and a["channel"] == "system")
        ]
        if not counts:
            self.say(
                not self.away,
                "没有送达记录%s" % ("" if self.away else "，但已经到会"),
                "there is no record of service%s" % ("" if self.away else ", but it came"),
            )
            return
        first = min((a["moment"] for a in counts), key=at)
        told = self.heard(first, department=self.slot["department"])
        opened = p["opened_at"] or p["opens_at"]
        in_time = at(first) <= at(opened)
        self.say(
            (True if told else None) if in_time or not self.away else False,
            "送达于%s（%s）%s"
            % (
                first[:16],
                "签收" if p["acknowledged_at"] else p["channel"],
                "" if told else "，台账节录里没有",
            ),
            "served at %s%s" % (first[:16], "" if told else ", not in this extract"),
        )
        if self.away:
            self.noticed(first, p)

    def noticed(self, first, p):
        """The notice ahead: from the sending, where it was signed for there and in time, else from the service."""
        sent = [a["moment"] for a in p["attempts"] if a["channel"] == "system"]
        by_hand = [a for a in p["attempts"] if a["received"]]
        signed = not by_hand or min(by_hand, key=lambda a: at(a["moment"]))["channel"] == "system"
        start = first
        if p.get("sign_by") and at(first) <= at(p["sign_by"]) and signed and sent:
            start = min([first, *sent], key=at)
        calendar = self.pack.calendar(self.said["editions"]["calendar"])
        earliest = calendar.after(at(start).date(), p["notice_length"])
        holds = at(p["opens_at"]).date() >= earliest and p.get("session_opened_in_time", True)
        self.say(
            holds,
            "提前%d个工作日的通知%s" % (p["notice_length"], "足够" if holds else "不足"),
            "the notice of %d working days was %s"
            % (p["notice_length"], "kept" if holds else "NOT kept"),
        )

    @property
    def ends(self):
        p = self.proof
        gone = self.away and p["answer"] not in ("granted", "excuse")
        return (p["closed_at"], True) if gone else (p["due_at"], False)

    def silent(self):
        """No word of the department between the call of its session and the end of its time."""
        until, _absent = self.ends
        called = [
            at(one["event_at"])
            for one in self.pack.heard
            if one["act"] in ("call_meeting", "begin_survey")
            and json.loads(one["payload"]).get("session") == self.proof["session"]
        ]
        since = min(called) if called else at(self.proof["opens_at"])
        gave = [
            one
            for one in self.mine
            if one["act"] in ("give_opinion", "enter_opinion")
            and json.loads(one["payload"]).get("position") != "not_ours"
            and since <= at(one["event_at"]) <= at(until)
        ]
        said = gave[0]["event_at"] if gave else ""
        self.pack.none_of(
            self.say,
            gave,
            {self.pack.case},
            ("到%s为止没有意见" % until[:16], "到%s为止有意见（%s）" % (until[:16], said)),
            ("until %s it said nothing" % until[:16], "until %s it DID speak" % until[:16]),
        )

    def allowed(self):
        p, name = self.proof, self.said["editions"]["catalogue"]
        marked = bool(p["mark"]["basis"] and p["mark"]["approver"])
        rows = (
            {row["code"]: row for row in self.pack.json(name)["items"]}
            if name in self.pack.members
            else {}
        )
        row = rows.get(self.said["item"])
        if self.said["item"] and row is None:
            self.say(None, "清单里没有这一事项", "the catalogue does not have the item")
        if self.said["position"] == "no_opinion":
            self.say(
                p["red_line"],
                "红线事项：转督办，不视同无异议",
                "behind a red line: escalated, never deemed",
            )
            return
        listed = row is None or bool(
            row["opinion_default"] != "escalate"
            and row["default_basis"]
            and row["default_approver"]
        )
        holds = marked and listed and not p["red_line"]
        self.say(
            holds,
            "事项%s允许默认（%s）" % ("明确" if holds else "没有明确", p["mark"]["basis"] or "无"),
            "a default is %s allowed" % ("expressly" if holds else "NOT"),
        )
        wrong = [one["check"] for one in p["exclusions"] if not one["holds"]]
        self.say(
            not wrong,
            "除外情形%s" % ("都已排除" if not wrong else "：" + "、".join(wrong)),
            "exclusions: %s" % ("none applies" if not wrong else ", ".join(wrong)),
        )

    def rule(self, code):
        for row in self.pack.json(self.said["editions"]["rulebook"])["rules"]:
            if row["code"] == code:
                return int(row["value"])
        raise Unreadable("规则缺少 the rulebook lacks %s" % code)

    def outcome(self, rows):
        """What it came to, by this program's own reckoning."""
        until, absent = self.ends
        if until is None:
            self.say(None, "没有到期时间", "there is no end")
            return
        name, effective = self.said["editions"]["calendar"], at(until)
        if not name:
            self.say(
                None,
                "没有日历，不能核对何时认定",
                "without a calendar: when it could be drawn is not checked",
            )
            return
        calendar = self.pack.calendar(name)
        if self.said["position"] == "no_opinion":
            found, effective = "no_opinion", end_of(calendar.after(day_of(until), self.rule("P15")))
        else:
            found = "deemed_absence" if absent else "deemed_timeout"
        holds = found == self.said["position"] and effective == at(self.said["effective_at"])
        self.say(
            holds,
            "重新推算的结果%s：%s，自%s"
            % ("相同" if holds else "不同", NAMES[found], effective.isoformat()[:16]),
            "reckoned anew it is %s as of %s: %s"
            % (found, effective.isoformat()[:16], "the same" if holds else "NOT the same"),
        )
        if found != "no_opinion":
            self.drawn_when(until, calendar)

    def drawn_when(self, until, calendar):
        """Whether it was written down when it confirms itself, or before on the lead unit's word."""
        morning = end_of(calendar.after(day_of(until), self.rule("P12"))) - timedelta(days=1)
        recorded = at(self.drawn["entered_at"] if self.drawn else self.said["recorded_at"])
        early = recorded < morning
        confirmed = any(
            line["act"] == "confirm_default" and at(until) <= at(line["event_at"]) <= recorded
            for line in self.mine
        )
        self.say(
            (True if confirmed else None) if early else True,
            "认定%s"
            % (
                "不早于自动生效的时间"
                if not early
                else "在自动生效以前，由牵头单位确认%s" % ("" if confirmed else "（本副本不含）")
            ),
            "it was drawn %s"
            % (
                "when it confirms itself"
                if not early
                else "before, on the lead unit's word%s"
                % ("" if confirmed else " (not in this copy)")
            ),
        )


NAMES = {
    "deemed_timeout": "视同无异议（超时）",
    "deemed_absence": "视同无异议（缺席）",
    "no_opinion": "未表态",
}
MARKS = {True: "成立 ok", False: "不成立 FAILS", None: "无法确定 not established"}


def check_pack(said):
    """Return exit code, what was found, and the sentences of a pack."""
    found = {"findings": [], "entries": 0, "checkpoints": 0}
    try:
        given = [bytes_of(path).decode() for path in said.checkpoint]
        pack = Pack(said.ledger, given, [key_of(key) for key in said.key])
        pack.look()
    except Bad as bad:
        book, sequence, chinese, english = bad.args
        where = "%s #%d：" % (book, sequence) if book else ""
        return (
            BROKEN,
            found,
            "证据包不成立。%s%s。" % (where, chinese),
            "The pack does not hold. %s%s." % (where, english),
        )
    except FAULTS as error:
        return UNREADABLE, found, "读不出来：%s。" % error, "It cannot be read: %s." % error
    rows = pack.found.rows
    found = {
        "findings": [{"holds": holds, "zh": zh, "en": en} for holds, zh, en in rows],
        "entries": pack.entries,
        "checkpoints": pack.checkpoints,
    }
    code, counts = (
        pack.found.code(),
        (len(rows), sum(holds is not True for holds, _zh, _en in rows)),
    )
    chinese = {
        HOLDS: "证据包成立：%d项全部成立。" % len(rows),
        BROKEN: "证据包不成立：%d项中有%d项不成立或者无法确定。" % counts,
        NOT_SHOWN: "没有与证据包相矛盾的，但%d项中有%d项无法确定。" % counts,
    }
    english = {
        HOLDS: "The pack holds: all %d findings." % len(rows),
        BROKEN: "The pack does not hold: %d findings, %d of them fail or are open." % counts,
        NOT_SHOWN: "Nothing contradicts the pack, but of %d findings %d could not be established."
        % counts,
    }
    return code, found, chinese[code], english[code]


# — what is asked, and what is said ———————————————————————————————————————————————————————————————————————————————————


def asked(arguments):
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("ledger")
    parser.add_argument("--checkpoint", action="append", default=[], metavar="FILE")
    parser.add_argument("--root", action="append", default=[], metavar="SIZE:ROOT")
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
        roots = [root_of(text) for text in said.root]
        ledger = Ledger(given, [key_of(key) for key in said.key], wanted, roots)
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
    wrong = [(said["file"], sentences) for said, sentences in judged if not confirmed(said)]
    found["missing"] = sorted(path for path, _sentences in wrong)
    if wrong:
        return (
            NOT_FOUND,
            found,
            "台账成立，但文件不对：%s。" % "；".join(sentences[0] for _path, sentences in wrong),
            "The ledger holds, but: %s." % "; ".join(sentences[1] for _path, sentences in wrong),
        )
    found.update(attested=ledger.covered)
    return HOLDS, found, *in_words(ledger)


def in_words(ledger):
    """Say what holds, how much of it a checkpoint attests, and what one book cannot show."""
    counts = (ledger.entries, len(ledger.ends), ledger.checkpoints, ledger.covered)
    chinese = "台账成立：%d条，%d本账簿，与%d个检查点相符，其中%d条由检查点见证。" % counts
    english = (
        "The ledger holds: %d entries in %d books, as %d checkpoints say; %d entries are attested."
        % counts
    )
    if ledger.one_book is not None:
        chinese += "本文件只有一本账簿，末条以后是否另有条目，由它看不出来。"
        english += " It is one book: whether entries follow its last cannot be seen from it."
    return chinese, english


def confirmed(said):
    """Whether a file is one that was issued, in an entry that a checkpoint attests."""
    return said["is"] in ISSUED and said["checkpoint"] is not None


def main(arguments=None):
    said = asked(arguments)
    packed = zipfile.is_zipfile(said.ledger)
    code, found, chinese, english = check_pack(said) if packed else check(said)
    lines = found.pop("lines", [])
    if said.json:
        print(json.dumps({"code": code, **found}, ensure_ascii=False))
    for one in () if said.json else found.get("findings", ()):
        print("[%s] %s\n    %s" % (MARKS[one["holds"]], one["zh"], one["en"]))
    print(*lines, chinese, english, sep="\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
