"""Which version of a public paper a page shows: the one that stands, or by `?version=` one that was corrected."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest

from core.documents.models import Paper
from public_notice.queries.confidential import withheld_in
from public_notice.queries.corrected import versions_of
from public_notice.rules.gate import admit
from public_notice.rules.withheld import content_without

Allowed = Mapping[str, tuple[str, ...] | None]


def version_of(
    request: HttpRequest, paper: Paper, content: Mapping[str, Any], allowed: Allowed
) -> dict[str, Any]:
    """Return what a page shows of a paper: `said`, `paper`, its `versions`, the code `shown`, its `address`.

    Raises Http404 for a version that is none of this paper.
    """
    versions = versions_of(paper)
    shown = request.GET.get("version") or paper.code
    if shown not in {one.code for one in versions}:
        raise Http404
    if shown != paper.code:
        paper = Paper.objects.get(code=shown)
        withheld = withheld_in(paper.book_id, of_notices=True)
        content = content_without(admit(paper.content, allowed), withheld)
    return {
        "said": content,
        "paper": paper,
        "corrections": versions,
        "shown": shown,
        "address": request.path,
    }
