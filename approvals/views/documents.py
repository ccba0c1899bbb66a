"""Files and papers: served to whom the case concerns; anyone may check whether a paper is ours."""

import hashlib
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.policies import prints_again
from approvals.models import Letter
from approvals.queries import sees_file, sees_paper
from core import clock
from core.documents.models import Attachment, Paper
from core.steps.printing import print_again

REFRESH_SECONDS = "3"


def file_seen(request: HttpRequest, pk: int) -> Attachment:
    """Return a file of those the person may see; unknown and not theirs are both 404."""
    acting = request.acting  # type: ignore[attr-defined]
    if acting is None:
        raise PermissionDenied
    kept = get_object_or_404(Attachment, pk=pk)
    if not sees_file(kept, acting):
        raise Http404
    return kept


@require_GET
def attachment(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """Hand out a file as it was handed in: to be saved, never to be opened in the page."""
    kept = file_seen(request, pk)
    if kept.withheld:
        return render(request, "approvals/file_withheld.html", {"file": kept}, status=409)
    answer = FileResponse(
        kept.file.open("rb"), as_attachment=True, filename=kept.name, content_type=kept.content_type
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


@login_not_required
@require_safe
def paper(request: HttpRequest, code: str) -> HttpResponse | FileResponse:
    """Serve a paper as PDF, to whom it concerns or to all where it is public; wait while it is being set."""
    found = get_object_or_404(Paper, code=code)
    if not found.public:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        acting = request.acting  # type: ignore[attr-defined]
        if acting is None or not sees_paper(found, acting):
            raise Http404
    if not found.ready:
        acting = getattr(request, "acting", None)
        said = {"paper": found, "again": bool(found.failure) and prints_again(found, acting)}
        waiting = render(request, "approvals/paper_waiting.html", said, status=202)
        if not found.failure:
            waiting["Refresh"] = REFRESH_SECONDS
        waiting["Cache-Control"] = "no-store"
        return waiting
    answer = FileResponse(found.file.open("rb"), filename=f"{found.number} {found.title}.pdf")
    answer["Content-Type"] = "application/pdf"
    answer["X-Content-Type-Options"] = "nosniff"
    if not found.public:
        answer["Cache-Control"] = "private, no-store"
    return answer


@require_POST
def paper_again(request: HttpRequest, code: str) -> HttpResponse:
    """Have a paper that could not be printed tried again; the page behind waits for it."""
    acting = request.acting  # type: ignore[attr-defined]
    found = get_object_or_404(Paper, code=code)
    if acting is None or not sees_paper(found, acting):
        raise Http404
    print_again(found, by=acting, at=clock.now())
    return redirect("approvals:paper", found.code)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def check_paper(request: HttpRequest, code: str) -> HttpResponse:
    """验真: is this paper ours, and is the file that somebody holds the one we issued."""
    found = Paper.objects.filter(code=code.strip().lower()).first()
    context: dict[str, Any] = {"code": code, "paper": found}
    if found is None:
        return render(request, "approvals/paper_check.html", context, status=404)
    context["state"] = _state(found)
    if request.method == "POST" and (upload := request.FILES.get("file")):
        digest = "" if (upload.size or 0) > settings.UPLOAD_MAX_BYTES else _digest(upload)
        same = bool(found.file_sha256) and digest == found.file_sha256
        context |= {"compared": True, "digest": digest, "same": same}
    return render(request, "approvals/paper_check.html", context)


def _digest(upload: UploadedFile) -> str:
    whole = hashlib.sha256()
    for part in upload.chunks():
        whole.update(part)
    return whole.hexdigest()


def _state(found: Paper) -> dict[str, Any]:
    """Say how a paper stands now, without a word of its content."""
    if found.no_longer:
        return {"valid": False, "text": found.no_longer, "at": found.voided_at}
    replaced = Letter.objects.filter(paper=found).exclude(withdrawn_at=None).first()
    if replaced is not None:
        return {
            "valid": False,
            "text": _("已被新的承诺书替代，不再有效"),
            "at": replaced.withdrawn_at,
        }
    if not found.ready:
        return {"valid": True, "text": _("已编号，正在成文"), "at": None}
    return {"valid": True, "text": _("有效"), "at": None}
