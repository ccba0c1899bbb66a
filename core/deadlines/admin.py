"""Calendars and rulebooks, to look at: editions never change, a new one comes with the county pack."""

from django.contrib import admin

from accounts.admin import ReadOnly
from core.deadlines.models import CalendarDay, CalendarEdition, RulebookEdition, RuleValue


class DayInline(ReadOnly, admin.TabularInline):
    """The days of an edition that differ from their weekday."""

    model = CalendarDay


@admin.register(CalendarEdition)
class CalendarEditionAdmin(ReadOnly, admin.ModelAdmin):
    """The calendar as it was known from a day on."""

    list_display = ("number", "known_from", "first_day", "last_day")
    inlines = (DayInline,)


@admin.register(RulebookEdition)
class RulebookEditionAdmin(ReadOnly, admin.ModelAdmin):
    """The numbers in force from a day on."""

    list_display = ("number", "in_force_from", "source")


@admin.register(RuleValue)
class RuleValueAdmin(ReadOnly, admin.ModelAdmin):
    """One number with its basis."""

    list_display = ("edition", "code", "name", "value", "unit", "bound", "basis", "certainty")
    list_filter = ("edition", "group", "certainty")
    list_select_related = ("edition",)
    search_fields = ("code", "name", "basis")
