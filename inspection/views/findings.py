"""违诺问题: one finding, what the enterprise reports of it, and the recheck."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.views.base import outcome
from core import clock
from inspection import policies
from inspection.forms.works import RecheckForm, RectifiedForm
from inspection.models import Finding
from inspection.queries.checks import findings_seen
from inspection.services import recheck, report_rectified
from inspection.services.apart import why_not_inspector
from inspection.views.base import OfCase


class FindingStep(OfCase):
    """A step of one finding."""

    def find(self) -> Finding:
        """Return the finding of the address among those the person may see."""
        return get_object_or_404(findings_seen(self.acting), pk=self.kwargs["pk"])

    def reasons(self) -> list[str]:
        """Say what stands against it: the finding's state and the case's."""
        case = self.subject.filing
        more = [] if policies.works_are_on(case) else [str(policies.works_are_on.reason)]  # type: ignore[attr-defined]
        return super().reasons() + more

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add where it stands now."""
        state = self.subject.state_at(clock.now())
        return super().get_context_data(state=state, **kwargs)

    def get_success_url(self) -> str:
        """Go to the finding."""
        return reverse("inspection:finding", args=[self.subject.pk])


class FindingPage(FindingStep):
    """One finding from the check to its end."""

    template_name = "inspection/finding.html"
    http_method_names = ["get", "head", "options"]
    title = gettext_lazy("违诺问题")

    def allowed(self) -> bool:
        """Whoever sees the case."""
        return True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the rechecks and what this person can do."""
        finding, by = self.subject, self.acting
        on = policies.works_are_on(finding.filing)
        return super().get_context_data(
            rechecks=finding.rechecks.select_related("paper", "evidence"),
            may_report=on
            and policies.finding_is_to_be_mended(finding)
            and policies.own_enterprise_of(finding, by),
            may_recheck=on
            and policies.finding_is_reported(finding)
            and policies.own_department(finding, by),
            **kwargs,
        )


class ReportRectified(FindingStep):
    """报整改."""

    template_name = "inspection/finding_step.html"
    policy = staticmethod(policies.own_enterprise_of)
    form_class = RectifiedForm
    conditions = (policies.finding_is_to_be_mended,)
    title = gettext_lazy("报告整改情况")
    verb = gettext_lazy("报整改")
    explain = gettext_lazy("逾期后仍可报整改，按逾期记录。")

    def perform(self, data: dict[str, Any]) -> str:
        """Report it."""
        done = report_rectified(self.subject, **data, by=self.acting, at=self.now())
        late = _("已过整改期限，按逾期记录。") if done.reported_late else ""
        return outcome(_("已报整改。") + late, _("轮到责任部门复查。"))


class RecheckFinding(FindingStep):
    """复查."""

    template_name = "inspection/finding_step.html"
    policy = staticmethod(policies.own_department)
    form_class = RecheckForm
    conditions = (policies.finding_is_reported,)
    title = gettext_lazy("整改复查")
    verb = gettext_lazy("记录复查结果")
    explain = gettext_lazy("两名以上人员复查。合格的，问题结束；不合格的，可以再给一次期限。")

    def reasons(self) -> list[str]:
        """Say also where the person had another part in the case."""
        own = why_not_inspector(self.subject.filing, self.acting)
        return super().reasons() + ([own] if own else [])

    def form_valid(self, form: Any) -> Any:
        """Keep the form at hand: it turns its fields into officers."""
        self.form: RecheckForm = form
        return super().form_valid(form)

    def perform(self, data: dict[str, Any]) -> str:
        """Record it."""
        looked = recheck(
            self.subject, fine=data["fine"], officers=self.form.officers(), text=data["text"],
            days=data["days"], by=self.acting, at=self.now(),
        )  # fmt: skip
        if looked.fine:
            then = _("问题已经结束。")
        elif looked.days:
            then = _("轮到企业在再给的期限内整改。")
        else:
            then = _("整改未到位：可以依照规定作出处理；企业改正后仍可再报。")
        return outcome(_("复查已记录。"), then, [looked.paper])
