"""What follows a broken promise: intended, heard, decided; stops, the wish to leave, marks and their repair."""

from typing import Any

import django_filters as filters
from django.core.exceptions import ValidationError
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from accounts.models import Membership
from approvals.api.bodies import LongReason
from approvals.api.filings import FILINGS
from approvals.api.shown import File, PaperShown
from approvals.models import Filing
from core.steps.api import Listing, Step, Things, addresses
from core.steps.api.limits import Explained
from core.steps.api.named import Key
from inspection import policies, services
from inspection.api.of_case import LABEL, WithFile, of_case
from inspection.models import Measure, Repair
from inspection.stages import Ground, MeasureKind, MeasureState, RepairState, Severity

WORDS, MOST_MONTHS = 4000, 120


class RepairShown(serializers.ModelSerializer):
    """An application that a mark be taken down, and what became of it."""

    filing = serializers.CharField(source="measure.filing.public_id")
    measure = serializers.IntegerField(source="measure_id")
    attachment = File(allow_null=True)
    paper = PaperShown(allow_null=True)
    limit = Explained(source="*")

    class Meta:
        model = Repair
        fields = (
            "id", "filing", "measure", "text", "attachment", "applied_at", "state", "decided_at", "reason",
            "paper", "limit",
        )  # fmt: skip


class MeasureShown(serializers.ModelSerializer):
    """A measure: what is intended on which ground, what the enterprise said, what was decided, how long it is shown."""

    filing = serializers.CharField(source="filing.public_id")
    finding = serializers.IntegerField(source="finding_id", allow_null=True)
    correction_case = serializers.IntegerField(source="case_id", allow_null=True)
    state_label = serializers.CharField(source="get_state_display")
    notice = PaperShown(allow_null=True)
    views_file = File(allow_null=True)
    paper = PaperShown(allow_null=True)
    lifting_paper = PaperShown(allow_null=True)
    limit = Explained(source="*")

    class Meta:
        model = Measure
        fields = (
            "id", "filing", "kind", "ground", "finding", "correction_case", "severity", "text", "legal_basis",
            "scope", "state", "state_label", "proposed_at", "notice", "views", "views_at", "views_late", "views_file",
            "decided_at", "decision", "paper", "organ", "organ_number", "organ_decided_on", "months",
            "shown_until", "asked", "asked_at", "lifted_at", "lifting_paper", "limit",
        )  # fmt: skip


class Propose(serializers.Serializer):
    """What is intended; a finding of the case where the ground is a breach that was not mended."""

    kind = serializers.ChoiceField(MeasureKind.choices)
    ground = serializers.ChoiceField([c for c in Ground.choices if c[0] != Ground.WISH])
    finding = Key(required=False, allow_null=True, default=None)
    correction_case = Key(required=False, allow_null=True, default=None)
    severity = serializers.ChoiceField(
        Severity.choices, required=False, allow_blank=True, default=""
    )
    text = serializers.CharField(max_length=WORDS)
    legal_basis = serializers.CharField(max_length=200)
    scope = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


def intended(filing: Filing, data: dict[str, Any], _by: Membership) -> dict[str, Any]:
    """Return the intention as the service takes it; a finding that is not of the case is an error of the body."""
    number = data["finding"]
    finding = filing.findings.filter(pk=number).first() if number else None
    if number and finding is None:
        raise ValidationError({"finding": _("这个问题不属于本件。")})
    asked = data["correction_case"]
    case = filing.correction_cases.filter(pk=asked).first() if asked else None
    if asked and case is None:
        raise ValidationError({"correction_case": _("这件纠错事项不属于本件。")})
    said = {name: value for name, value in data.items() if name != "correction_case"}
    return {"intention": services.Intention(**{**said, "finding": finding, "case": case})}


class Decide(serializers.Serializer):
    """Imposed or dropped, with reasons; of a mark, what the competent organ decided."""

    imposed = serializers.BooleanField()
    reasons = serializers.CharField(max_length=WORDS)
    organ = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")
    organ_number = serializers.CharField(
        max_length=80, required=False, allow_blank=True, default=""
    )
    organ_decided_on = serializers.DateField(required=False, allow_null=True, default=None)
    severity = serializers.ChoiceField(
        Severity.choices, required=False, allow_blank=True, default=""
    )
    months = serializers.IntegerField(min_value=0, max_value=MOST_MONTHS, required=False, default=0)


