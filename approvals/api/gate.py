"""开工条件 for programs: everything that still keeps the start gate of a filing shut, each with whose move it is."""

from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from approvals.api.filings import FILINGS
from approvals.models import Filing
from core.steps.api import One


class GateMissing(serializers.Serializer):
    """One thing that is missing: what, whose move it is, why."""

    subject = serializers.CharField()
    whose = serializers.CharField()
    reason = serializers.CharField()


class GateShown(serializers.Serializer):
    """The start gate: open or shut, and all that is missing; a deemed opinion opens nothing."""

    filing = serializers.CharField(source="public_id")
    stage = serializers.CharField()
    start_notified_at = serializers.DateTimeField(allow_null=True)
    open = serializers.SerializerMethodField()
    missing = serializers.SerializerMethodField()

    def _missing(self, filing: Filing) -> list[dict[str, str]]:
        known = self.context.setdefault("gate", {})
        if filing.pk not in known:
            known[filing.pk] = filing.gate_missing()
        found: list[dict[str, str]] = known[filing.pk]
        return found

    def get_open(self, filing: Filing) -> bool:
        """Return whether nothing is missing."""
        return not self._missing(filing)

    @extend_schema_field(GateMissing(many=True))
    def get_missing(self, filing: Filing) -> list[dict[str, str]]:
        """Return what is missing."""
        return self._missing(filing)


class Gate(One):
    """开工条件."""

    things = FILINGS
    operation = "filing_gate"
    title = _("开工条件还差什么、轮到谁")
    serializer_class = GateShown

    def answers(self, method: str) -> dict[Any, Any]:
        """Return the gate."""
        return {200: GateShown}


ADDRESSES = [path("filings/<slug:public_id>/gate/", Gate.as_view(), name="filing_gate")]
