"""项目主线."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApprovalsConfig(AppConfig):
    """项目主线."""

    name = "approvals"
    verbose_name = _("项目主线")

    def ready(self) -> None:
        """Register what silence does to the limits of this desk, and what the desk offers on a case."""
        from approvals.queries import FILES_SEEN, FILES_WITHHELD, KEPT_BACK  # noqa: PLC0415
        from approvals.queries import checking as letters  # noqa: PLC0415 - app ready
        from approvals.queries.people import (  # noqa: PLC0415 - app ready
            attorney_for_all_seen,
            attorney_withheld,
            attorneys_of,
            why_no_longer_agent,
            why_not_agent,
            why_typed_at_counter,
        )
        from approvals.services import files, moved, timeouts  # noqa: F401, PLC0415 - app ready
        from approvals.services.papers import on_request  # noqa: F401, PLC0415 - app ready
        from approvals.services.papers.english import ENGLISH  # noqa: PLC0415 - app ready
        from approvals.views import offers  # noqa: F401, PLC0415 - app ready
        from core.steps import checking, sealing  # noqa: PLC0415 - app ready
        from core.steps.papers import ADDITIONS  # noqa: PLC0415 - app ready
        from core.steps.reasons import WHY_NO_LONGER, WHY_NOT_YOURS  # noqa: PLC0415 - app ready

        ADDITIONS.append(ENGLISH)
        FILES_SEEN.append(attorney_for_all_seen)
        FILES_WITHHELD.append(attorney_withheld)
        KEPT_BACK.append(attorneys_of)
        WHY_NOT_YOURS.extend((why_not_agent, why_typed_at_counter))
        WHY_NO_LONGER.append(why_no_longer_agent)
        checking.STANDINGS.append(letters.standing_of_letter)
        checking.SIGNED.append(letters.signed_letter)
        checking.SCANNED.append(letters.letter_scanned)
        sealing.SIGNED_ELSEWHERE.append(letters.signed_by_the_enterprise)
