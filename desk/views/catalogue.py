"""事项清单的版次: its editions, one of them in words, its tables as files, and one revoked before its day."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from approvals.models import CatalogueEdition
from approvals.queries.items import VALUES, items_by_class, negative_list
from core import clock
from core.steps.views import StepView
from desk import policies
from desk.forms.catalogue import ReasonForm
from desk.queries.catalogue import (
    TO_COME,
    drafts,
    editions,
    standing_words,
)
from desk.queries.catalogue_tables import tables_of
from desk.queries.catalogue_words import TABLES
from desk.rules.pack.catalogue import FILES, Tables, written
from desk.services.adoption import revoke_catalogue


def reader(request: HttpRequest) -> Any:
    """Return who reads; whoever is not of the county's staff has no business here."""
    acting = request.acting  # type: ignore[attr-defined]
    if not policies.reads_catalogue(None, acting):
        raise PermissionDenied
    return acting


@require_safe
def catalogues(request: HttpRequest) -> HttpResponse:
    """Show the editions with how each stands, and the drafts."""
    acting = reader(request)
    context = {
        "editions": editions(clock.now()),
        "standings": standing_words(),
        "drafts": drafts() if policies.decides_catalogue(None, acting) else None,
        "may_draft": policies.administrator(None, acting),
    }
    return render(request, "desk/catalogues.html", context)


@require_safe
def edition(request: HttpRequest, digest: str) -> HttpResponse:
    """Show the items of one edition by class, with everything that is said of each, and the negative list."""
    acting, at = reader(request), clock.now()
    found = next((one for one in editions(at) if one.digest == digest), None)
    if found is None:
        raise Http404
    today = timezone.localdate(at)
    context = {
        "edition": found,
        "standing": standing_words()[found.standing],  # type: ignore[attr-defined]
        "kept": getattr(found, "tables", None),
        "groups": items_by_class(found, max(found.in_force_from, today)),
        "negative": negative_list(found),
        "values": VALUES,
        "files": [(file.removesuffix(".csv"), TABLES[file]) for file in FILES],
        "may_revoke": found.standing == TO_COME and policies.supervisor(None, acting),  # type: ignore[attr-defined]
    }
    return render(request, "desk/catalogue_edition.html", context)


@require_safe
def item(request: HttpRequest, digest: str, code: str) -> HttpResponse:
    """Show one item of an edition with its basis, limits, materials and clauses."""
    reader(request)
    found = get_object_or_404(CatalogueEdition, digest=digest)
    day = max(found.in_force_from, timezone.localdate(clock.now()))
    rows = [row for group in items_by_class(found, day, code) for row in group["rows"]]
    if not rows:
        raise Http404
    context = {"edition": found, "item": rows[0], "values": VALUES}
    return render(request, "desk/catalogue_item.html", context)


@require_safe
def table(request: HttpRequest, digest: str, table: str) -> HttpResponse:
    """Hand out one table of an edition as the file of a county pack."""
    reader(request)
    found = get_object_or_404(CatalogueEdition, digest=digest)
    return as_file(tables_of(found), table)


def as_file(tables: Tables, table: str) -> HttpResponse:
    """Return a table as a file, to the byte as the pack has it; Http404 for no such table."""
    file = f"{table}.csv"
    if file not in tables:
        raise Http404
    answer = HttpResponse(written(file, tables[file]), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{file}"'
    return answer


class Revoke(StepView):
    """撤销: an edition that has not come into force is followed by one that says what stood before."""

    form_class = ReasonForm
    title = gettext_lazy("撤销未施行的一版")
    verb = gettext_lazy("撤销这一版")
    explain = gettext_lazy(
        "版次不删不改：系统另立一版，内容同前一版，自同一天施行，所以被撤销的一版不会施行。"
    )
    danger = True

    def find(self) -> Any:
        """Return the edition; only the supervisor revokes."""
        if not policies.supervisor(None, self.acting):
            raise PermissionDenied
        return get_object_or_404(CatalogueEdition, digest=self.kwargs["digest"])

    def perform(self, data: dict[str, Any]) -> str:
        """Revoke it."""
        made = revoke_catalogue(self.subject, reason=data["reason"], by=self.acting, at=self.now())
        said = _("已撤销第%(old)s版，另立第%(new)s版，内容同前。")
        return said % {"old": self.subject.number, "new": made.number}

    def back_url(self) -> str:
        """Go back to the editions."""
        return reverse("desk:catalogues")
