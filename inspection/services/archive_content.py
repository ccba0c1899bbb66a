"""What stands in an archive bundle: papers and files as they are, the books as lines, and a list of it all."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from django.db.models import Q
from django.utils import timezone

from accounts.queries import county
from accounts.stages import Role
from approvals.models import Filing
from approvals.policies import INSIDE
from approvals.queries import books_beside, files_kept_back
from core.documents.contents import clean_name
from core.documents.models import Attachment, Paper
from core.ledger.models import Book, Entry
from core.ledger.queries import entries_of
from core.ledger.rules import canonical
from core.steps.checking import seals_at, versions_at, with_seals
from inspection.models import CreditRecord
from inspection.queries.closing import facts_of
from inspection.queries.unannounced import unannounced

FORMAT = "chengnuo-archive-1"
TIMES = (
    "submitted_at", "served_at", "received_at", "accepted_at", "concluded_at", "cleared_at",
    "start_notified_at", "started_at", "completed_at",
)  # fmt: skip


@dataclass(frozen=True)
class Member:
    """One file of the bundle: how its bytes are read, the digest they must have, and what the list says of it."""

    name: str
    portions: Callable[[], Iterable[bytes]]
    sha256: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


def _time(at: datetime | None) -> str | None:
    return timezone.localtime(at).isoformat() if at else None


def _stored(file: Any) -> Callable[[], Iterator[bytes]]:
    def portions() -> Iterator[bytes]:
        with file.open("rb") as kept:
            yield from kept.chunks()

    return portions


def members_of(filing: Filing, now: datetime) -> list[Member]:
    """Return everything that goes into the bundle of a case as it stands now, but for the list itself."""
    papers = list(with_seals(Paper.objects.filter(book_id=filing.book_id)).order_by("pk"))
    files = Attachment.objects.filter(book_id=filing.book_id)
    files = files.exclude(pk__in=files_kept_back(filing))  # departments fetch the bundle too
    return [
        *(_paper(paper, place, now) for place, paper in enumerate(papers, start=1)),
        *(one for place, paper in enumerate(papers, start=1) for one in _seals(paper, place, now)),
        *(_file(kept, place) for place, kept in enumerate(files.order_by("pk"), start=1)),
        *(_ledger(book, _inside(book, filing)) for book in _books(filing)),
    ]


def _books(filing: Filing) -> list[Book]:
    """Return the case's own book, and those of the sessions at which it was heard."""
    return list(Book.objects.filter(pk__in={filing.book_id, *books_beside(filing)}).order_by("pk"))


def _seals(paper: Paper, place: int, at: datetime) -> Iterator[Member]:
    """Yield the scans and signed files of a paper, each with what it seals."""
    for seal in seals_at(paper, at):
        facts = {
            "of": paper.number, "method": seal.method, "over": seal.over_sha256, "verified_at": _time(seal.decided_at),
            "signer": seal.signer, "certificate": seal.certificate,
        }  # fmt: skip
        kept = seal.scan or seal
        ending = PurePosixPath(str(kept.file.name)).suffix
        name = f"签章/{place:03d} {seal.method}-{seal.sha256[:16]}{ending}"
        yield Member(name, _stored(kept.file), seal.sha256, facts)


def _paper(paper: Paper, place: int, at: datetime) -> Member:
    name = clean_name(f"{paper.number} {paper.title}".replace("/", "-"))
    return Member(
        f"文书/{place:03d} {name}.pdf",
        _stored(paper.file),
        paper.file_sha256,
        {
            "kind": paper.kind, "title": paper.title, "number": paper.number, "code": paper.code,
            "issued_at": _time(paper.issued_at), "content_sha256": paper.content_sha256,
            **versions_at(paper, at),
        },
    )  # fmt: skip


def _file(kept: Attachment, place: int) -> Member:
    facts = {"content_type": kept.content_type, "uploaded_at": _time(kept.uploaded_at)}
    name = f"附件/{place:03d} {clean_name(kept.name)}"
    return Member(name, _stored(kept.file), kept.sha256, facts)


def _inside(book: Book, filing: Filing) -> set[int]:
    """Return the sequences of what stays inside the house: departments and the enterprise fetch the bundle, too.

    Why the window hands a case over is the window's own affair; a check that nobody announced is told when it is held.
    """
    handed = Q(act="hand_over") & ~Q(actor__role=Role.ENTERPRISE)
    found = entries_of(book.pk).filter(Q(act__in=INSIDE) | handed | unannounced(filing))
    return set(found.values_list("sequence", flat=True))


def _ledger(book: Book, inside: set[int]) -> Member:
    """Return a book as it stands now, entry by entry, each with what its digest is made of."""
    entries = list(entries_of(book.pk).order_by("sequence"))
    head = entries[-1].digest if entries else ""
    lines = [
        (canonical(_entry(entry, book.code, entry.sequence in inside)) + "\n").encode()
        for entry in entries
    ]
    facts = {"book": book.code, "entries": len(entries), "head": head}
    return Member(f"台账/{book.code.replace(':', '-')}.jsonl", lambda: lines, "", facts)


def _entry(entry: Entry, code: str, inside: bool) -> dict[str, Any]:
    """Return an entry; of one that stays inside the house only its place and its digests: the county has the rest."""
    place = {
        "book": code,
        "sequence": entry.sequence,
        "previous": entry.previous,
        "digest": entry.digest,
        "withheld": inside,
    }
    if inside:
        return place
    return {
        **place,
        "act": entry.act,
        "actor": entry.actor.reference,
        "event_at": entry.event_at,
        "entered_at": entry.entered_at,
        "payload": entry.payload,
    }


def kept_by_the_county(filing: Filing) -> list[dict[str, Any]]:
    """Return the digests of what stays with the county: proofs of service, powers of attorney."""
    files = Attachment.objects.filter(
        Q(book_id__in=books_beside(filing)) | Q(pk__in=files_kept_back(filing))
    ).order_by("pk")
    return [
        {"sha256": kept.sha256, "size": kept.size, "book": kept.book.code}
        for kept in files.select_related("book")
    ]


def manifest(filing: Filing, members: list[dict[str, Any]], beside: list[dict[str, Any]]) -> bytes:
    """Return the list of the bundle: whose it is, under which editions, and the digest of each member."""
    here, record = county(), CreditRecord.objects.get(filing=filing)
    content = {
        "format": FORMAT,
        "county": {"code": here.code, "name": here.name},
        "project": {
            "filing_number": filing.number,
            "project_code": filing.project_code,
            "name": filing.project_name,
            "site": f"{filing.site.name if filing.site else ''}{filing.site_detail}",
            "scale": filing.scale,
            "investment_wan": str(filing.investment_wan),
        },
        "enterprise": {"name": filing.enterprise.name, "uscc": filing.enterprise.uscc},
        "times": {name: _time(getattr(filing, name)) for name in TIMES},
        "editions": {
            "catalogue": filing.pinned_catalogue.number,
            "catalogue_digest": filing.pinned_catalogue.digest,
            "rulebook": filing.pinned_rulebook.number,
            "rulebook_digest": filing.pinned_rulebook.digest,
        },
        "record": {
            "clauses": record.clauses, "checks": record.checks, "findings": record.findings,
            "mended_in_time": record.mended_in_time, "rounds": record.rounds, "content": record.content,
        },
        "promise_and_reality": facts_of(filing),
        "members": members,
        "kept_by_the_county": beside,
        "demonstration": filing.demonstration,
    }  # fmt: skip
    return (json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()
