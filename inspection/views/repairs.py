"""信用修复 as pages, and the register of marks for the staff."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.policies import staff
from approvals.models import Filing
from approvals.views.base import outcome
from core import clock
from core.documents.sheets import handed_out
from core.steps.limits import card
from core.steps.watching import watch_of
from inspection import policies
from inspection.forms.measures import DecideRepairForm, RepairForm
from inspection.models import Repair
from inspection.queries.measures import marks, shown
from inspection.queries.platform import for_the_platform
from inspection.queries.sheets import sheet_of_marks
from inspection.services import apply_repair, decide_repair
from inspection.services.repairs import why_no_repair
from inspection.stages import RepairState
from inspection.views.measures import MeasureStep


class ApplyRepair(MeasureStep):
    """申请信用修复."""

    form_class = RepairForm
    policy = staticmethod(policies.disposes_of)
    title = gettext_lazy("申请信用修复")
    verb = gettext_lazy("申请修复")
    explain = gettext_lazy("条件：满最短公示期，已纠正并履行义务，公开作出信用承诺。")

    def reasons(self) -> list[str]:
        """Say which condition is missing."""
        return why_no_repair(self.measure, self.now())

    def perform(self, data: dict[str, Any]) -> str:
        """Apply."""
        repair = apply_repair(self.measure, **data, by=self.acting, at=self.now())
        return outcome(
            _("已申请信用修复。"), card(repair, self.now())["silence"] + _("轮到召集人。")
        )


class DecideRepair(MeasureStep):
    """决定信用修复."""

    form_class = DecideRepairForm
    title = gettext_lazy("决定信用修复")
    verb = gettext_lazy("作出决定")
    explain = gettext_lazy("准予修复的，当即停止公示；不予修复的，写明理由，企业可以再次申请。")

    def find(self) -> Filing:
        """Find the case, the mark and the application."""
        filing = super().find()
        self.repair: Repair = get_object_or_404(
            self.measure.repairs.select_related("measure__proposed_by", "calendar"),
            pk=self.kwargs["repair"],
        )
        return filing

    def allowed(self) -> bool:
        """The convenor, or the organisation that proposed the mark."""
        return policies.decides_repair(self.repair, self.acting)

    def reasons(self) -> list[str]:
        """Say that it is decided."""
        if self.repair.state != RepairState.APPLIED:
            return [_("这项申请已经决定：%(state)s。") % {"state": self.repair.get_state_display()}]
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what the enterprise says, and the limit of the decision."""
        own = [card(self.repair, self.now())] if self.repair.running else []
        return super().get_context_data(**{"limits": own, "repair": self.repair, **kwargs})

    def perform(self, data: dict[str, Any]) -> str:
        """Decide."""
        repair = decide_repair(self.repair, **data, by=self.acting, at=self.now())
        papers = [repair.paper] if repair.paper else []
        what = _("信用修复：%(state)s。") % {"state": repair.get_state_display()}
        return outcome(what, _("企业会收到决定书。"), papers)


@require_safe
def mark_list(request: HttpRequest) -> HttpResponse:
    """失信记录: every registered mark with until when it is shown; the staff's own list, not public."""
    _staff(request)
    at = clock.now()
    rows = [{"mark": mark, "shown": shown(mark, at)} for mark in marks()]
    return render(request, "inspection/marks.html", {"rows": rows})


def _staff(request: HttpRequest) -> None:
    acting = request.acting  # type: ignore[attr-defined]
    if acting is None or not staff(None, acting):
        raise PermissionDenied


@require_safe
def export_marks(request: HttpRequest) -> HttpResponseBase:
    """Hand the registered marks out as a file."""
    _staff(request)
    at, form = clock.now(), request.GET.get("form", "")
    return handed_out(sheet_of_marks(marks(), at), form, at=at, watch=watch_of(request))


@require_safe
def platform(request: HttpRequest) -> HttpResponse:
    """Hand out what the credit platform takes: a JSON file in the format of docs/credit-export.md."""
    _staff(request)
    at = clock.now()
    day = timezone.localdate(at)
    answer = JsonResponse(
        for_the_platform(at), json_dumps_params={"ensure_ascii": False, "indent": 1}
    )
    answer["Content-Disposition"] = f'attachment; filename="credit-{day}.json"'
    answer["Cache-Control"] = "private, no-store"
    return answer
