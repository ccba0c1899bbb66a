"""Reference data of the county: organisations with their names, and people."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as LibraryUserAdmin
from django.contrib.auth.models import Group
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import County, Organisation, OrganisationName, User
from accounts.policies import administrator

admin.site.unregister(Group)  # what a person may do comes from memberships


def _may(request: HttpRequest) -> bool:
    """Staff who act as the county's administrator; the library's own permissions play no part."""
    staff = bool(getattr(request.user, "is_staff", False))
    return staff and administrator(None, getattr(request, "acting", None))


class ForAdministrator:
    """Looked at and changed by the administrator; nothing is ever deleted."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Show the section."""
        return _may(request)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Let look."""
        return _may(request)

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Let add."""
        return _may(request)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Let change."""
        return _may(request)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Never: what has been is kept; an authority that ends gets its last day."""
        return False


class ReadOnly(ForAdministrator):
    """Looked at only: editions never change, and the process has its own doors."""

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Never."""
        return False


class NameInline(ForAdministrator, admin.TabularInline):
    """The names of an organisation by their days."""

    model = OrganisationName
    extra = 0


@admin.register(Organisation)
class OrganisationAdmin(ForAdministrator, admin.ModelAdmin):
    """Departments and enterprises; the licence is confirmed at the window, not here."""

    list_display = ("code", "name", "kind", "uscc", "licence_confirmed_at")
    list_filter = ("kind",)
    search_fields = ("code", "name", "uscc")
    readonly_fields = ("licence_confirmed_at", "uscc_note")
    inlines = (NameInline,)


@admin.register(User)
class UserAdmin(ForAdministrator, LibraryUserAdmin):
    """Personal accounts; rights are not given here."""

    list_display = ("username", "name", "phone", "is_active", "is_staff")
    list_filter = ("is_active", "is_staff")
    search_fields = ("username", "name")
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("个人信息"), {"fields": ("name", "phone", "email")}),
        (_("状态"), {"fields": ("is_active", "is_staff", "last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {"fields": ("username", "name", "phone", "usable_password", "password1", "password2")},
        ),
    )


@admin.register(County)
class CountyAdmin(ReadOnly, admin.ModelAdmin):
    """What the pack says of the county."""

    list_display = ("code", "name", "window", "supervision")
