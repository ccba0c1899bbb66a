"""The catalogue, regions and industries, to look at: they come with the county pack. Filings have no form here."""

from django.contrib import admin

from accounts.admin import ReadOnly
from approvals.models import (
    CatalogueClause,
    CatalogueEdition,
    CatalogueItem,
    CatalogueMaterial,
    Industry,
    Question,
    Region,
)


class MaterialInline(ReadOnly, admin.TabularInline):
    """What an item needs."""

    model = CatalogueMaterial


class ClauseInline(ReadOnly, admin.TabularInline):
    """What is promised for an item."""

    model = CatalogueClause


@admin.register(CatalogueEdition)
class CatalogueEditionAdmin(ReadOnly, admin.ModelAdmin):
    """The editions."""

    list_display = ("number", "in_force_from", "source")


@admin.register(CatalogueItem)
class CatalogueItemAdmin(ReadOnly, admin.ModelAdmin):
    """The items with their materials and clauses."""

    list_display = ("edition", "code", "name", "item_class", "department", "red_line", "certainty")
    list_filter = ("edition", "item_class", "red_line")
    list_select_related = ("edition", "department")
    search_fields = ("code", "name")
    inlines = (MaterialInline, ClauseInline)


@admin.register(Question)
class QuestionAdmin(ReadOnly, admin.ModelAdmin):
    """The questionnaire."""

    list_display = ("edition", "order", "fact")
    list_filter = ("edition",)
    list_select_related = ("edition",)


@admin.register(Region)
class RegionAdmin(ReadOnly, admin.ModelAdmin):
    """The places of the county."""

    list_display = ("code", "name", "level", "seen_from", "seen_to")


@admin.register(Industry)
class IndustryAdmin(ReadOnly, admin.ModelAdmin):
    """The sections of the classification."""

    list_display = ("section", "name", "edition_year")
