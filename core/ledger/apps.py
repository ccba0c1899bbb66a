"""台账."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    """台账."""

    name = "core.ledger"
    label = "ledger"
    verbose_name = _("台账")

    def only_reads(self) -> str:
        """Return why nothing is written now; for the apps beside, which know this one by its name only."""
        from core.ledger import seen  # noqa: PLC0415 - models

        return seen.only_reads()
