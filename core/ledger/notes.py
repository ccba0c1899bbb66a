"""Signed notes and checkpoints in the C2SP text form (c2sp.org/signed-note, c2sp.org/tlog-checkpoint), by Ed25519."""

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
KEY_LENGTH = 32
LONGEST = 10_000  # characters of a note that is read; ours have some 300
NAME = re.compile(r"[^\s+]{1,120}")  # of a log and its keys: what the text form can say
LINE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/=]+)")
BODY = re.compile(r"([^\n]+)\n(0|[1-9][0-9]{0,17})\n([A-Za-z0-9+/]{43}=)\n")


class NotANote(ValueError):
    """What was read is not a checkpoint in its text form."""


@dataclass(frozen=True)
class Key:
    """The public half of a key: its name, which is the log's, and its 32 bytes."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """The four bytes by which a signature says whose it is."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    @property
    def text(self) -> str:
        """The key as it is handed out: name, id, and algorithm with key."""
        return f"{self.name}+{self.id.hex()}+{_base64(ED25519 + self.public)}"


@dataclass(frozen=True)
class Signer:
    """Both halves of a key."""

    key: Key
    private: Ed25519PrivateKey

    @classmethod
    def of(cls, name: str, seed: bytes) -> "Signer":
        """Make the key that a seed of 32 bytes stands for."""
        private = Ed25519PrivateKey.from_private_bytes(seed)
        return cls(Key(name, private.public_key().public_bytes_raw()), private)


@dataclass(frozen=True)
class Note:
    """A checkpoint: which log, how many entries, their root, and who signed (name, id and signature of each)."""

    origin: str
    size: int
    root: bytes
    signatures: tuple[tuple[str, bytes, bytes], ...]

    @property
    def body(self) -> str:
        """The three lines that are signed."""
        return body_of(self.origin, self.size, self.root)

    def signed_by(self, keys: Sequence[Key]) -> list[Key]:
        """Return those of the keys that have signed it; a wrong signature in a key's name makes it nobody's."""
        found = []
        for name, key_id, signature in self.signatures:
            for key in keys:
                if (key.name, key.id) != (name, key_id):
                    continue
                try:
                    Ed25519PublicKey.from_public_bytes(key.public).verify(
                        signature, self.body.encode()
                    )
                except InvalidSignature:
                    return []
                found.append(key)
        return found


def body_of(origin: str, size: int, root: bytes) -> str:
    """Return the three lines of a checkpoint."""
    return f"{origin}\n{size}\n{_base64(root)}\n"


def signed(origin: str, size: int, root: bytes, signers: Sequence[Signer]) -> str:
    """Return the checkpoint as text, signed by each."""
    body = body_of(origin, size, root)
    lines = [
        f"— {one.key.name} {_base64(one.key.id + one.private.sign(body.encode()))}\n"
        for one in signers
    ]
    return f"{body}\n{''.join(lines)}"


def read(text: str) -> Note:
    """Read a checkpoint; raises NotANote for anything else. Signatures of other kinds of keys are passed over."""
    body, parted, below = text.replace("\r\n", "\n").rpartition("\n\n")
    found = BODY.fullmatch(f"{body}\n")
    if not parted or found is None or len(text) > LONGEST:
        raise NotANote
    signatures = []
    for line in below.splitlines():
        one = LINE.fullmatch(line)
        if one is None:
            raise NotANote
        raw = _bytes(one[2])
        signatures.append((one[1], raw[:4], raw[4:]))
    if not signatures:
        raise NotANote
    return Note(found[1], int(found[2]), _bytes(found[3]), tuple(signatures))


def key_from(text: str) -> Key:
    """Read a key as it is handed out; raises NotANote for anything else."""
    name, _plus, rest = text.strip().partition("+")
    key_id, _plus, raw = rest.partition("+")
    kind, public = _bytes(raw)[:1], _bytes(raw)[1:]
    key = Key(name, public)
    if kind != ED25519 or len(public) != KEY_LENGTH or key.id.hex() != key_id:
        raise NotANote
    return key


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:  # what is no ASCII, or no base64
        raise NotANote from error
