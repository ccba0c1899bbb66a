"""The administration site: for the county's administrator, with the ordinary login."""

from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _


class AdminSite(admin.AdminSite):
    """Reference data of the county."""

    site_header = site_title = _("承诺通 · 基础数据")

    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Send everyone through the site's own login, with its limits on guessing."""
        return login_required(super().login)(request, extra_context)
