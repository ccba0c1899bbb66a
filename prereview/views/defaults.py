"""The lead unit's word: on a default, on a held opinion, on what is said to be somebody else's."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.views.base import outcome
from core.deadlines.queries import calendar_or_none
from core.steps.templatetags.look import deadline
from prereview import policies, services
from prereview.forms import NotOursForm, ReasonForm
from prereview.policies.standing import roll_is_decided
from prereview.stages import SlotState
from prereview.views.base import SlotStep
from prereview.views.words import card, summons_of


class ConvenorsWord(SlotStep):
    """A decision of the convenor on one slot, with the slot's facts on top."""

    policy = staticmethod(policies.convenor)
    template_name = "prereview/convenor_step.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the slot and the summons it rests on."""
        at, slot = self.now(), self.subject
        summons = summons_of([slot]).get((slot.agenda.session_id, slot.department_id))
        return {
            **super().get_context_data(**kwargs),
            "card": card(slot, summons, at, calendar_or_none(at)),
            "summons": summons,
        }


class ConfirmView(ConvenorsWord):
    """确认默认."""

    title = gettext_lazy("确认视同无异议")
    verb = gettext_lazy("确认视同无异议")
    explain = gettext_lazy("请核对送达凭证和逐日计算。确认后发出默认通知书；应办的审批仍须办理。")
    conditions = (policies.slot_is_candidate,)

    def perform(self, data: dict[str, Any]) -> str:
        """Confirm the default."""
        done = services.confirm_default(self.subject, by=self.acting, at=self.now())
        settled = done.state == SlotState.SETTLED
        papers = [done.opinion.paper] if settled and done.opinion.paper else []
        return outcome(
            _("已确认视同无异议。"), _("该部门在期限内补做意见，不改变本次认定。"), papers
        )


class DismissView(ConvenorsWord):
    """驳回默认."""

    title = gettext_lazy("驳回拟视同无异议")
    verb = gettext_lazy("驳回")
    explain = gettext_lazy(
        "有送达瑕疵或者正当理由的，写明理由驳回；驳回后须重新送达，给出新的期限。"
    )
    danger = True
    form_class = ReasonForm
    conditions = (policies.slot_is_candidate,)

    def perform(self, data: dict[str, Any]) -> str:
        """Dismiss the default."""
        services.dismiss_default(self.subject, reason=data["reason"], by=self.acting, at=self.now())
        return outcome(_("已驳回，未产生视同无异议。"), _("由召集人重新送达，期限重新起算。"))


class ServeAgainView(ConvenorsWord):
    """重新送达."""

    title = gettext_lazy("重新送达")
    verb = gettext_lazy("重新送达")
    explain = gettext_lazy(
        "重新送达后期限重新起算，该部门会收到通知。没有送达凭证的，先在会次页面用第二种方式送达。"
    )
    conditions = (policies.slot_is_held, roll_is_decided)

    def perform(self, data: dict[str, Any]) -> str:
        """Serve again."""
        done = services.serve_slot_again(self.subject, by=self.acting, at=self.now())
        until = (
            _("该部门%(until)s前提出意见。") % {"until": deadline(done.due_at)}
            if done.due_at
            else ""
        )
        return outcome(_("已重新送达。"), until)


class NotOursView(ConvenorsWord):
    """决定是否不属本部门."""

    title = gettext_lazy("是否属该部门")
    verb = gettext_lazy("作出决定")
    form_class = NotOursForm

    def reasons(self) -> list[str]:
        """Say when nobody claimed it."""
        claimed = self.subject.not_ours_reason and self.subject.state != SlotState.SETTLED
        return [] if claimed else [_("没有待决定的“不属本部门”。")]

    def perform(self, data: dict[str, Any]) -> str:
        """Decide."""
        services.decide_not_ours(self.subject, by=self.acting, at=self.now(), **data)
        if data["accepted"]:
            return outcome(_("已采纳：不属该部门。"))
        return outcome(_("未采纳：属该部门。"), _("期限继续计算，由该部门提出意见。"))
