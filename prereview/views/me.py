"""A representative's own page in the room: coming in, agreeing to what is listed, the rest one by one, leaving."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.views.base import outcome
from core.deadlines.counting import load_interruptions
from core.steps.reasons import NotNow
from prereview import services
from prereview.forms import OpinionForm
from prereview.forms.room import CodeForm, ListedForm
from prereview.models import Invitation, Session, Slot
from prereview.queries.bearing import no_consequence
from prereview.queries.standing import Standing, standings
from prereview.services.countersigning import waiting_for_the_head
from prereview.services.facts import takes_opinion
from prereview.stages import SessionStage, SlotState
from prereview.views.base import DEPARTMENT, SessionStep
from prereview.views.screen import in_page, now_in_the_room
from prereview.views.words import cards, what


class OfMine(SessionStep):
    """A step of a session for a department that was summoned to it."""

    template_name = "prereview/me.html"

    def cases(self) -> Any:
        """Return the sessions the person may see."""
        found = Session.objects.visible_to(self.acting)
        return found.select_related("book", "convenor__user", "recorder__user")

    def allowed(self) -> bool:
        """Whether the person's department was summoned."""
        return self.acting.role in DEPARTMENT

    def summons(self) -> Invitation:
        """Return the department's own summons."""
        found = self.subject.invitations.select_related("department", "calendar")
        mine: Invitation = get_object_or_404(found, department_id=self.acting.organisation_id)
        mine.session = self.subject
        return mine

    def here(self) -> str:
        """Return the address of the personal page."""
        return reverse("prereview:me", args=[self.subject.public_id])

    def get_success_url(self) -> str:
        """Stay in the room."""
        return self.here()


