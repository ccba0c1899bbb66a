"""What goes with a summons: the dossier, the invitation for a calendar, and questions before the session."""

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.models import Membership
from approvals.views.base import outcome
from core import clock
from prereview import policies, services
from prereview.forms.planning import AnswerForm, QuestionForm
from prereview.models import Invitation, Question, Session
from prereview.queries.dossier import bundle
from prereview.services.calendar_entries import calendar_of
from prereview.views.base import DEPARTMENT, InvitationStep, Step, person, session_url


def summons_seen(by: Membership, pk: int) -> Invitation:
    """Return a summons a person may see: a department its own, the county's staff all; else Http404."""
    found = Invitation.objects.filter(session__in=Session.objects.visible_to(by))
    if by.role in DEPARTMENT:
        found = found.filter(department_id=by.organisation_id)
    return get_object_or_404(found.select_related("session__convenor__user", "department"), pk=pk)


@require_safe
def calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out the invitation as a calendar takes it."""
    summons = summons_seen(person(request), pk)
    answer = HttpResponse(
        calendar_of(summons, clock.now()), content_type="text/calendar; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{summons.session.public_id}.ics"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_safe
def dossier(request: HttpRequest, pk: int) -> FileResponse:
    """Hand out the frozen dossier of a summons as one file."""
    summons = summons_seen(person(request), pk)
    answer = FileResponse(
        bundle(summons), as_attachment=True, filename=f"{summons.session.number}.zip",
        content_type="application/zip",
    )  # fmt: skip
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


class AskView(InvitationStep):
    """会前提问."""

    title = gettext_lazy("会前提问")
    verb = gettext_lazy("提问")
    explain = gettext_lazy("向召集人提问，由召集人在会次页面答复。提问不是签收，也不是请假。")
    form_class = QuestionForm

    def reasons(self) -> list[str]:
        """Say when it is too late to ask."""
        held = policies.questions_are_taken
        return [] if held(self.subject) else [str(held.reason)]  # type: ignore[attr-defined]

    def perform(self, data: dict[str, Any]) -> str:
        """Ask."""
        services.ask_question(self.subject, text=data["text"], by=self.acting, at=self.now())
        return outcome(_("已提问。"), _("召集人的答复会显示在会次页面，期限照常计算。"))


class AnswerView(Step):
    """答复会前提问."""

    title = gettext_lazy("答复会前提问")
    verb = gettext_lazy("答复")
    form_class = AnswerForm
    conditions = (policies.not_answered,)

    def find(self) -> Question:
        """Return the question of the address."""
        seen = Session.objects.visible_to(self.acting)
        rows = Question.objects.filter(invitation__session__in=seen)
        if self.acting.role in DEPARTMENT:
            rows = rows.filter(invitation__department_id=self.acting.organisation_id)
        rows = rows.select_related("invitation__session", "invitation__department")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    @property
    def explain(self) -> str:  # type: ignore[override]
        """Show what is asked."""
        return f"{self.subject.invitation.department.label}：{self.subject.text}"

    def about(self) -> Any:
        """Return the session."""
        return self.subject.invitation.session

    def back_url(self) -> str:
        """Go back to the session."""
        return session_url(self.subject.invitation.session)

    def perform(self, data: dict[str, Any]) -> str:
        """Answer."""
        services.answer_question(self.subject, by=self.acting, at=self.now(), **data)
        return outcome(_("已答复。"), _("部门会收到消息；期限没有变化。"))
