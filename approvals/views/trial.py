"""试算: anybody answers the questions and sees what would be asked; the answers stand in the page's address alone."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.stages import Role
from approvals.forms.questionnaire import QuestionnaireForm
from approvals.queries import catalogue_at, catalogue_of, preview
from approvals.queries.answers import choices_of
from approvals.queries.trial import address_of, pairs_of
from approvals.rules.questionnaire import Answer, QuestionRow, asked, faults_in, unanswered
from approvals.views.result import estimate, result, sheet_of_trial
from core import clock
from core.deadlines.queries import NoEdition
from core.documents.sheets import TYPES, handed_out


def given_in(data: QueryDict, rows: Sequence[QuestionRow]) -> dict[str, Answer]:
    """Return the answers that an address or a form names: only what can be chosen, only where the question stands."""
    said: dict[str, Answer] = {}
    for question in rows:
        known = {value for value, _label in choices_of(question)}
        chosen = [value for value in data.getlist(question.fact) if value in known]
        if question.order is not None and chosen:
            said[question.fact] = chosen if question.multiple else chosen[-1]
    return {q.fact: said[q.fact] for q in asked(rows, said) if q.fact in said}


def answers_in(data: QueryDict, at: datetime) -> dict[str, Answer]:
    """Return the answers of a trial that a form brings along; what excludes each other is asked again."""
    try:
        rows = catalogue_of(catalogue_at(at)).questions
    except NoEdition:
        return {}
    return _sound(given_in(data, rows), rows)


def _sound(given: dict[str, Answer], rows: Sequence[QuestionRow]) -> dict[str, Answer]:
    """Leave out answers that exclude each other."""
    wrong = faults_in(given, asked(rows, given))
    return {fact: answer for fact, answer in given.items() if fact not in wrong}


@login_not_required
@require_safe
def trial(request: HttpRequest) -> HttpResponseBase:
    """Show the questions that stand and what they come to, or hand it out as a file; who files takes it along."""
    at = clock.now()
    try:
        edition = catalogue_at(at)
    except NoEdition:
        return render(request, "approvals/trial.html", {"missing": True})
    rows = catalogue_of(edition).questions
    given = given_in(request.GET, rows)
    form = QuestionnaireForm(
        request.GET if given else None, questions=asked(rows, given), answers={}
    )
    sound = _sound(given, rows)
    seen, here = preview(sound, edition), address_of(sound)
    if sound and request.GET.get("form", "") in TYPES:
        said = sheet_of_trial(result(seen, edition), estimate(seen, at), settings.SITE_URL + here)
        return handed_out(said, request.GET["form"], at=at)
    acting = request.acting  # type: ignore[attr-defined]
    context: dict[str, Any] = {
        "form": form,
        "open_count": len(unanswered(rows, sound)),
        "answered": bool(sound),
        "result": result(seen, edition),
        "estimate": estimate(seen, at),
        "carried": pairs_of(sound),
        "kept_at": settings.SITE_URL + here,
        "file_url": here + ("&" if "?" in here else "?") + "form=",
        "login_url": f"{reverse('account_login')}?{urlencode({'next': here})}",
        "register_next": urlencode({"next": here}),
        "may_file": acting is not None and acting.role == Role.ENTERPRISE,
    }
    return render(request, "approvals/trial.html", context, status=422 if form.errors else 200)
