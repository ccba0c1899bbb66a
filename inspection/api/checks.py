"""Checks clause by clause, what they find, and how it is mended."""

from typing import Any

import django_filters as filters
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, Q
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from accounts.models import Membership, Organisation
from accounts.stages import Kind, Role
from approvals.api.bodies import Reason
from approvals.api.device import EntryBody, EntryShown, marked
from approvals.api.filings import FILINGS
from approvals.api.limits import EXTEND
from approvals.api.shown import Body, File, PaperShown
from core.documents.sheets import Sheet
from core.steps.api import Export, Listing, Step, Things, addresses
from core.steps.api.limits import Explained
from core.steps.api.named import Named
from inspection import policies, services
from inspection.api import onsite
from inspection.api.of_case import LABEL, WithFile, of_case
from inspection.models import Check, CheckResult, Finding
from inspection.queries.checks import check_list
from inspection.queries.onsite import with_entries
from inspection.queries.sheets import sheet_of_checks
from inspection.queries.works import clauses_of
from inspection.stages import CheckMode, FindingState, Kept, Severity

MOST = 200
MOST_ENTRIES = 500


class ResultShown(serializers.ModelSerializer):
    """What a check found of one clause."""

    clause = serializers.CharField(source="clause.number")

    class Meta:
        model = CheckResult
        fields = ("clause", "kept", "note")


class CheckShown(serializers.ModelSerializer):
    """A check: planned, held by two officers or called off."""

    filing = serializers.CharField(source="filing.public_id")
    department = Body()
    officers = serializers.ListField(child=serializers.DictField(child=serializers.CharField()))
    attachment = File(allow_null=True)
    paper = PaperShown(allow_null=True)
    results = ResultShown(many=True)
    photos = onsite.CheckPhotoShown(many=True)
    statements = onsite.StatementShown(many=True)

    class Meta:
        model = Check
        fields = (
            "id", "filing", "department", "mode", "why", "planned_on", "officers", "held_at", "text", "statement",
            "attachment", "paper", "called_off_at", "called_off_because", "results",
            "made_at", "photos", "statements",
        )  # fmt: skip


class FindingShown(serializers.ModelSerializer):
    """A clause that was found broken, with the days to mend it."""

    filing = serializers.CharField(source="filing.public_id")
    check = serializers.IntegerField(source="result.visit_id")
    clause = serializers.CharField(source="clause.number")
    department = Body()
    state_label = serializers.CharField(source="get_state_display")
    paper = PaperShown()
    evidence = File(allow_null=True)
    limit = Explained(source="*")

    class Meta:
        model = Finding
        fields = (
            "id", "filing", "check", "clause", "department", "broken", "used_since", "severity", "severity_reason",
            "text", "legal_basis", "demand", "state",
            "state_label", "paper", "mend_by", "reported_at", "report", "evidence", "failed_at", "closed_at",
            "limit",
        )  # fmt: skip


class PlanBody(serializers.Serializer):
    """Which department, on which day, why."""

    department = Named("code", queryset=Organisation.objects.filter(kind=Kind.DEPARTMENT))
    planned_on = serializers.DateField()
    mode = serializers.ChoiceField(CheckMode.choices, default=CheckMode.PLANNED)
    why = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class BreachBody(serializers.Serializer):
    """What is wrong, what the law says, what is to be done, in how many working days.

    Without `severity` it is as grave as the clause says; another one wants `severity_reason`, which is kept.
    """

    severity = serializers.ChoiceField(Severity.choices, required=False, default="")
    severity_reason = serializers.CharField(
        max_length=300, required=False, allow_blank=True, default=""
    )
    text = serializers.CharField(max_length=2000)
    legal_basis = serializers.CharField(max_length=200)
    demand = serializers.CharField(max_length=2000)
    days = serializers.IntegerField(min_value=1, max_value=MOST)


class LookedBody(serializers.Serializer):
    """What was found of one clause, by its number."""

    clause = serializers.CharField(max_length=12)
    kept = serializers.ChoiceField(Kept.choices)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    breach = BreachBody(required=False, allow_null=True, default=None)


class HeldBody(EntryBody):
    """What two officers found of every clause of their department.

    With a `uid` it is there once however often it is sent; `covers` are the photographs and statements that must have
    come before it. The check is held when the record arrives, whatever time the device says.
    """

    uid = serializers.UUIDField(required=False, allow_null=True, default=None)
    covers = serializers.ListField(
        child=serializers.UUIDField(), required=False, default=list, max_length=MOST_ENTRIES
    )
    officers = onsite.Officer(many=True)
    results = LookedBody(many=True)
    text = serializers.CharField(max_length=4000)
    statement = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    upload = serializers.FileField(max_length=200, required=False)


WITH_A_PHOTO = gettext_lazy(
    "附照片时用 multipart/form-data，逐项写作 officers[0]name、results[0]clause、results[0]breach.days。"
)
WITH_A_SIGNATURE = gettext_lazy(
    "附签名图片时用 multipart/form-data，见证人写作 witnesses[0]name、witnesses[0]card。"
)


