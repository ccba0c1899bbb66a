"""开工、进度、竣工报告: three pages of the enterprise."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.policies import own_enterprise, works_go_on
from approvals.rules import limits
from approvals.views.base import CaseStep, outcome
from inspection.forms.works import CompletionReportForm, ProgressReportForm, StartReportForm
from inspection.models import SiteNode
from inspection.policies import completion_is_not_reported, is_building
from inspection.queries.nodes import nodes_to_promise, not_in
from inspection.services import report_completion, report_progress, report_start


class ReportStep(CaseStep):
    """A report of the enterprise; its day is today unless another is given."""

    policy = staticmethod(own_enterprise)

    def get_initial(self) -> dict[str, Any]:
        """Propose today."""
        return {"happened_on": timezone.localdate(self.now())}


_LEFT_OUT = gettext_lazy(
    "建设节点逐个写明承诺日期，以后要变更的须在到期以前报告理由，次数有限；过期仍未报告的，转督办，由部门到现场核查。"
)


class ReportStart(ReportStep):
    """开工报告."""

    form_class = StartReportForm
    transition = "report_start"
    rules = (limits.START_REPORT.code,)
    title = gettext_lazy("报告开工")
    verb = gettext_lazy("报告开工")
    explain = gettext_lazy(
        "开工、建设进度、竣工的基本信息由企业如实报告（《企业投资项目核准和备案管理条例》第十六条）。"
        "报告开工后，责任部门对照承诺条款安排检查。"
    )

    def get_form_kwargs(self) -> dict[str, Any]:
        """Ask for the promised day of each node of the works."""
        promised = nodes_to_promise(self.subject) if self.subject.catalogue_id else []
        return {**super().get_form_kwargs(), "nodes": promised}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say what a promised day means, where one is asked for."""
        found = super().get_context_data(**kwargs)
        if getattr(found.get("form"), "nodes", None):
            found["explain"] = f"{self.explain}{_LEFT_OUT}"
        return found

    def perform(self, data: dict[str, Any]) -> str:
        """Report it."""
        report_start(self.subject, **data, by=self.acting, at=self.now())
        return outcome(_("已报告开工。"), _("责任部门安排首次检查；请按期报告进度。"))


class ReportProgress(ReportStep):
    """进度报告."""

    form_class = ProgressReportForm
    conditions = (is_building,)
    rules = (limits.PROGRESS_REPORT.code,)
    title = gettext_lazy("报告进度")
    verb = gettext_lazy("报告进度")
    explain = gettext_lazy(
        "报告后，下一次进度报告的期限重新起算。停工整改期间也要按期报告。"
        "到达开工时承诺的建设节点的，选节点并附证据；逾期未报告的，转督办，由部门到现场核查。"
    )

    def reasons(self) -> list[str]:
        """Say that the works are reported as done, unless a node was left out."""
        found = super().reasons()
        if not found and not completion_is_not_reported(self.subject) and not self._open():
            found.append(str(completion_is_not_reported.reason))  # type: ignore[attr-defined]
        return found

    def _open(self) -> list[SiteNode]:
        return list(not_in(self.subject))

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the nodes that were promised and are not in."""
        return {**super().get_form_kwargs(), "nodes": self._open()}

    def perform(self, data: dict[str, Any]) -> str:
        """Report it."""
        report_progress(self.subject, **data, by=self.acting, at=self.now())
        return outcome(_("已报告进度。"), _("下一次进度报告的期限从今天重新起算。"))


class ReportCompletion(ReportStep):
    """竣工报告."""

    form_class = CompletionReportForm
    conditions = (is_building, works_go_on, completion_is_not_reported)
    title = gettext_lazy("报告竣工")
    verb = gettext_lazy("报告竣工")
    explain = gettext_lazy("工程按承诺全部完成后报告。验收合格前不得投入使用。")

    def perform(self, data: dict[str, Any]) -> str:
        """Report it."""
        report_completion(self.subject, **data, by=self.acting, at=self.now())
        return outcome(_("已报告竣工。"), _("接下来由企业申请联合验收。"))
