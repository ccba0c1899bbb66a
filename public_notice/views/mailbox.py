"""意见箱 without an account: how it works, writing, the receipt, following, judging; the figures and what is public."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.documents.sheets import handed_out
from core.steps.limits import card
from core.steps.reasons import NotNow
from core.steps.tries import TooManyTries, origin_of
from core.steps.views import not_now
from core.steps.watching import watch_of
from public_notice import services
from public_notice.forms.mailbox import JudgeForm, LetterForm, LetterLookup
from public_notice.models import BoxLetter
from public_notice.queries import mailbox as queries
from public_notice.rules import mailbox as may
from public_notice.services.flood import is_worked, new_challenge
from public_notice.services.mailbox.papers import receipt_of
from public_notice.services.mailbox.writing import BOX
from public_notice.stages import LetterStage
from public_notice.views.disclosures import served
from public_notice.views.public import public_page

MINE = "letter"  # where the session of whoever wrote, or showed number and code, remembers which letter it is
READ = ["GET", "HEAD", "POST"]
PAGE = 20


@public_page
def mailbox(request: HttpRequest) -> HttpResponse:
    """Say how to write and what happens then; this year's figures, and the answered letters that are public."""
    now = clock.now()
    found = queries.years(now)
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 and int(asked) in found else found[0]  # noqa: PLR2004
    page = Paginator(queries.public_letters(), PAGE).get_page(request.GET.get("page"))
    context = {
        "year": year,
        "years": found,
        "lines": queries.figures_of(year, now),
        "page": page,
        "letters": [queries.in_public(one, list(one.replies.all())) for one in page],
        "lengths": queries.lengths(now),
        "desk": may.works_on_letters(None, getattr(request, "acting", None)),
    }
    return render(request, "public_notice/mailbox.html", context)


@public_page
def year_export(request: HttpRequest, year: int) -> HttpResponseBase:
    """Hand the figures of a year out as a file."""
    now = clock.now()
    if year not in queries.years(now):
        raise Http404
    sheet = queries.sheet_of_figures(year, queries.figures_of(year, now))
    return handed_out(sheet, request.GET.get("form", ""), at=now, watch=watch_of(request))


@login_not_required
@never_cache
@require_http_methods(READ)
def write(request: HttpRequest) -> HttpResponse:
    """写信: the form, then what will be public and what not, then the act; no step needs a script."""
    if request.method != "POST":
        return _page(request, LetterForm())
    if request.POST.get("step") == "edit":
        return _page(request, LetterForm(initial=request.POST.dict()))
    form = LetterForm(request.POST)
    if not form.is_valid():
        return _page(request, form, 422)
    if request.POST.get("step") != "send":
        preview = queries.in_public(BoxLetter(**form.cleaned_data))
        return _page(request, form, preview=preview, challenge=new_challenge(BOX))
    return _send(request, form)


def _send(request: HttpRequest, form: LetterForm) -> HttpResponse:
    """Take it in and go to the receipt; pressed twice by one browser, it stands once."""
    said = form.cleaned_data
    last = BoxLetter.objects.filter(pk=request.session.get(MINE, 0), name="", text=said["text"].strip())  # fmt: skip
    if not said["name"] and last.exists():
        return redirect("public_notice:mailbox_mine")
    worked = is_worked(BOX, request.POST.get("challenge", ""), request.POST.get("nonce", ""))
    try:
        made = services.write_letter(
            at=clock.now(), origin=origin_of(request), worked=worked, **said
        )
    except ValidationError as error:
        form.add_error(None, error.messages)
        return _page(request, form, 422)
    request.session[MINE] = made.pk
    return redirect("public_notice:mailbox_mine")


def _page(request: HttpRequest, form: LetterForm, status: int = 200, **more: Any) -> HttpResponse:
    context = {"form": form, "lengths": queries.lengths(clock.now()), **more}
    return render(request, "public_notice/mailbox_write.html", context, status=status)


