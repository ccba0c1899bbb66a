"""What a virus scanner has said of a file."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Scan(models.TextChoices):
    """Whether a file was looked through; while it waits it is handed out to nobody."""

    NONE = "", _("未查毒")
    WAITING = "waiting", _("等待查毒")
    CLEAN = "clean", _("查毒未发现问题")
    INFECTED = "infected", _("查毒发现恶意代码")
