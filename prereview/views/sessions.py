"""The list of sessions, and one session: the page a meeting is run from."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from django.views.generic import View

from accounts.models import Membership
from approvals.models import Filing
from approvals.views.base import outcome
from core import clock
from core.documents.sheets import handed_out
from core.steps.offers import offered
from core.steps.watching import watch_of
from prereview import services
from prereview.forms import ReasonForm
from prereview.forms.room import OpenForm
from prereview.models import Session
from prereview.policies import convenor, staff
from prereview.policies.feed import keeps_a_calendar
from prereview.queries import questions_seen, sessions_of
from prereview.queries.room import recorders, wants_recorder
from prereview.queries.sheets import sheet_of_sessions
from prereview.stages import SessionStage
from prereview.views.base import DEPARTMENT, ITS_MOMENT, SessionStep, person, session_url
from prereview.views.room import room

PAST_PER_PAGE = 30


class SessionList(View):
    """Sessions upcoming, running and past."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the lists."""
        by = person(request)
        found = sessions_of(by)
        running = list(
            found.filter(stage__in=(SessionStage.CALLED, SessionStage.OPEN)).order_by("opens_at")
        )
        past = found.filter(stage__in=(SessionStage.CLOSED, SessionStage.CANCELLED))
        page = Paginator(past, PAST_PER_PAGE).get_page(request.GET.get("page"))
        return render(
            request,
            "prereview/list.html",
            {
                "open": [row(s, by) for s in running if s.stage == SessionStage.OPEN],
                "upcoming": [row(s, by) for s in running if s.stage == SessionStage.CALLED],
                "past": [row(s, by) for s in page.object_list],
                "page": page,
                "calls": convenor(None, by),
                "away": by.role in DEPARTMENT,
                "seconds": by.role in DEPARTMENT or staff(None, by),
                "feed": keeps_a_calendar(None, by),
            },
        )


@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """Hand the sessions out as a file, all that the person may see."""
    sheet = sheet_of_sessions(sessions_of(person(request)))
    form = request.GET.get("form", "")
    return handed_out(sheet, form, at=clock.now(), watch=watch_of(request))


def row(session: Session, by: Membership) -> dict[str, Any]:
    """Return a session for the list, from what was fetched with it."""
    invited = list(session.invitations.all())
    mine = next((i for i in invited if i.department_id == by.organisation_id), None)
    return {
        "session": session,
        "url": session_url(session),
        "filings": [item.filing for item in session.agenda.all()],
        "invited": len(invited),
        "signed": sum(i.proven for i in invited),
        "present": sum(i.checked_in_at is not None for i in invited),
        "mine": _mine(mine) if by.role in DEPARTMENT and mine else "",
    }


def _mine(summons: Any) -> str:
    if summons.checked_in_at:
        return _("已签到")
    if not summons.proven:
        return _("待签收")
    return str(summons.get_answer_display())


class SessionPage(View):
    """One session: for the convenor the whole meeting, for a department its own summons on top."""

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Show the page."""
        by = person(request)
        session = get_object_or_404(sessions_of(by), public_id=public_id)
        steps = [
            {**vars(o), "allowed": o.allowed, "danger": o.name == "cancel"}
            for o in offered(session, by)
        ]
        shown = {**room(session, by, clock.now()), "steps": steps, **called(session, by)}
        return render(request, "prereview/session.html", shown)


def called(session: Session, by: Membership) -> dict[str, Any]:
    """Return what goes with the summons: questions with their answers, and whether there is a route."""
    asks = convenor(session, by)
    return {
        "questions": [{"one": one, "answers": asks} for one in questions_seen(session, by)],
        "several": session.is_survey and len(session.agenda.all()) > 1,
    }


class SessionOfCase(View):
    """From a case to the latest session it is on the agenda of."""

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Go there."""
        by = person(request)
        filing = get_object_or_404(Filing.objects.visible_to(by), public_id=public_id)
        found = (
            Session.objects.visible_to(by)
            .filter(agenda__filing=filing)
            .order_by("-called_at")
            .first()
        )
        if found is None:
            raise Http404
        return redirect(session_url(found))


class OpenView(SessionStep):
    """宣布开始."""

    title = gettext_lazy("宣布开始")
    verb = gettext_lazy("宣布开始")
    explain = gettext_lazy("开始后可以签到、逐项审议；开始以后不能再请假，也不能取消。")
    transition = "open"
    conditions = ITS_MOMENT
    form_class = OpenForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer who may keep the record."""
        at, session = self.now(), self.subject
        people = [] if session.is_survey else recorders(session, at, self.acting)
        return {
            **super().get_form_kwargs(),
            "recorders": people,
            "wanted": wants_recorder(session, at),
        }

    def perform(self, data: dict[str, Any]) -> str:
        """Open the session."""
        recorder = data.get("recorder")
        services.open_session(self.subject, recorder=recorder, by=self.acting, at=self.now())
        return outcome(_("已宣布开始。"), _("各部门签到；召集人逐项开始、逐项结束。"))


class CloseView(SessionStep):
    """宣布结束."""

    title = gettext_lazy("宣布结束")
    verb = gettext_lazy("宣布结束")
    explain = gettext_lazy("每一项议程都已结束后，才能宣布结束。")
    transition = "close"

    def perform(self, data: dict[str, Any]) -> str:
        """Close the session."""
        services.close_session(self.subject, by=self.acting, at=self.now())
        return outcome(_("已宣布结束。"), _("各部门在期限内提出意见；意见齐全后由召集人作出结论。"))


class CancelView(SessionStep):
    """取消."""

    title = gettext_lazy("取消会次")
    verb = gettext_lazy("取消会次")
    explain = gettext_lazy("只能在开始以前取消。各部门和企业会收到通知；申报件可以另行召集。")
    transition = "cancel"
    danger = True
    form_class = ReasonForm

    def perform(self, data: dict[str, Any]) -> str:
        """Cancel the session."""
        services.cancel_session(self.subject, reason=data["reason"], by=self.acting, at=self.now())
        return outcome(_("已取消。"), _("申报件回到可以召集的状态，由召集人另行召集。"))
