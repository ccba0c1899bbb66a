"""Stage 0: the questions, and beside them what the answers come to."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.forms.questionnaire import QuestionnaireForm
from approvals.models import CatalogueEdition
from approvals.policies import fills_in
from approvals.queries import catalogue_at, catalogue_of, preview
from approvals.queries.answers import answers_said
from approvals.rules.questionnaire import asked, unanswered
from approvals.services import save_answers
from approvals.stages import Stage
from approvals.views.drafts import DraftStep
from approvals.views.result import estimate, result
from core.steps.reasons import not_yours


class Questionnaire(DraftStep):
    """Answer what applies; what is left open is kept open."""

    template_name = "approvals/questionnaire.html"
    title = gettext_lazy("问卷：要办哪些事项")
    verb = gettext_lazy("保存并更新")

    def edition(self) -> CatalogueEdition:
        """Return the catalogue: the pinned one, or for a draft the one in force now."""
        if self.subject.stage != Stage.DRAFT and self.subject.catalogue:
            return self.subject.catalogue
        return catalogue_at(self.now())

    def writable(self) -> bool:
        """Whether the answers can still be given by this person."""
        return self.subject.stage == Stage.DRAFT and fills_in(self.subject, self.acting)

    def given(self) -> dict[str, Any]:
        """Return the answers as they stand on the page: kept, overlaid with what was just typed."""
        return getattr(self, "typed", None) or self.subject.answers

    def get_form(self, form_class: type[Form] | None = None) -> QuestionnaireForm:
        """Build the form of the questions that stand; a sent page answers for the questions it showed."""
        rows = catalogue_of(self.edition()).questions
        sent = self.request.POST if self.request.method == "POST" else self.typed_before
        if sent is None:
            return QuestionnaireForm(questions=asked(rows, self.given()), answers=self.given())
        shown = set(sent.getlist("shown"))
        here = [q for q in rows if q.order is not None and q.fact in shown]
        here.sort(key=lambda q: q.order or 0)
        return QuestionnaireForm(sent, questions=here, answers=self.subject.answers)

    def restore(self, request: HttpRequest) -> None:
        """Put back what was answered before the login ran out, and show beside it what it comes to."""
        super().restore(request)
        if self.typed_before is not None and (form := self.get_form()).is_valid():
            self.typed = {**self.subject.answers, **form.cleaned_data}

    def takes(self, typed: QueryDict) -> bool:
        """A page of questions takes what was answered on it, while it can be answered."""
        return self.writable() and "shown" in typed

    def form_valid(self, form: Form) -> HttpResponse:
        """Keep the answers and come back to the first open question."""
        if not fills_in(self.subject, self.acting):
            raise not_yours(self.subject, self.acting)
        self.typed = {**self.subject.answers, **form.cleaned_data}
        return super().form_valid(form)

    def perform(self, data: dict[str, Any]) -> str:
        """Save; the next page says the rest."""
        self.subject = save_answers(
            self.subject, answers=self.typed, by=self.acting, at=self.now(), base=self.base()
        )
        if not self.subject.open_questions():
            messages.success(self.request, _("问卷已答完并保存。"))
        return ""

    def get_success_url(self) -> str:
        """Go to the first open question, or to the result."""
        here = reverse("approvals:questionnaire", args=[self.subject.public_id])
        still = self.subject.open_questions()
        return f"{here}#id_{still[0]}" if still else f"{here}#result"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the questions, the outcome of the answers, and the estimate."""
        edition = self.edition()
        seen = preview(self.given(), edition)
        writable = self.writable()
        return super().get_context_data(
            writable=writable,
            said=[] if writable else answers_said(seen, edition, self.given()),
            open_count=len(unanswered(catalogue_of(edition).questions, self.given())),
            result=result(seen, edition),
            estimate=estimate(seen, self.now()),
            project_url=reverse("approvals:project", args=[self.subject.public_id]),
            **kwargs,
        )
