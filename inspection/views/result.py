"""联合验收一览, the record of how the commitment was kept, and the bundle of a closed case."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from approvals.models import Filing
from approvals.rules import limits
from approvals.views.base import CaseStep
from core.steps.offers import offered
from inspection import policies
from inspection.models import Archive, CreditRecord
from inspection.queries.acceptance import silent_in, specials, verdicts_of
from inspection.views.acceptance_words import grid, verdict_rows

STEPS = ("verdicts", "call_visit", "conclude_acceptance", "amendment", "archive")


class AcceptancePage(CaseStep):
    """联合验收一览: whoever sees the case sees who has found what, and who is awaited."""

    template_name = "inspection/acceptance.html"
    http_method_names = ["get", "head", "options"]
    policy = staticmethod(policies.sees)
    rules = (limits.JOINT_ACCEPTANCE.code, limits.AMENDMENT.code)
    title = gettext_lazy("联合验收")

    def cases(self) -> Any:
        """Fetch the limits with the case: the page and its steps both speak of them."""
        return super().cases().prefetch_related("limits__calendar")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add each round with its matrix and its verdicts, the newest first."""
        filing = self.subject
        every = list(verdicts_of(filing))
        named = specials()
        rounds = list(filing.acceptances.select_related("paper", "attachment").order_by("-round"))
        if not rounds:
            raise Http404
        return super().get_context_data(
            rounds=[self._round(one, every, named) for one in rounds],
            silent=silent_in(rounds[0], every, self.now()),
            finished=filing.completed_at is not None,
            record=CreditRecord.objects.filter(filing=filing).select_related("paper").first(),
            offers=offered(filing, self.acting, STEPS),
            **kwargs,
        )

    def _round(self, acceptance: Any, every: list[Any], named: dict[str, str]) -> dict[str, Any]:
        mine = [v for v in every if v.acceptance_id == acceptance.pk]
        return {
            "round": acceptance,
            "grid": grid(mine, named),
            "rows": verdict_rows(self.subject, mine, all_of=every),
        }


@require_GET
def archive(request: HttpRequest, public_id: str) -> FileResponse:
    """Hand out the bundle of a closed case to whoever sees the case; 404 until it is made."""
    acting: Any = request.acting  # type: ignore[attr-defined]
    if acting is None:
        raise PermissionDenied
    filing = get_object_or_404(Filing.objects.visible_to(acting), public_id=public_id)
    made = get_object_or_404(Archive.objects.exclude(made_at=None), filing=filing)
    answer = FileResponse(
        made.file.open("rb"), as_attachment=True, filename=f"{filing.number} 归档包.zip",
        content_type="application/zip",
    )  # fmt: skip
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
