"""环节."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StepsConfig(AppConfig):
    """环节."""

    name = "core.steps"
    label = "steps"
    verbose_name = _("环节")
