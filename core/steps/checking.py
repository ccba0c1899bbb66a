"""验真: what can be said of a paper to whoever holds it, and of a file by its digest; never a word of its content."""

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.documents.digests import Reckoned
from core.documents.models import Paper
from core.ledger.models import Entry
from core.ledger.witness import Place, stands
from core.steps.models import Seal
from core.steps.stages import Method, SealState, Verdict

CODE = 16  # characters of a check code
# Characters that are read wrongly off a print, and what they stand for in a code of 0-9 and a-f.
MISREAD = str.maketrans("oOiIlL", "001111")
ACTS = {Method.SCAN: "confirm_scan", Method.CERTIFICATE: "sign_paper"}


@dataclass(frozen=True)
class Standing:
    """How a paper stands now: in force or not, in words, since when, and the paper that replaced it."""

    valid: bool
    text: str
    at: datetime | None = None
    by: Paper | None = None


@dataclass(frozen=True)
class SignedHow:
    """A verified method: which, by whom, when, and who attests the time."""

    method: str
    who: str
    at: datetime
    sha256: str
    stamped_at: datetime | None = None
    stamped_by: str = ""
    revocation: bool = False

    @property
    def label(self) -> str:
        """The method in words."""
        return str(Method(self.method).label)


# What desks know of how a paper stands: each says it, or None. Filled in ready(); the first that has a word says it.
STANDINGS: list[Callable[[Paper], Standing | None]] = []
# The methods by which papers of other desks were signed (a letter whose sealed scan the window has compared).
SIGNED: list[Callable[[Paper], SignedHow | None]] = []
# The papers of which other desks keep compared scans: each finds one by a digest, or None.
SCANNED: list[Callable[[str], Paper | None]] = []


def no_longer(paper: Paper) -> str:
    """Return why a paper does not stand any more (its number is void, a newer version corrects it); else empty."""
    return str(getattr(paper, "no_longer", ""))


def standing_of(paper: Paper) -> Standing:
    """Return how a paper stands now, for whoever holds it: that its number is void, never why.

    The reason was written freely, for those of the case.
    """
    if voided := getattr(paper, "voided_at", None):
        return Standing(False, _("文号已作废"), voided)
    if gone := no_longer(paper):
        return Standing(False, gone, None, getattr(paper, "replaced_by", None))
    if said := next((found for asked in STANDINGS if (found := asked(paper))), None):
        return said
    return Standing(True, _("有效")) if paper.ready else Standing(True, _("已编号，正在成文"))


def signed_how(paper: Paper) -> list[SignedHow]:
    """Return the methods by which a paper was signed and sealed that are verified; none where it has none.

    Looked at again each time: a row counts only where the ledger has its act, over this very file, with this digest.
    """
    found = [how for asked in SIGNED if (how := asked(paper))]
    seals = [
        one
        for one in paper.seals.all()
        if one.state == SealState.VERIFIED and one.over_sha256 == paper.file_sha256
    ]
    if not seals:
        return found
    said = Entry.objects.filter(book_id=paper.book_id, act__in=ACTS.values())
    written = [(act, payload) for act, payload in said.values_list("act", "payload")]
    return found + [_how(one) for one in seals if _written(one, written)]


def _written(seal: Seal, entries: Iterable[tuple[str, str]]) -> bool:
    act = ACTS[Method(seal.method)]
    return any(
        name == act and seal.sha256 in payload and seal.over_sha256 in payload
        for name, payload in entries
    )


def _how(seal: Seal) -> SignedHow:
    at = seal.decided_at or seal.made_at
    if seal.method == Method.SCAN:
        people = (seal.made_by, seal.decided_by or seal.made_by)
        who = "、".join(dict.fromkeys(one.organisation.label for one in people))
        return SignedHow(seal.method, who, at, seal.sha256)
    return SignedHow(
        seal.method, seal.signer, at, seal.sha256, seal.stamped_at, seal.stamped_by, seal.revocation
    )


def with_seals(papers: QuerySet[Paper]) -> QuerySet[Paper]:
    """Read with papers what `versions_at` and `seals_at` say of each."""
    return papers.select_related("corrects", "correction").prefetch_related(
        "seals__scan", "seals__made_by__organisation", "seals__decided_by__organisation"
    )


