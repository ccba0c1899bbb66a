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


class PastOutcome(models.TextChoices):
    """How a filing of the years before the system ended, as the old book has it."""

    COMPLETED = "completed", _("办结")
    BUILDING = "building", _("建设中")
    STARTED = "started", _("已开工")
    ORDINARY = "ordinary", _("转一般程序")
    REFUSED = "refused", _("不予受理")
    RETURNED = "returned", _("退件")
    NOT_PASSED = "not_passed", _("预审不通过")
    WITHDRAWN = "withdrawn", _("撤回")
    REVOKED = "revoked", _("撤销")
    UNKNOWN = "unknown", _("不详")
