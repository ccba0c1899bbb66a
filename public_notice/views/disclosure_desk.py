"""依申请公开 at the office: the list, one request with what can be done now, and each act as a page."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from approvals.views.base import outcome
from core import clock
from core.deadlines.queries import calendar_or_none
from core.documents.sheets import handed_out
from core.steps.limits import card
from core.steps.reasons import NotNow, not_yours
from core.steps.views import StepView
from core.steps.watching import watch_of
from public_notice import forms, policies, services
from public_notice.models import Disclosure, Inquiry
from public_notice.queries.disclosures import (
    lengths,
    open_first,
    papers_of,
    receipt_place,
    sheet_of_requests,
)
from public_notice.services.confidential import parts_for
from public_notice.services.disclosures.asking import correction_until
from public_notice.stages import DisclosureStage

PAGE = 50


def _office(request: HttpRequest) -> Any:
    acting = request.acting  # type: ignore[attr-defined]
    if not policies.sees_disclosures(None, acting):
        raise PermissionDenied
    return acting


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """List the requests, the open ones first by their end."""
    acting = _office(request)
    now = clock.now()
    calendar = calendar_or_none(now)
    page = Paginator(open_first(), PAGE).get_page(request.GET.get("page"))
    rows = [(one, card(one, now, calendar, table=False) if one.running else None) for one in page]
    context = {"page": page, "rows": rows, "may": policies.window(None, acting)}
    return render(request, "public_notice/disclosure_desk.html", context)


@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """Hand the list out as a file."""
    _office(request)
    form, sheet = request.GET.get("form", ""), sheet_of_requests(open_first())
    return handed_out(sheet, form, at=clock.now(), watch=watch_of(request))


@require_safe
def disclosure(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one request with everything the office knows, and what can be done now."""
    acting = _office(request)
    found = get_object_or_404(Disclosure.objects.select_related("calendar", "book"), pk=pk)
    now = clock.now()
    asked = list(found.inquiries.select_related("calendar", "paper"))
    running = [one for one in (found, *asked) if one.running]
    context = {
        "request_": found,
        "limits": [card(one, now) for one in running],
        "asked": asked,
        "papers": papers_of(found, of_applicant=False),
        "place": receipt_place(found),
        "offers": _offers(found, acting),
        "may": policies.window(found, acting),
        "correct_until": correction_until(found, now) if found.stage == DisclosureStage.RUNNING else None,
    }  # fmt: skip
    return render(request, "public_notice/disclosure.html", context)


def _offers(found: Disclosure, acting: Any) -> list[tuple[str, str]]:
    """Return the acts that stand open now, with their words."""
    if not policies.window(found, acting):
        return []
    if found.stage == DisclosureStage.SUBMITTED:
        return [("public_notice:disclosure_confirm", _("确认收到"))]
    if found.stage != DisclosureStage.RUNNING:
        return []
    offers = [("answer", _("答复")), ("view", _("征求意见"))]
    if policies.correction_is_first(found):
        offers.append(("correction", _("告知补正")))
    if policies.not_extended_yet(found):
        asked = policies.extension_is_asked(found)
        if asked and policies.convenor(found, acting):
            offers.append(("approve", _("审批延长")))
        elif not asked:
            offers.append(("longer", _("提出延长")))
    return [(f"public_notice:disclosure_{name}", word) for name, word in offers]


class OfDisclosure(StepView):
    """One act on a request; `policy` says whose it is."""

    template_name = "public_notice/disclosure_step.html"
    policy: Any = staticmethod(policies.window)
    says: Any = ""

    @property
    def explain(self) -> str:  # type: ignore[override]
        """Say what the act means, with the limits of the rulebook in force."""
        return str(self.says) % lengths(clock.now())

    def find(self) -> Disclosure:
        """Return the request; whoever has no business here learns of none."""
        if not policies.sees_disclosures(None, self.acting):
            raise PermissionDenied
        found = Disclosure.objects.select_related("calendar", "book")
        return get_object_or_404(found, pk=self.kwargs["pk"])

    def allowed(self) -> bool:
        """Whether the step is this person's."""
        return bool(self.policy(self.subject, self.acting))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Refuse whoever has no business here before anything else."""
        if not self.allowed():
            raise not_yours(self.subject, self.acting)
        return super().post(request, *args, **kwargs)

    def back_url(self) -> str:
        """Go back to the request."""
        return reverse("public_notice:disclosure", args=[self.subject.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what runs."""
        limits = [card(self.subject, clock.now())] if self.subject.running else []
        return super().get_context_data(limits=limits, **kwargs)


class Confirm(OfDisclosure):
    """确认收到."""

    transition = "confirm_request"
    title = gettext_lazy("确认收到公开申请")
    verb = gettext_lazy("确认收到")
    says = gettext_lazy(
        "与申请人取得联系、双方确认之日为收到申请之日，%(answer)s的答复期限自此起算（《中华人民共和国政府信息公开条例》第三十一条、第三十三条）。"
    )

    def perform(self, data: dict[str, Any]) -> str:
        """Confirm it."""
        services.confirm_disclosure(self.subject, by=self.acting, at=self.now())
        return outcome(_("已确认收到，答复期限开始计算。"))


