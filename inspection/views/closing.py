"""承诺与实际: what was promised beside what came of it, whose the days were, and the time line of both."""

from typing import Any

from django.utils.translation import gettext_lazy

from approvals.views.base import CaseStep
from inspection import policies
from inspection.models import CreditRecord
from inspection.queries.amounts import amounts_of
from inspection.queries.closing import days_by_party, picture_of, promises_of, spans_of


class Closing(CaseStep):
    """承诺与实际: whoever sees the case reads it, from the start notification on."""

    template_name = "inspection/closing.html"
    http_method_names = ["get", "head", "options"]
    policy = staticmethod(policies.sees)
    title = gettext_lazy("承诺与实际")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the comparison, the days by whose they were, and the picture."""
        filing, at = self.subject, self.now()
        spans, kept = spans_of(filing, at), promises_of(filing)
        record = CreditRecord.objects.filter(filing=filing).select_related("paper").first()
        return super().get_context_data(
            kept=kept,
            amounts=amounts_of(filing),
            spans=spans,
            parties=days_by_party(spans),
            picture=picture_of(filing, kept, spans, at),
            record=record,
            early=filing.early_starts.select_related("department"),
            **kwargs,
        )
