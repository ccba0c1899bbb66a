"""A database that is an old copy is looked at and not written: every door that would write says why (503)."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from django.utils.translation import gettext as _

from config import errors
from config.middleware import API, asked_for
from core.ledger.seen import OnlyRead, only_reads
from core.steps.api.problems import MEDIA_TYPE, problem

LOOKS = ("GET", "HEAD", "OPTIONS")
# Who looks may have to log in, and may choose a language; neither is an act.
LET_THROUGH = ("/accounts/login/", "/accounts/logout/", "/language/", "/acting/")
RETRY = "3600"
Handler = Callable[[HttpRequest], HttpResponse]


class OnlyReadMiddleware:
    """Answer 503 with a problem to programs and a page to people; what only looks passes."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse what would write."""
        writes = request.method not in LOOKS and not request.path.startswith(LET_THROUGH)
        if writes and only_reads():
            return self.refuse(request)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer for an act that hides behind a look, such as a file that is handed out and written down."""
        return self.refuse(request) if isinstance(exception, OnlyRead) else None

    def refuse(self, request: HttpRequest) -> HttpResponse:
        """Say why, in the reader's language, and when to come again."""
        with translation.override(asked_for(request)):
            said = only_reads()
            if request.path.startswith(API):
                body = problem(HTTPStatus.SERVICE_UNAVAILABLE, [said], instance=request.path)
                answer: HttpResponse = JsonResponse(body, status=503, content_type=MEDIA_TYPE)
            else:
                errors.drain(request)
                answer = errors.page(request, 503, _("现在只能查看"), said)
        answer["Retry-After"] = RETRY
        return answer
