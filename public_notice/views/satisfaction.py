"""满意度 as a page: once, and it may be left; the further questions, too."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.policies import own_enterprise
from approvals.views.base import CaseStep, outcome
from public_notice import policies
from public_notice.forms import SatisfactionForm
from public_notice.services import answer_satisfaction
from public_notice.services.satisfaction import as_answers


class Answer(CaseStep):
    """评价办理情况."""

    form_class = SatisfactionForm
    policy = staticmethod(own_enterprise)
    conditions = (policies.case_is_closed, policies.satisfaction_is_open)
    title = gettext_lazy("评价办理情况")
    verb = gettext_lazy("评价")
    explain = gettext_lazy(
        "可以不评价。您的评价与本件分开保存，不记项目、企业和填写人，只按办结年份汇总公开。"
    )

    def perform(self, data: dict[str, Any]) -> str:
        """Count it."""
        answer_satisfaction(self.subject, by=self.acting, at=self.now(), **as_answers(data))
        return outcome(_("谢谢您的评价。"), _("汇总结果在首页的办理情况中公开。"))