def versions_at(paper: Paper, at: datetime) -> dict[str, Any]:
    """Return how a paper stood at an instant, for a list that a stranger reads: void since when, what corrects it."""
    newer, void = getattr(paper, "correction", None), paper.voided_at
    return {
        "voided_at": timezone.localtime(void).isoformat() if void and void <= at else None,
        "corrects": paper.corrects.number if paper.corrects else None,
        "corrected_by": newer.number if newer and newer.issued_at <= at else None,
    }


def seals_at(paper: Paper, at: datetime) -> list[Seal]:
    """Return the seals of a paper that were verified by an instant and still hold, with their files."""
    held = {how.sha256 for how in signed_how(paper)}
    return [
        one
        for one in paper.seals.all()
        if one.sha256 in held and one.decided_at is not None and one.decided_at <= at
    ]


def signed_file(paper: Paper) -> Seal | None:
    """Return the verified PDF signature of a paper; None where it has none that still holds."""
    known = {how.sha256 for how in signed_how(paper) if how.method == Method.CERTIFICATE}
    return next((one for one in paper.seals.all() if one.file and one.sha256 in known), None)


def place_of_paper(paper: Paper) -> Place | None:
    """Return where the ledger has the paper's file, or before it is printed its content."""
    if paper.file_sha256:
        return stands(paper.book_id, ("render_paper",), paper.file_sha256)
    return stands(paper.book_id, ("issue_paper",), paper.content_sha256)


# — a code as somebody typed it ———————————————————————————————————————————————————————————————————————————————————————


def code_of(typed: str) -> tuple[str, str]:
    """Return the check code in what was typed or pasted, and what is wrong with it in a sentence; one of them is empty.

    An address is taken apart; blanks, dashes, capitals and full-width signs do not matter, nor O for 0 and l for 1.
    """
    last = typed.strip().rstrip("/").rpartition("/")[2]
    plain = "".join(sign for sign in unicodedata.normalize("NFKC", last) if sign.isalnum())
    if "〔" in typed or "号" in typed:
        return "", _("这像是文号。请填校验码：在二维码旁边网址的最后一段，16位数字和小写字母。")
    code = plain.translate(MISREAD).lower()
    if wrong := sorted({sign for sign in code if sign not in "0123456789abcdef"}):
        said = {"signs": "、".join(wrong)}
        return "", _("校验码里只有数字0到9和字母a到f，没有“%(signs)s”。请对照文书再看一遍。") % said
    if len(code) != CODE:
        return "", _("校验码是16位，您填的是%(n)d位。请对照文书再看一遍，或者扫二维码。") % {
            "n": len(code)
        }
    return code, ""


# — a file, by its digests —————————————————————————————————————————————————————————————————————————————————————————————


@dataclass(frozen=True)
class Found:
    """What a file is: the verdict, the paper it is or begins with, and how many bytes were added."""

    verdict: Verdict
    paper: Paper | None = None
    added: int = 0


def find(file: Reckoned, asked: Paper | None = None) -> Found:
    """Say what a file is; `asked` is the paper whose code it was given with. Few statements, however large it is."""
    if (whole := _issued([file.sha256])) is not None:
        if asked is not None and asked.pk != whole[1].pk:
            return Found(Verdict.OTHER, whole[1])
        return Found(whole[0], whole[1])
    scanned = next((paper for look in SCANNED if (paper := look(file.sha256))), None)
    if scanned is not None:
        return Found(Verdict.SCAN, scanned)
    parts = {digest: size for digest, size in file.beginnings.items() if size < file.size}
    if parts and (begun := _issued(list(parts))) is not None:
        longest = max(parts[digest] for digest in parts if digest in begun[2])
        return Found(Verdict.ADDED, begun[1], file.size - longest)
    return Found(Verdict.UNKNOWN)


def _issued(digests: list[str]) -> tuple[Verdict, Paper, set[str]] | None:
    """Return the paper that one of the digests is of: itself, its signed file, or its compared scan."""
    seals = Seal.objects.filter(sha256__in=digests, state=SealState.VERIFIED)
    kept = {one.sha256: one for one in seals.select_related("paper__book")}
    known = {one.file_sha256: one for one in Paper.objects.filter(file_sha256__in=digests)}
    found = {*kept, *known}
    for digest in digests[::-1]:
        if (seal := kept.get(digest)) is not None and _still(seal):
            verdict = Verdict.SIGNED if seal.method == Method.CERTIFICATE else Verdict.SCAN
            return verdict, seal.paper, found
        if (paper := known.get(digest)) is not None:
            return Verdict.OURS, paper, found
    return None


def _still(seal: Seal) -> bool:
    return any(how.sha256 == seal.sha256 for how in signed_how(seal.paper))
