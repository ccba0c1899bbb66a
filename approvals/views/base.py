"""What the pages of a filing share: who sees it, whose step it is, the way back, and the word after the act."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse

from approvals import policies
from approvals.models import Filing
from approvals.views.deadlines import cards
from core.documents.models import Paper
from core.steps.views import StepView


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

    def allowed(self) -> bool:
        """Whether the step is this person's business."""
        return bool(self.policy(self.subject, self.acting))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Refuse whoever has no business here before anything else."""
        if not self.allowed():
            raise PermissionDenied
        return super().post(request, *args, **kwargs)

    def back_url(self) -> str:
        """Go back to the case."""
        return case_url(self.subject)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the running limits of this step, each with its sentence."""
        return super().get_context_data(**{"limits": cards(self.subject, *self.rules), **kwargs})
