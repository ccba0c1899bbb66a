"""The ledger, to look at."""

from django.contrib import admin

from accounts.admin import ReadOnly
from core.ledger.models import Book, Entry


@admin.register(Book)
class BookAdmin(ReadOnly, admin.ModelAdmin):
    """The books with where they stand."""

    list_display = ("code", "sequence", "next_due", "head")
    search_fields = ("code",)


@admin.register(Entry)
class EntryAdmin(ReadOnly, admin.ModelAdmin):
    """The entries, newest first."""

    list_display = ("book", "sequence", "act", "actor", "event_at", "entered_at")
    list_select_related = ("book", "actor__user", "actor__organisation")
    list_filter = ("act",)
    search_fields = ("book__code", "act")
    ordering = ("-pk",)
