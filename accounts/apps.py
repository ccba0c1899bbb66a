"""单位与人员."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """单位与人员."""

    name = "accounts"
    verbose_name = _("单位与人员")