@login_not_required
@never_cache
@require_http_methods(READ)
def lookup(request: HttpRequest) -> HttpResponse:
    """查询来信: by number and code, sent in the body so that no address and no log keeps the code."""
    typed = request.POST if request.method == "POST" else None
    form = LetterLookup(typed, initial={"number": request.GET.get("number", "")})
    status, wait = 200, 0
    if form.is_bound and form.is_valid():
        try:
            found = services.look_up_letter(
                **form.cleaned_data, origin=origin_of(request), at=clock.now()
            )
        except TooManyTries as refusal:
            not_now(form, [refusal.said])
            status, wait = HTTPStatus.TOO_MANY_REQUESTS, refusal.wait
        else:
            if found is not None:
                request.session[MINE] = found.pk
                return redirect("public_notice:mailbox_mine")
            form.add_error(None, LetterLookup.NOT_FOUND)
    if status == HTTPStatus.OK and form.errors:
        status = 422
    page = render(request, "public_notice/mailbox_lookup.html", {"form": form}, status=status)
    if wait:
        page["Retry-After"] = str(wait)
    return page


def _mine(request: HttpRequest) -> BoxLetter | None:
    return queries.letters().filter(pk=request.session.get(MINE, 0)).first()


@login_not_required
@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The writer's own letter: where it stands, until when, what was answered, and whether that was enough."""
    found = _mine(request)
    return redirect("public_notice:mailbox_lookup") if found is None else _own(request, found)


def _own(request: HttpRequest, found: BoxLetter, form: Any = None, status: int = 200) -> HttpResponse:  # fmt: skip
    now = clock.now()
    asked = found.stage == LetterStage.REPLIED and not found.late(now)
    context = {
        "letter": found,
        "limits": [card(found, now)] if found.running else [],
        "replies": list(found.replies.select_related("department")),
        "place": queries.place_of_letter(found),
        "receipt": receipt_of(found),
        "form": (form or JudgeForm()) if asked else None,
        "lengths": queries.lengths(now),
    }
    return render(request, "public_notice/mailbox_mine.html", context, status=status)


@login_not_required
@never_cache
@require_POST
def judge(request: HttpRequest) -> HttpResponse:
    """评价答复: satisfied, or not and once more; a refusal says why beside the letter."""
    found = _mine(request)
    if found is None:
        return redirect("public_notice:mailbox_lookup")
    form = JudgeForm(request.POST)
    if not form.is_valid():
        return _own(request, found, form, 422)
    try:
        done = services.judge_letter(found, at=clock.now(), **form.cleaned_data)
    except NotNow as refusal:
        for reason in refusal.reasons:
            messages.error(request, reason)
        return _own(request, _mine(request) or found, form, 409)
    except ValidationError as error:
        form.add_error(None, error)
        return _own(request, found, form, 422)
    if done.stage == LetterStage.RECEIVED:
        messages.success(request, _("已要求复核，由另一个人重新答复。"))
    else:
        messages.success(request, _("谢谢您的评价，来信已办结。"))
    return redirect("public_notice:mailbox_mine")


@login_not_required
@never_cache
@require_POST
def receipt(request: HttpRequest) -> HttpResponse:
    """领取回执: made out once, for whoever has shown number and code."""
    found = _mine(request)
    if found is None:
        return redirect("public_notice:mailbox_lookup")
    services.make_letter_receipt(found, at=clock.now())
    return redirect("public_notice:mailbox_mine")


@login_not_required
@never_cache
@require_safe
def my_paper(request: HttpRequest, code: str) -> HttpResponseBase:
    """Serve the receipt of the writer's own letter, to whoever has shown number and code."""
    found = _mine(request)
    if found is None:
        return redirect("public_notice:mailbox_lookup")
    paper = receipt_of(found)
    if paper is None or paper.code != code:
        raise Http404
    return served(request, paper)
