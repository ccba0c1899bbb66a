"""公示与公开."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PublicNoticeConfig(AppConfig):
    """公示与公开."""

    name = "public_notice"
    verbose_name = _("公示与公开")

    def ready(self) -> None:
        """Register what silence does to the limits of this desk, and what the desk offers on a case."""
        from core.steps.correcting import AGAINST, FOLLOWERS  # noqa: PLC0415 - app ready
        from core.steps.papers import KEPT_INSIDE, READ_AGAIN  # noqa: PLC0415 - app ready
        from public_notice import services  # noqa: F401, PLC0415 - app ready
        from public_notice.services import (  # noqa: F401, PLC0415 - app ready
            confidential,
            correcting,
            objection_papers,
            reading,
        )
        from public_notice.services.disclosures import silence  # noqa: F401, PLC0415 - app ready
        from public_notice.services.mailbox import silence as _late  # noqa: F401, PLC0415 - app ready
        from public_notice.views import offers  # noqa: F401, PLC0415 - app ready

        KEPT_INSIDE.append(reading.names_somebody)
        KEPT_INSIDE.append(confidential.says_what_is_withheld)
        READ_AGAIN.append(reading.left_in_file)
        AGAINST.append(correcting.against)
        FOLLOWERS.append(correcting.follow)
