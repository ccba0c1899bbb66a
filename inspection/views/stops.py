"""停工 as pages: asking that it be lifted, lifting it, upholding it."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.views.base import outcome
from core.steps.limits import card
from inspection import policies
from inspection.forms.measures import AskLiftForm, ReasonsForm
from inspection.services import ask_lift, lift_stop, uphold_stop
from inspection.views.measures import MeasureStep


class StopStep(MeasureStep):
    """A step on a stop order that is in force."""

    standing: tuple[Any, ...] = (policies.stop_is_in_force,)

    def reasons(self) -> list[str]:
        """Say why not now."""
        return [str(c.reason) for c in self.standing if not c(self.measure)]


class AskLift(StopStep):
    """申请解除停工."""

    form_class = AskLiftForm
    policy = staticmethod(policies.own_enterprise_of)
    title = gettext_lazy("申请解除停工")
    verb = gettext_lazy("申请解除")
    explain = gettext_lazy("整改须先由责任部门复查合格；危险已经消除的，写明情况，附上依据。")

    def perform(self, data: dict[str, Any]) -> str:
        """Ask."""
        measure = ask_lift(self.measure, text=data["text"], by=self.acting, at=self.now())
        return outcome(
            _("已申请解除停工。"), card(measure, self.now())["silence"] + _("轮到召集人。")
        )


class LiftStop(StopStep):
    """解除停工."""

    form_class = ReasonsForm
    policy = staticmethod(policies.convenor_of)
    standing = (policies.stop_is_in_force, policies.breach_is_mended)
    title = gettext_lazy("解除停工")
    verb = gettext_lazy("解除停工")
    explain = gettext_lazy("整改复查合格或者危险消除后解除；企业收到解除停工通知书，可以恢复施工。")

    def perform(self, data: dict[str, Any]) -> str:
        """Lift it."""
        measure = lift_stop(self.measure, reasons=data["reasons"], by=self.acting, at=self.now())
        papers = [measure.lifting_paper] if measure.lifting_paper else []
        return outcome(_("已解除停工。"), _("企业可以恢复施工；承诺条款继续核查。"), papers)


class UpholdStop(StopStep):
    """维持停工."""

    form_class = ReasonsForm
    policy = staticmethod(policies.convenor_of)
    title = gettext_lazy("维持停工")
    verb = gettext_lazy("维持停工")
    danger = True
    explain = gettext_lazy("答复企业的陈述、申辩或者解除申请，写明为什么还不能恢复施工。")

    def perform(self, data: dict[str, Any]) -> str:
        """Uphold it."""
        uphold_stop(self.measure, reasons=data["reasons"], by=self.acting, at=self.now())
        return outcome(_("已答复企业：维持停工。"), _("企业改好以后可以再次申请解除。"))
