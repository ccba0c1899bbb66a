"""办件进度查询: anyone who holds number and code follows a case here, without an account."""

from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from core import clock
from core.steps.tries import TooManyTries, origin_of
from core.steps.views import not_now
from desk.forms.progress import ProgressForm
from desk.queries.progress import progress as standing_of
from desk.rules.progress import NOT_FOUND
from desk.services.progress import follow

COUNTED = (
    ("wanted", gettext_lazy("现在要交")),
    ("later", gettext_lazy("以后才需要")),
    ("received", gettext_lazy("已提交，待核")),
    ("accepted", gettext_lazy("已核收")),
    ("returned", gettext_lazy("需补正")),
    ("gaps", gettext_lazy("容缺")),
)


@login_not_required
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def progress(request: HttpRequest) -> HttpResponse:
    """Show the form, or what it opens; both words come in the body, so that no address and no log keeps them."""
    form = ProgressForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"form": form}
    status, wait = HTTPStatus.OK, 0
    if form.is_bound:
        try:
            status = _looked_up(request, form, context)
        except TooManyTries as refusal:
            not_now(form, [refusal.said])
            status = HTTPStatus.TOO_MANY_REQUESTS
            wait = refusal.wait
    page = render(request, "desk/progress.html", context, status=status)
    page["X-Robots-Tag"] = "noindex, nofollow"
    if wait:
        page["Retry-After"] = str(wait)
    return page


def _looked_up(request: HttpRequest, form: ProgressForm, context: dict[str, Any]) -> HTTPStatus:
    """Put into the context what the two words open, and say which answer that is."""
    if not form.is_valid():
        return HTTPStatus.UNPROCESSABLE_ENTITY
    at = clock.now()
    found = follow(**form.cleaned_data, origin=origin_of(request), at=at)
    if found is None:
        form.add_error(None, NOT_FOUND)
        return HTTPStatus.NOT_FOUND
    context["found"] = said = standing_of(found, at)
    if any(said["materials"].values()):
        context["counts"] = [
            {"label": label, "value": said["materials"][name]} for name, label in COUNTED
        ]
    return HTTPStatus.OK
