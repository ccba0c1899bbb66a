"""Inside a department: who stays out of a case, who takes over, whose part is asked for, what the head signs."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.views.base import outcome
from core.steps.templatetags.look import date_long, deadline
from prereview import policies, services
from prereview.forms.sessions import ReasonForm
from prereview.forms.standing import (
    AnswerForm,
    CountersignForm,
    PartForm,
    ReassignForm,
    RecuseForm,
)
from prereview.models import Countersign, PartRequest, Recusal
from prereview.queries.standing import colleagues, filing_of
from prereview.services.facts import takes_opinion
from prereview.services.parts import last_day_for_a_part
from prereview.stages import SignState
from prereview.views.base import InvitationStep, SlotStep, Step
from prereview.views.dispatches import DispatchStep
from prereview.views.words import what


def _people(step: Any) -> Any:
    day, filing = timezone.localdate(step.now()), filing_of(step.subject)
    return colleagues(step.acting, day, filing=filing)


class RecuseView(SlotStep):
    """回避."""

    title = gettext_lazy("申请回避")
    verb = gettext_lazy("回避")
    form_class = RecuseForm
    danger = True
    explain = gettext_lazy(
        "回避从现在起生效，对本件的全部事项有效，换一个任职也一样。期限不因回避停止，由接手人在期限内办理。"
    )

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the colleagues who do not stay out already."""
        return super().get_form_kwargs() | {"people": _people(self)}

    def reasons(self) -> list[str]:
        """Say that the case is over."""
        held = policies.goes_on
        return [] if held(self.subject.filing) else [str(held.reason)]  # type: ignore[attr-defined]

    def get_initial(self) -> dict[str, Any]:
        """Start with oneself."""
        return {"person": str(self.acting.pk)}

    def perform(self, data: dict[str, Any]) -> str:
        """Declare it."""
        made = services.declare_recusal(self.subject, by=self.acting, at=self.now(), **data)
        who = {"who": made.person.user}
        if data["successor"]:
            return outcome(_("%(who)s已对本件回避。") % who, _("已通知接手人。"))
        return outcome(
            _("%(who)s已对本件回避。") % who, _("本单位已没有可以办理的人员，已告知效能监督。")
        )


class LiftRecusal(Step):
    """解除回避."""

    title = gettext_lazy("解除回避")
    verb = gettext_lazy("解除回避")
    form_class = ReasonForm
    policy: Any = staticmethod(policies.lifts_recusal)

    def find(self) -> Recusal:
        """Return the recusal of the address, of one's own department."""
        own = Recusal.objects.filter(department=self.acting.organisation_id)
        found = own.select_related("filing__book", "person__user", "department")
        return get_object_or_404(found, pk=self.kwargs["pk"])

    def about(self) -> Any:
        """Return the case."""
        return self.subject.filing

    def back_url(self) -> str:
        """Go back to the department's opinions."""
        return reverse("prereview:opinions", args=[self.subject.filing.public_id])

    def reasons(self) -> list[str]:
        """Say that it is lifted already."""
        return [_("这次回避已经解除。")] if self.subject.lifted_at else []

    def perform(self, data: dict[str, Any]) -> str:
        """Lift it."""
        services.lift_recusal(self.subject, reason=data["reason"], by=self.acting, at=self.now())
        return outcome(_("回避已解除，可以再办理本件。"))


class CountersignView(SlotStep):
    """会签."""

    policy = staticmethod(policies.head_of_department)
    template_name = "prereview/countersign.html"
    title = gettext_lazy("会签意见")
    verb = gettext_lazy("决定")
    form_class = CountersignForm
    conditions = (policies.countersign_waits,)

    @property
    def waiting(self) -> Countersign | None:
        """What waits for the head."""
        found = self.subject.countersigns.filter(state=SignState.WAITING)
        return found.select_related("drafted_by__user").first()  # type: ignore[no-any-return]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the opinion, until when it can be signed, and what happens if it is not."""
        slot = self.subject
        said = _("%(until)s前没有会签的，按没有提出意见处理：待会签的意见不停止期限，也不挡默认。")
        until = deadline(slot.due_at) if slot.due_at else ""
        return {
            **super().get_context_data(**kwargs),
            "waiting": self.waiting,
            "what": what(slot),
            "in_time": takes_opinion(slot, self.now()),
            "silence": said % {"until": until} if until else "",
        }

    def perform(self, data: dict[str, Any]) -> str:
        """Sign it, or send it back."""
        services.countersign(self.subject, by=self.acting, at=self.now(), **data)
        if data["signed"]:
            return outcome(_("已会签，意见已提出。"))
        return outcome(_("已退回修改，期限照常计算。"), _("已通知经办人。"))


