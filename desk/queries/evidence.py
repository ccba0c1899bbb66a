"""What a pack of evidence is made of, and whose it is."""

import json
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Membership
from accounts.policies import department, supervisor, window
from accounts.stages import Role
from approvals.models import Filing
from approvals.policies import INSIDE
from approvals.queries import books_beside
from core.documents.models import Paper
from core.ledger.models import Book, Entry
from desk.models import EvidencePack
from desk.queries.timeline import INSIDE_ONE
from desk.stages import PackCopy
from inspection.queries.unannounced import unannounced
from prereview.models import AgendaItem, Opinion
from prereview.models.service import SummonsAttempt

OFFICES = (PackCopy.OFFICE, PackCopy.COURT)


def packs_of(by: Membership) -> QuerySet[EvidencePack]:
    """Return the packs a person may fetch: those made for their side, of cases they see."""
    seen = EvidencePack.objects.filter(
        filing__in=Filing.objects.visible_to(by).order_by().values("pk")
    )
    if window(None, by) or supervisor(None, by):
        return seen.filter(copy__in=OFFICES)
    if department(None, by):
        return seen.filter(copy=PackCopy.DEPARTMENT, opinion__slot__department=by.organisation_id)
    if by.role == Role.ENTERPRISE:
        return seen.filter(copy=PackCopy.ENTERPRISE)
    return seen.none()


def shown_packs(by: Membership) -> QuerySet[EvidencePack]:
    """Return those packs with what a list shows of each."""
    return packs_of(by).select_related(
        "filing",
        "asked_by__user",
        "asked_by__organisation",
        "opinion__slot__department",
        "opinion__slot__item__item",
    )


def provable(filing: Filing, by: Membership) -> QuerySet[Opinion]:
    """Return the outcomes of silence in a case of which somebody may have a pack: a department only of its own."""
    found = Opinion.objects.filter(slot__filing=filing).exclude(proof={})
    if department(None, by):
        found = found.filter(slot__department=by.organisation_id)
    return found.select_related("slot__department", "slot__item__item", "paper").order_by("pk")


def books_of(filing: Filing, opinion: Opinion | None) -> list[Book]:
    """Return the books of a pack: the case's own, and those of its sessions, of a default only the session's."""
    keys = {filing.book_id}
    keys |= {opinion.slot.agenda.session.book_id} if opinion else books_beside(filing)
    return list(Book.objects.filter(pk__in=keys).order_by("code"))


def printed(packs: QuerySet[EvidencePack]) -> QuerySet[EvidencePack]:
    """Narrow packs to those in whose books (see `books_of`) every paper is printed."""
    waiting = Paper.objects.filter(file="")
    sessions = AgendaItem.objects.filter(session__book=OuterRef("book"))
    beside = waiting.filter(Exists(sessions.filter(filing=OuterRef(OuterRef("filing")))))
    return packs.filter(
        ~Exists(waiting.filter(book=OuterRef("filing__book"))),
        ~Exists(waiting.filter(book=OuterRef("opinion__slot__agenda__session__book"))),
        Q(opinion__isnull=False) | ~Exists(beside),
    )


def books_of_moment(pack: EvidencePack) -> list[Book]:
    """Return the books that a pack is pinned to: a session that the case came to later has none of its moment."""
    pinned = pack.pins["books"]
    return [book for book in books_of(pack.filing, pack.opinion) if book.code in pinned]


def papers_of(pack: EvidencePack, at: datetime) -> QuerySet[Paper]:
    """Return the papers that bear on it, issued by an instant: of a default its own and those of its session."""
    opinion = pack.opinion
    books = [book.pk for book in books_of_moment(pack)]
    found = Paper.objects.filter(book__in=books, issued_at__lte=at)
    if opinion is not None:
        found = found.filter(
            Q(book=opinion.slot.agenda.session.book_id) | Q(pk__in=_papers_of_default(opinion))
        )
    return found.order_by("number")


def _papers_of_default(opinion: Opinion) -> list[int]:
    contest = getattr(opinion, "contest", None)
    keys = [opinion.paper_id, contest and contest.paper_id]
    keys += opinion.withdrawals.values_list("paper", flat=True)
    return [key for key in keys if key]


def attempts_of(pack: EvidencePack) -> QuerySet[SummonsAttempt]:
    """Return the attempts of service whose proofs belong into the pack."""
    sessions = {"invitation__session__book__in": [book.pk for book in books_of_moment(pack)]}
    found = SummonsAttempt.objects.filter(**sessions).exclude(proof=None)
    if pack.opinion is not None:
        found = found.filter(invitation__department=pack.opinion.slot.department_id)
    return found.select_related("proof", "invitation__department").order_by("proof__sha256", "pk")


def hidden_in(book: Book, pack: EvidencePack) -> set[int]:
    """Return the sequences of a book whose words the holder of a copy may not read; their digests stand there."""
    if pack.copy in OFFICES:
        return set()
    by = pack.asked_by
    entries = Entry.objects.filter(book=book)
    found = Q(act__in=INSIDE_ONE) & ~Q(actor__organisation=by.organisation_id)
    if pack.copy == PackCopy.ENTERPRISE:
        handed = Q(act="hand_over") & ~Q(actor__role=Role.ENTERPRISE)
        found |= Q(act__in=INSIDE) | handed | unannounced(pack.filing)
    else:
        others = Q(act__in=("lodge_excuse", "decide_excuse")) | unannounced(pack.filing)
        found |= others & ~Q(actor__organisation=by.organisation_id)
    hidden = set(entries.filter(found).values_list("sequence", flat=True))
    return hidden | _of_others(book, pack.filing)


def _of_others(book: Book, filing: Filing) -> set[int]:
    """Return the entries of a session that name the filings of others."""
    if book.pk == filing.book_id:
        return set()
    rows: Any = Entry.objects.filter(book=book, payload__contains='"filing').values_list(
        "sequence", "payload"
    )
    return {sequence for sequence, payload in rows if _names_others(payload, filing.number)}


def _names_others(payload: str, number: str) -> bool:
    said = json_of(payload)
    named = [said.get("filing"), *(said.get("filings") or [])]
    return any(name and name != number for name in named)


def json_of(payload: str) -> dict[str, Any]:
    """Return what an entry says."""
    found: dict[str, Any] = json.loads(payload)
    return found
