"""The list of filings, and opening a new one."""

import re
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from accounts.models import Membership
from accounts.policies import staff
from accounts.stages import Role
from approvals.models import Filing, StageLimit
from approvals.policies import enterprise_itself, reads_gaps
from approvals.queries import case_list, to_be_verified
from approvals.queries.sheets import sheet_of_filings
from approvals.services import open_draft
from approvals.stages import ENDS, Stage
from approvals.views.base import case_url
from approvals.views.deadlines import silence
from approvals.views.trial import answers_in
from core import clock
from core.deadlines.queries import NoEdition, calendar_at, left_in_words, light
from core.documents.sheets import handed_out
from core.steps.idempotency import once
from core.steps.watching import watch_of

PAGE = 50
ONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")
S = Stage
GROUPS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("filing", gettext_lazy("申报与清单"), (S.DRAFT, S.SUBMITTED, S.LISTED)),
    ("intake", gettext_lazy("受理"), (S.RECEIVED, S.CORRECTING)),
    ("review", gettext_lazy("勘察与预审"), (S.ACCEPTED, S.SURVEYING, S.PREREVIEWING)),
    ("commitment", gettext_lazy("承诺与公示"), (S.COMMITTING, S.COMMITTED, S.NOTICED)),
    ("start", gettext_lazy("核对开工条件"), (S.CLEARED,)),
    ("started", gettext_lazy("建设中"), (S.START_NOTIFIED, S.BUILDING)),
    ("acceptance", gettext_lazy("联合验收"), (S.ACCEPTING, S.AMENDING)),
    ("completed", gettext_lazy("办结"), (S.COMPLETED,)),
    ("ended", gettext_lazy("已终结"), ENDS),
)
WHOSE = {
    S.DRAFT: gettext_lazy("企业"),
    S.SUBMITTED: gettext_lazy("窗口"),
    S.LISTED: gettext_lazy("企业"),
    S.RECEIVED: gettext_lazy("窗口"),
    S.CORRECTING: gettext_lazy("企业"),
    S.ACCEPTED: gettext_lazy("召集人"),
    S.SURVEYING: gettext_lazy("各部门"),
    S.PREREVIEWING: gettext_lazy("召集人与各部门"),
    S.COMMITTING: gettext_lazy("企业"),
    S.COMMITTED: gettext_lazy("窗口"),
    S.NOTICED: gettext_lazy("社会公众"),
    S.CLEARED: gettext_lazy("窗口、责任部门"),
    S.START_NOTIFIED: gettext_lazy("企业"),
    S.BUILDING: gettext_lazy("企业与责任部门"),
    S.ACCEPTING: gettext_lazy("验收牵头部门与各部门"),
    S.AMENDING: gettext_lazy("企业"),
}


