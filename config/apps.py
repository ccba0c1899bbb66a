"""The administration site, entered through the same login as everything else."""

from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class AdminConfig(DjangoAdminConfig):
    """Reference data only: filings and ledger entries have no form here."""

    default_site = "config.site.AdminSite"
