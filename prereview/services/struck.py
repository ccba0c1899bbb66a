"""核减: a department of whose items none is left is asked for nothing more, and is told so."""

from datetime import datetime

from django.utils import timezone

from accounts.models import Organisation
from accounts.queries import people_of
from accounts.services import system_actor
from approvals.models import ChecklistItem, Filing
from approvals.services.striking import STRUCK, Struck
from core.deadlines.services import end
from core.ledger.services import record
from core.notify.services import tell
from core.notify.words import said as _
from prereview.models import Invitation, Slot
from prereview.queries import asked_departments
from prereview.services.dispatching import departments_of
from prereview.stages import SessionKind, SessionStage, SlotState

BEFORE = (SessionStage.CALLED, SessionStage.OPEN)


def _sessions(filing: Filing) -> list[int]:
    """Return the books of the sessions that still have the filing before them: they are locked before the filing's."""
    rows = filing.agenda_items.filter(session__stage__in=BEFORE, closed_at=None)
    return list(rows.values_list("session__book_id", flat=True))


def _follow(item: ChecklistItem, held: set[int], at: datetime) -> None:
    _ask_no_more(item, None, at)
    left = {one.pk for one in departments_of(item.filing)}
    gone = [one for one in asked_departments(item) if one.pk not in left]
    for department in gone:
        _ask_no_more(item, department, at)
    if gone:
        _let_go(item.filing, gone, held, at)


def _ask_no_more(item: ChecklistItem, department: Organisation | None, at: datetime) -> None:
    """Take off what nobody has answered and no limit has decided: of the item, or a department's word on the visit."""
    waiting = Slot.objects.unsettled().filter(filing=item.filing_id, state=SlotState.AWAITED)
    if department is None:
        waiting = waiting.filter(item=item)
    else:
        waiting = waiting.filter(kind=SessionKind.SURVEY, item=None, department=department)
    bare = set(waiting.bare().values_list("pk", flat=True))
    for slot in waiting:
        if slot.late(at) or slot.opinions.exists() or slot.late_opinions.exists():
            continue
        if slot.pk in bare:
            slot.delete()  # the ledger keeps that it was asked, and why it is no more
        else:
            end(
                slot, at=at
            )  # what somebody has begun, or handed on, is kept; no session asks it again


def _let_go(filing: Filing, gone: list[Organisation], held: set[int], at: datetime) -> None:
    """End what the departments have still to sign for; a summons that others' cases stand on goes on."""
    for sent in filing.dispatches.filter(department__in=gone, ended_at=None):
        end(sent, at=at)
    summons = Invitation.objects.filter(
        session__agenda__filing=filing, session__stage__in=BEFORE, department__in=gone
    )
    for one in summons.filter(ended_at=None, book__in=held):
        asked = Slot.objects.in_play().filter(agenda__session=one.session_id)
        if not asked.filter(department=one.department_id).exists():
            end(one, at=at)
    codes = [department.code for department in gone]
    record(filing.book, "let_go", by=system_actor(), at=at, departments=codes)
    tell(
        people_of([department.pk for department in gone], timezone.localdate(at)),
        _("%(project)s：贵单位的事项已经核减，本件不再需要签收、到会和提出意见")
        % {"project": filing.project_name},
        about=f"let-go:{filing.pk}:{int(at.timestamp())}",
        at=at,
        link=f"/cases/{filing.public_id}/",
    )


STRUCK.append(Struck(books=_sessions, follow=_follow))
