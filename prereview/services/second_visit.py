"""再次勘察: one visit is the rule; another one only on a reasoned request, decided with reasons and counted."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership, Organisation
from accounts.queries import people_of
from approvals.services import tell_enterprise
from approvals.stages import Stage
from core.deadlines.queries import calendar_at
from core.documents.services import draw_number
from core.ledger.services import lock, record
from core.notify.services import tell
from core.notify.words import said as _
from core.steps.moves import act, locked, permit
from core.steps.reasons import NotNow, need_words
from core.steps.templatetags.look import date_day
from prereview import policies
from prereview.models import AgendaItem, SecondVisit, Session
from prereview.queries import earliest_opening, is_day_off
from prereview.queries.second_visits import why_not_asked
from prereview.services.calling import MARKS, open_session_book
from prereview.services.standing import in_case
from prereview.services.summons import AGAIN, Summoned, dossier_of_case, serve
from prereview.stages import Duty, RequestState, SessionKind


@transaction.atomic
def ask_second_visit(
    agenda: AgendaItem, *, reason: str, by: Membership, at: datetime
) -> SecondVisit:
    """申请再次勘察: by a department that came or was excused, with why one visit was not enough."""
    need_words(reason)
    session = locked(agenda.session)
    agenda = AgendaItem.objects.select_related("session", "filing").get(pk=agenda.pk)
    agenda.session = session
    permit(agenda, policies.summoned, by=by, at=at)
    if reasons := why_not_asked(agenda, by):
        raise NotNow([str(one) for one in reasons])
    standing = in_case(agenda.filing, Duty.ATTEND, by=by, at=at)
    if standing.refusal:
        raise PermissionDenied(standing.refusal)
    act(
        agenda, "ask_second_visit", policy=policies.summoned, by=by, at=at, filing=agenda.filing.number,
        department=by.organisation.code, reason=reason.strip(), **standing.evidence,
    )  # fmt: skip
    request = SecondVisit.objects.create(
        agenda=agenda,
        department=Organisation.objects.get(pk=by.organisation_id),
        asked_by=by,
        asked_at=at,
        reason=reason.strip(),
    )
    tell(
        [session.convenor],
        _("%(project)s：%(department)s申请再次勘察，等您决定")
        % {"project": agenda.filing.project_name, "department": request.department},
        about=f"second_visit:{request.pk}",
        at=at,
        link=f"/second-visits/{request.pk}/decide/",
    )
    return request


@transaction.atomic
def decide_second_visit(
    request: SecondVisit,
    *,
    granted: bool,
    decision: str,
    by: Membership,
    at: datetime,
    opens_at: datetime | None = None,
    place: str = "",
) -> SecondVisit:
    """决定再次勘察申请: with reasons either way; granted, the department alone is summoned, with the same notice."""
    if not decision.strip():
        raise ValidationError({"decision": _("请写明决定的理由。")})
    lock(request.agenda.session.book_id)
    request = SecondVisit.objects.select_related(
        "agenda__session__book", "agenda__filing", "department"
    ).get(pk=request.pk)
    permit(request, policies.convenor, by=by, at=at)
    if request.state != RequestState.ASKED:
        raise NotNow([_("这项申请已经决定。")])
    if granted:
        if request.agenda.filing.stage != Stage.PREREVIEWING:
            raise NotNow([_("申报件已经不在联合预审阶段，不能再次勘察。")])
        request.session = _call(request, opens_at, place, by, at)
    act(
        request, "decide_second_visit", policy=policies.convenor, by=by, at=at,
        department=request.department.code, filing=request.agenda.filing.number, granted=granted,
        decision=decision.strip(), session=request.session.number if request.session else None,
    )  # fmt: skip
    request.state = RequestState.GRANTED if granted else RequestState.REFUSED
    request.decided_by, request.decided_at, request.decision = by, at, decision.strip()
    request.save()
    _tell(request, at)
    return request


def _tell(request: SecondVisit, at: datetime) -> None:
    """Tell the department what was decided, and why."""
    tell(
        people_of([request.department_id], timezone.localdate(at)),
        _("%(project)s：再次勘察申请的决定：%(state)s")
        % {"project": request.agenda.filing.project_name, "state": RequestState(request.state).label},
        about=f"second_visit_decided:{request.pk}",
        at=at,
        body=request.decision,
        link=f"/sessions/{request.agenda.session.public_id}/",
    )  # fmt: skip


def _call(
    request: SecondVisit, opens_at: datetime | None, place: str, by: Membership, at: datetime
) -> Session:
    """Summon the department that asked, with the minimum notice; nobody owes an opinion on what it sees."""
    lacking = {}
    if opens_at is None:
        lacking["opens_at"] = _("请写明再次勘察的日期和时间。")
    if not place.strip():
        lacking["place"] = _("请写明地点。")
    if lacking or opens_at is None:
        raise ValidationError(lacking)
    first, day = earliest_opening(SessionKind.SURVEY, at), timezone.localdate(opens_at)
    if day < first or is_day_off(day, calendar_at(at)):
        text = _("通知须至少提前规定的工作日，并且是工作日：最早可在%(day)s。")
        raise ValidationError({"opens_at": text % {"day": date_day(first)}})
    filing = request.agenda.filing
    session = Session(
        kind=SessionKind.SURVEY, called_at=at, opens_at=opens_at, place=place.strip(), convenor=by,
        number=draw_number(MARKS[SessionKind.SURVEY], timezone.localtime(at).year),
    )  # fmt: skip
    open_session_book(session)
    lock(filing.book_id)
    AgendaItem.objects.create(session=session, filing=filing, order=1, round=filing.round)
    act(
        session, "call_session", policy=policies.convenor, by=by, at=at,
        kind=session.kind, opens_at=opens_at, filings=[filing.number], second_visit=request.pk,
    )  # fmt: skip
    record(filing.book, "call_second_visit", by=by, at=at, session=session.number)
    summoned = Summoned(request.department, dossier_of_case(filing))
    serve(session, summoned, by=by, at=at, body=AGAIN)
    about = _("%(kind)s（再次勘察，%(department)s）：%(when)s，%(place)s") % {
        "kind": session.get_kind_display(), "department": request.department,
        "when": f"{timezone.localtime(opens_at):%Y-%m-%d %H:%M}",
        "place": session.place,
    }  # fmt: skip
    tell_enterprise(filing, about, f"called:{session.pk}", at)
    return session
