"""工作台."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    """工作台."""

    name = "desk"
    verbose_name = _("工作台")
