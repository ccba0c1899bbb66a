"""What a meeting room asks: its secret, who keeps its record, who is there, whether that is enough, and its pulse."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from accounts.queries import people_of
from accounts.stages import Role
from core.deadlines.models import RulebookEdition
from core.deadlines.queries import rulebook_at, value_of
from core.ledger.models import Book
from prereview import rules
from prereview.models import AgendaItem, Invitation, Session
from prereview.rules.room import code_for, needed, step_of
from prereview.stages import RecorderRule, SessionStage


def secret_of(session: Session) -> bytes:
    """Return the secret of a session's codes: drawn from the site's own key, and another for each opening."""
    opened = session.opened_at.isoformat() if session.opened_at else ""
    return bytes(
        salted_hmac("prereview.room", f"{session.public_id}:{opened}", algorithm="sha256").digest()
    )


def code_of(session: Session, at: datetime) -> str:
    """Return the code on the wall at an instant; empty unless the session runs."""
    if session.stage != SessionStage.OPEN:
        return ""
    return code_for(secret_of(session), step_of(at))


def recorders(session: Session, at: datetime, by: Membership) -> QuerySet[Membership]:
    """Return who may keep the record: people of the convenor's office, other persons than the convenor and `by`.

    `by` names them: who opens the session in the convenor's place, and may close it, is not its second person either.
    """
    office = people_of(
        [session.convenor.organisation_id], timezone.localdate(at), (Role.WINDOW, Role.CONVENOR)
    )
    firsts = (session.convenor.user_id, by.user_id)
    return office.exclude(user__in=firsts).order_by("user__name", "pk")


def may_record(session: Session, who: Membership, at: datetime, by: Membership) -> bool:
    """Whether a person may keep the record of a session, named by `by`."""
    return recorders(session, at, by).filter(pk=who.pk).exists()


def closed_by(session: Session, who: Membership) -> bool:
    """Whether a natural person closed the session, under whatever office: it is their word on the roll."""
    return bool(session.book.entries.filter(act="close", actor__user=who.user_id).exists())


def _word(edition: RulebookEdition, code: str, otherwise: str) -> str:
    try:
        return value_of(edition, code).value
    except KeyError:  # an edition from before the rule
        return otherwise


def wants_recorder(session: Session, at: datetime) -> bool:
    """Whether the county lets a meeting open only with a recorder (P71); a survey has no minutes."""
    word = _word(rulebook_at(at), rules.RECORDER, RecorderRule.OPTIONAL)
    return not session.is_survey and word == RecorderRule.REQUIRED


@dataclass(frozen=True)
class Quorum:
    """How many departments are in the room, of those that were served, and how many the county wants there."""

    present: int
    served: int
    needed: int

    @property
    def met(self) -> bool:
        """Whether enough are there; it is shown and blocks nothing, for the law lets the procedure go on."""
        return self.present >= self.needed


def quorum_of(summons: Sequence[Invitation], at: datetime) -> Quorum:
    """Count a room by the rulebook in force (P70); an older edition wants all that were served."""
    percent = int(_word(rulebook_at(at), rules.QUORUM, "100"))
    served = [one for one in summons if one.proven]
    present = [one for one in summons if one.checked_in_at and not one.left_at]
    return Quorum(len(present), len(served), needed(len(served), percent))


def current(agenda: Sequence[AgendaItem]) -> AgendaItem | None:
    """Return the item the room is at: under discussion, else the first to come, else the first without conclusion."""
    running = [item for item in agenda if item.opened_at and not item.closed_at]
    to_come = [item for item in agenda if not item.closed_at]
    unfinished = [item for item in agenda if not item.conclusion]
    return next(iter([*running, *to_come, *unfinished, *reversed(agenda)]), None)


def why_not_begun(item: AgendaItem) -> list[Any]:
    """Return which other item of the session runs, in the way of this one."""
    others = item.session.agenda.filter(closed_at=None).exclude(opened_at=None).exclude(pk=item.pk)
    running = others.select_related("filing").first()
    if running is None:
        return []
    return [
        _("“%(project)s”正在审议：请先结束这一项，再开始下一项。")
        % {"project": running.filing.project_name}
    ]


def books_of(session: Session, agenda: Sequence[AgendaItem]) -> list[int]:
    """Return the books in which everything that a room sees is written: the session's and those of its filings."""
    return sorted({session.book_id, *(item.filing.book_id for item in agenda)})


def pulse(books: Sequence[int]) -> int:
    """Return a number that grows with every act in some books: one query on their keys."""
    found = Book.objects.filter(pk__in=books).order_by().aggregate(all=Sum("sequence"))
    return found["all"] or 0
