"""Addresses of a person's own account; login and password are the library's."""

from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [path("acting/", views.switch, name="acting")]