class AskPartView(SlotStep):
    """请股室、站所提供意见."""

    title = gettext_lazy("请股室、站所提供意见")
    verb = gettext_lazy("请其答复")
    form_class = PartForm

    @property
    def explain(self) -> str:  # type: ignore[override]
        """Say the department's own day."""
        said = _("问题和答复只在本单位内部可见，不是本单位的意见；本单位的期限不停止。")
        last = last_day_for_a_part(self.subject)
        if last is None:
            return said
        return said + _("请早于本单位自己的期限%(day)s。") % {"day": date_long(last)}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the colleagues."""
        return super().get_form_kwargs() | {"people": _people(self)}

    def perform(self, data: dict[str, Any]) -> str:
        """Ask."""
        made = services.ask_part(self.subject, by=self.acting, at=self.now(), **data)
        said = {"unit": made.unit, "day": date_long(made.due_on)}
        return outcome(_("已请%(unit)s在%(day)s前答复。") % said, _("本单位的期限照常计算。"))


class AnswerPartView(Step):
    """内部答复."""

    template_name = "prereview/answer_part.html"
    title = gettext_lazy("内部答复")
    verb = gettext_lazy("答复")
    form_class = AnswerForm
    policy: Any = staticmethod(policies.answers_part)
    explain = gettext_lazy("只在本单位内部可见，不是本单位的意见。")

    def find(self) -> PartRequest:
        """Return the request of the address, of one's own department."""
        own = PartRequest.objects.filter(slot__department=self.acting.organisation_id)
        found = own.select_related(
            "slot__filing", "slot__item", "slot__department", "asked__user", "asked_by__user"
        )
        return get_object_or_404(found, pk=self.kwargs["pk"])

    def about(self) -> Any:
        """Return the case."""
        return self.subject.slot.filing

    def back_url(self) -> str:
        """Go back to the department's opinions."""
        return reverse("prereview:opinions", args=[self.subject.slot.filing.public_id])

    def reasons(self) -> list[str]:
        """Say that it is answered."""
        return [_("已经答复过。")] if self.subject.answered_at else []

    def perform(self, data: dict[str, Any]) -> str:
        """Answer."""
        services.answer_part(self.subject, answer=data["answer"], by=self.acting, at=self.now())
        return outcome(_("已答复。"), _("由经办人提出本单位的意见。"))


class Reassigns:
    """改派: whom, and why."""

    title = gettext_lazy("改派")
    verb = gettext_lazy("改派")
    form_class: Any = ReassignForm
    policy: Any = staticmethod(policies.own_department)
    service: Any
    explain = gettext_lazy(
        "由接手人负责办理；其他可以办理的同事仍可办理，以免因一人不在而错过期限。"
    )

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the colleagues."""
        return super().get_form_kwargs() | {"people": _people(self)}  # type: ignore[misc]

    def perform(self, data: dict[str, Any]) -> str:
        """Hand it on."""
        step: Any = self
        made = step.service(step.subject, by=step.acting, at=step.now(), **data)
        return outcome(_("已改派给%(who)s，已通知本人。") % {"who": made.receiver.user})


class ReassignOpinion(Reassigns, SlotStep):
    """改派一项意见."""

    service = staticmethod(services.reassign_opinion)
    conditions = (policies.slot_is_open,)


class ReassignSummons(Reassigns, InvitationStep):
    """改派一份通知."""

    service = staticmethod(services.reassign_summons)
    conditions = (policies.session_not_over,)


class ReassignDispatch(Reassigns, DispatchStep):
    """改派一份分送件."""

    service = staticmethod(services.reassign_dispatch)
