"""Addresses of the desks."""

from django.urls import path

from desk.views import case, home, register, supervision, tokens

app_name = "desk"
urlpatterns = [
    path("desk/", home.home, name="home"),
    path("desk/read/", home.read_all, name="read_all"),
    path("cases/<slug:public_id>/", case.case, name="case"),
    path("supervision/", supervision.supervision, name="supervision"),
    path("county/", supervision.county, name="county"),
    path("account/tokens/", tokens.tokens, name="tokens"),
    path("account/tokens/<int:pk>/revoke/", tokens.revoke, name="revoke_token"),
    path("register/", register.register, name="register"),
]
