"""公示与公开."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PublicNoticeConfig(AppConfig):
    """公示与公开."""

    name = "public_notice"
    verbose_name = _("公示与公开")
