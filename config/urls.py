"""The site map on one screen."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from desk.views.login import login

urlpatterns = [
    path("", include("public_notice.urls")),
    path("", include("desk.urls")),
    path("", include("approvals.urls")),
    path("", include("prereview.urls")),
    path("", include("inspection.urls")),
    path("", include("accounts.urls")),
    path("accounts/login/", login, name="account_login"),
    path("accounts/", include("allauth.urls")),
    path("language/", login_not_required(set_language), name="set_language"),
    path("admin/", admin.site.urls),
    path("api/", include("config.api")),
]

handler400 = "config.refusals.malformed"
handler403 = "config.refusals.forbidden"
handler404 = "config.refusals.not_found"
handler500 = "config.refusals.fault"
