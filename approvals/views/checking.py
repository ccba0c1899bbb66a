"""验真: is a paper ours and in force, how was it signed, where has the ledger got it, and what is a file one holds."""

from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from approvals.services.checking import look_up, reckoned_from, what_is
from core import clock
from core.documents.digests import Reckoned
from core.documents.models import Paper
from core.documents.uploads import DigestUploadHandler, Reckonable
from core.steps.checking import Found, place_of_paper, signed_how, standing_of
from core.steps.stages import Verdict
from core.steps.tries import TooManyTries, origin_of

TRUE = {Verdict.OURS, Verdict.SIGNED, Verdict.SCAN}


@csrf_exempt  # only so that the digest is set up before anything is read; `_checked` looks at the token
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check_paper(request: HttpRequest, code: str = "") -> HttpResponse:
    """Show what is known of a paper by its code; a file that is sent runs through the digest and is kept nowhere."""
    request.upload_handlers = [DigestUploadHandler(request)]
    return _checked(request, code)


@csrf_protect
def _checked(request: HttpRequest, code: str) -> HttpResponse:
    typed = code or request.GET.get("code", "")
    context: dict[str, Any] = {"typed": typed[:200]}
    try:
        paper, why = look_up(typed, origin=origin_of(request), at=clock.now())
        if paper is not None and paper.code != code:
            return redirect("approvals:check_paper", paper.code)
        context |= {"paper": paper, "why": why, **_said_of(paper)}
        if request.method == "POST":
            context |= _compared(request, paper)
    except TooManyTries as refusal:
        page = render(request, "approvals/paper_check.html", {"slow": refusal.said}, status=429)
        page["Retry-After"] = str(refusal.wait)
        return page
    status = HTTPStatus.NOT_FOUND if why else HTTPStatus.OK
    return render(request, "approvals/paper_check.html", context, status=status)


def _said_of(paper: Paper | None) -> dict[str, Any]:
    if paper is None:
        return {}
    return {
        "state": standing_of(paper),
        "signed": signed_how(paper),
        "place": place_of_paper(paper),
    }


def _compared(request: HttpRequest, paper: Paper | None) -> dict[str, Any]:
    """Return what the file is that was sent, or whose digests a script has sent in its place."""
    upload = request.FILES.get("file")
    sent = "sha256" in request.POST
    if upload is None and not sent:
        return {"nothing": True}
    file = upload.reckoned if isinstance(upload, Reckonable) else reckoned_from(request.POST)
    if file is None:
        return {"unread": _unread(upload)}
    found = what_is(file, paper, origin=origin_of(request), at=clock.now())
    shown: dict[str, Any] = {"found": found, "true": found.verdict in TRUE, "file": file}
    other = found.paper is not None and (paper is None or found.paper.pk != paper.pk)
    if other:
        shown |= {"other": found.paper, "other_state": standing_of(found.paper)}  # type: ignore[arg-type]
    return shown | {"answer": _answer(found, file)}


def _unread(upload: Any) -> str:
    if upload is not None:
        return _("文件太大：本系统制发的文书没有这么大的。")
    return _("浏览器送来的摘要不完整，请重新选择文件。")


def _answer(found: Found, file: Reckoned) -> str:
    """Say in a sentence what the file is, with what follows from it."""
    said = str(found.verdict.label)
    if found.verdict == Verdict.ADDED:
        return _("%(said)s：后面多出%(n)d字节。请向出示的人要原件，不要据此办事。") % {
            "said": said,
            "n": found.added,
        }
    if found.verdict == Verdict.UNKNOWN:
        return _(
            "%(said)s：可能被改动过，也可能是重新扫描、打印或另存的。以核验页所载和原件为准，不要据此办事。"
        ) % {"said": said}
    return said + "。"