def looked(check: Check, data: dict[str, Any], by: Membership) -> dict[str, Any]:
    """Return the results as the service takes them: clauses by their numbers in the present letter."""
    own = {clause.number: clause for clause in clauses_of(check.filing)}
    if strange := [row["clause"] for row in data["results"] if row["clause"] not in own]:
        said = _("现行承诺书没有这些条款：%(numbers)s。") % {"numbers": "、".join(strange)}
        raise ValidationError({"results": said})
    results = [
        services.Looked(
            own[row["clause"]],
            Kept(row["kept"]),
            row["note"],
            services.Breach(**row["breach"]) if row["breach"] else None,
        )
        for row in data["results"]
    ]
    rest = marked(check, data, by)
    mark = rest["mark"] if rest["mark"].uid else None
    return {**rest, "mark": mark, "results": results}


class RecheckBody(serializers.Serializer):
    """Whether it is mended; where it is not, one further term in working days may be given."""

    fine = serializers.BooleanField()
    officers = onsite.Officer(many=True)
    text = serializers.CharField(max_length=2000)
    days = serializers.IntegerField(min_value=1, max_value=MOST, required=False, allow_null=True)


def _checks(by: Any) -> Any:
    """Return the checks a person may know of: before it is held the enterprise knows only of an announced one."""
    found = of_case(Check, "department", "attachment", "paper")(by)
    if by.role == Role.ENTERPRISE:
        return found.filter(Q(mode=CheckMode.PLANNED) | Q(held_at__isnull=False))
    if by.role in (Role.CLERK, Role.HEAD):
        return found.filter(Q(department=by.organisation_id) | Q(held_at__isnull=False))
    return found


CHECKS = Things("checks", "check", LABEL, Check, _checks, CheckShown)
FINDINGS = Things(
    "findings", "finding", LABEL, Finding,
    of_case(Finding, "result", "clause", "department", "paper", "evidence", "calendar"), FindingShown,
)  # fmt: skip
FILING_STEPS = (
    Step(
        "plan-check", services.plan_check, policies.plans_checks, gettext_lazy("安排检查"), PlanBody,
        shown=CheckShown,
    ),
)  # fmt: skip
CHECK_STEPS = (
    Step(
        "hold", services.hold_check, policies.own_department, gettext_lazy("进行检查"), HeldBody, WITH_A_PHOTO,
        take=looked,
    ),
    Step(
        "photo", services.enter_check_photo, policies.own_department, gettext_lazy("上传一张检查照片"),
        onsite.CheckPhotoBody, take=marked, shown=EntryShown,
    ),
    Step(
        "statement", services.take_statement, policies.own_department, gettext_lazy("记录被检查人的陈述和签名"),
        onsite.StatementBody, WITH_A_SIGNATURE, take=onsite.statement, shown=EntryShown,
    ),
    Step("call-off", services.call_off_check, policies.calls_off, gettext_lazy("取消检查"), Reason),
)  # fmt: skip
FINDING_STEPS = (
    Step("rectify", services.report_rectified, policies.own_enterprise_of, gettext_lazy("报整改"), WithFile),
    Step("recheck", services.recheck, policies.own_department, gettext_lazy("复查整改"), RecheckBody),
    EXTEND,
)  # fmt: skip


class CheckFilter(filters.FilterSet):
    """Checks by filing, department, mode, and those still to be held."""

    filing = filters.CharFilter("filing__public_id", label=gettext_lazy("申报件"))
    department = filters.CharFilter("department__code", label=gettext_lazy("部门代码"))
    mode = filters.MultipleChoiceFilter(choices=CheckMode.choices, label=gettext_lazy("检查方式"))
    held = filters.BooleanFilter(
        "held_at", lookup_expr="isnull", exclude=True, label=gettext_lazy("已进行")
    )

    class Meta:
        model = Check
        fields: list[str] = []


class FindingFilter(filters.FilterSet):
    """Findings by filing, department and state."""

    filing = filters.CharFilter("filing__public_id", label=gettext_lazy("申报件"))
    department = filters.CharFilter("department__code", label=gettext_lazy("部门代码"))
    state = filters.MultipleChoiceFilter(choices=FindingState.choices, label=gettext_lazy("状态"))

    class Meta:
        model = Finding
        fields: list[str] = []


class Checks(Listing):
    """监管检查."""

    things = CHECKS
    title = gettext_lazy("检查清单")
    filterset_class = CheckFilter

    def rows(self, seen: Any) -> Any:
        """Add the results, and the entries that the reader may read."""
        results = Prefetch("results", CheckResult.objects.select_related("clause"))
        assert self.by is not None  # nobody gets here without an office
        return with_entries(seen.prefetch_related(results), self.by)


class CheckExport(Export):
    """监管检查 as a file."""

    things = CHECKS
    title = gettext_lazy("导出检查清单")
    filterset_class = CheckFilter

    def rows(self, seen: Any) -> Any:
        """Return what the list of the page holds."""
        assert self.by is not None  # nobody gets here without an office
        return check_list(self.by)

    def sheet(self, rows: Any) -> Sheet:
        """Return the table of the page."""
        return sheet_of_checks(rows)


class Findings(Listing):
    """违诺问题."""

    things = FINDINGS
    title = gettext_lazy("违诺问题清单")
    filterset_class = FindingFilter


ADDRESSES = [
    path("checks/", Checks.as_view(), name="check_list"),
    path("checks/export/", CheckExport.as_view(), name="check_export"),
    path("findings/", Findings.as_view(), name="finding_list"),
    *addresses(FILINGS, *FILING_STEPS),
    *addresses(CHECKS, *CHECK_STEPS),
    *addresses(FINDINGS, *FINDING_STEPS),
]
