"""默认情况通报: what the public reads of a month's defaults, and the desk at which it is drafted and reviewed."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.views.base import outcome
from core import clock
from core.deadlines.queries import rulebook_at, value_of
from core.documents.sheets import handed_out
from core.steps.correcting import second_person, why_not_corrected
from core.steps.views import StepView
from core.steps.watching import watch_of
from public_notice import policies, rules
from public_notice.forms import BulletinForm, ReviewForm
from public_notice.models import Bulletin
from public_notice.queries.bulletins import months_without, published, rows_of
from public_notice.queries.sheets import sheet_of_bulletins
from public_notice.rules.gate import BULLETIN
from public_notice.services import draft_bulletin, review_bulletin
from public_notice.stages import BulletinState
from public_notice.views.corrected import version_of
from public_notice.views.public import public_page

PAGE = 24


@public_page
def bulletins(request: HttpRequest) -> HttpResponse:
    """List the bulletins, newest first."""
    page = Paginator(published(), PAGE).get_page(request.GET.get("page"))
    return render(request, "public_notice/bulletins.html", {"page": page})


@public_page
def export(request: HttpRequest) -> HttpResponseBase:
    """Hand the defaults of all published months out as a file."""
    sheet, form = sheet_of_bulletins(published()), request.GET.get("form", "")
    return handed_out(sheet, form, at=clock.now(), watch=watch_of(request))


@public_page
def bulletin(request: HttpRequest, period: str) -> HttpResponse:
    """Show one month as it was published, with what was withdrawn since; the address is kept for ever."""
    found = get_object_or_404(published(), period=period)
    assert found.paper is not None  # issued with its review
    version = version_of(request, found.paper, found.content, BULLETIN)
    context = {
        "bulletin": found,
        "rows": rows_of(found),
        "check_url": reverse("approvals:check_paper", args=[version["paper"].code]),
        **version,
        "statistics": reverse("public_notice:statistics_of", args=[period]),
    }
    return render(request, "public_notice/bulletin.html", context)


class BulletinDesk(StepView):
    """起草通报: the supervisor picks a month that is over; the county's staff look on."""

    template_name = "public_notice/bulletin_desk.html"
    form_class = BulletinForm
    title = gettext_lazy("默认情况通报")
    verb = gettext_lazy("起草通报")
    explain = gettext_lazy(
        "从台账生成一个月的默认：部门、事项、结果和日期，不含人员、企业和项目。起草即冻结，由另一个人审核后公开。"
    )

    def find(self) -> Any:
        """Return what the page is about; whoever is not concerned has no business here."""
        if not policies.sees_bulletins(None, self.acting):
            raise PermissionDenied
        return self.title

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Refuse whoever only looks on."""
        if not policies.supervisor(None, self.acting):
            raise PermissionDenied
        return super().post(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the months that are over and have none."""
        return {**super().get_form_kwargs(), "months": months_without(self.now())}

    def reasons(self) -> list[str]:
        """Say when every month has its bulletin."""
        return [] if months_without(self.now()) else [_("没有待起草通报的月份。")]

    def perform(self, data: dict[str, Any]) -> str:
        """Draft it."""
        draft_bulletin(by=self.acting, at=self.now(), **data)
        return outcome(_("通报已起草，内容已冻结。"), _("由县管理员或者另一名效能监督人员审核。"))

    def back_url(self) -> str:
        """Stay at the desk."""
        return reverse("public_notice:bulletin_desk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the bulletins there are; drafts are for those who draft and review."""
        found = Bulletin.objects.select_related("drafter", "reviewer", "paper")
        if not policies.reviews_bulletins(None, self.acting):
            found = found.filter(state__in=(BulletinState.PUBLISHED, BulletinState.KEPT_INSIDE))
        more = {"bulletins": found, "may_draft": policies.supervisor(None, self.acting)}
        return super().get_context_data(**more, **kwargs)


class ReviewBulletin(StepView):
    """审核通报: all that would be public, and whether it may be."""

    template_name = "public_notice/bulletin_review.html"
    form_class = ReviewForm
    title = gettext_lazy("审核默认情况通报")
    verb = gettext_lazy("审核")
    conditions = (policies.bulletin_is_drafted,)

    def find(self) -> Bulletin:
        """Return the bulletin; one that has not been reviewed is for those who draft and review."""
        seen = Bulletin.objects.select_related("drafter", "reviewer", "paper")
        found = get_object_or_404(seen, pk=self.kwargs["pk"])
        reviewed = found.state in (BulletinState.PUBLISHED, BulletinState.KEPT_INSIDE)
        may = policies.sees_bulletins if reviewed else policies.reviews_bulletins
        if not may(found, self.acting):
            raise PermissionDenied
        return found

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Refuse whoever only reads it."""
        if not policies.reviews_bulletins(self.subject, self.acting):
            raise PermissionDenied
        return super().post(request, *args, **kwargs)

    def reasons(self) -> list[str]:
        """Say that the one who drafted it cannot review it."""
        another = policies.reviewed_by_another(self.acting)
        found = super().reasons()
        return found or ([] if another(self.subject) else [str(another.reason)])  # type: ignore[attr-defined]

    def perform(self, data: dict[str, Any]) -> str:
        """Review it, and say what comes of it."""
        done = review_bulletin(self.subject, by=self.acting, at=self.now(), **data)
        said = {
            BulletinState.PUBLISHED: _("通报已公开，地址永久保留。"),
            BulletinState.KEPT_INSIDE: _("通报已审核；本县规则不公开，只供内部查看。"),
            BulletinState.SENT_BACK: _("通报已退回，可以重新起草。"),
        }
        return outcome(said[BulletinState(done.state)], "", [done.paper] if done.paper else [])

    def back_url(self) -> str:
        """Go back to the desk."""
        return reverse("public_notice:bulletin_desk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what it says, and whether the county publishes it."""
        public = value_of(rulebook_at(self.now()), rules.BULLETIN_PUBLIC).value == "yes"
        more = {"said": self.subject.content, "rows": rows_of(self.subject), "public": public}
        paper = self.subject.paper
        more["may_correct"] = (
            paper is not None and second_person(paper, self.acting) and not why_not_corrected(paper)
        )
        return super().get_context_data(**more, **kwargs)
