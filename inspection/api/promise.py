"""承诺与实际 for programs: dates and amounts that were promised beside the real ones, and whose the days were."""

from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from approvals.api.filings import FILINGS
from approvals.models import Filing
from core import clock
from core.steps.api import One
from inspection.models import EarlyStart
from inspection.queries.amounts import amounts_of
from inspection.queries.closing import days_by_party, promises_of, spans_of


class DateKept(serializers.Serializer):
    """A day that was promised beside the real one; `late_days` are natural days, negative where it was early.

    `key` is start, completion, closed, production, or `node:` and the code of a node of the works. Of the days between,
    `stood_days` do not count against the enterprise: the clock, or the works, stood by a stop order or for force
    majeure; `counted_late_days` are what is left of a delay.
    """

    key = serializers.CharField()
    promised = serializers.DateField(allow_null=True)
    real = serializers.DateField(allow_null=True)
    late_days = serializers.IntegerField(source="late", allow_null=True)
    stood_days = serializers.IntegerField(source="stood")
    counted_late_days = serializers.IntegerField(source="counted", allow_null=True)


class AmountKept(serializers.Serializer):
    """An amount of the filing beside the one stated at completion, and the real one in percent of it."""

    key = serializers.ChoiceField(["floor_area", "investment"])
    unit = serializers.CharField()
    promised = serializers.DecimalField(12, 2, allow_null=True)
    real = serializers.DecimalField(12, 2, allow_null=True)
    percent = serializers.IntegerField(source="share", allow_null=True)


class PartyDays(serializers.Serializer):
    """How many days a party had, by the stages of the ledger; `working` is null where a year has no calendar."""

    party = serializers.ChoiceField(
        ["enterprise", "window", "departments", "public", "works"], source="key"
    )
    natural = serializers.IntegerField(source="days")
    working = serializers.IntegerField(allow_null=True)


class EarlyStartSaid(serializers.Serializer):
    """Works that had begun on a day, while so many conditions of the start gate were missing."""

    began_on = serializers.DateField()
    missing = serializers.SerializerMethodField()

    def get_missing(self, found: EarlyStart) -> int:
        """Return how many were missing."""
        return len(found.missing)


class PromiseShown(serializers.Serializer):
    """What was promised and what came of it. No difference is a ground for anything by itself."""

    filing = serializers.CharField(source="public_id")
    scale = serializers.CharField()
    dates = serializers.SerializerMethodField()
    amounts = serializers.SerializerMethodField()
    early_starts = serializers.SerializerMethodField()
    days = serializers.SerializerMethodField()

    @extend_schema_field(EarlyStartSaid(many=True))
    def get_early_starts(self, filing: Filing) -> Any:
        """Return when the works were seen to have begun before the gate was open."""
        return EarlyStartSaid(filing.early_starts.all(), many=True).data

    @extend_schema_field(DateKept(many=True))
    def get_dates(self, filing: Filing) -> Any:
        """Return the days."""
        return DateKept(promises_of(filing), many=True).data

    @extend_schema_field(AmountKept(many=True))
    def get_amounts(self, filing: Filing) -> Any:
        """Return the amounts."""
        return AmountKept(amounts_of(filing), many=True).data

    @extend_schema_field(PartyDays(many=True))
    def get_days(self, filing: Filing) -> Any:
        """Return whose the days were."""
        return PartyDays(days_by_party(spans_of(filing, clock.now())), many=True).data


class Promise(One):
    """承诺与实际."""

    things = FILINGS
    operation = "filing_promise"
    title = _("承诺与实际")
    serializer_class = PromiseShown

    def answers(self, method: str) -> dict[Any, Any]:
        """Return the comparison."""
        return {200: PromiseShown}


ADDRESSES = [path("filings/<slug:public_id>/promise/", Promise.as_view(), name="filing_promise")]
