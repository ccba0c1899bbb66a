"""The site map on one screen."""

urlpatterns: list = []
