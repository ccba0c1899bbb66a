"""后验."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InspectionConfig(AppConfig):
    """后验."""

    name = "inspection"
    verbose_name = _("后验")

    def ready(self) -> None:
        """Register what silence does to the limits of this desk, and what it offers on a case."""
        from approvals.services.counter import OWED_NO_MORE  # noqa: PLC0415 - app ready
        from inspection.services import repair_papers, timeouts  # noqa: F401, PLC0415 - app ready
        from inspection.services.reports import is_owed_no_more  # noqa: PLC0415 - app ready
        from inspection.views import offers  # noqa: F401, PLC0415 - app ready

        OWED_NO_MORE.append(is_owed_no_more)
