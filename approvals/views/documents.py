"""Files and papers: served to whom the case concerns."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounts.policies import prints_again
from approvals.queries import sees_file, sees_paper
from core import clock
from core.documents.models import Attachment, Paper
from core.steps.checking import signed_file
from core.steps.printing import print_again, printed_before

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
        said = {
            "paper": found,
            "again": bool(found.failure) and prints_again(found, acting),
            "before": printed_before(found),
        }
        waiting = render(request, "approvals/paper_waiting.html", said, status=202)
        if not found.failure:
            waiting["Refresh"] = REFRESH_SECONDS
        waiting["Cache-Control"] = "no-store"
        return waiting
    return _served(found, found.file, found.title)


def _served(found: Paper, file: FieldFile, title: str) -> FileResponse:
    answer = FileResponse(file.open("rb"), filename=f"{found.number} {title}.pdf")
    answer["Content-Type"] = "application/pdf"
    answer["X-Content-Type-Options"] = "nosniff"
    if not found.public:
        answer["Cache-Control"] = "private, no-store"
    return answer


@login_not_required
@require_safe
def paper_signed(request: HttpRequest, code: str) -> HttpResponse | FileResponse:
    """Serve the file that bears the county's signature, to whom the paper itself is served; 404 where there is none."""
    found = get_object_or_404(Paper, code=code)
    if not found.public and not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    acting = getattr(request, "acting", None)
    if not found.public and (acting is None or not sees_paper(found, acting)):
        raise Http404
    seal = signed_file(found)
    if seal is None:
        raise Http404
    return _served(found, seal.file, _("%(title)s（电子签名）") % {"title": found.title})


@require_POST
def paper_again(request: HttpRequest, code: str) -> HttpResponse:
    """Have a paper that could not be printed tried again; the page behind waits for it."""
    acting = request.acting  # type: ignore[attr-defined]
    found = get_object_or_404(Paper, code=code)
    if acting is None or not sees_paper(found, acting):
        raise Http404
    print_again(found, by=acting, at=clock.now())
    return redirect("approvals:paper", found.code)
