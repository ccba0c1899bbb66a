"""A new edition of the calendar: a notice of the State Council as a file, a closure of the county, or its withdrawal.

Each is looked at first and then loaded: `propose_…` writes nothing and returns what would be, `load_…` writes it into
the county's book with its file or paper. What it does to open limits comes with the next pass of the sweep.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership
from accounts.policies import administrator, administrator_or_system
from core.deadlines import known
from core.deadlines.calendar import Calendar, CalendarFile
from core.deadlines.models import CalendarEdition, EditionKind
from core.deadlines.services.calendars import append, proposed
from core.documents.models import Attachment
from core.documents.services import keep, keep_bytes
from core.ledger.models import Book
from core.ledger.services import county_book, lock, record
from core.notify.services import tell
from core.notify.words import said as _
from core.steps.moves import permit
from core.steps.reasons import NotNow, need_words
from desk.queries.calendars import sessions_on_days_off
from desk.rules.proposals import (
    Decision,
    Proposed,
    by_closure,
    by_notice,
    by_reopening,
    text_of,
)

ACTS = {
    EditionKind.NOTICE: "load_calendar",
    EditionKind.CLOSURE: "close_counters",
    EditionKind.REOPENING: "reopen_counters",
}


@dataclass(frozen=True)
class Proposal:
    """What would be: the edition, not written, its days, and the pure calendar of it."""

    edition: CalendarEdition
    content: Proposed

    @property
    def calendar(self) -> Calendar:
        """The calendar by which open limits would be counted."""
        return self.content.calendar


def propose_notice(*, name: str, content: bytes, at: datetime) -> Proposal:
    """Check a file whole and return the edition it would make; ValidationError with every line that is wrong."""
    last = _last()
    data = known.national(last)
    made = by_notice(
        data, known.closures(last), CalendarFile(name, text_of(content)),
        today=timezone.localdate(at), number=known.from_notices() + 1,
    )  # fmt: skip
    edition = proposed(made.data, digest=known.calendar_digest(made.data), kind=EditionKind.NOTICE)
    return Proposal(edition, made)


def propose_closure(decision: Decision, *, at: datetime) -> Proposal:
    """Return the edition in which the county's counters are shut on some days; ValidationError by field."""
    return _decided(decision, EditionKind.CLOSURE, at)


def propose_reopening(decision: Decision, *, at: datetime) -> Proposal:
    """Return the edition in which days still to come are no longer shut; ValidationError by field."""
    return _decided(decision, EditionKind.REOPENING, at)


def _decided(decision: Decision, kind: EditionKind, at: datetime) -> Proposal:
    need_words(decision.reason)
    last, make = _last(), by_closure if kind == EditionKind.CLOSURE else by_reopening
    data = known.national(last)
    made = make(data, known.closures(last), decision, today=timezone.localdate(at))
    edition = proposed(
        made.data, kind=kind, known_from=decision.decided_on, reason=decision.reason,
        digest=known.digest_of([str(kind), last.digest, *decision.said()]),
    )  # fmt: skip
    return Proposal(edition, made)


def _last() -> CalendarEdition:
    last = known.last_edition()
    if last is None:
        raise NotNow([_("日历还没有载入：请先载入县规则包。")])
    return last


def _expected(after: int | None) -> None:
    """Refuse where a newer edition has come since somebody looked."""
    if after is not None and _last().number != after:
        raise NotNow([_("日历刚刚有了新版，请重新预览。")])


@transaction.atomic
def load_notice(
    *, name: str, content: bytes, by: Membership, at: datetime, after: int | None = None
) -> CalendarEdition:
    """Load a notice from its file, whole or not at all; `after` is the newest edition when it was looked at.

    Raises ValidationError with every fault, NotNow where a newer edition has come since, PermissionDenied.
    """
    permit(None, administrator_or_system, by=by, at=at)
    book = lock(county_book().pk)[0]
    _expected(after)
    proposal = propose_notice(name=name, content=content, at=at)
    kind = "text/csv" if name.lower().endswith(".csv") else "application/json"
    file = keep_bytes(content, name=name, content_type=kind, book=book, by=by, at=at)
    return _load(proposal, book, file, by=by, at=at)


@transaction.atomic
def load_decision(
    decision: Decision,
    *,
    kind: EditionKind,
    paper: UploadedFile,
    by: Membership,
    at: datetime,
    after: int | None = None,
) -> CalendarEdition:
    """Load a closure of the county, or take one back, with the paper that says so.

    Raises ValidationError by field, NotNow where a newer edition has come since, PermissionDenied.
    """
    permit(None, administrator, by=by, at=at)
    book = lock(county_book().pk)[0]
    _expected(after)
    proposal = _decided(decision, kind, at)
    return _load(proposal, book, keep(paper, book=book, by=by, at=at), by=by, at=at)


def _load(
    proposal: Proposal, book: Book, file: Attachment, *, by: Membership, at: datetime
) -> CalendarEdition:
    made, edition = proposal.content, proposal.edition
    edition.attachment = file
    append(edition, made.data.marks, made.shut)
    said: dict[str, Any] = {"edition": edition.number, "known_from": edition.known_from.isoformat()}
    if edition.kind != EditionKind.NOTICE:
        said |= {"days": [day.isoformat() for day in made.new], "reason": edition.reason}
    record(
        book, ACTS[EditionKind(edition.kind)], by=by, at=at, digest=edition.digest,
        file=file.sha256, **said,
    )  # fmt: skip
    for session in sessions_on_days_off(proposal.calendar, at):
        tell(
            [session.convenor],
            _("%(session)s定在不上班的日子，请改期") % {"session": session},
            about=f"off:session:{session.pk}:{edition.number}",
            at=at,
            link=f"/sessions/{session.public_id}/",
        )
    return edition


def decision_of(
    *, first: date, last: date | None, reason: str, decided_on: date, number: str = ""
) -> Decision:
    """Return the decision that a form or a program names; one day where no last one is given."""
    words = " ".join(reason.split())
    return Decision(first, last or first, words, decided_on, number.strip())
