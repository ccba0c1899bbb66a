"""Calling a session, and going without a survey."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from accounts.models import Organisation
from approvals.models import Filing
from approvals.stages import Stage
from approvals.views.base import CaseStep, outcome
from core.deadlines.calendar import CalendarGap
from core.deadlines.models import Unit
from core.deadlines.queries import NoEdition, calendar_at, rulebook_at, value_of
from core.steps.reasons import NotNow
from core.steps.templatetags.look import date_day
from prereview import policies, rules, services
from prereview.forms import CallForm, ReasonForm
from prereview.queries import ready_for
from prereview.queries.planning import Ready, ready_filings, shown
from prereview.stages import SessionKind
from prereview.views.base import Step, person, session_url
from prereview.views.clashes import BesideCalendars


class CallView(BesideCalendars, Step):
    """召集: which filings, when, where; the earliest day explains itself."""

    template_name = "prereview/call.html"
    title = gettext_lazy("召集联合勘察或联合预审会")
    verb = gettext_lazy("召集并送达通知")
    form_class: Any = CallForm

    def find(self) -> None:
        """There is no session yet."""

    @property
    def kind(self) -> SessionKind:  # type: ignore[override]
        """Whether a survey or a meeting is called; a meeting unless the address says survey."""
        survey = self.request.GET.get("kind") == SessionKind.SURVEY
        return SessionKind.SURVEY if survey else SessionKind.MEETING

    def ready(self) -> Any:
        """Return the filings that can be on the agenda."""
        found = ready_for(self.kind).filter(pk__in=Filing.objects.visible_to(self.acting))
        return found.select_related("enterprise", "book", "rulebook", "site").order_by(
            "stage_since", "pk"
        )

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the filings that are ready."""
        return {**super().get_form_kwargs(), "filings": self.ready()}

    def chosen_rows(self) -> list[Ready]:
        """Return the filings that were ticked, with whom they concern."""
        wanted = set(self.request.POST.getlist("filings"))
        keys = [filing.pk for filing in self.ready() if str(filing.pk) in wanted]
        return shown(ready_filings(self.kind, self.acting).filter(pk__in=keys))

    def concerned(self) -> list[Organisation]:
        """Return whom the chosen filings concern."""
        found = {d.pk: d for row in self.chosen_rows() for d in row.departments}
        return sorted(found.values(), key=lambda d: d.code)

    def so_many(self) -> int:
        """Return how many were chosen."""
        return len(self.chosen_rows())

    def get_initial(self) -> dict[str, Any]:
        """Tick the case one comes from."""
        wanted = self.request.GET.get("case", "")
        return {"filings": [str(f.pk) for f in self.ready() if f.public_id == wanted]}

    def form_valid(self, form: Any) -> HttpResponse:
        """Call the session; what the form says of its filings is kept for the service."""
        self.chosen = form.chosen()
        return super().form_valid(form)

    def perform(self, data: dict[str, Any]) -> str:
        """Call it and go to its page."""
        try:
            self.session = services.call_session(
                kind=self.kind, filings=self.chosen, opens_at=data["opens_at"], place=data["place"],
                by=self.acting, at=self.now(),
            )  # fmt: skip
        except (CalendarGap, NoEdition) as gap:
            raise NotNow([str(gap)]) from gap
        return outcome(
            _("已召集，通知已送达%(count)s个部门。") % {"count": self.session.invitations.count()},
            _("各部门签收并答复；未签收的，由窗口用第二种方式送达。"),
        )

    def get_success_url(self) -> str:
        """Go to the session."""
        return session_url(self.session)

    def back_url(self) -> str:
        """Go back to the list."""
        return reverse("prereview:list")

    def about(self) -> Any:
        """Return the list."""
        return _("联合勘察与联合预审")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the kinds to choose from, and how the earliest day is counted."""
        kinds = [
            {
                "label": kind.label,
                "url": f"?kind={kind.value}",
                "current": kind == self.kind,
                "count": None,
            }
            for kind in SessionKind
        ]
        context = super().get_context_data(**kwargs)
        return {
            **context,
            "groups": [{"label": _("类别"), "options": kinds}],
            "kind": self.kind,
            "nobody": not context["form"].ready,
            **earliest(self.kind, self.now()),
        }


def earliest(kind: str, at: datetime) -> dict[str, Any]:
    """Return the earliest day with its day table and its rule; the reason where no calendar reaches it."""
    code = rules.SURVEY_NOTICE if kind == SessionKind.SURVEY else rules.MEETING_NOTICE
    try:
        notice = value_of(rulebook_at(at), code)
        rows = calendar_at(at).explain(timezone.localdate(at), notice.number, Unit.WORKING_DAY)
    except (CalendarGap, NoEdition) as gap:
        return {"no_day": str(gap)}
    said = {"days": notice.number, "first": date_day(rows[-1].date), "basis": notice.basis}
    return {
        "rows": rows,
        "earliest": _(
            "通知须至少提前%(days)s个工作日（%(basis)s）：今天通知的，最早%(first)s召开。"
        )
        % said,
    }


class CallForCase(View):
    """From a case: the kind that it is ready for, with the case ticked."""

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Go to the page of calling."""
        by = person(request)
        filing = get_object_or_404(Filing.objects.visible_to(by), public_id=public_id)
        if not policies.convenor(filing, by):
            raise PermissionDenied
        kind = SessionKind.SURVEY if filing.stage == Stage.ACCEPTED else SessionKind.MEETING
        return redirect(f"{reverse('prereview:call')}?kind={kind.value}&case={filing.public_id}")


class SkipSurveyView(CaseStep):
    """无须勘察."""

    policy = staticmethod(policies.convenor)
    title = gettext_lazy("不勘察，直接进入联合预审")
    verb = gettext_lazy("确认无须勘察")
    explain = gettext_lazy(
        "没有事项需要看现场的，写明理由后直接召集联合预审会；理由会在办件页面显示。"
    )
    transition = "skip_survey"
    form_class = ReasonForm

    def perform(self, data: dict[str, Any]) -> str:
        """Skip the survey."""
        services.skip_survey(self.subject, reason=data["reason"], by=self.acting, at=self.now())
        return outcome(_("已确认无须勘察。"), _("由召集人召集联合预审会。"))
