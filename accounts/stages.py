"""What an organisation can be, and in which role a person can act."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """Kinds of organisation."""

    ENTERPRISE = "enterprise", _("企业")
    DEPARTMENT = "department", _("部门")
    COUNTY = "county", _("县")


class Role(models.TextChoices):
    """Roles; system and public are named actors too, so that no act in the ledger is nobody's."""

    ENTERPRISE = "enterprise", _("企业经办人")
    CLERK = "clerk", _("部门经办人")
    HEAD = "head", _("部门负责人")
    WINDOW = "window", _("窗口人员")
    CONVENOR = "convenor", _("召集人")
    SUPERVISOR = "supervisor", _("效能监督")
    ADMINISTRATOR = "administrator", _("县管理员")
    SYSTEM = "system", _("系统")
    PUBLIC = "public", _("社会公众")


class Scope(models.TextChoices):
    """What a program may do with a token; who acts may read, too."""

    READ = "read", _("只读")
    ACT = "act", _("读取和办理")
