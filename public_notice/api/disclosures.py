"""依申请公开 for programs: anybody asks and follows by number and code; the office confirms, asks and answers."""

from typing import Any

import django_filters as filters
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import path
from django.utils.translation import gettext_lazy as _
from rest_framework.response import Response

from core import clock
from core.documents.sheets import Sheet
from core.steps.api import Endpoint, Export, Listing, One, Step, Table, Things, addresses
from core.steps.api.step import Takes
from core.steps.tries import origin_of
from public_notice import policies, services
from public_notice.api import disclosure_shown as shown
from public_notice.models import Disclosure, Inquiry
from public_notice.queries.disclosures import requests, sheet_of_requests, table_of, years
from public_notice.queries.open_year import Proactive, proactive_of
from public_notice.rules.disclosure import Annual
from public_notice.stages import DisclosureStage, InquiryKind, InquiryResult, Result

LABEL = _("依申请公开")


def _seen(by: Any) -> Any:
    return requests() if policies.sees_disclosures(None, by) else Disclosure.objects.none()


def _inquiries(by: Any) -> Any:
    found = Inquiry.objects.select_related("disclosure", "calendar")
    return found if policies.sees_disclosures(None, by) else found.none()


DISCLOSURES = Things("disclosures", "disclosure", LABEL, Disclosure, _seen, shown.DisclosureShown)
INQUIRIES = Things(
    "disclosure-inquiries", "disclosure_inquiry", LABEL, Inquiry, _inquiries, shown.InquiryShown
)


def _anybody(_thing: Any, _by: Any) -> bool:
    return True


REQUEST = Step(
    "request", services.request_disclosure, _anybody, _("申请公开"), shown.RequestBody,
    _("任何人都可以申请，不需要令牌，不问用途；编号和查询码是回执。"), opens=True,
    shown=shown.ReceiptOfRequest, secret=True,
)  # fmt: skip
SUPPLEMENT = Step(
    "supplement", services.supplement_disclosure, _anybody, _("补正公开申请"), shown.SupplementBody,
    shown=shown.RequestStanding, secret=True,
)  # fmt: skip
WITHDRAW = Step(
    "withdraw", services.withdraw_disclosure, _anybody, _("撤回公开申请"), shown.Receipt,
    shown=shown.RequestStanding, secret=True,
)  # fmt: skip
REGISTER = Step(
    "register", services.register_disclosure, policies.window, _("登记公开申请"), shown.RegisterBody,
    opens=True, shown=shown.ReceiptOfRequest, secret=True,
)  # fmt: skip
STEPS = (
    Step("confirm", services.confirm_disclosure, policies.window, _("确认收到公开申请")),
    Step(
        "correction", services.ask_correction, policies.window, _("告知补正"), shown.CorrectionBody
    ),
    Step("view", services.ask_view, policies.window, _("征求公开意见"), shown.ViewBody),
    Step("longer", services.ask_longer, policies.window, _("提出延长答复期限"), shown.LongerBody),
    Step(
        "approve",
        services.approve_longer,
        policies.convenor,
        _("审批延长答复期限"),
        shown.ApproveBody,
    ),
    Step(
        "answer",
        services.answer_disclosure,
        policies.window,
        _("答复公开申请"),
        shown.DisclosureAnswer,
    ),
)
RECORD = Step("record", services.record_view, policies.window, _("记录征询回复"), shown.SaidBody)


class Asked(Takes):
    """What anybody may do without a token; where it comes from slows who sends or guesses too much."""

    things: Any = DISCLOSURES
    public = True
    also = (429,)
    http_method_names = ["post", "options"]

    @property
    def tag(self) -> Any:  # type: ignore[override]
        """Group it with its things."""
        return self.things.label

    def _ahead(self, named: dict[str, Any], at: Any) -> dict[str, Any]:
        return {"origin": origin_of(self.request._request)}  # noqa: SLF001 - the library's name for Django's request


class ByReceipt(Asked):
    """What the applicant does with number and code; a wrong one of the two is 404 either way."""

    def _act(self, named: dict[str, Any], at: Any, more: dict[str, Any]) -> tuple[int, Any]:
        assert self.step is not None
        body = self.step.body(data=self.request.data)
        body.is_valid(raise_exception=True)
        data = dict(body.validated_data)
        found = _found(data.pop("number"), data.pop("code"), more["origin"], at)
        return 200, self._show(self.step.service(found, at=at, **data), found)


def _found(number: str, code: str, origin: str, at: Any) -> Disclosure:
    code = "".join(code.split()).upper()
    found = services.look_up_disclosure(number=number, code=code, origin=origin, at=at)
    if found is None:
        raise Http404
    return found


