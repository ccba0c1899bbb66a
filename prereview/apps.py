"""联合勘察与联合预审."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrereviewConfig(AppConfig):
    """联合勘察与联合预审."""

    name = "prereview"
    verbose_name = _("联合勘察与联合预审")

    def ready(self) -> None:
        """Register what silence does to the limits of this desk, and what it offers on a case."""
        from core.steps import checking  # noqa: PLC0415 - app ready
        from prereview.queries.checking import standing_of_notice  # noqa: PLC0415 - app ready
        from prereview.services import opinion_papers, struck  # noqa: F401, PLC0415 - app ready
        from prereview.views import offers  # noqa: F401, PLC0415 - app ready

        checking.STANDINGS.append(standing_of_notice)