class Correction(OfDisclosure):
    """告知补正."""

    form_class = forms.CorrectionForm
    transition = "ask_supplement"
    title = gettext_lazy("告知补正")
    verb = gettext_lazy("告知补正")
    says = gettext_lazy(
        "申请内容不明确的，自收到之日起%(correct)s内一次告知；答复期限自收到补正之日起重新计算（《中华人民共和国政府信息公开条例》第三十条）。"
    )

    def perform(self, data: dict[str, Any]) -> str:
        """Ask for it."""
        services.ask_correction(self.subject, by=self.acting, at=self.now(), **data)
        return outcome(_("补正告知书已制发，等待申请人补正。"), "", _last(self.subject))


class View(OfDisclosure):
    """征求意见."""

    form_class = forms.ViewForm
    conditions = (policies.disclosure_is_running,)
    title = gettext_lazy("征求公开意见")
    verb = gettext_lazy("征求意见")
    says = gettext_lazy(
        "征求意见所需时间不计入答复期限。第三方%(third)s未提出意见的，由本机关决定；共同制作机关未提出意见的，视为同意公开（《中华人民共和国政府信息公开条例》第三十二条至第三十四条）。"
    )

    def perform(self, data: dict[str, Any]) -> str:
        """Ask."""
        asked = services.ask_view(self.subject, by=self.acting, at=self.now(), **data)
        return outcome(_("征求意见书已制发，答复期限中止计算。"), "", [asked.paper])


class ViewAnswer(OfDisclosure):
    """记录征询回复."""

    form_class = forms.ViewAnswerForm
    title = gettext_lazy("记录征询回复")
    verb = gettext_lazy("记录回复")

    def find(self) -> Any:
        """Return the request of what was asked, and keep that, too."""
        if not policies.sees_disclosures(None, self.acting):
            raise PermissionDenied
        found = Inquiry.objects.select_related("disclosure__book", "disclosure__calendar")
        self.inquiry = get_object_or_404(found, pk=self.kwargs["pk"])
        return self.inquiry.disclosure

    def reasons(self) -> list[str]:
        """Say when it is settled, or not the office's to record."""
        checks: Any = (policies.inquiry_is_open, policies.asked_of_others)
        return [str(check.reason) for check in checks if not check(self.inquiry)]

    def perform(self, data: dict[str, Any]) -> str:
        """Record it."""
        services.record_view(self.inquiry, by=self.acting, at=self.now(), **data)
        return outcome(_("回复已记录。"))


class Longer(OfDisclosure):
    """提出延长."""

    form_class = forms.LongerForm
    conditions = (policies.disclosure_is_running, policies.not_extended_yet)
    title = gettext_lazy("提出延长答复期限")
    verb = gettext_lazy("提出延长")
    says = gettext_lazy("期满以前由负责人批准才有效，只能延长一次；批准以前期限照常计算。")

    def perform(self, data: dict[str, Any]) -> str:
        """Ask for more time."""
        services.ask_longer(self.subject, by=self.acting, at=self.now(), **data)
        return outcome(_("已提出，等待负责人批准。"))


class Approve(OfDisclosure):
    """审批延长."""

    form_class = forms.ApproveForm
    policy = staticmethod(policies.convenor)
    conditions = (
        policies.disclosure_is_running, policies.extension_is_asked, policies.not_extended_yet,
    )  # fmt: skip
    title = gettext_lazy("审批延长答复期限")
    verb = gettext_lazy("决定")

    def reasons(self) -> list[str]:
        """Say also that who asked does not approve it."""
        another: Any = policies.approved_by_another(self.acting)
        return super().reasons() + ([] if another(self.subject) else [str(another.reason)])

    def perform(self, data: dict[str, Any]) -> str:
        """Decide."""
        done = services.approve_longer(self.subject, by=self.acting, at=self.now(), **data)
        if done.extended_at is None:
            return outcome(_("不批准延长，按原期限答复。"))
        return outcome(_("已批准延长，告知书已制发。"), "", _last(done))


class Answer(OfDisclosure):
    """答复."""

    form_class = forms.AnswerForm
    transition = "answer_request"
    title = gettext_lazy("答复公开申请")
    verb = gettext_lazy("答复")
    says = gettext_lazy(
        "能区分处理的，公开可以公开的部分（《中华人民共和国政府信息公开条例》第三十七条）。救济途径和期限印在答复书上。"
    )

    def reasons(self) -> list[str]:
        """Say also that a part that was marked waits for its review."""
        try:
            parts_for(self.subject)
        except NotNow as refusal:
            return super().reasons() + [str(one) for one in refusal.reasons]
        return super().reasons()

    def perform(self, data: dict[str, Any]) -> str:
        """Answer."""
        services.answer_disclosure(self.subject, by=self.acting, at=self.now(), **data)
        return outcome(_("答复书已制发，申请人凭编号和查询码可以看到。"), "", _last(self.subject))


def _last(found: Disclosure) -> list[Any]:
    return papers_of(found, of_applicant=False)[-1:]
