"""A no of the API: application/problem+json (RFC 9457), with the sentences a page would show."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext_lazy
from rest_framework import exceptions
from rest_framework.response import Response

from core.deadlines.calendar import CalendarGap
from core.deadlines.queries import NoEdition
from core.documents.storage import StoreDown
from core.ledger.page import ClockBehind
from core.steps.idempotency import KeyReused
from core.steps.reasons import NotNow
from core.steps.tries import TooManyTries

Judged = tuple[int, list[str], dict[str, Any]]
MEDIA_TYPE = "application/problem+json"
# What stands after `urn:chengnuo:problem:` in `type`, by status, and the title.
KINDS: dict[int, tuple[str, Any]] = {
    400: ("malformed", gettext_lazy("请求的格式不对")),
    401: ("no-token", gettext_lazy("没有登录，或者令牌无效")),
    403: ("not-yours", gettext_lazy("这不由您办理")),
    404: ("not-found", gettext_lazy("没有找到，或者与您无关")),
    405: ("method", gettext_lazy("这个地址不接受这种方法")),
    406: ("not-acceptable", gettext_lazy("这里只答复 JSON")),
    409: ("not-now", gettext_lazy("现在不能办理")),
    413: ("too-large", gettext_lazy("请求太大")),
    415: ("media-type", gettext_lazy("这里不接收这种格式的内容")),
    422: ("invalid", gettext_lazy("填写的内容有误")),
    429: ("too-many", gettext_lazy("请求过于频繁，请稍后再试")),
    500: ("fault", gettext_lazy("系统出错，已记录")),
    503: ("only-read", gettext_lazy("现在只能查看")),
}


REUSED = gettext_lazy("这个 Idempotency-Key 已经用于另一个请求，换了内容须换一个。")


class KeyMissing(Exception):
    """A step was sent without its Idempotency-Key."""

    said = gettext_lazy("请在请求头 Idempotency-Key 中写一个自选的键（16 至 64 位），重发时不变。")


class ScopeMissing(Exception):
    """The token may read and not act."""

    said = gettext_lazy("这个令牌只能读取，不能办理：请另建一个可以办理的令牌。")


class TooLarge(Exception):
    """More was sent than anybody is meant to send."""


def problem(status: int, reasons: list[str], **more: Any) -> dict[str, Any]:
    """Return the body of a problem: `reasons` are sentences for the person, `errors` are by field."""
    kind, title = KINDS[status]
    return {
        "type": f"urn:chengnuo:problem:{more.pop('kind', kind)}",
        "title": str(title),
        "status": status,
        "detail": " ".join(reasons) or str(title),
        "reasons": reasons,
        "errors": more.pop("errors", {}),
        **more,
    }


def plain_problem(request: HttpRequest, status: int) -> JsonResponse:
    """Return a problem where no endpoint has been reached: an unknown address, a fault."""
    body = problem(status, [], instance=request.path)
    return JsonResponse(
        body, status=status, content_type=MEDIA_TYPE, json_dumps_params={"ensure_ascii": False}
    )


def answer_no(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turn a refusal into its answer; None for a fault, which is not a refusal."""
    status, reasons, more = _judged(error)
    if not status:
        return None
    request = context["request"]
    response = Response(
        problem(status, reasons, instance=request.path, **more),
        status=status,
        content_type=MEDIA_TYPE,
    )
    if header := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = header
    if wait := getattr(error, "wait", None):
        response["Retry-After"] = str(int(wait))
    return response


def _judged(error: Exception) -> Judged:
    """Return status, sentences and what else a refusal says; (0, …) for what is none."""
    for kinds, judge in REFUSALS:
        if isinstance(error, kinds):
            return judge(error)
    return 0, [], {}


def _of_library(error: exceptions.APIException) -> Judged:
    status = error.status_code if error.status_code in KINDS else 400
    said = [str(error.detail)] if status in (400, 401, 403) else []
    return status, said, {}


def _invalid(errors: dict[str, list[str]]) -> Judged:
    reasons = list(dict.fromkeys(said for field in errors.values() for said in field))
    return 422, reasons, {"errors": errors}


def _by_field(error: ValidationError) -> dict[str, list[str]]:
    named = getattr(error, "message_dict", None) or {"": error.messages}
    return {"" if name == "__all__" else name: [*said] for name, said in named.items()}


def _flat(detail: Any, name: str = "") -> dict[str, list[str]]:
    """Return the library's nested errors by dotted field; what concerns the whole body stands under ""."""
    if isinstance(detail, dict):
        found: dict[str, list[str]] = {}
        for key, inner in detail.items():
            here = "" if key == "non_field_errors" else str(key)
            found |= _flat(inner, ".".join(filter(None, (name, here))))
        return found
    if isinstance(detail, list) and any(isinstance(inner, dict | list) for inner in detail):
        found = {}
        for place, inner in enumerate(detail):
            found |= _flat(inner, f"{name}.{place}") if inner else {}
        return found
    return {name: [str(said) for said in (detail if isinstance(detail, list) else [detail])]}


# The first that fits; each says status, sentences, and the kind or the errors where they are its own.
REFUSALS: tuple[tuple[Any, Callable[[Any], Judged]], ...] = (
    (NotNow, lambda e: (409, [str(reason) for reason in e.reasons], {})),
    (StoreDown, lambda e: (503, [str(e.said)], {"kind": "store-down"})),
    ((NoEdition, CalendarGap), lambda e: (409, [str(e)], {})),
    (ClockBehind, lambda e: (409, [str(e.said)], {})),
    (ValidationError, lambda e: _invalid(_by_field(e))),
    (exceptions.ValidationError, lambda e: _invalid(_flat(e.detail))),
    (KeyReused, lambda _e: (422, [str(REUSED)], {"kind": "key-reused"})),
    (KeyMissing, lambda e: (400, [str(e.said)], {"kind": "key-missing"})),
    (ScopeMissing, lambda e: (403, [str(e.said)], {"kind": "scope"})),
    ((TooLarge, RequestDataTooBig), lambda _e: (413, [], {})),
    (TooManyTries, lambda e: (429, [e.said], {})),
    (PermissionDenied, lambda e: (403, [str(e)] if str(e) else [], {})),
    (Http404, lambda _e: (404, [], {})),
    (exceptions.APIException, _of_library),
)
