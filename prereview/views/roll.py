"""The summons and the room: signing, answering, excuses, the second channel, check-in, and each item's close."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.views.base import outcome
from prereview import policies, services
from prereview.forms import (
    CheckInForm,
    DecideExcuseForm,
    ExcuseForm,
    RepresentativeForm,
    SecondChannelForm,
)
from prereview.forms.sessions import ReasonForm
from prereview.models import Invitation
from prereview.queries import grounds_at
from prereview.queries.room import why_not_begun
from prereview.queries.visit import why_not_closed
from prereview.rules.outcome import stayed_away
from prereview.services.putting_back import why_not_back
from prereview.stages import Answer
from prereview.views.base import AgendaStep, InvitationStep


class AcknowledgeView(InvitationStep):
    """签收."""

    title = gettext_lazy("签收通知")
    verb = gettext_lazy("签收")
    explain = gettext_lazy("签收表示本单位已收到通知，知道缺席和逾期的后果。")

    def perform(self, data: dict[str, Any]) -> str:
        """Sign for the summons."""
        services.acknowledge(self.subject, by=self.acting, at=self.now())
        return outcome(_("已签收。"), _("请答复由谁到会；不能到会的，由本单位负责人请假。"))


class ComingView(InvitationStep):
    """到会."""

    title = gettext_lazy("答复到会")
    verb = gettext_lazy("答复到会")
    form_class = RepresentativeForm

    def reasons(self) -> list[str]:
        """Say when it is too late to answer."""
        return _before_opening(self.subject)

    def perform(self, data: dict[str, Any]) -> str:
        """Say who comes."""
        services.answer_coming(
            self.subject, representative=data["representative"], by=self.acting, at=self.now()
        )
        return outcome(_("已答复到会。"), _("会议（勘察）开始后请在本页签到。"))


def _before_opening(summons: Invitation) -> list[str]:
    held = policies.before_opening
    return [] if held(summons) else [str(held.reason)]  # type: ignore[attr-defined]


class ExcuseView(InvitationStep):
    """请假."""

    policy = staticmethod(policies.head_of_department)
    title = gettext_lazy("请假")
    verb = gettext_lazy("提出请假")
    explain = gettext_lazy(
        "由召集人决定。准假的，本单位仍须在期限内提出书面意见；不准假而缺席的，按缺席处理。"
    )
    form_class = ExcuseForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the county's grounds."""
        return {**super().get_form_kwargs(), "grounds": grounds_at(self.now())}

    def reasons(self) -> list[str]:
        """Say when it is too late for an excuse."""
        return _before_opening(self.subject)

    def perform(self, data: dict[str, Any]) -> str:
        """Lodge the excuse."""
        services.lodge_excuse(self.subject, by=self.acting, at=self.now(), **data)
        return outcome(_("已提出请假。"), _("由召集人决定，结果会在本页显示。"))


class DecideExcuseView(InvitationStep):
    """决定请假."""

    policy = staticmethod(policies.convenor)
    template_name = "prereview/decide_excuse.html"
    title = gettext_lazy("决定请假")
    verb = gettext_lazy("作出决定")
    form_class = DecideExcuseForm
    conditions = (policies.excuse_is_open,)

    def perform(self, data: dict[str, Any]) -> str:
        """Decide."""
        done = services.decide_excuse(self.subject, by=self.acting, at=self.now(), **data)
        if done.answer == Answer.SUBSTITUTE:
            return outcome(_("已决定派员代替到会。"), _("代替的人不到会的，按缺席处理。"))
        if data["granted"]:
            return outcome(_("已准假。"), _("该部门在议程结束后的期限内提出书面意见。"))
        return outcome(_("未准假。"), _("该部门仍须到会；缺席的，议程结束时期限即届满。"))


class SecondChannelView(InvitationStep):
    """第二种方式送达."""

    policy = staticmethod(policies.window)
    title = gettext_lazy("第二种方式送达")
    verb = gettext_lazy("登记送达")
    explain = gettext_lazy(
        "没有送达凭证的，不产生缺席或者超时的后果。书面送达上传签收单，电话通知上传两人签名的记录。"
    )
    form_class = SecondChannelForm

    def reasons(self) -> list[str]:
        """Say when service is proven already."""
        return [_("该部门已签收，不需要另行送达。")] if self.subject.proven else []

    def perform(self, data: dict[str, Any]) -> str:
        """Register the service with its proof."""
        services.serve_by_second_channel(self.subject, by=self.acting, at=self.now(), **data)
        if not data["received"]:
            return outcome(_("已登记没有送到。"), _("请再次送达；没有凭证以前不产生任何默认。"))
        return outcome(_("已登记送达，凭证已存。"), _("等待该部门答复或到会。"))


