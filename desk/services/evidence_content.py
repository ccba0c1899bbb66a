"""What stands in a pack of evidence: papers, proofs, day tables, editions, ledger, and how to check it all."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from approvals.models import CatalogueEdition, Filing
from approvals.queries import sees_file, sees_paper
from approvals.queries.edition_rows import digest_of_rows, written
from core.deadlines.models import CalendarEdition
from core.documents.models import Attachment, Paper
from core.ledger import export
from core.ledger.models import Checkpoint, Entry
from core.ledger.proving import Proofs
from core.ledger.rules import canonical
from core.ledger.services import county_book
from core.steps.checking import seals_at, versions_at, with_seals
from desk.models import EvidencePack
from desk.queries.evidence import (
    attempts_of,
    books_of_moment,
    hidden_in,
    json_of,
    papers_of,
    provable,
)
from desk.queries.evidence_limits import limits_of
from desk.rules.evidence import (
    GENUINE,
    MATERIALS,
    NOT_THEIRS,
    QUARANTINED,
    SAFE,
    USABLE,
    WHOLE,
    Part,
    left_out,
)
from desk.stages import PackCopy
from prereview.models import Opinion
from prereview.queries.defaults import iso

LOADED = ("load_calendar", "load_rulebook", "load_catalogue", "close_counters", "reopen_counters")
VERIFY = Path(settings.BASE_DIR) / "docs" / "verify"


class Overtaken(Exception):
    """Since the moment of the pack something in the case has changed that it is made of."""


def parts_of(pack: EvidencePack) -> list[Part]:
    """Return everything that goes into a pack but for its list, in the order of the names.

    Raises Overtaken where the rows are no longer those of the moment: then nothing is packed.
    """
    rows = _rows(pack)
    if (pinned := pack.pins.get("rows")) and pinned != _digest(pack, rows):
        raise Overtaken
    found = [*rows, *_ledger(pack), *_program()]
    return sorted(found, key=lambda part: part.name)


def rows_of_the_moment(pack: EvidencePack) -> str:
    """Return the digest of all that a pack says by rows that may change: to be pinned with where its books end."""
    return _digest(pack, _rows(pack))


def _rows(pack: EvidencePack) -> list[Part]:
    """Return what is made of rows: papers, proofs of service, outcomes, limits, editions, what is left out."""
    at = datetime.fromisoformat(pack.pins["at"])
    out: list[dict[str, Any]] = []
    found = [*_papers(pack, at, out), *_service(pack, out), *_defaults(pack), *_editions(pack)]
    out += [left_out("materials", "", 0, MATERIALS)]
    lines = sorted(out, key=lambda line: (line["what"], line["sha256"]))
    return [*found, Part("left-out.json", SAFE, canonical(lines).encode())]


def _digest(pack: EvidencePack, rows: list[Part]) -> str:
    """SHA-256 over names, bytes and facts of the parts, and over which entries are hidden from the holder."""
    ends = pack.pins["books"]
    hidden = {
        book.code: sorted(n for n in hidden_in(book, pack) if n <= ends[book.code])
        for book in books_of_moment(pack)
    }
    told = [
        [p.name, p.sha256 or hashlib.sha256(p.content or b"").hexdigest(), p.heading, p.facts]
        for p in sorted(rows, key=lambda part: part.name)
    ]
    return hashlib.sha256(canonical({"parts": told, "hidden": hidden}).encode()).hexdigest()


def _papers(pack: EvidencePack, at: datetime, out: list[dict[str, Any]]) -> Iterator[Part]:
    for paper in with_seals(papers_of(pack, at)):
        if pack.copy in (PackCopy.ENTERPRISE, PackCopy.DEPARTMENT) and not sees_paper(
            paper, pack.asked_by
        ):
            out.append(left_out(f"paper {paper.number}", paper.file_sha256, 0, NOT_THEIRS))
            continue
        facts = {
            "kind": paper.kind, "title": paper.title, "number": paper.number, "code": paper.code,
            "issued_at": iso(paper.issued_at), "content_sha256": paper.content_sha256,
            **versions_at(paper, at),
        }  # fmt: skip
        yield Part(f"papers/{paper.code}.pdf", WHOLE, None, paper.file, paper.file_sha256, facts)
        yield from _seals(pack, paper, at, out)


def _seals(
    pack: EvidencePack, paper: Paper, at: datetime, out: list[dict[str, Any]]
) -> Iterator[Part]:
    """Yield the scans and signed files of a paper, each a file of its own beside the frozen one."""
    for seal in seals_at(paper, at):
        scan = seal.scan
        if scan is not None and (why := _withheld(pack, scan)):
            out.append(left_out(f"seal {paper.number}", seal.sha256, scan.size, why))
            continue
        file, kind = (scan.file, scan.content_type) if scan else (seal.file, "application/pdf")
        facts = {
            "of": paper.number, "method": seal.method, "over": seal.over_sha256, "content_type": kind,
            "verified_at": iso(seal.decided_at), "signer": seal.signer, "certificate": seal.certificate,
        }  # fmt: skip
        yield Part(f"seals/{paper.code}-{seal.sha256[:16]}", WHOLE, None, file, seal.sha256, facts)


def _service(pack: EvidencePack, out: list[dict[str, Any]]) -> Iterator[Part]:
    """Yield each proof of service once, of all who may be read by the holder."""
    seen: set[str] = set()
    for one in attempts_of(pack):
        kept: Any = one.proof
        if kept.sha256 in seen:
            continue
        seen.add(kept.sha256)
        if why := _withheld(pack, kept):
            out.append(
                left_out(f"service {one.invitation.department.code}", kept.sha256, kept.size, why)
            )
            continue
        facts = {
            "department": one.invitation.department.code, "channel": one.channel, "moment": iso(one.moment),
            "content_type": kept.content_type,
        }  # fmt: skip
        yield Part(f"service/{kept.sha256[:16]}", WHOLE, None, kept.file, kept.sha256, facts)


def _withheld(pack: EvidencePack, kept: Attachment) -> tuple[str, str] | None:
    if kept.withheld:
        return QUARANTINED
    private = pack.copy in (PackCopy.ENTERPRISE, PackCopy.DEPARTMENT)
    return NOT_THEIRS if private and not sees_file(kept, pack.asked_by) else None


def _opinions(pack: EvidencePack) -> list[Opinion]:
    return [pack.opinion] if pack.opinion else list(provable(pack.filing, pack.asked_by))


def _defaults(pack: EvidencePack) -> Iterator[Part]:
    for place, opinion in enumerate(_opinions(pack), start=1):
        yield Part(f"defaults/{place:03d}.json", WHOLE, canonical(_default(opinion)).encode())
        rows = opinion.proof.get("days", [])
        lines = ["date,weekday,kind,counted"]
        lines += [
            ",".join(row[name] for name in ("date_text", "weekday", "kind", "counted"))
            for row in rows
        ]
        table = "\ufeff" + "\r\n".join(lines) + "\r\n"
        yield Part(f"defaults/{place:03d}-days.csv", WHOLE, table.encode())
    if pack.opinion is None and (limits := limits_of(pack.filing)):
        yield Part("limits.json", WHOLE, canonical(limits).encode())


def _default(opinion: Opinion) -> dict[str, Any]:
    """Return one outcome of silence with all that it rests on, for a program that reckons it anew."""
    slot, proof = opinion.slot, opinion.proof
    return {
        "position": opinion.position,
        "effective_at": iso(opinion.effective_at),
        "recorded_at": iso(opinion.recorded_at),
        "withdrawn_at": iso(opinion.withdrawn_at),
        "filing": slot.filing.number,
        "department": slot.department.code,
        "department_name": slot.department.name,
        "item": slot.item.code if slot.item else "",
        "item_name": slot.item.item.name if slot.item else "联合勘察记录",
        "kind": slot.kind,
        "round": slot.round,
        "paper": opinion.paper.number if opinion.paper else None,
        "late_opinions": [iso(late.received_at) for late in slot.late_opinions.order_by("pk")],
        "proof": proof,
        "editions": {
            "calendar": f"editions/calendar-{proof['calendar']}.json"
            if proof.get("calendar")
            else None,
            "rulebook": f"editions/rulebook-{proof['rulebook']}.json",
            "catalogue": f"editions/catalogue-{proof['catalogue']}.json",
        },
    }


def _used(pack: EvidencePack) -> list[Any]:
    """Return the editions by which anything in the pack was reckoned."""
    filing: Filing = pack.filing
    proofs = [opinion.proof for opinion in _opinions(pack)]
    numbers = {proof["calendar"] for proof in proofs if proof.get("calendar")}
    limits = filing.limits.exclude(calendar=None) if pack.opinion is None else filing.limits.none()
    calendars = CalendarEdition.objects.filter(number__in=numbers) | CalendarEdition.objects.filter(
        pk__in=limits.values("calendar")
    )
    return [
        *calendars.distinct().order_by("number"),
        filing.pinned_rulebook,
        filing.pinned_catalogue,
    ]


def _editions(pack: EvidencePack) -> Iterator[Part]:
    for edition in _used(pack):
        kind = "calendar" if isinstance(edition, CalendarEdition) else "rulebook"
        kind = "catalogue" if isinstance(edition, CatalogueEdition) else kind
        name = f"editions/{kind}-{edition.number}.json"
        facts = {"edition": edition.number, "digest": edition.digest}
        yield Part(name, USABLE, written(edition), None, digest_of_rows(edition), facts)


def _ledger(pack: EvidencePack) -> Iterator[Part]:
    """Yield the books through their pinned ends, the county's word on each edition, and the checkpoint."""
    number = pack.pins["checkpoint"]
    made = Checkpoint.objects.get(number=number) if number else None
    proofs = Proofs(made) if made else None
    for book in books_of_moment(pack):
        lines = export.as_given(book, pack.pins["books"][book.code], hidden_in(book, pack), proofs)
        yield Part(
            f"ledger/{book.code.replace(':', '-')}.jsonl", GENUINE, b"".join(export.written(lines))
        )
    if made is None or proofs is None:
        return
    digests = {edition.digest for edition in _used(pack)}
    loaded = Entry.objects.filter(book=county_book(), act__in=LOADED).values_list(
        "sequence", "payload"
    )
    told = {sequence for sequence, payload in loaded if json_of(payload).get("digest") in digests}
    lines = export.singly(county_book(), told, proofs)
    yield Part("ledger/editions.jsonl", GENUINE, b"".join(export.written(lines)))
    yield Part("ledger/checkpoint.txt", GENUINE, made.text.encode())


def _program() -> Iterator[Part]:
    """Yield the program that checks, and what it says of itself."""
    for name in ("chengnuo-verify.py", "README.md"):
        yield Part(f"verify/{name}", USABLE, (VERIFY / name).read_bytes())
    yield Part("README.md", USABLE, (VERIFY / "pack-README.md").read_bytes())
