"""送达记录: what was tried to reach a department, one row per attempt and per receipt; never changed, never deleted."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from approvals.stages import BY_HAND, Channel
from core.documents.models import Attachment


class Attempt(models.Model):
    """送达记录: channel, moment, who served, who took it, and the proof; the database refuses any change."""

    channel = models.CharField(_("送达方式"), max_length=8, choices=Channel.choices)
    received = models.BooleanField(_("已签收"))
    moment = models.DateTimeField(_("时间"))
    served_by = models.ForeignKey(
        Membership, models.PROTECT, related_name="+", verbose_name=_("送达人")
    )
    witness = models.CharField(_("在场第二人"), max_length=60, blank=True)
    acknowledged_by = models.ForeignKey(
        Membership,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("签收人"),
    )
    receiver = models.CharField(_("书面签收（接听）人"), max_length=60, blank=True)
    note = models.CharField(_("未送达的情况"), max_length=200, blank=True)
    proof = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("凭证")
    )

    class Meta:
        abstract = True
        ordering = ("moment", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(received=False)
                | (~Q(channel__in=BY_HAND) & Q(acknowledged_by__isnull=False))
                | (Q(channel__in=BY_HAND) & Q(proof__isnull=False) & ~Q(receiver="")),
                name="%(class)s_receipt_is_proven",
                violation_error_message=_("没有签收人和凭证的，不能认定送达。"),
            ),
            models.CheckConstraint(
                condition=~Q(channel=Channel.PHONE) | ~Q(witness=""),
                name="%(class)s_telephone_has_two",
                violation_error_message=_("电话通知必须有两人在场。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.moment:%Y-%m-%d %H:%M}"
