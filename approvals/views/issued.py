"""文书: how each paper of a case stands, making one out, correcting one, voiding a number."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.models import Membership
from accounts.policies import voids_or_corrects
from approvals.models import Filing
from approvals.queries import sees_paper
from approvals.views.base import case_url
from core import clock
from core.documents.models import Paper, PaperKind
from core.steps import correcting
from core.steps.making_out import make_out, offered
from core.steps.reasons import not_yours
from core.steps.templatetags.look import in_english

PLACE = "p:"  # before the name of a field that holds the words of a place


def _acting(request: HttpRequest) -> Membership:
    acting: Membership | None = request.acting  # type: ignore[attr-defined]
    if acting is None:
        raise PermissionDenied
    return acting


def _paper(request: HttpRequest, code: str) -> tuple[Paper, Membership]:
    """Return a paper that the person may see, and who takes back what others issued; else 404 and 403."""
    acting = _acting(request)
    found = get_object_or_404(Paper.objects.select_related("correction", "issued_by"), code=code)
    if not sees_paper(found, acting):
        raise Http404
    if not voids_or_corrects(found, acting):
        raise not_yours(found, acting)
    return found, acting


@require_http_methods(["GET", "HEAD", "POST"])
def papers(request: HttpRequest, public_id: str) -> HttpResponse:
    """文书的状态、更正和制发: every paper of a case with its number and how it stands; what may be made out now."""
    acting = _acting(request)
    seen = Filing.objects.visible_to(acting).select_related("book", "enterprise", "rulebook")
    filing = get_object_or_404(seen, public_id=public_id)
    faults: list[str] = []
    typed = {name: request.POST.get(name, "") for name in ("kind", "subject", "reason")}
    if request.method == "POST":
        try:
            made = make_out(filing, **typed, by=acting, at=clock.now())
        except ValidationError as fault:
            faults = fault.messages
        else:
            return redirect("approvals:paper", made.code)
    shown = {**_of_case(filing, acting), "typed": typed, "faults": faults}
    return render(request, "approvals/papers.html", shown, status=422 if faults else 200)


def _of_case(filing: Filing, acting: Membership) -> dict[str, Any]:
    rows = (
        Paper.objects.filter(book_id=filing.book_id).select_related("corrects", "correction", "issued_by")
        .defer("content", "corrects__content", "correction__content").order_by("-pk")
    )  # fmt: skip
    versions = {one.pk: one for one in rows}
    for one in rows:  # so that a chain of corrections is walked without a look for each
        one.corrects = versions.get(one.corrects_id or 0)
    english = dict(PaperKind.objects.values_list("code", "name_en")) if in_english() else {}
    return {
        "filing": filing,
        "back_url": case_url(filing),
        "rows": [
            {
                "paper": one,
                "title": english.get(one.kind) or one.title,
                "may_correct": correcting.second_person(one, acting) and not correcting.why_not_corrected(one),
                "may_void": correcting.takes_back(one, acting) and not correcting.why_not_void(one),
            }
            for one in rows
        ],
        "offered": offered(filing, acting),
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def void(request: HttpRequest, code: str) -> HttpResponse:
    """作废文号: said why, by somebody who did not issue the paper."""
    found, acting = _paper(request, code)
    said: dict[str, Any] = {"reason": request.POST.get("reason", "")}
    if request.method == "POST":
        try:
            correcting.void_paper(found, reason=said["reason"], by=acting, at=clock.now())
        except ValidationError as fault:
            said["faults"] = fault.messages
        else:
            return _back(found)
    said["own"] = not correcting.takes_back(found, acting)
    return _asked(
        request, "approvals/paper_void.html", found, acting, said, correcting.why_not_void(found)
    )


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, code: str) -> HttpResponse:
    """更正文书: every place that may be corrected with its words; what is changed goes into a new version."""
    found, acting = _paper(request, code)
    known = correcting.correctable(found)
    typed = {place: request.POST.get(PLACE + place, text) for place, text in known.items()}
    said: dict[str, Any] = {"reason": request.POST.get("reason", "")}
    if request.method == "POST":
        try:
            changes = {
                place: text for place, text in typed.items() if correcting.lines(text) != correcting.lines(known[place])
            }  # fmt: skip
            newer = correcting.correct_paper(
                found, changes=changes, reason=said["reason"], by=acting, at=clock.now()
            )
        except ValidationError as fault:
            said["faults"] = fault.messages
        else:
            return redirect("approvals:paper", newer.code)
    said["places"] = [
        {"name": PLACE + place, "place": place, "was": known[place], "text": text} for place, text in typed.items()
    ]  # fmt: skip
    return _asked(
        request, "approvals/paper_correct.html", found, acting, said, correcting.why_not_corrected(found)
    )  # fmt: skip


def _asked(
    request: HttpRequest, template: str, found: Paper, acting: Membership, said: dict[str, Any], against: list[str]
) -> HttpResponse:  # fmt: skip
    """Show the form, or why it is not to be filled in: what stands against it, or that one issued the paper oneself."""
    context = {
        "paper": found, "back_url": _case_papers(found), "reasons": against,
        "own": not correcting.second_person(found, acting), **said,
    }  # fmt: skip
    return render(request, template, context, status=422 if said.get("faults") else 200)


def _case_papers(found: Paper) -> str:
    filing = Filing.objects.filter(book_id=found.book_id).first()
    return f"{case_url(filing)}papers/" if filing else reverse("desk:home")


def _back(found: Paper) -> HttpResponse:
    return redirect(_case_papers(found))