class FilingList(TemplateView):
    """申报件: what the person may see, by stage group and search, fifty to a page."""

    template_name = "approvals/list.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show the list to whoever acts for somebody."""
        if request.user.is_authenticated and request.acting is None:  # type: ignore[attr-defined]
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the template chips with counts, and one page of rows."""
        sought, chosen = _asked(self.request)
        rows = _matching(self.request.acting, sought)  # type: ignore[attr-defined]
        counts = _stage_counts(rows)
        stages = _stages_of(chosen)
        if stages:
            rows = rows.filter(stage__in=stages)
        pages = Paginator(_with_limits(rows), PAGE)
        # The chips have counted already; a second count would be one more query for the same number.
        pages.count = sum(n for stage, n in counts.items() if not stages or stage in stages)  # type: ignore[misc]
        page = pages.get_page(self.request.GET.get("page"))
        kept = {key: value for key, value in (("stage", chosen), ("q", sought)) if value}
        return super().get_context_data(
            page=page,
            rows=_rows(page.object_list, self.request.acting),  # type: ignore[attr-defined]
            groups=[{"label": _("阶段"), "options": _chips(counts, chosen, sought)}],
            sought=sought,
            chosen=chosen,
            prefix=urlencode(kept) + "&" if kept else "",
            export_url=reverse("approvals:export"),
            sees_past=staff(None, self.request.acting),  # type: ignore[attr-defined]
            reads_gaps=reads_gaps(None, self.request.acting),  # type: ignore[attr-defined]
            may_file=self.request.acting.role == Role.ENTERPRISE,  # type: ignore[attr-defined]
            **kwargs,
        )


def _asked(request: HttpRequest) -> tuple[str, str]:
    """Return the words that are sought and the group of stages that is chosen."""
    sought = request.GET.get("q", "").replace("\0", "").strip()[:60]
    return sought, request.GET.get("stage", "")


def _matching(by: Any, sought: str) -> QuerySet[Filing]:
    """Return the filings a person may see that match the search."""
    rows = case_list(by)
    if sought:
        rows = rows.filter(
            Q(project_name__icontains=sought)
            | Q(enterprise__name__icontains=sought)
            | Q(number__icontains=sought)
            | Q(project_code__icontains=sought)
        )
    return rows


def _stages_of(chosen: str) -> tuple[str, ...]:
    """Return the stages of a group; none where all are meant."""
    return next((group[2] for group in GROUPS if group[0] == chosen), ())


@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """Hand the list out as it is narrowed, all of it: the rows that the person may see and no other."""
    acting: Any = request.acting  # type: ignore[attr-defined]
    if acting is None:
        raise PermissionDenied
    sought, chosen = _asked(request)
    rows = _matching(acting, sought)
    if stages := _stages_of(chosen):
        rows = rows.filter(stage__in=stages)
    return handed_out(
        sheet_of_filings(rows), request.GET.get("form", ""), at=clock.now(), watch=watch_of(request)
    )


def _stage_counts(rows: QuerySet[Filing]) -> dict[str, int]:
    ids = rows.order_by().values("pk")
    counted = (
        Filing.objects.filter(pk__in=ids).order_by().values_list("stage").annotate(Count("pk"))
    )
    return dict(counted)


def _with_limits(rows: QuerySet[Filing]) -> QuerySet[Filing]:
    open_limits = StageLimit.objects.filter(ended_at=None, item=None)
    return rows.prefetch_related(Prefetch("limits", queryset=open_limits, to_attr="open_limits"))


def _chips(counts: dict[str, int], chosen: str, sought: str) -> list[dict[str, Any]]:
    groups: list[tuple[str, Any, Any]] = [("", _("全部"), tuple(counts)), *GROUPS]
    found = []
    for key, label, stages in groups:
        kept = {name: value for name, value in (("stage", key), ("q", sought)) if value}
        found.append(
            {
                "label": label,
                "url": "?" + urlencode(kept),
                "current": key == chosen,
                "count": sum(counts.get(stage, 0) for stage in stages),
            }
        )
    return found


def _rows(filings: Any, by: Any) -> list[dict[str, Any]]:
    at = clock.now()
    try:
        calendar = calendar_at(at)
    except NoEdition:
        calendar = None
    rows = []
    for filing in filings:
        limits = sorted(
            filing.open_limits,
            key=lambda limit: (limit.due_at is None, limit.due_at or limit.started_at),
        )
        first = limits[0] if limits else None
        words = left_in_words(first, at, calendar) if first else ""
        gaps = _("容缺%(n)d件") % {"n": filing.gaps_open} if filing.gaps_open else ""
        rows.append(
            {
                "title": filing,
                "url": case_url(filing),
                "sub": " · ".join(filter(None, (_whose(filing, by), filing.number, gaps))),
                "stage": filing.get_stage_display(),
                "due": {"light": light(first, at, calendar), "text": words}
                if first and words
                else None,
                "silence": silence(first, at),
                "who": _turn(filing, first),
            }
        )
    return rows


def _turn(filing: Filing, limit: Any) -> Any:
    """Return who has the move: whom the limit that ends first binds, as the desk says it."""
    if to_be_verified(filing):
        return WHOSE[S.SUBMITTED]
    return limit.declared.actor if limit else WHOSE.get(Stage(filing.stage), "")


def _whose(filing: Filing, by: Any) -> str:
    """Return the enterprise, marked where the reader acts for it and is not of it."""
    name = filing.enterprise.label
    if by.role != Role.ENTERPRISE or enterprise_itself(filing, by):
        return name
    return _("代办：%(enterprise)s") % {"enterprise": name}


# Two presses of one button; whoever comes back later means another project.
TWICE = timedelta(minutes=1)


class NewFiling(View):
    """POST: open a draft and go to its questionnaire."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Open a draft for the person's enterprise, with the answers of a trial where they are sent along."""
        acting, at = request.acting, clock.now()  # type: ignore[attr-defined]
        if acting is None:
            raise PermissionDenied
        public_id = self._opened(request, acting, at)
        messages.success(
            request,
            _("已建立草稿，随时可以离开，填过的都会保留。先回答几个问题，看看要办哪些事项。"),
        )
        return HttpResponseRedirect(reverse("approvals:questionnaire", args=[public_id]))

    def _opened(self, request: HttpRequest, acting: Membership, at: datetime) -> str:
        """Return the draft that was opened; a button pressed twice opens one."""
        answers = answers_in(request.POST, at)

        def opened() -> tuple[int, dict[str, str]]:
            filing = open_draft(by=acting, at=at, answers=answers)
            return 201, {"draft": filing.public_id, "at": at.isoformat()}

        key = request.POST.get("once", "")
        if not ONCE.fullmatch(key):
            return opened()[1]["draft"]
        said = once(f"page:{acting.pk}", key, "new", at=at, act=opened)
        if said.replayed and at - datetime.fromisoformat(said.body["at"]) > TWICE:
            return opened()[1]["draft"]
        return str(said.body["draft"])
