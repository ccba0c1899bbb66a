"""工作台."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    """工作台."""

    name = "desk"
    verbose_name = _("工作台")

    def ready(self) -> None:
        """Let those who keep the calendar, or load past filings, read the files that came with it."""
        from accounts.policies import administrator, reads_calendars  # noqa: PLC0415 - app ready
        from approvals.queries import FILES_SEEN  # noqa: PLC0415 - app ready
        from core.deadlines.models import CalendarEdition  # noqa: PLC0415 - app ready
        from desk.models import PastBatch  # noqa: PLC0415 - app ready

        def of_calendar(kept: Any, by: Any) -> bool:
            """Tell whether a file came with an edition of the calendar, to whoever keeps it."""
            mine = reads_calendars(None, by)
            return mine and CalendarEdition.objects.filter(attachment=kept).exists()

        def of_past(kept: Any, by: Any) -> bool:
            """Tell whether a file is one that past filings were loaded from, to the administrator."""
            return administrator(None, by) and PastBatch.objects.filter(file=kept).exists()

        FILES_SEEN.extend((of_calendar, of_past))
