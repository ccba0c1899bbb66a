"""What is put right after a late opinion."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from approvals.models.filing import Filing
from core.documents.models import Attachment


class CorrectionCase(models.Model):
    """纠错: opened by a late opinion with its legal basis; it vetoes nothing and does not vanish."""

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="correction_cases")
    opened_at = models.DateTimeField(_("立案时间"))
    opened_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    subject = models.CharField(_("事由"), max_length=200)
    text = models.TextField(_("内容"))
    legal_basis = models.CharField(_("法律依据"), max_length=200)
    closed_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    outcome = models.TextField(_("处理结果"), blank=True)
    scan = models.ForeignKey(Attachment, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("纠错事项")
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.subject
