"""不公开部分 at the desk: the list, marking words in a thing, and the review by another person."""

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
from public_notice.forms.confidential import LiftForm, LiftingForm, MarkForm, ReviewForm
from public_notice.models import ConfidentialPart
from public_notice.queries import confidential as queries
from public_notice.rules import confidential as may
from public_notice.services.confidential import CONDITIONS
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
    another, rows = may.reviewed_by_another(acting), []
    for one in page:
        opens = may.reviews_part(one, acting)
        mine = one.state == PartState.ASKED and opens and another(one)
        mine = mine or (opens and one.lifting_waits and may.lifted_by_another(acting)(one))
        asks = may.is_withheld(one) and not one.lifting_waits and may.asks_lifting(one, acting)
        rows.append(
            (queries.as_read(one, acting), mine, opens, asks and may.answer_can_change(one))
        )
    return render(request, "public_notice/confidential.html", {"page": page, "rows": rows})


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

    def perform(self, data: dict[str, Any]) -> str:
        """Decide, and say what comes of it."""
        done = services.decide_lifting(self.subject, by=self.acting, at=self.now(), **data)
        if done.state == PartState.LIFTED:
            return outcome(_("已恢复公开，公开的地方写出原文。"))
        return outcome(_("仍不公开，提请的人和标注的人已收到通知。"))
