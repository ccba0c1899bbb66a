"""后验."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InspectionConfig(AppConfig):
    """后验."""

    name = "inspection"
    verbose_name = _("后验")

    def ready(self) -> None:
        """Register what silence does to the limits of this desk."""
        from inspection.services import timeouts  # noqa: F401, PLC0415 - app ready