class Follow(Endpoint):
    """查询公开申请."""

    public = True
    keyed = False  # a question: nothing changes
    also = (429,)
    serializer_class = shown.RequestStanding
    tag, title, operation = LABEL, _("查询公开申请"), "disclosure_follow"
    explain = _("凭申请编号和查询码，不需要令牌。编号或者查询码不对，答复都一样（404）。")

    def post(self, request: Any) -> Any:
        """Answer with how the request stands."""
        asked = shown.Receipt(data=request.data)
        asked.is_valid(raise_exception=True)
        origin = origin_of(request._request)  # noqa: SLF001 - the library's name for Django's request
        found = _found(**asked.validated_data, origin=origin, at=clock.now())
        return Response(shown.RequestStanding(found).data, headers={"Cache-Control": "no-store"})

    def said(self, what: str, method: str) -> Any:
        """Return what is said of the address."""
        return getattr(self, what)

    def body_of(self, method: str) -> Any:
        """Return the body of the question."""
        return shown.Receipt

    def answers(self, method: str) -> dict[Any, Any]:
        """Return how a request stands."""
        return {200: shown.RequestStanding}


class DisclosureFilter(filters.FilterSet):
    """Requests by stage and result."""

    stage = filters.MultipleChoiceFilter(choices=DisclosureStage.choices, label=_("状态"))
    result = filters.MultipleChoiceFilter(choices=Result.choices, label=_("办理结果"))

    class Meta:
        model = Disclosure
        fields: list[str] = []


class InquiryFilter(filters.FilterSet):
    """What was asked, by request, kind and result."""

    disclosure = filters.CharFilter("disclosure__number", label=_("申请编号"))
    kind = filters.MultipleChoiceFilter(choices=InquiryKind.choices, label=_("征询种类"))
    result = filters.MultipleChoiceFilter(choices=InquiryResult.choices, label=_("征询结果"))

    class Meta:
        model = Inquiry
        fields: list[str] = []


class Disclosures(Listing):
    """公开申请; POST registers what came at the counter or by post."""

    things = DISCLOSURES
    step = REGISTER
    title = _("公开申请清单")
    filterset_class = DisclosureFilter


class OneDisclosure(One):
    """One request."""

    things = DISCLOSURES
    title = _("一件公开申请")


class DisclosureExport(Export):
    """公开申请 as a file."""

    things = DISCLOSURES
    title = _("导出公开申请清单")
    filterset_class = DisclosureFilter

    def rows(self, seen: Any) -> Any:
        """Refuse whoever sees none of them."""
        if self.by is None or not policies.sees_disclosures(None, self.by):
            raise PermissionDenied
        return seen

    def sheet(self, rows: Any) -> Sheet:
        """Return the table of the page."""
        return sheet_of_requests(rows)


class Inquiries(Listing):
    """补正和征询."""

    things = INQUIRIES
    title = _("公开申请的补正和征询")
    filterset_class = InquiryFilter


def told(table: Annual, beside: list[Proactive]) -> dict[str, Any]:
    """Return both tables of a year as one thing."""
    names = ("year", "received", "carried_in", "results", "total", "carried_out")
    return {**{name: getattr(table, name) for name in names}, "proactive": beside}


class AnnualTables(Table):
    """依申请公开年度统计."""

    things = DISCLOSURES
    public = True
    many = True
    also = ()
    serializer_class = shown.AnnualShown
    tag, title, operation = LABEL, _("依申请公开年度统计"), "disclosure_years"
    explain = _("每年一组表，新的在前；由办理记录统计，不含申请人；主动公开按类别计。")

    def table(self, by: Any) -> Any:
        """Return the tables of all years."""
        now = clock.now()
        listed = years(now)
        beside = proactive_of(listed, now)
        return [told(table_of(year, now), beside[year]) for year in listed]


OF = {"things": DISCLOSURES}
ADDRESSES = [
    path("disclosure-years/", AnnualTables.as_view(), name="disclosure_years"),
    path("disclosures/", Disclosures.as_view(), name="disclosure_list"),
    path("disclosures/export/", DisclosureExport.as_view(), name="disclosure_export"),
    path("disclosures/request/", Asked.as_view(**OF, step=REQUEST), name="disclosure_request"),
    path("disclosures/follow/", Follow.as_view(), name="disclosure_follow"),
    path("disclosures/supplement/", ByReceipt.as_view(**OF, step=SUPPLEMENT), name="disclosure_supplement"),
    path("disclosures/withdraw/", ByReceipt.as_view(**OF, step=WITHDRAW), name="disclosure_withdraw"),
    path("disclosures/<int:pk>/", OneDisclosure.as_view(), name="disclosure_read"),
    *addresses(DISCLOSURES, *STEPS),
    path("disclosure-inquiries/", Inquiries.as_view(), name="disclosure_inquiry_list"),
    *addresses(INQUIRIES, RECORD),
]  # fmt: skip
