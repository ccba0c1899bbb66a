"""What follows a default: the department contests it, the convenor decides or proposes, the supervisor approves."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership
from approvals.views.base import outcome
from core.steps.templatetags.look import deadline
from prereview import policies, services
from prereview.forms import (
    ContestForm,
    DecideContestForm,
    DecideWithdrawalForm,
    WithdrawForm,
)
from prereview.models import Opinion, Slot
from prereview.queries.defaults import contest_until
from prereview.services.contests import too_late
from prereview.views.base import SlotStep
from prereview.views.records import record_rows, record_url


class DefaultStep(SlotStep):
    """A step about the default that stands in a slot, with its record on top and the way back to it."""

    template_name = "prereview/default_step.html"

    @property
    def default(self) -> Opinion | None:
        """The default that stands, if one does."""
        found = getattr(self.subject, "opinion", None)
        return found if found is not None and found.deemed else None

    def back_url(self) -> str:
        """Go back to the record of the default."""
        return record_url(self.subject)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the record."""
        default = self.default
        rows = record_rows(default) if default else []
        return {**super().get_context_data(**kwargs), "default": default, "rows": rows}


class ContestView(DefaultStep):
    """对默认提出异议."""

    policy = staticmethod(policies.head_of_department)
    title = gettext_lazy("对默认提出异议")
    verb = gettext_lazy("提出异议")
    explain = gettext_lazy(
        "每件默认只能提出一次，由召集人书面决定。异议期间程序不停止；成立的，经另一人批准后撤回默认。"
    )
    form_class = ContestForm
    conditions = (policies.slot_is_defaulted, policies.not_yet_contested)

    def reasons(self) -> list[str]:
        """Say when it is too late, with the limit."""
        found = super().reasons()
        default = self.default
        late = too_late(default, self.now()) if default and not found else ""
        return [*found, late] if late else found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say until when, and what silence does."""
        context = super().get_context_data(**kwargs)
        until = contest_until(self.default, self.now()) if self.default else None
        said = _("%(until)s前未提出异议的，默认不再接受异议；仍可提出迟到意见。")
        return {**context, "silence": said % {"until": deadline(until)} if until else ""}

    def perform(self, data: dict[str, Any]) -> str:
        """Lodge it."""
        contest = services.contest_default(self.subject, by=self.acting, at=self.now(), **data)
        then = (
            _("召集人%(until)s前决定；程序继续。") % {"until": deadline(contest.due_at)}
            if contest.due_at
            else _("由召集人决定；程序继续。")
        )
        return outcome(_("异议已提出。"), then)


class DecideContestView(DefaultStep):
    """决定对默认的异议."""

    policy = staticmethod(policies.convenor)
    title = gettext_lazy("决定对默认的异议")
    verb = gettext_lazy("作出决定")
    explain = gettext_lazy("异议成立的，等于提出撤回默认，由效能监督批准；不成立的，默认继续有效。")
    form_class = DecideContestForm
    conditions = (policies.contest_is_open,)

    def reasons(self) -> list[str]:
        """Say who may not decide."""
        outside = policies.contest_from_outside(self.acting)
        own = [] if outside(self.subject) else [str(outside.reason)]  # type: ignore[attr-defined]
        return [*super().reasons(), *own]

    def perform(self, data: dict[str, Any]) -> str:
        """Decide."""
        contest = services.decide_contest(self.subject, by=self.acting, at=self.now(), **data)
        if data["upheld"]:
            return outcome(_("异议成立。"), _("撤回默认由效能监督批准；批准以前默认继续有效。"))
        papers = [contest.paper] if contest.paper else []
        return outcome(_("异议不成立，默认继续有效。"), _("决定书已送达该部门。"), papers)


class WithdrawView(DefaultStep):
    """提出撤回默认."""

    policy = staticmethod(policies.convenor)
    title = gettext_lazy("提出撤回默认")
    verb = gettext_lazy("提出撤回")
    explain = gettext_lazy(
        "撤回由两个人决定：召集人写明理由和依据提出，效能监督批准。原默认留存并标明已撤回，什么都不删除。"
    )
    danger = True
    form_class = WithdrawForm
    conditions = (policies.slot_is_defaulted, policies.no_withdrawal_waits)

    def perform(self, data: dict[str, Any]) -> str:
        """Propose it."""
        services.propose_withdrawal(self.subject, by=self.acting, at=self.now(), **data)
        return outcome(_("已提出撤回默认。"), _("由效能监督批准；批准以前默认继续有效。"))


class DecideWithdrawalView(DefaultStep):
    """批准或者不批准撤回默认."""

    policy = staticmethod(policies.decides_withdrawal)
    title = gettext_lazy("批准撤回默认")
    verb = gettext_lazy("作出决定")
    explain = gettext_lazy(
        "批准后默认留存并标明已撤回。议程尚无结论的，该部门此后的意见作数，没有意见的重新送达；程序已经继续的不倒回，立为纠错事项。"
    )
    form_class = DecideWithdrawalForm
    conditions = (policies.withdrawal_waits,)

    def perform(self, data: dict[str, Any]) -> str:
        """Decide."""
        done = services.decide_withdrawal(self.subject, by=self.acting, at=self.now(), **data)
        if not data["approved"]:
            return outcome(_("未批准撤回，默认继续有效。"))
        then = _("程序已经继续，已立为纠错事项。") if done.case_id else _then(self.subject)
        return outcome(_("默认已撤回。"), then, [done.paper] if done.paper else [])


def _then(slot: Slot) -> str:
    fresh = Slot.objects.get(pk=slot.pk)
    return _("该项意见：%(state)s。") % {"state": fresh.get_state_display()}


def steps_for(slot: Slot, by: Membership) -> list[dict[str, Any]]:
    """Return what a person can do now about the default that stands in a slot."""
    offers = (
        ("contest", ContestView),
        ("decide_contest", DecideContestView),
        ("withdraw", WithdrawView),
        ("decide_withdrawal", DecideWithdrawalView),
    )
    return [
        {"label": view.title, "url": reverse(f"prereview:{name}", args=[slot.pk])}
        for name, view in offers
        if view.policy(slot, by) and all(condition(slot) for condition in view.conditions)
    ]
