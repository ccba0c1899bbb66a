"""What belongs to a filing: materials and gaps, items of the list, changes, correction cases."""

from collections.abc import Callable
from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _

from approvals import policies, services
from approvals.api import bodies, shown
from approvals.api.filings import Filings
from approvals.api.filters import LaterFilter, MaterialFilter
from approvals.api.limits import RESUME, SUSPEND
from approvals.api.standing import StandingUse, own_standing
from approvals.models import (
    Change,
    ChecklistItem,
    CorrectionCase,
    Filing,
    Gap,
    LaterRequest,
    Material,
)
from core.documents.receiving import whole
from core.steps.api import Listing, Step, Things, addresses


def of_case(model: Any, *related: str) -> Callable[[Any], Any]:
    """Return what finds the parts of the filings a person may see."""

    def seen(by: Any) -> Any:
        filings = Filing.objects.visible_to(by).order_by().values("pk")
        return model.objects.filter(filing__in=filings).select_related("filing", *related)

    return seen


def _materials(by: Any) -> Any:
    return of_case(Material)(by).prefetch_related("files__attachment", "files__standing")


MATERIALS = Things(
    "materials", "material", _("材料与容缺"), Material, _materials, shown.MaterialShown
)  # fmt: skip
GAPS = Things(
    "gaps",
    "gap",
    _("材料与容缺"),
    Gap,
    of_case(Gap, "filing__enterprise", "material", "calendar"),
    shown.GapShown,
)
ITEMS = Things(
    "items", "item", _("清单与法定审批"), ChecklistItem,
    of_case(ChecklistItem, "item", "department"), shown.ItemShown,
)  # fmt: skip
CHANGES = Things(
    "changes", "change", _("清单与法定审批"), Change,
    of_case(Change, "item__department", "handed_file"), shown.ChangeShown,
)  # fmt: skip
CASES = Things(
    "correction-cases", "correction_case", _("清单与法定审批"), CorrectionCase, of_case(CorrectionCase),
    shown.CaseShown,
)  # fmt: skip


def _file_of(_material: Material, given: dict[str, Any], by: Any) -> dict[str, Any]:
    """Return what the service takes: the file that came along, or the one that came before."""
    token = given.pop("incoming", None)
    return given if token is None else {**given, "upload": whole(token, by=by)}


def _mine(part: Any, by: Any) -> bool:
    """The enterprise whose filing it is."""
    return policies.own_enterprise(part.filing, by)


def _promises(part: Any, by: Any) -> bool:
    """The enterprise, or an agent with the express power to promise for it."""
    return policies.disposes(part.filing, by)


LATER = Things(
    "later-requests", "later_request", _("材料与容缺"), LaterRequest, of_case(LaterRequest, "department"),
    shown.LaterShown,
)  # fmt: skip
LATER_STEPS = (
    Step("sign", services.sign_later, policies.supervisor, _("签字同意清单以外的材料")),
    Step("refuse", services.refuse_later, policies.supervisor, _("不同意清单以外的材料"), bodies.Reason),
)  # fmt: skip


class LaterRequests(Listing):
    """清单外要求."""

    things = LATER
    title = _("清单以外的要求")
    filterset_class = LaterFilter


MATERIAL_STEPS = (
    Step("upload", services.upload_material, _mine, _("交一件材料"), bodies.MaterialUpload, take=_file_of),
    Step(
        "use-standing", services.use_standing, _mine, _("用常备材料交一件"), StandingUse, take=own_standing,
        explain=_("用企业常备材料的现行一版；交了以后，那一版随申报件固定，以后换新不影响。"),
    ),
    Step("promise", services.promise_gap, _promises, _("申请容缺并承诺补齐"), bodies.PromiseBody,
        shown=shown.GapShown),
    Step("check", services.check_material, policies.checks_material, _("核收或者退回一件材料"), bodies.Check),
)  # fmt: skip
GAP_STEPS = (
    Step("check", services.check_gap, policies.window, _("核验容缺补交材料"), bodies.Check),
    SUSPEND,
    RESUME,
)
ITEM_STEPS = (
    Step("strike", services.strike_item, policies.window, _("核减事项"), bodies.Reason),
    Step("approval", services.record_approval, policies.records_approval, _("登记批准文号"), bodies.ApprovalBody),
    Step("take-up", services.take_up_item, policies.records_approval, _("受理一个事项的审批")),
)  # fmt: skip
CHANGE_STEPS = (
    Step("hand-in", services.hand_in_change, _mine, _("交来预审要求的修改"), bodies.ChangeHandedIn),
    Step("finish", services.finish_change, policies.checks_change, _("核对预审要求的修改"), bodies.Found),
    Step("return", services.return_change, policies.checks_change, _("退回没有完成的修改"), bodies.ChangeReason),
)  # fmt: skip
CASE_STEPS = (
    Step("close", services.close_case, policies.window, _("办结纠错事项"), bodies.Outcome),
)


class Materials(Listing):
    """申报材料."""

    things = MATERIALS
    title = _("申报材料清单")
    filterset_class = MaterialFilter


ADDRESSES = [
    *addresses(MATERIALS, *MATERIAL_STEPS),
    *addresses(GAPS, *GAP_STEPS),
    *addresses(LATER, *LATER_STEPS),
    path("later-requests/", LaterRequests.as_view(), name="later_request_list"),
    *addresses(ITEMS, *ITEM_STEPS),
    *addresses(CHANGES, *CHANGE_STEPS),
    *addresses(CASES, *CASE_STEPS),
    path("filings/", Filings.as_view(), name="filing_list"),
    path("materials/", Materials.as_view(), name="material_list"),
]
