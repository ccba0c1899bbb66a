"""Addresses of the desks."""

from django.urls import path

from desk.views import register

app_name = "desk"
urlpatterns = [path("register/", register.register, name="register")]
