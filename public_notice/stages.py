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
    SET_ASIDE = "set_aside", _("不属于异议")


class ProposalKind(models.TextChoices):
    """What about a notice one person proposes and another decides."""

    TAKE_DOWN = "take_down", _("撤下公示（提前结束）")
    HIDE = "hide", _("隐藏一件异议的文字")
    OVERRULE = "overrule", _("不采信自检警报，恢复计日")


class ProposalState(models.TextChoices):
    """Where a proposal stands."""

    ASKED = "asked", _("待第二人决定")
    GRANTED = "granted", _("已同意")
    REFUSED = "refused", _("未同意")


class Shown(models.TextChoices):
    """What a self-check found of a public page."""

    WHOLE = "whole", _("可以打开，内容一致")
    CHANGED = "changed", _("能打开，内容与公示文书不一致")
    NO_ANSWER = "no_answer", _("打不开")


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
