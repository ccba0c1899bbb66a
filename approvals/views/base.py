"""What the pages of a filing share: who sees it, whose step it is, the way back, and the word after the act."""

from collections.abc import Sequence
from typing import Any

from django.db.models import BooleanField
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from approvals import policies
from approvals.models import Filing
from approvals.models.catalogue import in_page_language
from approvals.queries import MOST_DIGITS, catalogue_at
from approvals.queries.answers import answer_words, questions_of
from approvals.rules.questionnaire import QuestionRow
from approvals.services.drafts import PROJECT_FIELDS
from approvals.views.deadlines import cards
from core import clock
from core.documents.models import Paper
from core.steps.reasons import not_yours, why_no_longer
from core.steps.unfinished import PLACE
from core.steps.views import StepView

UNTYPED = ("csrfmiddlewaretoken", "base", "seen", PLACE)  # what a page carries that nobody typed


def case_url(filing: Filing) -> str:
    """Return the address of the case page."""
    return reverse("desk:case", args=[filing.public_id])


def outcome(what: Any, then: Any = "", papers: Sequence[Any] = ()) -> str:
    """Say what happened, which paper was issued, what comes next and whose move it is."""
    listed = [
        {"title": p.label, "number": p.number, "url": reverse("approvals:paper", args=[p.code])}
        for p in papers
    ]
    return render_to_string(
        "components/outcome.html", {"what": what, "next": then, "papers": listed}
    )


def just_issued(filing: Filing) -> list[Paper]:
    """Return the paper that the last act on a filing issued, to be shown after it."""
    return list(Paper.objects.filter(book_id=filing.book_id).order_by("-pk")[:1])


def what_was_sent(request: HttpRequest) -> dict[str, Any]:
    """Return what was typed into a page that was not taken: as a page shows it (typed), and to be sent again (sent)."""
    pairs = [(n, v) for n, values in request.POST.lists() if n not in UNTYPED for v in values]
    typed = [(name, value) for name, value in pairs if name != "shown" and value.strip()]
    asked = questions_of(catalogue_at(clock.now())) if typed else {}
    return {
        "typed": [_typed(name, value, asked.get(name)) for name, value in typed],
        "sent": [{"name": name, "value": value} for name, value in pairs],
        "again": request.get_full_path(),
    }


def _refused_agent(request: HttpRequest, said: str) -> HttpResponse:
    """Return the page that says until when somebody could act, with every word of what they had just sent."""
    context = {"said": said, **what_was_sent(request)}
    return render(request, "approvals/authority_ended.html", context, status=403)


def _typed(name: str, value: str, asked: QuestionRow | None) -> dict[str, str]:
    """Return a field that was sent with what it is called and what was chosen, as the page had it."""
    if asked is not None:
        label = in_page_language(asked.question_zh, asked.question_en)
        return {"key": label, "value": answer_words(asked, value)}
    if name not in PROJECT_FIELDS:
        return {"key": _("内容"), "value": value}
    field: Any = Filing._meta.get_field(name)
    if field.is_relation:
        known = value.isdecimal() and len(value) <= MOST_DIGITS
        value = str(field.related_model.objects.filter(pk=value).first() or "") if known else ""
    elif isinstance(field, BooleanField):
        value = _("是")
    return {"key": str(field.verbose_name), "value": value}


class CaseStep(StepView):
    """One step of a filing as a page; `policy` says whose it is, `rules` which limits stand beside the button."""

    template_name = "approvals/step.html"
    policy: Any = staticmethod(policies.sees)
    rules: tuple[str, ...] = ()

    def cases(self) -> Any:
        """Return the filings the person may see, with what every page of a case names."""
        found = Filing.objects.visible_to(self.acting)
        return found.select_related(
            "book", "enterprise", "site", "catalogue", "rulebook", "checklist_paper"
        )

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Tell an agent (代办) whose authority does not hold why, and keep what was typed on the page (403)."""
        try:
            return super().dispatch(request, *args, **kwargs)
        except Http404:
            filing = Filing.objects.filter(public_id=self.kwargs.get("public_id", "")).first()
            if not (said := why_no_longer(filing, self.acting)):
                raise
            return _refused_agent(request, said)

    def allowed(self) -> bool:
        """Whether the step is this person's business."""
        return bool(self.policy(self.subject, self.acting))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Refuse whoever has no business here before anything else."""
        if not self.allowed():
            raise not_yours(self.subject, self.acting)
        return super().post(request, *args, **kwargs)

    def back_url(self) -> str:
        """Go back to the case."""
        return case_url(self.subject)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the running limits of this step, each with its sentence."""
        return super().get_context_data(**{"limits": cards(self.subject, *self.rules), **kwargs})
