"""Where a notice can stand, and what an objection comes to. Imports nothing of ours."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class NoticeStage(models.TextChoices):
    """Stages of a notice."""

    RUNNING = "running", _("公示中")
    CONTESTED = "contested", _("期满，异议待答复")
    CLEAN = "clean", _("公示期满，无未决异议")
    UPHELD = "upheld", _("异议成立，公示终止")
    WITHDRAWN = "withdrawn", _("撤下")


class Finding(models.TextChoices):
    """What the window found of an objection."""

    OPEN = "open", _("办理中")
    NOT_UPHELD = "not_upheld", _("异议不成立")
    PARTLY = "partly", _("部分成立，已更正")
    UPHELD = "upheld", _("异议成立")


class BulletinState(models.TextChoices):
    """Where the bulletin of a month stands."""

    DRAFTED = "drafted", _("通报待审核")
    SENT_BACK = "sent_back", _("通报退回")
    KEPT_INSIDE = "inside", _("已审核，不公开")
    PUBLISHED = "published", _("通报已公开")


class Score(models.IntegerChoices):
    """What an enterprise says of how its case was handled."""

    VERY_GOOD = 5, _("很满意")
    GOOD = 4, _("满意")
    FAIR = 3, _("基本满意")
    POOR = 2, _("不满意")
    VERY_POOR = 1, _("很不满意")


class Matter(models.TextChoices):
    """The five kinds of what is published (五公开), and what is not."""

    DECISION = "decision", _("决策公开")
    EXECUTION = "execution", _("执行公开")
    MANAGEMENT = "management", _("管理公开")
    SERVICE = "service", _("服务公开")
    RESULT = "result", _("结果公开")
    WITHHELD = "withheld", _("不予公开")


class OpenEvent(models.TextChoices):
    """From what something to be published arises; without one a matter is simply kept up to date."""

    CATALOGUE = "catalogue", _("事项清单新版施行")
    RULEBOOK = "rulebook", _("期限规则新版施行")
    NOTICE = "notice", _("承诺书核验")
    BULLETIN = "bulletin", _("有默认的月份结束")
    BY_HAND = "by_hand", _("公开主体登记")


class Timeliness(models.TextChoices):
    """How a publication stands against its limit."""

    IN_TIME = "in_time", _("按期公开")
    LATE = "late", _("逾期公开")
    RUNNING = "running", _("待公开")
    OVERDUE = "overdue", _("逾期未公开")
    UNDATED = "undated", _("到期日待定")
