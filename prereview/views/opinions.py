"""A department's opinions: all at once, one by one, and those that come too late."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership
from approvals.models import Filing
from approvals.views.base import CaseStep, outcome
from core.deadlines.queries import calendar_or_none
from core.steps.reasons import NotNow
from core.steps.typed import hand_on_typed
from prereview import policies, services
from prereview.forms import DraftForm, EnterOpinionForm, LateOpinionForm, OpinionForm
from prereview.models import Slot
from prereview.queries import slots_of
from prereview.queries.inside import inside_of
from prereview.queries.standing import waits_for_the_head
from prereview.queries.words import consequence
from prereview.services.countersigning import waiting_for_the_head
from prereview.services.facts import takes_opinion
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
        before = waiting_for_the_head(waiting)
        done = services.agree_to_all(waiting, by=self.acting, at=self.now())
        signed = len(waiting_for_the_head(waiting) - before)
        if not done and before:
            raise NotNow([_("没有可以同意的事项：其余的意见已在等待负责人会签。")])
        if not done:
            raise NotNow([_("没有可以同意的事项：都已有结果，或者期限已过，只能提出迟到意见。")])
        kept = _("已提交负责人会签%(count)s项，还没有提出；期限照常计算。") % {"count": signed}
        if signed == done:
            return outcome(kept)
        said = _("已同意%(count)s项。") % {"count": done - signed}
        return outcome(said, kept if signed else _then(self.subject))

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
    left = filing.slots.unsettled().asked().count()
    if left:
        return _("还有%(count)s项意见（含其他部门）待提出。") % {"count": left}
    return _("意见已齐；议程结束后由召集人作出结论。")


def room_url(request: HttpRequest, slot: Slot) -> str:
    """Return the page of the room where something was said from there, else nothing."""
    if "room" not in request.POST:
        return ""
    return reverse("prereview:me", args=[slot.agenda.session.public_id]) + f"#slot-{slot.pk}"


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

    def get_initial(self) -> dict[str, Any]:
        """Go on with what was begun."""
        draft = getattr(self.subject, "draft", None)
        if draft is None:
            return {}
        lines = "\n".join(draft.conditions)
        return {
            "position": draft.position, "reason": draft.reason, "clause": draft.clause, "conditions": lines,
        }  # fmt: skip

    def perform(self, data: dict[str, Any]) -> str:
        """Give the opinion."""
        given = services.give_opinion(self.subject, by=self.acting, at=self.now(), **data)
        if waits_for_the_head(given):
            return outcome(
                _("意见已提交负责人会签，还没有提出。"),
                _("期限照常计算；届满没有会签的，按没有提出处理。"),
            )
        if data["position"] == Position.NOT_OURS:
            return outcome(_("已提出不属本部门。"), _("由召集人决定；决定以前期限继续计算。"))
        return outcome(_("意见已提出。"), _then(self.subject.filing))

    def get_success_url(self) -> str:
        """Go back to where it was said: the page of the room, or the department's opinions."""
        return room_url(self.request, self.subject) or super().get_success_url()

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
            "inside": inside_of(slot, self.acting, at),
            "draft": getattr(slot, "draft", None),
            "draft_url": reverse("prereview:draft", args=[slot.pk]),
        }


class DraftView(SlotStep):
    """保存草稿: what was begun is kept; it has no effect and stops no limit."""

    verb = gettext_lazy("保存草稿")
    title = gettext_lazy("保存草稿")
    form_class = DraftForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Lead to the opinion, where the draft is."""
        if not self.allowed():
            raise PermissionDenied
        there = reverse("prereview:opinion", args=[self.subject.pk])
        hand_on_typed(request, there)
        return HttpResponseRedirect(there)

    def perform(self, data: dict[str, Any]) -> str:
        """Keep it."""
        services.save_draft(self.subject, by=self.acting, at=self.now(), **data)
        return outcome(
            _("草稿已保存，尚未提出。"),
            _("草稿不是意见，期限照常计算；到期%(what)s") % {"what": consequence(self.subject)},
        )

    def get_success_url(self) -> str:
        """Go on writing."""
        return room_url(self.request, self.subject) or reverse(
            "prereview:opinion", args=[self.subject.pk]
        )


class EnterOpinionView(SlotStep):
    """登记其他渠道意见: on paper or by telephone, as it was said."""

    policy = staticmethod(policies.window)
    verb = gettext_lazy("登记")
    form_class = EnterOpinionForm
    explain = gettext_lazy(
        "以登记的时间为收到时间。书面且形式完整的，即为该部门的意见；形式不合的，暂停默认，由召集人处理，不视为已表态，也不视为沉默。"
    )

    @property
    def title(self) -> str:  # type: ignore[override]
        """Name what the opinion is about."""
        return _("%(what)s：登记其他渠道意见") % {"what": what(self.subject)}

    def reasons(self) -> list[str]:
        """Say when it is too late."""
        late = _("期限已过或已有结果：请该部门按“迟到意见”提出。")
        return [] if takes_opinion(self.subject, self.now()) else [late]

    def perform(self, data: dict[str, Any]) -> str:
        """Enter it."""
        slot = services.enter_opinion(self.subject, by=self.acting, at=self.now(), **data)
        if slot.invalid_form_at is not None:
            return outcome(_("已登记，意见形式不合。"), _("已暂停默认，请召集人处理。"))
        return outcome(_("已登记为该部门的意见。"))


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
            "draft": getattr(slot, "draft", None),
        }
