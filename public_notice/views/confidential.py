"""不公开部分 at the desk: the list, marking words in a thing, and the review by another person."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from approvals.views.base import outcome
from core import clock
from core.documents.sheets import handed_out
from core.steps.reasons import not_yours
from core.steps.views import StepView
from core.steps.watching import watch_of
from public_notice import services
from public_notice.forms.confidential import (
    LiftForm,
    LiftingForm,
    MarkForm,
    ReviewForm,
    ViewForm,
)
from public_notice.models import ConfidentialPart, LiftingView
from public_notice.queries import confidential as queries
from public_notice.rules import confidential as may
from public_notice.services.confidential import CONDITIONS
from public_notice.services.lifting_views import TOO_LATE
from public_notice.stages import PartState

PAGE = 50


def _acting(request: HttpRequest) -> Any:
    acting = request.acting  # type: ignore[attr-defined]
    if not may.works_on_parts(None, acting):
        raise PermissionDenied
    return acting


@require_safe
def parts(request: HttpRequest) -> HttpResponse:
    """List the parts a person sees, those that wait for their review first."""
    acting = _acting(request)
    found = queries.waiting_first(queries.parts_of(acting))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    at = clock.now()
    rows = [_row(one, acting, at) for one in page]
    return render(request, "public_notice/confidential.html", {"page": page, "rows": rows})


def _row(part: ConfidentialPart, acting: Any, at: datetime) -> dict[str, Any]:
    """Return a part with what this person can do with it now."""
    opens, waits = may.reviews_part(part, acting), part.lifting_waits
    view = part.asked_view if waits else None
    open_ = view if view and may.view_is_open(view) and not view.late(at) else None
    reviews = part.state == PartState.ASKED and may.reviewed_by_another(acting)(part)
    asks = may.is_withheld(part) and not waits and may.asks_lifting(part, acting)
    return {
        "part": queries.as_read(part, acting), "opens": opens, "reviews": opens and reviews,
        "decides": opens and waits and may.lifted_by_another(acting)(part),
        "asks": asks and may.answer_can_change(part),
        "takes_back": waits and may.withdrawn_by_who_asked(acting)(part),
        "asked": open_, "says": open_ if open_ and may.says_view(open_, acting) else None,
    }  # fmt: skip


@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """Hand the list out as a file: without the words."""
    found = queries.waiting_first(queries.parts_of(_acting(request)))
    form, sheet = request.GET.get("form", ""), queries.sheet_of_parts(found)
    return handed_out(sheet, form, at=clock.now(), watch=watch_of(request))


class _Refusing(StepView):
    """A step that refuses whoever has no business here before anything else."""

    def allowed(self) -> bool:
        """Whether the step is this person's."""
        return True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Refuse first."""
        if not self.allowed():
            raise not_yours(self.subject, self.acting)
        return super().post(request, *args, **kwargs)

    def back_url(self) -> str:
        """Go back to the list."""
        return reverse("public_notice:confidential")


class Mark(_Refusing):
    """标注不公开部分: in a case before its notice, an objection, a letter, a request for disclosure."""

    kind = ""
    form_class = MarkForm
    title = gettext_lazy("标注不公开部分")
    verb = gettext_lazy("提请审核")
    explain = gettext_lazy(
        "由另一个人审核后生效：公开的地方写明依据的条款，其余照常公开，有权查看的人仍看到全文。"
        "不审核的：已经公开的照常公开，还没有公开的先不发布。"
    )

    def find(self) -> Any:
        """Return the thing of the address among those the person works on."""
        if not may.works_on_parts(None, self.acting):
            raise PermissionDenied
        key = str(self.kwargs.get("public_id") or self.kwargs["pk"])
        found = queries.thing_of(self.kind, key, self.acting)
        if found is None:
            raise Http404
        return found

    def allowed(self) -> bool:
        """Whether this person marks words in it."""
        return may.marks_parts(self.subject, self.acting)

    def reasons(self) -> list[str]:
        """Say what stands against it now."""
        wanted = CONDITIONS.get(self.kind, ())
        return [str(one.reason) for one in wanted if not one(self.subject)]

    def perform(self, data: dict[str, Any]) -> str:
        """Mark the words, and say who reviews them."""
        services.mark_part(self.subject, by=self.acting, at=self.now(), **data)
        return outcome(_("已标注。"), _("等另一个人审核。"))


class Review(_Refusing):
    """审核不公开部分."""

    template_name = "public_notice/confidential_step.html"
    form_class = ReviewForm
    title = gettext_lazy("审核不公开部分")
    verb = gettext_lazy("作出决定")
    explain = gettext_lazy(
        "只有确属清单所列的才不公开；能够区分处理的，其余照常公开（《中华人民共和国政府信息公开条例》第三十七条）。"
    )

    def find(self) -> ConfidentialPart:
        """Return the part among those the person sees."""
        _acting(self.request)
        return get_object_or_404(queries.parts_of(self.acting), pk=self.kwargs["pk"])

    def allowed(self) -> bool:
        """Whether this person reviews it."""
        return may.reviews_part(self.subject, self.acting)

    def reasons(self) -> list[str]:
        """Say what stands against reviewing it, and against this person."""
        wanted: tuple[Any, ...] = (may.part_waits, may.reviewed_by_another(self.acting))
        return [str(one.reason) for one in wanted if not one(self.subject)]

    def perform(self, data: dict[str, Any]) -> str:
        """Decide, and say what comes of it."""
        done = services.review_part(self.subject, by=self.acting, at=self.now(), **data)
        if done.state == PartState.GRANTED:
            return outcome(_("这一部分不公开，其余照常公开。"))
        return outcome(_("照常公开，标注的人已收到通知。"))


class _OfPart(_Refusing):
    """An act on a part that is withheld."""

    template_name = "public_notice/confidential_step.html"
    explain = gettext_lazy(
        "由另一个人决定；决定以前照旧不公开。恢复的，所有公开的地方同时写出原文；公示文书出具新的版本，原来的版本仍可查看。"
    )

    def find(self) -> ConfidentialPart:
        """Return the part among those the person sees."""
        _acting(self.request)
        found = get_object_or_404(queries.parts_of(self.acting), pk=self.kwargs["pk"])
        return queries.as_read(found, self.acting)


class Lift(_OfPart):
    """提请恢复公开."""

    form_class = LiftForm
    title = gettext_lazy("提请恢复公开")
    verb = gettext_lazy("提请决定")

    def allowed(self) -> bool:
        """Whether this person may ask."""
        return may.asks_lifting(self.subject, self.acting)

    def reasons(self) -> list[str]:
        """Say what stands against asking."""
        wanted = (may.is_withheld, may.no_lifting_waits, may.answer_can_change)
        return [str(one.reason) for one in wanted if not one(self.subject)]  # type: ignore[attr-defined]

    def perform(self, data: dict[str, Any]) -> str:
        """Ask, and say who decides."""
        services.ask_lifting(self.subject, by=self.acting, at=self.now(), **data)
        return outcome(_("已提请恢复公开。"), _("等另一个人决定。"))


class Lifting(_OfPart):
    """决定恢复公开."""

    form_class = LiftingForm
    title = gettext_lazy("决定恢复公开")
    verb = gettext_lazy("作出决定")

    def allowed(self) -> bool:
        """Whether this person decides."""
        return may.reviews_part(self.subject, self.acting)

    def reasons(self) -> list[str]:
        """Say what stands against deciding, and against this person."""
        wanted: tuple[Any, ...] = (may.lifting_waits, may.lifted_by_another(self.acting))
        return [str(one.reason) for one in wanted if not one(self.subject)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say beside the form that the enterprise is still being asked: then only a refusal can be decided."""
        view = self.subject.asked_view
        waits = view is not None and may.view_is_open(view) and not view.late(self.now())
        said: Any = may.enterprise_was_heard
        return super().get_context_data(**kwargs, waits=waits and str(said.reason))

    def perform(self, data: dict[str, Any]) -> str:
        """Decide, and say what comes of it."""
        done = services.decide_lifting(self.subject, by=self.acting, at=self.now(), **data)
        if done.state == PartState.LIFTED:
            return outcome(_("已恢复公开，公开的地方写出原文。"))
        return outcome(_("仍不公开，提请的人和标注的人已收到通知。"))


