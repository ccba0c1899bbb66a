"""现场检查: what two officers enter on the works by telephone: photographs, and what the enterprise's person says."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from approvals.models import Clause
from approvals.models.device import DeviceEntry, Located
from core.documents.models import Attachment
from inspection.models.works import Check
from inspection.stages import Signing


class CheckPhoto(DeviceEntry, Located):
    """检查照片: the original as it came, with its digest; what is shown is drawn anew, without the device's data.

    What arrived after the check was recorded is kept and not `counted`: it does not stand on the record.
    """

    visit = models.ForeignKey(Check, models.PROTECT, related_name="photos")
    clause = models.ForeignKey(Clause, models.PROTECT, null=True, blank=True, related_name="+")
    file = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    sha256 = models.CharField(_("摘要"), max_length=64)
    digested_on_device = models.BooleanField(_("摘要由设备计算"))

    class Meta(DeviceEntry.Meta):
        abstract = False
        verbose_name = verbose_name_plural = _("检查照片")


class CheckStatement(DeviceEntry):
    """现场陈述: what the enterprise's person on the site said, with a signature drawn there or the refusal to sign.

    The signature is evidence that the person was there, and no electronic signature in the sense of 电子签名法. A
    refusal is witnessed by two officers with their cards. Of several that came in time, the last one stands.
    """

    visit = models.ForeignKey(Check, models.PROTECT, related_name="statements")
    signing = models.CharField(_("签字情况"), max_length=8, choices=Signing.choices)
    name = models.CharField(_("姓名"), max_length=60, blank=True)
    role = models.CharField(_("身份"), max_length=60, blank=True)
    text = models.TextField(_("陈述"), max_length=2000, blank=True)
    reason = models.CharField(_("拒签理由"), max_length=300, blank=True)
    witnesses = models.JSONField(_("见证人员"), default=list, blank=True)
    signature = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+"
    )
    sha256 = models.CharField(_("签名摘要"), max_length=64, blank=True)
    drawn = models.BooleanField(_("在屏幕上手写"), default=False)

    class Meta(DeviceEntry.Meta):
        abstract = False
        verbose_name = verbose_name_plural = _("现场陈述")
        constraints = (
            models.CheckConstraint(
                condition=(
                    Q(signing=Signing.SIGNED, signature__isnull=False, reason="") & ~Q(name="")
                )
                | (Q(signing=Signing.REFUSED, signature__isnull=True) & ~Q(reason="")),
                name="statement_is_signed_or_refused_with_a_reason",
            ),
        )
