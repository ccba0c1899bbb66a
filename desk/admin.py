"""Who acts for whom: appointed by the administrator, written down in the county's book."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.admin import ForAdministrator
from accounts.models import Membership
from core import clock
from core.ledger.services import county_book, lock, record


@admin.register(Membership)
class MembershipAdmin(ForAdministrator, admin.ModelAdmin):
    """Who acts for whom, in which role, from when to when."""

    list_display = ("user", "organisation", "role", "valid_from", "valid_to")
    list_filter = ("role",)
    list_select_related = ("user", "organisation")
    search_fields = ("user__username", "user__name", "organisation__name")
    autocomplete_fields = ("user", "organisation")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Person, organisation and role stand in the ledger: another one is another membership."""
        return ("user", "organisation", "role") if obj else ()

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: Any) -> None:
        """Write the appointment, or its new last day, into the county's book with the row itself."""
        book = county_book()
        lock(book.pk)
        super().save_model(request, obj, form, change)
        record(
            book,
            "appoint",
            by=request.acting,  # type: ignore[attr-defined]
            at=clock.now(),
            member=obj.reference,
            organisation=obj.organisation.code,
            role=obj.role,
            valid_from=obj.valid_from.isoformat(),
            valid_to=obj.valid_to.isoformat() if obj.valid_to else "",
        )
