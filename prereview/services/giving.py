"""An opinion becomes the outcome of its slot: the one place at which what a department itself said is written."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet

from accounts.asked import Asked
from accounts.models import Membership, Organisation
from approvals.models import CatalogueItem, ChecklistItem, Filing
from core.ledger.models import Book
from core.ledger.services import locked_with, record, record_with, seen_with
from core.notify.services import tell
from core.notify.words import said as _
from core.rows import Read
from core.sets import made
from core.steps.reasons import NotNow
from prereview.models import AgendaItem, Invitation, Opinion, OpinionDraft, Session, Slot
from prereview.queries.standing import along
from prereview.services.outcome import follow_up, settled_as_read
from prereview.stages import Position


@dataclass(frozen=True)
class Words:
    """What an opinion says."""

    position: str
    reason: str
    clause: str
    conditions: list[str]


def fresh(slot: Slot) -> Slot:
    """Lock a slot's book and return the slot as it now is, with what its acts ask of it."""
    found: Slot = locked_with(slot.book_id, lambda: ANSWERED.get(slot.pk))
    return found


def seen(slot: Slot, by: Membership) -> Slot | None:
    """Return the slot as it now is, with how a person stands to it, without waiting for its book; None on SQLite."""
    found: Slot | None = seen_with(lambda: next(iter(_answered_by(slot.pk, by.user_id)), None))
    return found


def is_plain(slot: Slot, words: Words) -> bool:
    """Whether an opinion is the outcome and nothing else: no draft was begun, no claim is made, nothing opens by it."""
    opens = slot.agenda.closed_at is not None and not vars(slot).get("others_open")
    return not opens and not hasattr(slot, "draft") and words.position != Position.NOT_OURS


# What every answer needs, and no more; the summons is one of the session's, found by its department.
BROUGHT: tuple[str, ...] = (
    "book", "agenda__session", "filing__rulebook", "department", "item__item", "draft", "summons",
)  # fmt: skip

PLAIN = ("book", "agenda__session", "filing", "department", "item__item", "draft", "summons")


def _answered() -> QuerySet[Slot]:
    """Return a slot with what every answer needs, its summons among it, and whether others of its item are open."""
    others = Slot.objects.unsettled().filter(agenda=OuterRef("agenda")).exclude(pk=OuterRef("pk"))
    return Slot.objects.annotate(
        summons=FilteredRelation(
            "agenda__session__invitations",
            condition=Q(agenda__session__invitations__department=F("department")),
        ),
        others_open=Exists(others),
    ).select_related(*BROUGHT)


# Long, or slow to take apart, and of no concern to an answer; whoever wants one of them reads it then.
UNREAD = (
    "dossier", "duties", "answers", "unanswered", "because", "land_mu", "floor_area_m2", "legal_basis",
)  # fmt: skip
# One statement, put together once: what is read one by one costs more than the whole rest of an answer.
ANSWERED = Read(_answered, "pk", unread=UNREAD)


# What a plain opinion asks of what is joined to its slot; of rows as wide as these the rest takes longer than the read.
ASKED = {
    "id", "code", "sequence", "head", "session_id", "filing_id", "closed_at", "stage", "book_id", "rulebook_id",
    "opinion_default", "item_id", "default_basis", "default_approver", "sent_at", "slot_id", "answer",
    "checked_in_at", "left_at", "department_id",
}  # fmt: skip
JOINED = (
    Book,
    AgendaItem,
    Session,
    Filing,
    Organisation,
    ChecklistItem,
    CatalogueItem,
    OpinionDraft,
    Invitation,
)
NOT_ASKED = {field.attname for model in JOINED for field in model._meta.concrete_fields} - ASKED
NOT_ASKED -= {field.attname for field in Slot._meta.concrete_fields}


def _asked_by(slot: int, user: int) -> QuerySet[Slot]:
    found = _answered().select_related(None).select_related(*PLAIN)
    return found.annotate(**along(user)).filter(pk=slot).order_by()


_answered_by = Asked(_asked_by, NOT_ASKED)


def still_asked(slot: Slot) -> None:
    """Refuse a word on what was struck before it came to anything."""
    if slot.asked_no_more and not slot.filing.ended:
        raise NotNow([_("事项已经核减，不再需要提出意见。")])


def give(slot: Slot, words: Any, *, by: Membership, at: datetime, evidence: dict[str, Any]) -> Slot:
    """Write an opinion of `by` as the outcome; `evidence` says under what authority.

    The caller holds the book, or has only seen it and the opinion is plain.
    """
    if words.position == Position.NOT_OURS:
        return _claim_not_ours(slot, words.reason, by, at, evidence)
    opinion = made(
        Opinion, position=words.position, reason=words.reason, clause=words.clause, conditions=words.conditions,
        given_by=by, effective_at=at, recorded_at=at,
    )  # fmt: skip
    said = {
        "department": slot.department.code, "item": slot.item.code if slot.item else "", "kind": slot.kind,
        "position": words.position, "clause": words.clause, "conditions": len(words.conditions), **evidence,
    }  # fmt: skip
    record_with(
        slot.book, "give_opinion", settled_as_read(slot, opinion), by=by, at=at, evidence=said
    )
    if hasattr(slot, "draft"):  # one that somebody has begun
        OpinionDraft.objects.filter(slot=slot, late_at=None).update(sent_at=at)
    # Read under the lock: while others of the item are awaited, nothing opens.
    if not vars(slot).get("others_open"):
        follow_up(slot, at)
    return slot


def _claim_not_ours(
    slot: Slot, reason: str, by: Membership, at: datetime, evidence: dict[str, Any]
) -> Slot:
    """不属本部门 is settled when the convenor accepts it; until then the limit runs on."""
    slot.not_ours_reason = reason
    slot.save()
    record(
        slot.book, "claim_not_ours", by=by, at=at, department=slot.department.code,
        item=slot.item.code if slot.item else "", reason=reason, **evidence,
    )  # fmt: skip
    tell(
        [slot.agenda.session.convenor],
        _("%(department)s认为事项不属本部门，请决定") % {"department": slot.department},
        about=f"notours:{slot.pk}",
        at=at,
        link=f"/cases/{slot.filing.public_id}/",
    )
    return slot
