"""依申请公开 without an account: how to ask, asking, the receipt, following it, correcting, withdrawing; the table."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.documents.models import Paper
from core.documents.sheets import handed_out
from core.steps.limits import card
from core.steps.reasons import NotNow
from core.steps.tries import TooManyTries, origin_of
from core.steps.views import not_now
from core.steps.watching import watch_of
from public_notice import policies
from public_notice.forms import DisclosureForm, DisclosureLookup, SupplementForm
from public_notice.models import Disclosure
from public_notice.queries.disclosures import (
    lengths,
    papers_of,
    receipt_place,
    sheet_of_table,
    table_of,
    years,
)
from public_notice.queries.open_year import proactive_of
from public_notice.services import (
    look_up_disclosure,
    request_disclosure,
    supplement_disclosure,
    withdraw_disclosure,
)
from public_notice.stages import Applicant, DisclosureStage
from public_notice.views.public import public_page

MINE = "disclosure"  # where the session of whoever showed number and code remembers which request it is
READ = ["GET", "HEAD", "POST"]


@public_page
def disclosures(request: HttpRequest) -> HttpResponse:
    """Say how to ask, what happens then, and which years have their table."""
    acting = getattr(request, "acting", None)
    office, now = policies.sees_disclosures(None, acting), clock.now()
    context = {"years": years(now), "office": office, "lengths": lengths(now)}
    return render(request, "public_notice/disclosures.html", context)


@public_page
def year(request: HttpRequest, year: int) -> HttpResponse:
    """Show the table of a year in the form of the annual report."""
    context = {
        "table": _table(year),
        "kinds": [one.label for one in Applicant],
        "proactive": proactive_of([year], clock.now())[year],
    }
    return render(request, "public_notice/disclosure_year.html", context)


@public_page
def year_export(request: HttpRequest, year: int) -> HttpResponseBase:
    """Hand the table of a year out as a file."""
    form = request.GET.get("form", "")
    return handed_out(sheet_of_table(_table(year)), form, at=clock.now(), watch=watch_of(request))


def _table(year: int) -> Any:
    if year not in years(clock.now()):
        raise Http404
    return table_of(year, clock.now())


@login_not_required
@never_cache
@require_http_methods(READ)
def apply(request: HttpRequest) -> HttpResponse:
    """申请公开: the form, and the receipt after it; what was typed is kept where it is not taken."""
    form = DisclosureForm(request.POST if request.method == "POST" else None)
    status, wait = 200, 0
    if form.is_bound and form.is_valid():
        try:
            made = request_disclosure(
                at=clock.now(), origin=origin_of(request), **form.cleaned_data
            )
        except TooManyTries as refusal:
            form.add_error(
                None, _("这个网络地址一小时内提交的申请太多，请稍后再交，或者到窗口当面提交。")
            )
            status, wait = HTTPStatus.TOO_MANY_REQUESTS, refusal.wait
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            request.session[MINE] = made.pk
            return redirect("public_notice:disclosure_mine")
    if status == HTTPStatus.OK and form.errors:
        status = 422
    page = render(request, "public_notice/disclosure_apply.html", {"form": form}, status=status)
    if wait:
        page["Retry-After"] = str(wait)
    return page


@login_not_required
@never_cache
@require_http_methods(READ)
def lookup(request: HttpRequest) -> HttpResponse:
    """查询公开申请: by number and code, sent in the body so that no address and no log keeps the code."""
    typed = request.POST if request.method == "POST" else None
    form = DisclosureLookup(typed, initial={"number": request.GET.get("number", "")})
    status, wait = 200, 0
    if form.is_bound and form.is_valid():
        try:
            found = look_up_disclosure(
                **form.cleaned_data, origin=origin_of(request), at=clock.now()
            )
        except TooManyTries as refusal:
            not_now(form, [refusal.said])
            status, wait = HTTPStatus.TOO_MANY_REQUESTS, refusal.wait
        else:
            if found is not None:
                request.session[MINE] = found.pk
                return redirect("public_notice:disclosure_mine")
            form.add_error(None, DisclosureLookup.NOT_FOUND)
    if status == HTTPStatus.OK and form.errors:
        status = 422
    page = render(request, "public_notice/disclosure_lookup.html", {"form": form}, status=status)
    if wait:
        page["Retry-After"] = str(wait)
    return page


def _mine(request: HttpRequest) -> Disclosure | None:
    key = request.session.get(MINE, 0)
    return Disclosure.objects.select_related("calendar", "book").filter(pk=key).first()


@login_not_required
@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The applicant's own request: where it stands, until when, its papers, and what can be done now."""
    found = _mine(request)
    return redirect("public_notice:disclosure_lookup") if found is None else _page(request, found)


def _page(request: HttpRequest, found: Disclosure, form: Any = None, status: int = 200) -> HttpResponse:  # fmt: skip
    now = clock.now()
    asked = found.inquiries.select_related("calendar").filter(kind="correction").first()
    running = [one for one in (found, asked) if one is not None and one.running]
    correcting = found.stage == DisclosureStage.CORRECTING
    context = {
        "request_": found,
        "asked": asked,
        "limits": [card(one, now) for one in running],
        "papers": papers_of(found, of_applicant=True),
        "place": receipt_place(found),
        "form": (form or SupplementForm()) if correcting else None,
        "may_withdraw": not found.why_not("withdraw_request"),
    }
    return render(request, "public_notice/disclosure_mine.html", context, status=status)


@login_not_required
@never_cache
@require_POST
def supplement(request: HttpRequest) -> HttpResponse:
    """补正: what is added to an unclear request."""
    form = SupplementForm(request.POST)
    return _act(
        request, form, lambda one: supplement_disclosure(one, at=clock.now(), **form.cleaned_data)
    )


@login_not_required
@never_cache
@require_POST
def withdraw(request: HttpRequest) -> HttpResponse:
    """撤回申请."""
    return _act(request, None, lambda one: withdraw_disclosure(one, at=clock.now()))


def _act(request: HttpRequest, form: Any, take: Callable[[Disclosure], Any]) -> HttpResponse:
    """Do what the applicant wants; a refusal says why beside the request."""
    found = _mine(request)
    if found is None:
        return redirect("public_notice:disclosure_lookup")
    if form is not None and not form.is_valid():
        return _page(request, found, form, 422)
    try:
        take(found)
    except NotNow as refusal:
        for reason in refusal.reasons:
            messages.error(request, reason)
        return _page(request, _mine(request) or found, form, 409)
    messages.success(request, _("已办理，窗口已收到通知。"))
    return redirect("public_notice:disclosure_mine")


@login_not_required
@never_cache
@require_safe
def my_paper(request: HttpRequest, code: str) -> HttpResponse | FileResponse:
    """Serve a paper of the applicant's own request, to whoever has shown number and code."""
    found = _mine(request)
    if found is None:
        return redirect("public_notice:disclosure_lookup")
    mine = [one.pk for one in papers_of(found, of_applicant=True)]
    paper = get_object_or_404(Paper, pk__in=mine, code=code)
    return served(request, paper)


def served(request: HttpRequest, paper: Paper) -> HttpResponse | FileResponse:
    """Serve a paper that is somebody's own; one that is not printed yet says so."""
    if not paper.ready:
        return render(
            request, "public_notice/disclosure_waiting.html", {"paper": paper}, status=202
        )
    answer = FileResponse(paper.file.open("rb"), filename=f"{paper.number} {paper.title}.pdf")
    answer["Content-Type"] = "application/pdf"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
