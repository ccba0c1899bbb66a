"""增加部门: the convenor asks one more department, with a reason; summoned like the others, with its own notice."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership, Organisation
from accounts.stages import Kind
from approvals.models import ChecklistItem
from approvals.stages import OpinionDefault
from core.deadlines.calendar import CalendarGap
from core.ledger.services import lock
from core.notify.words import said as _
from core.steps.moves import act, locked, permit
from core.steps.reasons import NotNow, need_words, require
from prereview import policies
from prereview.models import AgendaItem, Invitation, Session
from prereview.queries import earliest_opening
from prereview.services.agenda import ask_one
from prereview.services.notice import notice_paper
from prereview.services.summons import Summoned, dossiers, serve


def short_notice(session: Session, at: datetime) -> bool:
    """Whether a summons of now leaves a department less than the minimum notice; in doubt it does."""
    try:
        return timezone.localdate(session.opens_at) < earliest_opening(session.kind, at)
    except CalendarGap:
        return True


@transaction.atomic
def add_department(
    session: Session,
    *,
    department: Organisation,
    reason: str,
    by: Membership,
    at: datetime,
    agenda: list[AgendaItem] | None = None,
    items: list[ChecklistItem] | None = None,
) -> Invitation:
    """增加部门: to a meeting on some `items` of its filings, to a survey at some of its `agenda`; until it begins.

    The minimum notice counts from this summons. Where it cannot be kept, the department may come and speak, and its
    absence comes to nothing: what it does not say is held until it is served again.
    """
    need_words(reason)
    session = locked(session)
    require(session, policies.session_is_called, policies.takes_departments)
    permit(session, policies.convenor, by=by, at=at)
    if department.kind != Kind.DEPARTMENT:
        raise ValidationError({"department": _("只能增加县里的部门。")})
    if session.invitations.filter(department=department).exists():
        raise NotNow([_("%(department)s已在通知名单上。") % {"department": department}])
    asked = _asked(session, agenda or [], items or [])
    lock(*{place.filing.book_id for place, _item in asked})
    for place in {place.pk: place for place, _item in asked}.values():
        place.added.create(department=department, reason=reason, added_by=by, added_at=at)
    for place, item in asked:
        ask_one(place, department, item)
    short = short_notice(session, at)
    act(
        session, "add_department", policy=policies.convenor, by=by, at=at, department=department.code,
        reason=reason, short_notice=short, filings=sorted({p.filing.number for p, _item in asked}),
        items=sorted(item.code for _place, item in asked if item) or None,
    )  # fmt: skip
    given = dossiers(session)[department.pk]
    summons = serve(session, Summoned(department, given, reason), by=by, at=at, short=short)
    summons.notice = notice_paper(session, [summons], by=by, at=at, short=short)
    summons.save(update_fields=["notice"])
    return summons


def _asked(
    session: Session, agenda: list[AgendaItem], items: list[ChecklistItem]
) -> list[tuple[AgendaItem, ChecklistItem | None]]:
    """Return on what the department is asked; what is not on the agenda cannot be."""
    places = {
        one.filing_id: one
        for one in session.agenda.select_related("filing__rulebook", "filing__book")
    }
    if session.is_survey:
        wanted = [places.get(one.filing_id) for one in agenda if one.session_id == session.pk]
        found = [(place, None) for place in wanted if place is not None]
        if not found or len(found) != len(agenda):
            raise ValidationError({"agenda": _("请选择本次勘察的至少一个点。")})
        return found  # type: ignore[return-value]
    if not items or not all(item.filing_id in places and _is_asked(item) for item in items):
        raise ValidationError({"items": _("请选择议程上至少一个事项。")})
    return [(places[item.filing_id], item) for item in items]


def _is_asked(item: ChecklistItem) -> bool:
    """Whether anybody is asked about an item at all: a technical report has no opinion to be given."""
    return item.applies is not False and item.opinion_default != OpinionDefault.NONE
