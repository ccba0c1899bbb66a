"""条款: one promise on one page — where it came from, who looks at it, what was found, what became of it."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy

from approvals.models import Filing
from approvals.policies import sees
from approvals.views.base import CaseStep
from inspection.queries.chain import chain_of, clauses_seen


class ClausePage(CaseStep):
    """One clause followed forward and back."""

    template_name = "inspection/clause.html"
    http_method_names = ["get", "head", "options"]
    policy = staticmethod(sees)
    title = gettext_lazy("承诺条款")

    def find(self) -> Filing:
        """Find the case, and the clause in one of its letters."""
        filing: Filing = super().find()
        mine = clauses_seen(self.acting).filter(letter__filing=filing)
        self.clause = get_object_or_404(mine, pk=self.kwargs["pk"])
        return filing

    def back_url(self) -> str:
        """Go back to all clauses."""
        return reverse("inspection:clauses", args=[self.subject.public_id])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the chain."""
        chain = chain_of(self.clause, self.acting, self.now())
        return super().get_context_data(chain=chain, clause=self.clause, **kwargs)