def decided(_measure: Measure, data: dict[str, Any], _by: Membership) -> dict[str, Any]:
    """Return the decision as the service takes it."""
    organ = services.OrganDecision(
        organ=data["organ"], number=data["organ_number"], decided_on=data["organ_decided_on"],
        severity=data["severity"], months=data["months"],
    )  # fmt: skip
    return {"imposed": data["imposed"], "reasons": data["reasons"], "organ": organ}


class Reasons(serializers.Serializer):
    """Why."""

    reasons = serializers.CharField(max_length=2000)


class Text(serializers.Serializer):
    """What was mended, or how the danger was removed."""

    text = serializers.CharField(max_length=2000)


class Promise(WithFile):
    """What was mended, and the public promise."""

    promised = serializers.BooleanField()


class DecideRepair(Reasons):
    """Granted or refused."""

    granted = serializers.BooleanField()


MEASURES = Things(
    "measures", "measure", LABEL, Measure,
    of_case(Measure, "notice", "paper", "lifting_paper", "views_file", "proposed_by", "calendar"),
    MeasureShown,
)  # fmt: skip
REPAIRS = Things(
    "repairs", "repair", LABEL, Repair,
    of_case(
        Repair, "measure__proposed_by", "attachment", "paper", "calendar", by="measure__filing"
    ),
    RepairShown,
)  # fmt: skip
FILING_STEPS = (
    Step(
        "propose-measure", services.propose_measure, policies.proposes_measures,
        gettext_lazy("告知拟作的处理"), Propose, take=intended, shown=MeasureShown,
    ),
    Step(
        "request-exit", services.request_exit, policies.disposes,
        gettext_lazy("申请退出承诺制"), LongReason, shown=MeasureShown,
    ),
)  # fmt: skip
own, convenor = policies.own_enterprise_of, policies.convenor_of
MEASURE_STEPS = (
    Step("give-views", services.give_views, policies.disposes_of, gettext_lazy("陈述、申辩"), WithFile),
    Step("decide", services.decide_measure, policies.decides_measure, gettext_lazy("决定处理"), Decide, take=decided),
    Step("ask-lift", services.ask_lift, own, gettext_lazy("申请解除停工"), Text),
    Step("lift-stop", services.lift_stop, convenor, gettext_lazy("解除停工"), Reasons),
    Step("uphold-stop", services.uphold_stop, convenor, gettext_lazy("维持停工"), Reasons),
    Step(
        "apply-repair", services.apply_repair, policies.disposes_of, gettext_lazy("申请信用修复"), Promise,
        shown=RepairShown,
    ),
)  # fmt: skip
REPAIR_STEPS = (
    Step("decide", services.decide_repair, policies.decides_repair, gettext_lazy("决定信用修复"), DecideRepair),
)  # fmt: skip


class MeasureFilter(filters.FilterSet):
    """Measures by filing, kind and state."""

    filing = filters.CharFilter("filing__public_id", label=gettext_lazy("申报件"))
    kind = filters.MultipleChoiceFilter(choices=MeasureKind.choices, label=gettext_lazy("处理方式"))
    state = filters.MultipleChoiceFilter(choices=MeasureState.choices, label=gettext_lazy("状态"))

    class Meta:
        model = Measure
        fields: list[str] = []


class RepairFilter(filters.FilterSet):
    """Repairs by filing and state."""

    filing = filters.CharFilter("measure__filing__public_id", label=gettext_lazy("申报件"))
    state = filters.MultipleChoiceFilter(choices=RepairState.choices, label=gettext_lazy("状态"))

    class Meta:
        model = Repair
        fields: list[str] = []


class Measures(Listing):
    """处理."""

    things = MEASURES
    title = gettext_lazy("处理清单")
    filterset_class = MeasureFilter


class Repairs(Listing):
    """信用修复."""

    things = REPAIRS
    title = gettext_lazy("信用修复清单")
    filterset_class = RepairFilter


ADDRESSES = [
    path("measures/", Measures.as_view(), name="measure_list"),
    path("repairs/", Repairs.as_view(), name="repair_list"),
    *addresses(FILINGS, *FILING_STEPS),
    *addresses(MEASURES, *MEASURE_STEPS),
    *addresses(REPAIRS, *REPAIR_STEPS),
]
