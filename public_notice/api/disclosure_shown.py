"""How requests for disclosure are shown to a program, and what their steps take."""

from typing import Any

from rest_framework import serializers

from core.steps.api.limits import Explained
from core.steps.api.named import MOST
from public_notice import policies
from public_notice.models import Disclosure, Inquiry
from public_notice.rules.disclosure import CHOSEN
from public_notice.stages import Applicant, DisclosureChannel, InquiryKind, Wanted


class InquiryShown(serializers.ModelSerializer):
    """What was asked of the applicant, a third party or another organ."""

    disclosure = serializers.CharField(source="disclosure.number")
    kind_label = serializers.CharField(source="get_kind_display")
    result_label = serializers.CharField(source="get_result_display")
    limit = Explained(source="*")

    class Meta:
        model = Inquiry
        fields = (
            "id", "disclosure", "kind", "kind_label", "whom", "text", "asked_at", "result", "result_label", "said",
            "settled_at", "limit",
        )  # fmt: skip


class RequestStanding(serializers.ModelSerializer):
    """A request as its applicant sees it."""

    stage_label = serializers.CharField(source="get_stage_display")
    result_label = serializers.CharField(source="get_result_display")
    limit = Explained(source="*")

    class Meta:
        model = Disclosure
        fields: tuple[str, ...] = (
            "number", "stage", "stage_label", "wanted", "form", "sent_at", "received_at", "extended_at", "result",
            "result_label", "reply", "closed_at", "limit",
        )  # fmt: skip


class ReceiptOfRequest(RequestStanding):
    """The receipt: number and code follow the request; the code is shown to nobody else."""

    class Meta(RequestStanding.Meta):
        fields = (*RequestStanding.Meta.fields, "code")


class DisclosureShown(RequestStanding):
    """A request for the county's staff; who asks and how to reach them is for the window alone."""

    class Meta(RequestStanding.Meta):
        fields = (
            "id", *RequestStanding.Meta.fields, "channel", "applicant", "name", "identity", "contact", "longer_days",
            "longer_reason", "escalated_at",
        )  # fmt: skip

    def to_representation(self, disclosure: Disclosure) -> dict[str, Any]:
        """Keep from others than the window who it is."""
        shown: dict[str, Any] = super().to_representation(disclosure)
        if policies.window(None, self.context.get("by")):
            return shown
        return shown | {"name": "", "identity": "", "contact": ""}


class RequestBody(serializers.Serializer):
    """What the law asks of a request (art. 29); nobody is asked what for."""

    applicant = serializers.ChoiceField(Applicant.choices)
    name = serializers.CharField(max_length=60)
    identity = serializers.CharField(max_length=60)
    contact = serializers.CharField(max_length=200)
    wanted = serializers.CharField(max_length=2000)
    form = serializers.ChoiceField(Wanted.choices)


class RegisterBody(RequestBody):
    """The same, and how it came."""

    channel = serializers.ChoiceField(
        [c for c in DisclosureChannel.choices if c[0] != DisclosureChannel.WEB]
    )
    signed_on = serializers.DateField(required=False, allow_null=True)


class Receipt(serializers.Serializer):
    """Number and code of a request."""

    number = serializers.CharField(max_length=40)
    code = serializers.CharField(max_length=20)


class SupplementBody(Receipt):
    """What is added to an unclear request."""

    text = serializers.CharField(max_length=2000)


class CorrectionBody(serializers.Serializer):
    """What is unclear, all of it at once."""

    text = serializers.CharField(max_length=2000)


class ViewBody(serializers.Serializer):
    """Of whom a view is asked, and about what."""

    kind = serializers.ChoiceField(
        [c for c in InquiryKind.choices if c[0] != InquiryKind.CORRECTION]
    )
    whom = serializers.CharField(max_length=120)
    text = serializers.CharField(max_length=2000)


class SaidBody(serializers.Serializer):
    """What was answered."""

    agrees = serializers.BooleanField()
    said = serializers.CharField(max_length=2000)


class LongerBody(serializers.Serializer):
    """How many working days more, and why."""

    days = serializers.IntegerField(min_value=1, max_value=366)
    reason = serializers.CharField(max_length=300)


class ApproveBody(serializers.Serializer):
    """Whether the answer may take longer."""

    approved = serializers.BooleanField()


class DisclosureAnswer(serializers.Serializer):
    """What comes of the request, and the words of the answer."""

    result = serializers.ChoiceField([(r.value, r.label) for r in CHOSEN])
    reply = serializers.CharField(max_length=4000)


class AnnualLine(serializers.Serializer):
    """One line; the numbers by kind of applicant in the order of `Applicant`, their sum last."""

    group = serializers.CharField()
    label = serializers.CharField()
    numbers = serializers.ListField(child=serializers.IntegerField(min_value=0, max_value=MOST))


class ProactiveShown(serializers.Serializer):
    """What was to be published of one kind (empty: of all); `arose` is the sum of the other numbers."""

    kind = serializers.CharField(allow_blank=True)
    label = serializers.CharField(allow_blank=True)
    arose = serializers.IntegerField()
    in_time = serializers.IntegerField()
    late = serializers.IntegerField()
    running = serializers.IntegerField()
    overdue = serializers.IntegerField()
    undated = serializers.IntegerField()


class AnnualShown(serializers.Serializer):
    """The tables of a year; in each column received + carried_in = total + carried_out."""

    year = serializers.IntegerField()
    received = AnnualLine()
    carried_in = AnnualLine()
    results = AnnualLine(many=True)
    total = AnnualLine()
    carried_out = AnnualLine()
    proactive = ProactiveShown(many=True)
