"""解除再次申请限制 as a page: the supervisor's, by the decision that overturned the one the bar rests on."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.forms.steps import LiftBarForm
from approvals.policies import supervisor
from approvals.rules.citing import in_words
from approvals.services import lift_application_bar
from approvals.services.barring import NO_BAR, standing_bar
from approvals.views.base import CaseStep, outcome
from core.steps.templatetags.look import date_long


class LiftApplicationBar(CaseStep):
    """解除再次申请限制."""

    form_class = LiftBarForm
    policy = staticmethod(supervisor)
    title = gettext_lazy("解除再次申请限制")
    verb = gettext_lazy("解除")

    def reasons(self) -> list[str]:
        """Say that none stands."""
        return super().reasons() if standing_bar(self.subject, self.now()) else [str(NO_BAR)]

    @property
    def explain(self) -> str:  # type: ignore[override]
        """Say which bar, on which decision it rests and until when it stands without this."""
        bar = standing_bar(self.subject, self.now())
        if bar is None:
            return ""
        return _(
            "“%(items)s”在%(until)s以前不得再次申请：%(why)s，文号%(paper)s。原决定经复议、诉讼撤销或者变更的，"
            "凭该文书解除；不解除的，到期自行终止。"
        ) % {
            "items": "、".join(bar.codes),
            "until": date_long(bar.until),
            "why": in_words(bar.get_article_display()),
            "paper": bar.paper.number,
        }

    def perform(self, data: dict[str, Any]) -> str:
        """Lift it."""
        lift_application_bar(self.subject, **data, by=self.acting, at=self.now())
        return outcome(_("已解除再次申请限制。"), _("已通知企业，从现在起可以再次申请。"))
