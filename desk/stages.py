"""How high a delay has been told, on whom a running limit waits, and where a draft of the catalogue stands."""

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


class DraftState(models.TextChoices):
    """States of a draft of the catalogue; the last two are for ever."""

    OPEN = "open", _("起草中")
    PROPOSED = "proposed", _("待第二人签字")
    ADOPTED = "adopted", _("已通过")
    WITHDRAWN = "withdrawn", _("已作废")


class EditionOrigin(models.TextChoices):
    """Where an edition of the catalogue came from."""

    PACK = "pack", _("县规则包")
    DRAFT = "draft", _("草案通过")
    REVOCATION = "revocation", _("撤销未施行的一版")


class ChangeKind(models.TextChoices):
    """What somebody did to a draft."""

    ADDED = "added", _("新增一行")
    CHANGED = "changed", _("修改一行")
    STRUCK = "struck", _("删除一行")
    TABLE = "table", _("上传整表")
