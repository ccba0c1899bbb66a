"""监管计划 as pages: the visits of a case, several departments on one day, works that began before the gate."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.policies import sees, window
from approvals.views.base import CaseStep, outcome
from core.steps.offers import offered
from inspection import policies
from inspection.forms.plan import EarlyStartForm, JointCheckForm
from inspection.queries.plan import left_to_acceptance, plan_of
from inspection.services import plan_joint_check, record_early_start
from inspection.services.plan import LEAST_DEPARTMENTS, to_be_merged

STEPS = ("plan_check", "joint_check", "record_early_start")


class PlanPage(CaseStep):
    """监管计划: who looks at what, until when, and what has been looked at."""

    template_name = "inspection/plan.html"
    http_method_names = ["get", "head", "options"]
    policy = staticmethod(sees)
    title = gettext_lazy("监管计划")
    explain = gettext_lazy(
        "公示期满时按承诺条款列出：关系安全和健康的条款全覆盖检查；其他条款验收前至少核查一次，并参加双随机抽查；"
        "失信期间的企业全部检查。期限从报告开工起算，逾期转督办，不视为已核查。"
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the visits, what the acceptance looks at, and what began too soon."""
        filing = self.subject
        early = filing.early_starts.select_related("department", "attachment")
        return super().get_context_data(
            rows=plan_of(filing, self.now()),
            at_acceptance=left_to_acceptance(filing),
            early=list(early.prefetch_related("department__names")),
            offers=offered(filing, self.acting, STEPS),
            **kwargs,
        )


class OfPlan(CaseStep):
    """A step of the plan; afterwards one is back at it."""

    def back_url(self) -> str:
        """Go back to the plan."""
        return reverse("inspection:plan", args=[self.subject.public_id])

    def get_success_url(self) -> str:
        """Show the plan."""
        return self.back_url()


class PlanJoint(OfPlan):
    """合并检查."""

    form_class = JointCheckForm
    policy = staticmethod(window)
    conditions = (policies.works_are_on,)
    title = gettext_lazy("合并检查")
    verb = gettext_lazy("安排合并检查")
    explain = gettext_lazy("几个部门同一天到现场，各自逐条核查、各自记录；企业收到一份通知。")

    def reasons(self) -> list[str]:
        """Say why there is nothing to be merged."""
        found = super().reasons()
        if found or len(to_be_merged(self.subject)) >= LEAST_DEPARTMENTS:
            return found
        return [_("要检查、还没有安排的部门不到两个，不需要合并：由部门自行安排。")]

    def get_initial(self) -> dict[str, Any]:
        """Propose today."""
        return {"planned_on": timezone.localdate(self.now())}

    def perform(self, data: dict[str, Any]) -> str:
        """Plan it."""
        made = plan_joint_check(self.subject, **data, by=self.acting, at=self.now())
        what = _("已安排%(n)d个部门合并检查。") % {"n": len(made)}
        return outcome(what, _("各部门按时到现场，逐条核查。"))


class RecordEarlyStart(OfPlan):
    """记录先行施工."""

    form_class = EarlyStartForm
    policy = staticmethod(policies.records_early_start)
    conditions = (policies.gate_was_shut,)
    title = gettext_lazy("记录先行施工")
    verb = gettext_lazy("记录并告知企业")
    danger = True
    explain = gettext_lazy(
        "开工告知书发出以前施工的，记录事实和当时还差的开工条件，告知企业停止施工并转效能监督。"
        "依法应取得施工许可而未取得的，由有权部门依法处理；本系统只记录，不处罚。"
    )

    def get_initial(self) -> dict[str, Any]:
        """Propose today."""
        return {"began_on": timezone.localdate(self.now())}

    def perform(self, data: dict[str, Any]) -> str:
        """Record it."""
        found = record_early_start(self.subject, **data, by=self.acting, at=self.now())
        what = _("已记录先行施工，当时还差%(n)d项开工条件。") % {"n": len(found.missing)}
        return outcome(what, _("企业停止施工，补齐开工条件；效能监督已收到。"))