class MeView(OfMine):
    """我的会议: what my department is asked here, with one move for all that is listed."""

    title = gettext_lazy("本单位会议页")
    verb = gettext_lazy("同意所列事项")
    form_class = ListedForm

    def own(self) -> list[Slot]:
        """Return the department's slots of this session, with all that a card asks of them."""
        if not hasattr(self, "_own"):
            found = Slot.objects.in_play().filter(
                agenda__session=self.subject, department_id=self.acting.organisation_id
            )
            self._own = list(
                found.select_related(
                    "agenda__session", "filing__rulebook", "filing__enterprise", "department", "item__item",
                    "opinion", "calendar", "draft",
                ).order_by("agenda__order", "item__code", "pk")
            )  # fmt: skip
            load_interruptions(self._own)
            mine = self.summons()
            for slot in self._own:
                slot.invitation = mine
        return self._own

    def open_ones(self) -> list[Slot]:
        """Return those that can be agreed to: they take an opinion, wait for nobody, and are the person's to answer."""
        standing = self.standing()
        return [
            s
            for s in self.unanswered()
            if s.pk not in self.waits() and not standing[s.filing_id].refusal
        ]

    def unanswered(self) -> list[Slot]:
        """Return those that still take an opinion and that the department has not said are not its own."""
        at = self.now()
        return [s for s in self.own() if not s.not_ours_reason and takes_opinion(s, at)]

    def waits(self) -> set[int]:
        """Return those on which an opinion waits for the head, as it was when the page was asked for."""
        if not hasattr(self, "_waits"):
            self._waits = waiting_for_the_head(self.own())
        return self._waits

    def standing(self) -> dict[int, Standing]:
        """Return how the person stands to each filing."""
        if not hasattr(self, "_standing"):
            self._standing = standings(self.own(), self.acting, self.now())
        return self._standing

    def get_form_kwargs(self) -> dict[str, Any]:
        """List what can be agreed to; what was settled since the page was drawn falls away quietly."""
        kwargs = super().get_form_kwargs()
        listed = [(s.pk, f"{s.filing.project_name} · {what(s)}") for s in self.own()]
        return {**kwargs, "listed": listed}

    def perform(self, data: dict[str, Any]) -> str:
        """Agree to what was ticked, in one move."""
        wanted = set(data["slots"])
        asked = [slot for slot in self.unanswered() if slot.pk in wanted]
        chosen = [slot for slot in asked if slot.pk not in self.waits()]
        if asked and not chosen:
            raise NotNow([_("没有可以同意的事项：都已提交负责人会签，还没有提出；期限照常计算。")])
        done = services.agree_to_all(chosen, by=self.acting, at=self.now())
        if not done:
            raise NotNow([_("没有可以同意的事项：都已有结果，或者期限已过，只能提出迟到意见。")])
        return agreed(done, len(waiting_for_the_head(chosen)))

    def left_out(self) -> list[dict[str, Any]]:
        """Return what takes an opinion and cannot be agreed to here, each with the reason."""
        waits = _("已提交负责人会签，还没有提出；期限照常计算。")
        found = [(s, self.standing()[s.filing_id].refusal) for s in self.unanswered()]
        return [
            {"project": s.filing.project_name, "what": what(s), "why": refusal or waits}
            for s, refusal in found
            if refusal or s.pk in self.waits()
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the department's own items, by filing, and the room as it is now."""
        at, slots, mine = self.now(), self.own(), self.summons()
        second = self.subject.is_survey and self.subject.second_visits.exists()
        return {
            **super().get_context_data(**kwargs),
            "no_consequence": no_consequence(mine, second=second),
            "mine": mine,
            "present": mine.checked_in_at is not None and mine.left_at is None,
            "running": self.subject.stage == SessionStage.OPEN,
            "by_code": self.subject.recorder_id is not None and mine.online_at is None,
            "code_form": CodeForm(initial={"representative": mine.representative}),
            "listed": [
                {"pk": s.pk, "project": s.filing.project_name, "what": what(s)}
                for s in self.open_ones()
            ],
            "left_out": self.left_out(),
            "signed": any(self.standing()[s.filing_id].countersigned for s in self.open_ones()),
            "groups": groups_of(slots, at, self.standing()),
            "room": now_in_the_room(self.subject, at),
            "server_now": in_page(at),
        }


def agreed(done: int, signed: int) -> str:
    """Say what agreeing to all has come to: what is given, and what waits for the head."""
    given = _("已同意%(count)s项。") % {"count": done - signed} if done > signed else ""
    waits = _("已提交负责人会签%(count)s项，还没有提出；期限照常计算。") % {"count": signed}
    return outcome(given or waits, waits if given and signed else "")


def groups_of(slots: list[Slot], at: Any, standing: dict[int, Standing]) -> list[dict[str, Any]]:
    """Return a department's items by filing, each with its form where the person can still answer it."""
    found: dict[int, dict[str, Any]] = {}
    for card in cards(slots, at):
        slot = card["slot"]
        group = found.setdefault(
            slot.agenda_id, {"filing": slot.filing, "agenda": slot.agenda, "cards": []}
        )
        card["takes"] = slot.state != SlotState.SETTLED and takes_opinion(slot, at)
        card["barred"] = standing[slot.filing_id].refusal if card["takes"] else ""
        card["form"] = _form(slot) if card["takes"] and not card["barred"] else None
        card["draft"] = _draft(slot)
        group["cards"].append(card)
    return list(found.values())


def _draft(slot: Slot) -> Any:
    draft = getattr(slot, "draft", None)
    return draft if draft is not None and draft.sent_at is None else None


def _form(slot: Slot) -> OpinionForm:
    draft, begun = _draft(slot), {}
    if draft is not None:
        begun = {
            "position": draft.position, "reason": draft.reason, "clause": draft.clause,
            "conditions": "\n".join(draft.conditions),
        }  # fmt: skip
    return OpinionForm(initial=begun, auto_id=f"slot-{slot.pk}-%s")


class EnterView(OfMine):
    """凭动态码签到: typed, or scanned from the wall, which fills it in; pressing the button is the act."""

    template_name = "prereview/step.html"
    title = gettext_lazy("凭动态码签到")
    verb = gettext_lazy("签到")
    explain = gettext_lazy("签到表示您本人在会场、代表本单位。一人只能代表一个部门。")
    form_class = CodeForm

    def get_initial(self) -> dict[str, Any]:
        """Fill in what the picture on the wall said."""
        said = self.request.GET.get("code", "")[:20]
        return {"code": said, "representative": self.summons().representative}

    def reasons(self) -> list[str]:
        """Say when the door is closed."""
        if self.subject.stage == SessionStage.OPEN:
            return []
        return [_("会议（勘察）尚未开始或已经结束，不能签到。")]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Lead who is in already to their page."""
        if self.allowed() and self.summons().checked_in_at is not None:
            return redirect(self.here())
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Refuse whoever was not summoned before anything else."""
        if not self.allowed():
            raise PermissionDenied
        return super().post(request, *args, **kwargs)

    def perform(self, data: dict[str, Any]) -> str:
        """Come in."""
        services.enter_by_code(self.subject, by=self.acting, at=self.now(), **data)
        return outcome(_("已凭动态码签到。"), _("逐项审议时在本页提出意见。"))
