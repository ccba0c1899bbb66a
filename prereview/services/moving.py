"""改期: a new date is a new summons. The old session stays in the books with all its proofs, and comes to nothing.

Nobody can be absent from the old date: its session is called off, and no slot hangs on it any more. What a department
answered to the old summons is not taken to be its answer to the new one. An opinion it gave on the matter stands.
"""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership
from approvals.models import Filing
from approvals.services import tell_enterprise
from approvals.stages import Stage
from core.documents.services import draw_number
from core.ledger.services import lock, record
from core.notify.words import said as _
from core.steps.moves import act, locked, move, permit
from core.steps.reasons import NotNow, need_words, require
from prereview import policies
from prereview.models import AddedDepartment, AgendaItem, Session
from prereview.services.agenda import put_on_agenda
from prereview.services.calling import MARKS, check_day, end_summonses, open_session_book
from prereview.services.notice import summon
from prereview.services.planning import free_room, place_of
from prereview.services.summons import call_off, what
from prereview.stages import SessionKind

HELD_IN = {SessionKind.SURVEY: Stage.SURVEYING, SessionKind.MEETING: Stage.PREREVIEWING}


@transaction.atomic
def move_session(
    session: Session,
    *,
    opens_at: datetime,
    reason: str,
    by: Membership,
    at: datetime,
    place: str = "",
    room: str = "",
    minutes: int = 0,
) -> Session:
    """改期: the session is called off for its date and called anew for another; return the new one.

    Every department is summoned anew, with the whole minimum notice. Raises NotNow once the session has begun, was
    moved or called off; ValidationError where the new day leaves too little notice or is not worked.
    """
    need_words(reason)
    session = locked(session)
    require(session, policies.session_is_called, policies.is_no_second_visit)
    permit(session, policies.convenor, by=by, at=at)
    check_day(session.kind, opens_at, at)
    _something_changes(session, opens_at, place, room)
    carried, left = _carried(session)
    new = _called_anew(session, opens_at, place, room, minutes, by=by, at=at)
    move(session.cancel, by=by, at=at, reason=reason)
    end_summonses(session, at)
    free_room(session)
    open_session_book(new)
    items = put_on_agenda(new, [item.filing for item in carried], _times(carried, session, new))
    _carry_added(carried, items)
    act(
        new, "call_session", policy=policies.convenor, by=by, at=at, kind=new.kind, opens_at=opens_at,
        filings=[item.filing.number for item in carried], moves=session.number, reason=reason,
    )  # fmt: skip
    for book in [session.book, *(item.filing.book for item in [*carried, *left])]:
        record(book, "session_moved", by=by, at=at, session=session.number, to=new.number)
    _tell(new, [item.filing for item in carried], by=by, at=at)
    return new


def _tell(new: Session, filings: list[Filing], *, by: Membership, at: datetime) -> None:
    """Summon the departments anew, and tell the enterprises; and whose cases have all dropped out, that it is off."""
    said = _("改期：%(what)s（原定%(old)s）") % {"what": what(new), "old": new.moves.number}
    summon(new, by=by, at=at, subject=said)
    asked = new.invitations.values("department")
    for summons in new.moves.invitations.exclude(department__in=asked).select_related("department"):
        summons.session = new.moves
        call_off(summons, at)
    for filing in filings:
        tell_enterprise(filing, said, f"called:{new.pk}", at)


def _something_changes(session: Session, opens_at: datetime, place: str, room: str) -> None:
    stays = opens_at == session.opens_at
    if stays and place in ("", session.place) and room in ("", session.room):
        raise ValidationError({"opens_at": _("时间、地点都没有变化，不需要改期。")})


def _carried(session: Session) -> tuple[list[AgendaItem], list[AgendaItem]]:
    """Lock the filings and return the items whose filing still waits for the session, and those whose does not."""
    agenda = list(session.agenda.order_by("order"))
    lock(*Filing.objects.filter(agenda_items__session=session).values_list("book_id", flat=True))
    fresh = Filing.objects.select_related("book", "rulebook", "enterprise").in_bulk(
        [item.filing_id for item in agenda]
    )
    for item in agenda:
        item.filing = fresh[item.filing_id]
    wanted = HELD_IN[SessionKind(session.kind)]
    stays = [item for item in agenda if item.filing.stage == wanted]
    if not stays:
        raise NotNow([_("议程上已没有等待审议的申报件：请取消会次。")])
    return stays, [item for item in agenda if item.filing.stage != wanted]


def _called_anew(
    old: Session, opens_at: datetime, place: str, room: str, minutes: int, *, by: Membership, at: datetime
) -> Session:  # fmt: skip
    """Return the session on the new date, not yet written; where nothing else is said it is where the old one was."""
    chosen = room or ("" if place.strip() else old.room)
    return Session(
        kind=old.kind, called_at=at, opens_at=opens_at, convenor=by, moves=old,
        room=chosen, place=place_of(place or ("" if chosen else old.place), chosen),
        minutes=minutes or old.minutes, moved_times=old.moved_times + 1,
        called_first=old.called_first or old.public_id,
        number=draw_number(MARKS[SessionKind(old.kind)], timezone.localtime(at).year),
    )  # fmt: skip


def _times(items: list[AgendaItem], old: Session, new: Session) -> list[datetime | None]:
    """Return the planned times of the stops, as far after the new start as they were after the old one."""
    return [item.planned_at and new.opens_at + (item.planned_at - old.opens_at) for item in items]


def _carry_added(old: list[AgendaItem], new: list[AgendaItem]) -> None:
    """Keep whom the convenor had added, with the reason."""
    for before, after in zip(old, new, strict=True):
        AddedDepartment.objects.bulk_create(
            AddedDepartment(
                agenda=after, department_id=row.department_id, reason=row.reason,
                added_by_id=row.added_by_id, added_at=row.added_at,
            )
            for row in before.added.all()
        )  # fmt: skip