class WithdrawLifting(_OfPart):
    """撤回恢复公开的提请."""

    title = gettext_lazy("撤回恢复公开的提请")
    verb = gettext_lazy("撤回提请")
    explain = gettext_lazy("撤回以后仍不公开，不再征求企业的意见；以后可以再提请。")

    def allowed(self) -> bool:
        """Whether this person may ask, and so take back."""
        return may.asks_lifting(self.subject, self.acting)

    def reasons(self) -> list[str]:
        """Say what stands against it: nobody has asked, or another person has."""
        wanted: tuple[Any, ...] = (may.lifting_waits, may.withdrawn_by_who_asked(self.acting))
        return [str(one.reason) for one in wanted if not one(self.subject)]

    def perform(self, _data: dict[str, Any]) -> str:
        """Take it back."""
        services.withdraw_lifting(self.subject, by=self.acting, at=self.now())
        return outcome(_("提请已撤回，仍不公开。"))


class GiveView(_Refusing):
    """企业对恢复公开的意见."""

    template_name = "public_notice/lifting_view.html"
    form_class = ViewForm
    title = gettext_lazy("恢复公开前征求意见")
    verb = gettext_lazy("提交意见")
    explain = gettext_lazy(
        "有人提请把不公开的部分恢复公开。你单位同意的，或者行政机关认为不公开会对公共利益造成重大影响的，"
        "才恢复公开（《中华人民共和国政府信息公开条例》第十五条）。期限内不答复的，不算同意，由行政机关决定。"
    )

    def find(self) -> LiftingView:
        """Return what is asked among what the person sees."""
        _acting(self.request)
        return get_object_or_404(queries.views_of(self.acting), pk=self.kwargs["pk"])

    def allowed(self) -> bool:
        """Whether this person speaks for the enterprise."""
        return may.says_view(self.subject, self.acting)

    def reasons(self) -> list[str]:
        """Say that it is settled, or late."""
        open_: Any = may.view_is_open
        found = [] if open_(self.subject) else [str(open_.reason)]
        return found or ([str(TOO_LATE)] if self.subject.late(self.now()) else [])

    def perform(self, data: dict[str, Any]) -> str:
        """Say it."""
        services.give_view(self.subject, by=self.acting, at=self.now(), **data)
        return outcome(_("意见已提交，决定以后告知你单位。"))
