"""The code on the wall of a meeting room, and how many must be there: pure functions."""

import hmac
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from math import ceil

STEP = 30  # seconds, for which a code stands on the wall
LENGTH = 8  # signs: 2^40 codes, so that guessing through a whole meeting comes to nothing
SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is read as another
SPACES = str.maketrans("", "", " -·—\u3000")


def step_of(at: datetime) -> int:
    """Return the number of the half minute that an instant lies in."""
    return int(at.timestamp()) // STEP


def until_of(at: datetime) -> int:
    """Return when the code of an instant is replaced, in milliseconds since 1970, as a page counts."""
    return (step_of(at) + 1) * STEP * 1000


def code_for(secret: bytes, step: int) -> str:
    """Return the code of a half minute; without the secret nobody can foretell it."""
    digest = hmac.digest(secret, step.to_bytes(8, "big"), sha256)
    return "".join(SIGNS[byte % len(SIGNS)] for byte in digest[:LENGTH])


def grouped(code: str) -> str:
    """Return a code as it is read aloud: in two groups."""
    return f"{code[: LENGTH // 2]} {code[LENGTH // 2 :]}"


def _standing(secret: bytes, at: datetime) -> Iterator[str]:
    step = step_of(at)
    yield code_for(secret, step)
    yield code_for(secret, step - 1)  # whoever began to type before it changed


def accepted(secret: bytes, said: str, at: datetime) -> bool:
    """Whether what was typed is the code of this half minute or of the one before, of this session and no other."""
    typed = said.upper().translate(SPACES).encode()
    found = [hmac.compare_digest(typed, code.encode()) for code in _standing(secret, at)]
    return any(found)


def needed(served: int, percent: int) -> int:
    """Return how many departments make a quorum, of those that were served; never more than all of them."""
    return min(served, ceil(served * percent / 100))
