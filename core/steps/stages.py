"""How a paper can be signed, where a scan of it stands, and what is found of a file that somebody holds."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Method(models.TextChoices):
    """Methods of signing and sealing that are verified; a paper without one is not called signed."""

    SCAN = "scan", _("盖章原件的扫描件，经第二人核对")
    CERTIFICATE = "pdf", _("单位数字证书的 PDF 电子签名")


class SealState(models.TextChoices):
    """A scan counts for nothing before a second person has compared it with the paper."""

    WAITING = "waiting", _("待第二人核对")
    VERIFIED = "verified", _("已核验")
    REFUSED = "refused", _("不予确认")


class Verdict(models.TextChoices):
    """What is found of a file, by its digest alone."""

    OURS = "ours", _("是本系统制发的文书，一个字节都不差")
    SIGNED = "signed", _("是本系统制发的文书，带有单位电子签名")
    SCAN = "scan", _("是盖章原件的扫描件，经第二人核对")
    OTHER = "other", _("是本系统制发的文书，但不是这个校验码的那一份")
    ADDED = "added", _("前面是本系统的文书，后面另加了内容，不是制发的那一份")
    UNKNOWN = "unknown", _("不是本系统制发的文件")
