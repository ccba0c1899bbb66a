"""Minutes read in the room, the second person's word on them and on the roll, contradictions, things to be done."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from approvals.views.base import outcome
from core import clock
from prereview import policies, services
from prereview.forms import ReasonForm
from prereview.forms.room import ActionForm, NoteForm, OnlineForm, RecorderForm, SettleForm
from prereview.models import ActionPoint
from prereview.queries.board import words_of
from prereview.queries.room import recorders
from prereview.services.conclusion import content_of
from prereview.services.reading import decision_of
from prereview.services.resolving import owners
from prereview.stages import DraftState
from prereview.views.base import AgendaStep, InvitationStep, SessionStep, Step, person

MOST = 200  # rows of a page


class ReadingView(AgendaStep):
    """宣读纪要: what the minutes will say, for the whole room; the recorder confirms it here."""

    template_name = "prereview/reading.html"
    policy = staticmethod(policies.recorder)
    title = gettext_lazy("宣读并确认纪要")
    verb = gettext_lazy("与宣读一致，确认纪要")
    explain = gettext_lazy(
        "逐段宣读，各部门当场核对。记录人确认后，纪要印发，结论、附加条件和修改要求同时生效，不能更改。"
    )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show it to everybody who is of the session: it is read aloud."""
        return self.render_to_response(self.get_context_data())

    def draft(self) -> Any:
        """Return what was read and waits for the second person."""
        waiting = self.subject.drafts.filter(state=DraftState.READ)
        return waiting.select_related("proposed_by__user").first()

    def reasons(self) -> list[str]:
        """Say when there is nothing to confirm."""
        return [] if self.draft() else [_("没有待确认的纪要稿。")]

    def perform(self, data: dict[str, Any]) -> str:
        """Confirm."""
        done = services.confirm_minutes(self.subject, by=self.acting, at=self.now())
        said = _("纪要已由两人确认，结论：%(what)s。") % {"what": done.conclusion_label}
        return outcome(said, "", [done.minutes])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the minutes as they were read."""
        draft = self.draft()
        said = (decision_of(draft), draft.proposed_at, draft.proposed_by) if draft else None
        content = content_of(self.subject, *said) if said else None
        return {
            **super().get_context_data(**kwargs),
            "draft": draft,
            "minutes": content,
            "confirms": policies.recorder(self.subject, self.acting),
            "keeps": policies.keeps_the_room(self.subject, self.acting),
        }


class ReturnView(AgendaStep):
    """退回（收回）纪要稿."""

    policy = staticmethod(policies.keeps_the_room)
    title = gettext_lazy("退回（收回）纪要稿")
    verb = gettext_lazy("退回（收回）")
    explain = gettext_lazy("退回以后由召集人改好，重新提出、重新宣读。")
    form_class = ReasonForm

    def perform(self, data: dict[str, Any]) -> str:
        """Give it back."""
        services.return_minutes(self.subject, reason=data["reason"], by=self.acting, at=self.now())
        return outcome(_("纪要稿已退回。"), _("由召集人重新提出。"))


class SettleView(AgendaStep):
    """处理分歧."""

    template_name = "prereview/settle.html"
    title = gettext_lazy("处理部门之间的分歧")
    verb = gettext_lazy("写入处理意见")
    explain = gettext_lazy(
        "部门之间意见相反、或者各自附了条件的事项，召集人写明处理意见和理由后才能作结论。"
    )
    form_class = SettleForm

    def open_items(self) -> list[Any]:
        """Return the items in conflict that nobody has settled."""
        found = self.subject.unsettled_conflicts()
        return list(self.subject.filing.items.filter(pk__in=found).select_related("item"))

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the items in conflict."""
        items = [(one.code, one.label) for one in self.open_items()]
        return {**super().get_form_kwargs(), "items": items}

    def reasons(self) -> list[str]:
        """Say when there is nothing to settle."""
        return [] if self.open_items() else [_("没有待处理的分歧。")]

    def perform(self, data: dict[str, Any]) -> str:
        """Settle it."""
        services.settle_conflict(self.subject, by=self.acting, at=self.now(), **data)
        return outcome(_("处理意见已写入，将列入纪要的“主要分歧”。"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add who said what on these items."""
        items = {one.pk for one in self.open_items()}
        slots = self.subject.slots.filter(item__in=items)
        found = slots.select_related("department", "item__item", "opinion").order_by("item", "pk")
        return {**super().get_context_data(**kwargs), "words": words_of(list(found), bare=True)}


class ActionView(AgendaStep):
    """列入行动清单."""

    policy = staticmethod(policies.keeps_the_room)
    title = gettext_lazy("列入行动清单")
    verb = gettext_lazy("列入")
    explain = gettext_lazy("谁、做什么、何时完成；列入纪要，责任单位的工作台上会出现。")
    form_class = ActionForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer who can be charged."""
        return {**super().get_form_kwargs(), "owners": owners(self.subject)}

    def perform(self, data: dict[str, Any]) -> str:
        """Put it on the list."""
        services.add_action(self.subject, by=self.acting, at=self.now(), **data)
        return outcome(_("已列入行动清单。"))


class ActionStep(Step):
    """A step of one thing to be done."""

    def find(self) -> ActionPoint:
        """Return it, among those that concern the person."""
        found = ActionPoint.objects.visible_to(self.acting).select_related(
            "agenda__session", "agenda__filing", "owner"
        )
        one: ActionPoint = get_object_or_404(found, pk=self.kwargs["pk"])
        return one

    conditions = (policies.action_is_open,)

    def back_url(self) -> str:
        """Go back to the list."""
        return reverse("prereview:actions")


class FinishActionView(ActionStep):
    """完成行动事项."""

    policy = staticmethod(policies.owes_the_action)
    title = gettext_lazy("办结行动事项")
    verb = gettext_lazy("办结")
    form_class = NoteForm

    def perform(self, data: dict[str, Any]) -> str:
        """Finish it."""
        services.finish_action(self.subject, by=self.acting, at=self.now(), **data)
        return outcome(_("已办结。"))


class DropActionView(ActionStep):
    """删去行动事项."""

    title = gettext_lazy("从行动清单删去")
    verb = gettext_lazy("删去")
    danger = True
    form_class = ReasonForm

    def allowed(self) -> bool:
        """Who holds the meeting."""
        return policies.keeps_the_room(self.subject.agenda, self.acting)

    def perform(self, data: dict[str, Any]) -> str:
        """Take it off the list."""
        services.drop_action(self.subject, by=self.acting, at=self.now(), **data)
        return outcome(_("已删去。"))


@require_safe
def actions(request: HttpRequest) -> HttpResponse:
    """Show what meetings resolved that a person's organisation has to do, or the staff watch: still open first."""
    by, today = person(request), timezone.localdate(clock.now())
    found = ActionPoint.objects.visible_to(by).filter(dropped_at=None).distinct()
    found = found.select_related("owner", "agenda__filing", "agenda__session", "done_by__user")
    rows = [
        {
            "action": one,
            "mine": policies.owes_the_action(one, by),
            "drops": policies.keeps_the_room(one.agenda, by) and not one.agenda.conclusion,
            "late": one.due_on < today,
        }
        for one in found.filter(done_at=None)[:MOST]
    ]
    done = list(found.exclude(done_at=None).order_by("-done_at")[:50])
    return render(request, "prereview/actions.html", {"rows": rows, "done": done})


class OnlineView(InvitationStep):
    """同意线上参加."""

    policy = staticmethod(policies.convenor)
    title = gettext_lazy("同意线上参加")
    verb = gettext_lazy("同意线上参加")
    explain = gettext_lazy(
        "该部门可以在自己的会议页直接签到，记为线上参加。视频会议由本系统以外的工具进行。"
    )
    form_class = OnlineForm

    def perform(self, data: dict[str, Any]) -> str:
        """Admit it."""
        done = services.admit_online(self.subject, by=self.acting, at=self.now(), **data)
        return outcome(_("已同意%(department)s线上参加。") % {"department": done.department.label})


class RecorderView(SessionStep):
    """更换记录人."""

    policy = staticmethod(policies.convenor)
    title = gettext_lazy("更换记录人")
    verb = gettext_lazy("更换记录人")
    explain = gettext_lazy(
        "记录人离任或者不能履行职责的，由召集人另行指定；此后的纪要和到会名单由新的记录人确认。理由写入台账。"
    )
    conditions = (policies.recorder_can_be_replaced,)
    form_class = RecorderForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer who else may keep the record."""
        others = recorders(self.subject, self.now(), self.acting)
        return {
            **super().get_form_kwargs(),
            "recorders": others.exclude(pk=self.subject.recorder_id),
        }

    def perform(self, data: dict[str, Any]) -> str:
        """Replace the recorder."""
        done = services.replace_recorder(self.subject, by=self.acting, at=self.now(), **data)
        return outcome(_("记录人已更换为%(who)s。") % {"who": done.recorder and done.recorder.user})


class RollView(SessionStep):
    """确认到会名单."""

    policy = staticmethod(policies.recorder)
    title = gettext_lazy("确认到会名单")
    verb = gettext_lazy("核对无误，确认名单")
    explain = gettext_lazy(
        "召集人宣布结束后，由记录人核对每个部门的签到、离开时间和方式；各部门在宣布结束时已收到本单位的记录，确认后再收到通知。"
    )
    conditions = (policies.session_is_closed,)

    def perform(self, data: dict[str, Any]) -> str:
        """Confirm."""
        services.confirm_roll(self.subject, by=self.acting, at=self.now())
        return outcome(_("到会名单已由两人确认，各部门已收到通知。"))
