"""Opinions: what each department is asked and says, and what the lead unit does where one stays silent."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership
from accounts.stages import Role
from approvals.api.bodies import Reason
from approvals.api.filings import FILINGS
from approvals.api.limits import RESUME, SUSPEND
from approvals.models import Filing
from core import clock
from core.steps.api import Listing, One, Step, Table, Things, addresses
from core.steps.reasons import NotNow
from prereview import policies, services
from prereview.api import bodies, shown
from prereview.api.filters import DefaultFilter, SlotFilter
from prereview.models import Opinion, Slot
from prereview.queries.defaults import defaults_of
from prereview.queries.follow_ups import tasks
from prereview.services.facts import takes_opinion
from prereview.stages import SlotState

LABEL = gettext_lazy("部门意见与默认")


def _slots(by: Any) -> Any:
    filings = Filing.objects.visible_to(by).order_by().values("pk")
    return (
        Slot.objects.filter(filing__in=filings)
        .select_related(
            "filing__rulebook",
            "agenda__session",
            "department",
            "item",
            "calendar",
            "opinion__paper",
        )
        .prefetch_related("agenda__session__invitations")
    )


SLOTS = Things("opinions", "opinion", LABEL, Slot, _slots, shown.SlotShown)
DEFAULTS = Things("defaults", "default", LABEL, Opinion, defaults_of, shown.DefaultShown)


def _asked(filing: Filing, by: Membership) -> bool:
    """A person of a department that is asked about the filing."""
    mine = by.role in (Role.CLERK, Role.HEAD)
    return mine and filing.slots.filter(department_id=by.organisation_id).exists()


def _still_open(filing: Filing, by: Membership) -> list[Slot]:
    """Return what the department can still agree to; say why where that is nothing."""
    own = _slots(by).filter(filing=filing, department_id=by.organisation_id)
    waiting = list(own.exclude(state=SlotState.SETTLED))
    if not any(not s.not_ours_reason and takes_opinion(s, clock.now()) for s in waiting):
        raise NotNow([_("没有可以同意的事项：都已有结果，或者期限已过，只能提出迟到意见。")])
    return waiting


STEPS = (
    Step("give", services.give_opinion, policies.own_department, gettext_lazy("提出意见"), bodies.OpinionBody),
    Step(
        "draft", services.save_draft, policies.own_department, gettext_lazy("保存草稿"), bodies.DraftBody,
        shown=shown.DraftShown,
    ),
    Step("enter", services.enter_opinion, policies.window, gettext_lazy("登记其他渠道意见"), bodies.EnteredBody),
    Step(
        "late", services.give_late_opinion, policies.own_department, gettext_lazy("提出迟到意见"),
        bodies.LateOpinionBody, shown=shown.LateShown,
    ),
    Step("confirm", services.confirm_default, policies.convenor, gettext_lazy("确认视同无异议")),
    Step("dismiss", services.dismiss_default, policies.convenor, gettext_lazy("驳回拟视同无异议"), Reason),
    Step("serve-again", services.serve_slot_again, policies.convenor, gettext_lazy("重新送达")),
    Step("not-ours", services.decide_not_ours, policies.convenor, gettext_lazy("决定是否不属本部门"), bodies.NotOurs),
    Step(
        "contest", services.contest_default, policies.head_of_department, gettext_lazy("对默认提出异议"),
        bodies.Contest,
    ),
    Step(
        "decide-contest", services.decide_contest, policies.convenor, gettext_lazy("决定对默认的异议"),
        bodies.DecideContest,
    ),
    Step("withdraw", services.propose_withdrawal, policies.convenor, gettext_lazy("提出撤回默认"), bodies.Withdraw),
    Step(
        "decide-withdrawal", services.decide_withdrawal, policies.decides_withdrawal,
        gettext_lazy("批准或者不批准撤回默认"), bodies.DecideWithdrawal,
    ),
    Step(
        "follow-up", services.finish_follow_up, policies.supervisor, gettext_lazy("办结约谈或者移送"),
        bodies.FollowUpBody,
    ),
    SUSPEND,
    RESUME,
)  # fmt: skip
FILING_STEPS = (
    Step("agree-to-all", services.agree_to_all, _asked, gettext_lazy("同意全部本单位事项"), of=_still_open),
)  # fmt: skip


class Opinions(Listing):
    """部门意见."""

    things = SLOTS
    title = gettext_lazy("意见清单")
    filterset_class = SlotFilter


class OneOpinion(One):
    """One opinion with its day table."""

    things = SLOTS
    title = gettext_lazy("一项意见")


class Defaults(Listing):
    """视同无异议."""

    things = DEFAULTS
    title = gettext_lazy("默认清单")
    explain = gettext_lazy("视同无异议不是同意：每一项都附送达、期限和计算的证据。")
    filterset_class = DefaultFilter


class FollowUps(Table):
    """约谈、移送."""

    tag, title, operation = LABEL, gettext_lazy("约谈、移送清单"), "follow_ups"
    explain = gettext_lazy("由有效的默认算出，办结的附办理情况；已撤回的默认不算。")
    serializer_class = shown.FollowUpShown
    many = True

    def table(self, by: Any) -> Any:
        """Return the tasks to those who watch time."""
        if not policies.watches(None, by):
            raise PermissionDenied
        return tasks(clock.now(), open_only=False)


ADDRESSES = [
    path("follow-ups/", FollowUps.as_view(), name="follow_ups"),
    path("opinions/", Opinions.as_view(), name="opinion_list"),
    path("opinions/<int:pk>/", OneOpinion.as_view(), name="opinion_read"),
    path("defaults/", Defaults.as_view(), name="default_list"),
    *addresses(SLOTS, *STEPS),
    *addresses(FILINGS, *FILING_STEPS),
]
