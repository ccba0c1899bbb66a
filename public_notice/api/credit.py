"""失信认定公示 for programs: what is on show at this instant, open to everybody."""

from typing import Any

import django_filters as filters
from django.urls import path
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from core import clock
from core.documents.sheets import Sheet
from core.steps.api import Export, Listing, Things
from inspection.models import Measure
from public_notice.api.notices import LABEL
from public_notice.queries.credit import found, in_public, marks_shown, sheet_of_shown


class CreditMarkShown(serializers.ModelSerializer):
    """A mark as the public reads it; `until` is its last day."""

    enterprise = serializers.SerializerMethodField()
    uscc = serializers.SerializerMethodField()
    grade = serializers.CharField(source="severity")
    organ = serializers.SerializerMethodField()
    number = serializers.SerializerMethodField()
    decided_on = serializers.DateField(source="organ_decided_on")
    until = serializers.DateField(source="shown_until")

    class Meta:
        model = Measure
        fields = (
            "id",
            "enterprise",
            "uscc",
            "grade",
            "ground",
            "organ",
            "number",
            "decided_on",
            "until",
        )

    def get_enterprise(self, mark: Measure) -> str:
        """Return the enterprise's name."""
        return str(in_public(mark)["enterprise"]["name"])

    def get_uscc(self, mark: Measure) -> str:
        """Return the enterprise's unified social credit code."""
        return str(in_public(mark)["enterprise"]["uscc"])

    def get_organ(self, mark: Measure) -> str:
        """Return the organ that decided it, masked as everywhere."""
        return str(in_public(mark)["organ"])

    def get_number(self, mark: Measure) -> str:
        """Return the number of its paper, masked as everywhere."""
        return str(in_public(mark)["number"])


def _on_show(_by: Any) -> Any:
    return marks_shown(clock.now())


MARKS = Things("credit-marks", "credit_mark", LABEL, Measure, _on_show, CreditMarkShown)


class MarkFilter(filters.FilterSet):
    """Marks by the words of their enterprise, its code, organ or number."""

    q = filters.CharFilter(
        method="holds", label=_("企业、统一社会信用代码、认定机关、文号中的字词")
    )

    class Meta:
        model = Measure
        fields: list[str] = []

    def holds(self, rows: Any, name: str, words: str) -> Any:
        """Keep those that hold each of the words."""
        return found(rows, words)


class Marks(Listing):
    """失信认定公示."""

    things = MARKS
    public = True
    title = _("失信认定公示清单")
    filterset_class = MarkFilter


class MarkExport(Export):
    """The marks on show as a file."""

    things = MARKS
    public = True
    title = _("导出失信认定公示")
    filterset_class = MarkFilter

    def sheet(self, rows: Any) -> Sheet:
        """Return the table of the page."""
        return sheet_of_shown(rows)


ADDRESSES = [
    path("credit-marks/", Marks.as_view(), name="credit_mark_list"),
    path("credit-marks/export/", MarkExport.as_view(), name="credit_mark_export"),
]
