"""文书与附件."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    """文书与附件."""

    name = "core.documents"
    label = "documents"
    verbose_name = _("文书与附件")

    def ready(self) -> None:
        """Register the check that the renderer's libraries and fonts are there."""
        from core.documents import checks  # noqa: F401, PLC0415 - app ready
