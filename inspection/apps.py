"""后验."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InspectionConfig(AppConfig):
    """后验."""

    name = "inspection"
    verbose_name = _("后验")
