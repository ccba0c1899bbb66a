"""Ways out of the system."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Way(models.TextChoices):
    """By what a message leaves; in the system it is there already."""

    MAIL = "mail", _("电子邮件")
    GATEWAY = "gateway", _("短信或即时消息网关")
