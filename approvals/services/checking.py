"""Looking papers and files up for the public: who only guesses waits a while, who asks politely never notices."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from core.documents.digests import Reckoned
from core.documents.models import Paper
from core.steps.checking import Found, code_of, find
from core.steps.stages import Verdict
from core.steps.tries import Tries

# A code has 64 bits and is guessed by nobody; the bound keeps a script from asking all day.
GUESSING = Tries("paper", from_one=30, at_one=60, wait=timedelta(minutes=15))
FILES = Tries("paper-file", from_one=60, at_one=120, wait=timedelta(minutes=15))
DIGEST = re.compile(r"[0-9a-f]{64}")
PART = re.compile(r"(\d{1,12}):([0-9a-f]{64})")
MOST_PARTS = 40


def look_up(typed: str, *, origin: str, at: datetime) -> tuple[Paper | None, str]:
    """Return the paper of a code as it was typed, or why there is none; neither where nothing was typed.

    Raises TooManyTries, before anything is looked at, where the address has failed too often.
    """
    if not typed.strip():
        return None, ""
    GUESSING.admit(origin, typed[:200], at=at)
    code, why = code_of(typed)
    papers = Paper.objects.select_related("book", "issued_by__organisation")
    found = papers.prefetch_related(
        "seals__made_by__organisation", "seals__decided_by__organisation"
    )
    paper = found.filter(code=code).first() if code else None
    if paper is None:
        GUESSING.failed(origin, typed[:200], at=at)
        why = why or _("不是本系统制发的文书：没有这个校验码。")
    return paper, why if paper is None else ""


def what_is(file: Reckoned, asked: Paper | None, *, origin: str, at: datetime) -> Found:
    """Say what a file is by its digests; `asked` is the paper it is held against.

    Raises TooManyTries where the address has asked of too many files that are not ours.
    """
    FILES.admit(origin, file.sha256, at=at)
    found = find(file, asked)
    if found.verdict == Verdict.UNKNOWN:
        FILES.failed(origin, file.sha256, at=at)
    return found


def reckoned_from(said: Mapping[str, str]) -> Reckoned | None:
    """Return the digests that a browser has made of a file that it kept to itself; None where they are none."""
    whole, size, parts = said.get("sha256", ""), said.get("size", ""), said.get("beginnings", "")
    if not DIGEST.fullmatch(whole) or not re.fullmatch(r"\d{1,12}", size):
        return None
    begun = [PART.fullmatch(one) for one in parts.split()]
    if len(begun) > MOST_PARTS or not all(begun):
        return None
    return Reckoned(int(size), whole, {one[2]: int(one[1]) for one in begun if one})
