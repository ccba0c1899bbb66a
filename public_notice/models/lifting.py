"""恢复公开前征求意见: what the enterprise of a case says before words that were withheld are public again."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from approvals.models import Filing
from core.deadlines.models import Timed
from public_notice.models.confidential import ConfidentialPart
from public_notice.stages import InquiryResult


class LiftingView(Timed):
    """征求企业意见: asked once for each request that is not the enterprise's own; silence agrees to nothing.

    What is said stays outside the ledger, which keeps its digest, salted with the code of the part.
    """

    part = models.ForeignKey(ConfidentialPart, models.PROTECT, related_name="views")
    filing = models.ForeignKey(Filing, models.PROTECT, related_name="lifting_views")
    result = models.CharField(
        _("征询结果"), max_length=10, choices=InquiryResult.choices, default=InquiryResult.OPEN
    )
    said = models.TextField(_("意见和理由"), max_length=500, blank=True)
    said_by = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(_("回复时间"), null=True, blank=True)

    class Meta(Timed.Meta):
        verbose_name = verbose_name_plural = _("恢复公开前征求意见")
        ordering = ("part", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["part"], condition=Q(result=InquiryResult.OPEN), name="one_open_view_of_a_part"
            ),
            models.CheckConstraint(
                condition=Q(result=InquiryResult.OPEN, settled_at=None)
                | (~Q(result=InquiryResult.OPEN) & Q(settled_at__isnull=False)),
                name="settled_view_has_its_time",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return str(self.part.subject)

    @property
    def words(self) -> str:
        """The words, where they are the enterprise's own to read: in an objection they may be the objector's."""
        return self.part.words if self.part.filing_id else ""
