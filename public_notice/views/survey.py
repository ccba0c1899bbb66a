"""满意度问卷: answered with a code, its results for everybody, and the administrator's page that begins the year's."""

from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from approvals.views.base import outcome
from core import clock
from core.documents.sheets import handed_out
from core.steps.reasons import NotNow
from core.steps.tries import TooManyTries, origin_of
from core.steps.views import StepView, not_now
from core.steps.watching import watch_of
from public_notice import policies, services
from public_notice.forms.satisfaction import SurveyForm
from public_notice.queries import FEWEST
from public_notice.queries import satisfaction as queries
from public_notice.services.satisfaction import as_answers
from public_notice.views.public import public_page


@public_page
def results(request: HttpRequest) -> HttpResponse:
    """Show what each round came to, question by question, as far as it is shown; of one round all that was written."""
    if wanted := request.GET.get("round"):
        return _remarks(request, wanted)
    context = {
        "results": queries.results(),
        "questions": queries.questions(),
        "scores": [score.label for score in queries.SCORES],
        "fewest": FEWEST,
        "may_begin": policies.administrator(None, getattr(request, "acting", None)),
    }
    return render(request, "public_notice/survey.html", context)


def _remarks(request: HttpRequest, wanted: str) -> HttpResponse:
    found = queries.remarks_of(wanted)
    if found is None:
        raise Http404
    label, remarks = found
    page = Paginator(remarks, queries.MOST_WORDS).get_page(request.GET.get("page"))
    said = [queries.through(one.text) for one in page]
    context = {"label": label, "remarks": said, "page": page, "prefix": f"round={wanted}&"}
    return render(request, "public_notice/survey_remarks.html", context)


@public_page
def export(request: HttpRequest) -> HttpResponseBase:
    """Hand the results out as a file."""
    sheet, form = queries.sheet_of_results(queries.results()), request.GET.get("form", "")
    return handed_out(sheet, form, at=clock.now(), watch=watch_of(request))


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest) -> HttpResponse:
    """回答问卷: with the code of an invitation, which is in the body so that no address and no log keeps it."""
    form = SurveyForm(request.POST if request.method == "POST" else None)
    status, wait = 200, 0
    if form.is_bound and form.is_valid():
        said = {"code": form.cleaned_data["code"], **as_answers(form.cleaned_data)}
        try:
            services.answer_survey(at=clock.now(), origin=origin_of(request), **said)
        except TooManyTries as refusal:
            not_now(form, [refusal.said])
            status, wait = HTTPStatus.TOO_MANY_REQUESTS, refusal.wait
        except NotNow as refusal:
            not_now(form, refusal.reasons)
            status = HTTPStatus.CONFLICT
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect("public_notice:survey_thanks")
    if status == HTTPStatus.OK and form.errors:
        status = 422
    page = render(request, "public_notice/survey_answer.html", {"form": form}, status=status)
    if wait:
        page["Retry-After"] = str(wait)
    return page


@login_not_required
@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """Say thanks; the page is the same for everybody."""
    return render(request, "public_notice/survey_thanks.html", {"fewest": FEWEST})


class Begin(StepView):
    """开始年度问卷."""

    template_name = "step.html"
    title = gettext_lazy("开始年度满意度问卷")
    verb = gettext_lazy("开始并发出通知")
    explain = gettext_lazy(
        "每年一次：给每家申报过的企业发一个问卷码，不记名。到规定的月份还没有开始的，系统自行开始。"
    )

    def find(self) -> Any:
        """Return what the page is about; only the administrator begins."""
        if not policies.administrator(None, self.acting):
            raise PermissionDenied
        return self.title

    def reasons(self) -> list[str]:
        """Nothing is known against it before it is tried."""
        return []

    def perform(self, data: dict[str, Any]) -> str:
        """Begin it."""
        made = services.begin_yearly_survey(by=self.acting, at=self.now())
        until = made.ends_on.isoformat() if made.ends_on else ""
        return outcome(_("年度问卷已经开始，%(until)s截止。") % {"until": until})

    def back_url(self) -> str:
        """Go back to the results."""
        return reverse("public_notice:survey")
