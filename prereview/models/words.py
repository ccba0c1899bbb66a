"""意见之外: words that are no outcome yet — begun and not sent, or come by another channel."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from approvals.stages import BY_HAND, Channel
from core.documents.models import Attachment
from prereview.models.slot import Slot
from prereview.stages import Position


class OpinionDraft(models.Model):
    """意见草稿: begun and not sent. It blocks no default; then it is kept, marked late, and not counted."""

    slot = models.OneToOneField(Slot, models.PROTECT, related_name="draft")
    position = models.CharField(_("意见"), max_length=16, choices=Position.choices, blank=True)
    reason = models.TextField(_("理由"), blank=True)
    clause = models.CharField(_("法律条款"), max_length=200, blank=True)
    conditions = models.JSONField(_("条件"), default=list, blank=True)
    saved_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(_("保存时间"))
    sent_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    late_at = models.DateTimeField(_("迟到"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("意见草稿")
        ordering = ("slot",)
        constraints = (
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(late_at__isnull=True),
                name="draft_is_sent_or_late",
            ),
        )

    def __str__(self) -> str:
        return str(self.slot)


class EnteredOpinion(models.Model):
    """其他渠道意见: what a department said on paper or by telephone, as the window entered it; never changed."""

    slot = models.ForeignKey(Slot, models.PROTECT, related_name="entered")
    channel = models.CharField(
        _("来文方式"), max_length=8, choices=[(c.value, c.label) for c in BY_HAND]
    )
    position = models.CharField(_("意见"), max_length=16, choices=Position.choices, blank=True)
    reason = models.TextField(_("理由"), blank=True)
    clause = models.CharField(_("法律条款"), max_length=200, blank=True)
    conditions = models.JSONField(_("条件"), default=list, blank=True)
    speaker = models.CharField(_("签发（来电）人"), max_length=60)
    witness = models.CharField(_("在场第二人"), max_length=60, blank=True)
    proof = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    entered_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    received_at = models.DateTimeField(_("收到时间"))
    invalid = models.CharField(_("形式不合"), max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("其他渠道意见")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=~Q(channel=Channel.PHONE) | ~Q(invalid=""),
                name="spoken_word_is_no_written_opinion",
            ),
        )

    def __str__(self) -> str:
        return f"{self.slot}: {self.get_channel_display()}"
