"""验收整改: the correction list as the enterprise's task list, and the application for re-inspection."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.models import Filing
from approvals.rules import limits
from approvals.stages import Stage
from approvals.views.base import CaseStep, outcome
from inspection import policies, services
from inspection.forms.acceptance import AmendmentForm, ApplyForm
from inspection.models import AcceptanceVerdict
from inspection.queries.acceptance import to_mend, verdicts_of
from inspection.services.acceptance import MAY_APPLY_AGAIN
from inspection.views.acceptance import acceptance_url
from inspection.views.acceptance_words import verdict_rows

P31 = (limits.AMENDMENT.code,)


class Amendment(CaseStep):
    """按清单整改: what is left to do, and the application once every entry is answered."""

    template_name = "inspection/amendment.html"
    form_class = ApplyForm
    policy = staticmethod(policies.own_enterprise)
    transition = "hand_in_amendment"
    rules = P31
    title = gettext_lazy("按清单整改，申请复验")
    verb = gettext_lazy("申请复验")
    explain = gettext_lazy(
        "逐项写明整改情况，附证明材料；全部写明后申请复验。复验只看清单所列各项，已合格的不再验收。"
    )

    def reasons(self) -> list[str]:
        """Say which entries are left, and what else stands against it."""
        found = super().reasons()
        if self.subject.stage == Stage.AMENDING:
            found += [str(c.reason) for c in MAY_APPLY_AGAIN if not c(self.subject)]  # type: ignore[attr-defined]
        return found

    def perform(self, data: dict[str, Any]) -> str:
        """Apply for the re-inspection."""
        services.hand_in_amendment(self.subject, **data, by=self.acting, at=self.now())
        return outcome(_("已申请复验。"), _("各部门只对清单所列各项提出意见。"))

    def get_success_url(self) -> str:
        """Go on to the overview."""
        return acceptance_url(self.subject)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the entries of the list."""
        found = list(to_mend(self.subject)) if self.subject.stage == Stage.AMENDING else []
        rows = verdict_rows(self.subject, found, all_of=found)
        return super().get_context_data(
            rows=rows, left=sum(not row["verdict"].mended for row in rows), **kwargs
        )


class ReportAmendment(CaseStep):
    """写明整改情况: of one entry."""

    template_name = "inspection/report_amendment.html"
    form_class = AmendmentForm
    policy = staticmethod(policies.own_enterprise)
    rules = P31
    title = gettext_lazy("写明整改情况")
    verb = gettext_lazy("保存整改情况")
    verdict: AcceptanceVerdict

    def find(self) -> Filing:
        """Find the case, and the entry of its correction list."""
        filing: Filing = super().find()
        found = verdicts_of(filing).filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        self.verdict = found
        return filing

    def reasons(self) -> list[str]:
        """Say why there is nothing to answer."""
        if self.subject.stage != Stage.AMENDING:
            return [self.subject.wrong_stage("hand_in_amendment")]
        if not to_mend(self.subject).filter(pk=self.verdict.pk).exists():
            return [_("这一项不在现在的整改清单上。")]
        return []

    def get_initial(self) -> dict[str, Any]:
        """Show what was said before."""
        return {"text": self.verdict.mended}

    def perform(self, data: dict[str, Any]) -> str:
        """Keep it."""
        services.report_amendment(self.verdict, **data, by=self.acting, at=self.now())
        left = to_mend(self.subject).filter(mended="").count()
        then = _("还有%(n)d项没有写明。") % {"n": left} if left else _("全部写明，可以申请复验。")
        return outcome(_("已保存：%(what)s。") % {"what": self.verdict.number}, then)

    def get_success_url(self) -> str:
        """Go back to the list."""
        return reverse("inspection:amendment", args=[self.subject.public_id])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the entry."""
        rows = verdict_rows(self.subject, [self.verdict], all_of=[self.verdict])
        return super().get_context_data(row=rows[0], **kwargs)
