"""How high a delay has been told, and on whom a running limit waits."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Rung(models.TextChoices):
    """The rungs of the ladder, from below."""

    RESPONSIBLE = "responsible", _("责任人")
    HEAD = "head", _("部门负责人")
    LEAD = "lead", _("牵头单位")
    LEADERSHIP = "leadership", _("县领导")


class Party(models.TextChoices):
    """On whom a limit waits."""

    ENTERPRISE = "enterprise", _("企业")
    DEPARTMENT = "department", _("部门")
    WINDOW = "window", _("窗口")
    CONVENOR = "convenor", _("召集人")
    NOBODY = "nobody", _("无人")
