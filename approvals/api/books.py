"""What is read only: the catalogue, the questions, the rulebook, places, industries, departments, limits."""

from typing import Any

from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.models import Organisation
from accounts.stages import Kind
from approvals.api.shown import Body
from approvals.models import (
    CatalogueClause,
    CatalogueItem,
    CatalogueMaterial,
    Industry,
    Region,
)
from approvals.queries import catalogue_at, catalogue_of, sites_on
from core import clock
from core.deadlines.models import RuleValue
from core.deadlines.queries import rulebook_at
from core.steps.api import Table

LABEL = _("目录、规则与区划")


class CatalogueMaterialShown(serializers.ModelSerializer):
    """What an item needs."""

    class Meta:
        model = CatalogueMaterial
        fields = ("name", "name_en", "form", "copies", "tolerable", "needed_by", "hint", "only_if")


class CatalogueClauseShown(serializers.ModelSerializer):
    """What the commitment to an item promises."""

    class Meta:
        model = CatalogueClause
        fields = (
            "number",
            "text",
            "standard",
            "checked_when",
            "how",
            "evidence",
            "severity",
            "safety",
        )


class CatalogueItemShown(serializers.ModelSerializer):
    """A matter with its basis, limits, red line and what silence may do."""

    department = Body()
    co_departments = Body(many=True)
    materials = CatalogueMaterialShown(many=True)
    clauses = CatalogueClauseShown(many=True)

    class Meta:
        model = CatalogueItem
        fields = (
            "code", "name", "name_en", "item_class", "department", "co_departments", "legal_basis",
            "legal_certainty", "statutory_days", "statutory_unit", "promised_days", "red_line",
            "red_line_basis", "applies_if", "opinion_default", "start_gate", "tolerance_model", "silence_note",
            "certainty",
            "materials", "clauses",
        )  # fmt: skip


class EditionShown(serializers.Serializer):
    """The catalogue in force with its items."""

    number = serializers.IntegerField()
    in_force_from = serializers.DateField()
    source = serializers.CharField()
    items = CatalogueItemShown(many=True)


class Catalogue(Table):
    """事项清单."""

    tag, title, operation = LABEL, _("现行事项清单"), "catalogue"
    serializer_class = EditionShown

    def table(self, by: Any) -> Any:
        """Return the edition in force."""
        edition = catalogue_at(clock.now())
        items = edition.items.select_related("department").prefetch_related(
            "co_departments", "materials", "clauses"
        )
        return {
            "number": edition.number,
            "in_force_from": edition.in_force_from,
            "source": edition.source,
            "items": items,
        }


class ChoiceShown(serializers.Serializer):
    """What can be answered."""

    value = serializers.CharField()
    zh = serializers.CharField()
    en = serializers.CharField()


class QuestionShown(serializers.Serializer):
    """A question of the questionnaire; `fact` is its name in the answers."""

    fact = serializers.CharField()
    question_zh = serializers.CharField()
    question_en = serializers.CharField()
    why_zh = serializers.CharField()
    why_en = serializers.CharField()
    type = serializers.CharField()
    multiple = serializers.BooleanField()
    asked_if = serializers.CharField()
    choices = ChoiceShown(many=True)


class Questions(Table):
    """问卷."""

    tag, title, operation, many = LABEL, _("问卷的问题"), "questions", True
    serializer_class = QuestionShown

    def table(self, by: Any) -> Any:
        """Return what is asked, in its order."""
        rows = catalogue_of(catalogue_at(clock.now())).questions
        return sorted((q for q in rows if q.order is not None), key=lambda q: q.order or 0)


class RuleShown(serializers.ModelSerializer):
    """One number of the county with its unit, basis and certainty."""

    class Meta:
        model = RuleValue
        fields = (
            "code", "group", "name", "name_en", "value", "unit", "starts_at", "bound", "basis", "certainty",
            "note",
        )  # fmt: skip


class RulebookShown(serializers.Serializer):
    """The rulebook in force."""

    number = serializers.IntegerField()
    in_force_from = serializers.DateField()
    source = serializers.CharField()
    values = RuleShown(many=True)


class Rulebook(Table):
    """办事规则."""

    tag, title, operation = LABEL, _("现行办事规则"), "rulebook"
    serializer_class = RulebookShown

    def table(self, by: Any) -> Any:
        """Return the edition in force."""
        return rulebook_at(clock.now())


class RegionShown(serializers.ModelSerializer):
    """A place of the county; `site` says whether a project can stand in it today."""

    site = serializers.SerializerMethodField()

    class Meta:
        model = Region
        fields = ("code", "name", "name_en", "level", "parent_code", "seen_from", "seen_to", "site")

    def get_site(self, region: Region) -> bool:
        """Return whether it is a town that exists today."""
        if "sites" not in self.context:
            day = timezone.localdate(clock.now())
            self.context["sites"] = set(sites_on(day).values_list("pk", flat=True))
        return region.pk in self.context["sites"]


class Regions(Table):
    """行政区划."""

    tag, title, operation, many = LABEL, _("行政区划"), "regions", True
    serializer_class = RegionShown

    def table(self, by: Any) -> Any:
        """Return every place."""
        return Region.objects.all()


class IndustryShown(serializers.ModelSerializer):
    """A section of GB/T 4754 with its divisions and the year of its edition."""

    class Meta:
        model = Industry
        fields = ("section", "name", "name_en", "division_from", "division_to", "edition_year")


class Industries(Table):
    """国民经济行业门类."""

    tag, title, operation, many = LABEL, _("国民经济行业门类"), "industries", True
    serializer_class = IndustryShown

    def table(self, by: Any) -> Any:
        """Return every section."""
        return Industry.objects.all()


class Departments(Table):
    """部门."""

    tag, title, operation, many = LABEL, _("部门"), "departments", True
    serializer_class = Body

    def table(self, by: Any) -> Any:
        """Return the county's departments."""
        return Organisation.objects.filter(kind=Kind.DEPARTMENT)


ADDRESSES = [
    path("catalogue/", Catalogue.as_view(), name="catalogue"),
    path("questions/", Questions.as_view(), name="questions"),
    path("rulebook/", Rulebook.as_view(), name="rulebook"),
    path("regions/", Regions.as_view(), name="regions"),
    path("industries/", Industries.as_view(), name="industries"),
    path("departments/", Departments.as_view(), name="departments"),
]
