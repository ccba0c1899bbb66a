"""环节."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class StepsConfig(AppConfig):
    """环节."""

    name = "core.steps"
    label = "steps"
    verbose_name = _("环节")

    def ready(self) -> None:
        """Keep the database's own lock on stages in step with the declared transitions."""
        from core.steps import pairs  # noqa: PLC0415 - app ready

        pre_migrate.connect(pairs.take_off, sender=self)
        post_migrate.connect(pairs.put_on, sender=self)