class CheckInView(InvitationStep):
    """签到."""

    policy = staticmethod(policies.convenor_or_department)
    title = gettext_lazy("签到")
    verb = gettext_lazy("签到")
    form_class = CheckInForm

    def reasons(self) -> list[str]:
        """Say when the door is closed."""
        return _running(self.subject)

    def perform(self, data: dict[str, Any]) -> str:
        """Check in."""
        done = services.check_in(self.subject, by=self.acting, at=self.now(), **data)
        return outcome(_("%(department)s已签到。") % {"department": done.department.label})


def _running(summons: Invitation) -> list[str]:
    held = policies.session_is_open
    return [] if held(summons.session) else [str(held.reason)]  # type: ignore[attr-defined]


class LeaveView(InvitationStep):
    """离开."""

    policy = staticmethod(policies.convenor_or_department)
    title = gettext_lazy("提前离开")
    verb = gettext_lazy("登记离开")
    explain = gettext_lazy(
        "离开后才结束的议程，按不在场处理：没有提出意见的，议程结束时期限即届满。"
    )

    def reasons(self) -> list[str]:
        """Say when there is nothing to leave."""
        return _running(self.subject)

    def perform(self, data: dict[str, Any]) -> str:
        """Leave."""
        done = services.leave(self.subject, by=self.acting, at=self.now())
        return outcome(_("%(department)s已离开。") % {"department": done.department.label})


class PutBackView(InvitationStep):
    """更正误登记的离开: one of convenor and recorder writes why, the other confirms."""

    policy = staticmethod(policies.keeps_the_room)
    title = gettext_lazy("更正误登记的离开")
    form_class = ReasonForm
    explain = gettext_lazy(
        "由召集人和记录人两个人办理：一人写明理由，另一人确认后，该部门视为没有离开过。离开以后已经结束的议程不能这样更正，由该部门对到会记录提出异议。"
    )

    @property
    def verb(self) -> str:  # type: ignore[override]
        """Say which of the two this is."""
        return _("确认更正") if self.subject.back_asked_by_id else _("提出更正")

    def reasons(self) -> list[str]:
        """Say what stands against it."""
        return [str(why) for why in why_not_back(self.subject, self.acting)]

    def get_initial(self) -> dict[str, Any]:
        """Show what the first of the two wrote."""
        return {"reason": self.subject.back_reason}

    def perform(self, data: dict[str, Any]) -> str:
        """Write it, or confirm it."""
        done = services.put_back(self.subject, by=self.acting, at=self.now(), **data)
        if done.left_at is not None:
            return outcome(
                _("已提出更正。"), _("由召集人和记录人中的另一人确认；确认以前仍按已离开记录。")
            )
        return outcome(_("%(department)s已更正为在场。") % {"department": done.department.label})


class OpenItemView(AgendaStep):
    """开始一项议程."""

    title = gettext_lazy("开始审议")
    verb = gettext_lazy("开始审议")

    def reasons(self) -> list[str]:
        """Say when the session does not run, or is at another item."""
        item = self.subject
        return _running(item) or ([] if item.opened_at else why_not_begun(item))

    def perform(self, data: dict[str, Any]) -> str:
        """Open the item."""
        done = services.open_item(self.subject, by=self.acting, at=self.now())
        return outcome(_("开始审议“%(project)s”。") % {"project": done.filing.project_name})


class CloseItemView(AgendaStep):
    """结束一项议程: the page says first who is not in the room."""

    template_name = "prereview/close_item.html"
    title = gettext_lazy("结束本议程")
    verb = gettext_lazy("结束本议程")
    explain = gettext_lazy("记录的结束时间就是缺席的时点，也是书面意见期限的起点，不能更改。")

    def reasons(self) -> list[str]:
        """Say when the session does not run, and which conflict of a visit waits for the convenor."""
        return _running(self.subject) or why_not_closed(self.subject, self.now())

    def perform(self, data: dict[str, Any]) -> str:
        """Close the item."""
        done = services.close_item(self.subject, by=self.acting, at=self.now())
        left = done.open_slots().count()
        then = (
            _("还有%(count)s项意见待提出，期限已起算。") % {"count": left}
            if left
            else _("意见已齐。")
        )
        return outcome(_("“%(project)s”已结束审议。") % {"project": done.filing.project_name}, then)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name who is not in the room and still owes an opinion."""
        owing = set(self.subject.open_slots().values_list("department_id", flat=True))
        at = self.now()
        summons = [
            i
            for i in self.subject.session.invitations.select_related("department")
            if i.department_id in owing and not i.present_at(at)
        ]
        away = [i for i in summons if stayed_away(present=False, answer=i.answer)]
        return {
            **super().get_context_data(**kwargs),
            "away": [i for i in away if i.proven],
            "unproven": [i for i in away if not i.proven],
            "excused": [i for i in summons if i not in away],
        }
