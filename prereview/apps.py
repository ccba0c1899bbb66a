"""联合勘察与联合预审."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrereviewConfig(AppConfig):
    """联合勘察与联合预审."""

    name = "prereview"
    verbose_name = _("联合勘察与联合预审")

    def ready(self) -> None:
        """Register what silence does to the limits of this desk."""
        from prereview import services  # noqa: F401, PLC0415 - app ready
