"""The administration site, entered through the same login as everything else."""

from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig
from django.db.models.signals import pre_migrate

from config.half_way import refuse_half_way, refuse_twin_scans


class AdminConfig(DjangoAdminConfig):
    """Reference data only: filings and ledger entries have no form here."""

    default_site = "config.site.AdminSite"

    def ready(self) -> None:
        """Look at the database before it is migrated."""
        super().ready()
        pre_migrate.connect(refuse_half_way, sender=self, dispatch_uid="half way")
        pre_migrate.connect(refuse_twin_scans, sender=self, dispatch_uid="twin scans")
