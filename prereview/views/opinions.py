"""A department's opinions: all at once, one by one, and those that come too late."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership
from approvals.models import Filing
from approvals.views.base import CaseStep, outcome
from core.deadlines.queries import calendar_or_none
from core.steps.reasons import NotNow
from prereview import services
from prereview.forms import LateOpinionForm, OpinionForm
from prereview.models import Slot
from prereview.queries import slots_of
from prereview.services.outcome import takes_opinion
from prereview.stages import Position, SlotState
from prereview.views.base import DEPARTMENT, SlotStep
from prereview.views.words import card, cards, summons_of, what


def asked(filing: Filing, by: Membership) -> bool:
    """Whether a person's department is asked about a filing."""
    return by.role in DEPARTMENT and filing.slots.filter(department_id=by.organisation_id).exists()


class OpinionsView(CaseStep):
    """本单位意见: every slot of the department, and one move to agree to all of them."""

    policy = staticmethod(asked)
    template_name = "prereview/opinions.html"
    title = gettext_lazy("本单位意见")
    verb = gettext_lazy("同意全部本单位事项")

    def own(self) -> list[Slot]:
        """Return the department's slots."""
        found = slots_of(self.subject).filter(department_id=self.acting.organisation_id)
        return list(found.select_related("opinion__make_up"))

    def perform(self, data: dict[str, Any]) -> str:
        """Agree to all that still takes an opinion."""
        waiting = [slot for slot in self.own() if slot.state != SlotState.SETTLED]
        done = services.agree_to_all(waiting, by=self.acting, at=self.now())
        if not done:
            raise NotNow([_("没有可以同意的事项：都已有结果，或者期限已过，只能提出迟到意见。")])
        return outcome(_("已同意%(count)s项。") % {"count": done}, _then(self.subject))

    def get_success_url(self) -> str:
        """Stay here: the rest is one by one."""
        return self.request.path

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the opinions that wait and those that have a result."""
        shown = cards(self.own(), self.now())
        for row in shown:
            row["takes"] = row["slot"].state != SlotState.SETTLED and takes_opinion(
                row["slot"], self.now()
            )
        waiting = [row for row in shown if row["slot"].state != SlotState.SETTLED]
        return {
            **super().get_context_data(**kwargs),
            "waiting": waiting,
            "settled": [row for row in shown if row["slot"].state == SlotState.SETTLED],
            "agrees": [row for row in waiting if row["takes"] and not row["slot"].not_ours_reason],
        }


def _then(filing: Filing) -> str:
    left = filing.slots.unsettled().count()
    if left:
        return _("还有%(count)s项意见（含其他部门）待提出。") % {"count": left}
    return _("意见已齐；议程结束后由召集人作出结论。")


class OpinionView(SlotStep):
    """提出意见: after the limit the page leads to the late opinion instead."""

    template_name = "prereview/opinion.html"
    verb = gettext_lazy("提出意见")
    form_class = OpinionForm

    @property
    def title(self) -> str:  # type: ignore[override]
        """Name what the opinion is about."""
        return _("%(what)s：提出意见") % {"what": what(self.subject)}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form, or lead to the late opinion once the time is over."""
        if self.allowed() and not takes_opinion(self.subject, self.now()):
            return HttpResponseRedirect(reverse("prereview:late_opinion", args=[self.subject.pk]))
        return super().get(request, *args, **kwargs)

    def perform(self, data: dict[str, Any]) -> str:
        """Give the opinion."""
        services.give_opinion(self.subject, by=self.acting, at=self.now(), **data)
        if data["position"] == Position.NOT_OURS:
            return outcome(_("已提出不属本部门。"), _("由召集人决定；决定以前期限继续计算。"))
        return outcome(_("意见已提出。"), _then(self.subject.filing))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the limit with its sentence."""
        at, slot = self.now(), self.subject
        summons = summons_of([slot]).get((slot.agenda.session_id, slot.department_id))
        shown = card(slot, summons, at, calendar_or_none(at))
        return {
            **super().get_context_data(**kwargs),
            "card": shown,
            "silence": shown["limit"]["silence"],
            "late_url": reverse("prereview:late_opinion", args=[slot.pk]),
            "in_time": takes_opinion(slot, at),
        }


class LateOpinionView(SlotStep):
    """迟到意见: kept as such; it changes nothing that is settled."""

    template_name = "prereview/late_opinion.html"
    verb = gettext_lazy("提出迟到意见")
    form_class = LateOpinionForm
    explain = gettext_lazy(
        "期限已过或已有结果。迟到意见会被保存，反对的会立为纠错事项，但不改变已有结果，程序继续。"
    )

    @property
    def title(self) -> str:  # type: ignore[override]
        """Name what the opinion is about."""
        return _("%(what)s：迟到意见") % {"what": what(self.subject)}

    def reasons(self) -> list[str]:
        """Say when the opinion is still in time."""
        return [_("期限未过，请直接提出意见。")] if takes_opinion(self.subject, self.now()) else []

    def perform(self, data: dict[str, Any]) -> str:
        """Keep the late opinion."""
        late = services.give_late_opinion(self.subject, by=self.acting, at=self.now(), **data)
        then = _("已立为纠错事项，由窗口办理；程序继续。") if late.case_id else _("程序继续。")
        return outcome(_("迟到意见已保存，不改变已有结果。"), then)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what stands in the slot."""
        at, slot = self.now(), self.subject
        summons = summons_of([slot]).get((slot.agenda.session_id, slot.department_id))
        return {
            **super().get_context_data(**kwargs),
            "card": card(slot, summons, at, calendar_or_none(at)),
            "given": slot.late_opinions.select_related("given_by__user"),
        }
