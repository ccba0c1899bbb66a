"""消息."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotifyConfig(AppConfig):
    """消息."""

    name = "core.notify"
    label = "notify"
    verbose_name = _("消息")

    def ready(self) -> None:
        """Let the settings be checked at the start."""
        from core.notify import checks  # noqa: F401, PLC0415 - app ready
