"""查询码 for the enterprise: what it hands on so that others may follow its case, and another one when it wants."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.policies import follows, has_number
from approvals.services import progress_address, renew_query_code
from approvals.views.base import CaseStep, outcome


class QueryCode(CaseStep):
    """查询码."""

    template_name = "approvals/query_code.html"
    policy = staticmethod(follows)
    conditions = (has_number,)
    title = gettext_lazy("查询码")
    verb = gettext_lazy("更换查询码")
    explain = gettext_lazy(
        "凭申报编号和查询码，不用登录就能查到本件的进度；看不到材料、意见和文书内容。只告诉需要知道的人。"
    )

    def perform(self, data: dict[str, Any]) -> str:
        """Draw another one; the page shows it."""
        renew_query_code(self.subject, by=self.acting, at=self.now())
        return outcome(_("查询码已更换，原查询码失效。"), _("请把新的查询码告诉还需要查进度的人。"))

    def get_success_url(self) -> str:
        """Stay here, where the new one stands."""
        return reverse("approvals:query_code", args=[self.subject.public_id])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add where it is used."""
        return super().get_context_data(**{"address": progress_address(), **kwargs})
