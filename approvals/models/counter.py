"""What an enterprise without an account fetches at the counter: that is how a paper is served on it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from approvals.models.filing import Filing
from core.documents.models import Attachment, Paper


class Fetched(models.Model):
    """窗口领取: a paper was handed to a person of the enterprise who signed for it; rows are written once.

    It counts from the moment at which the window writes it down, never from an earlier one: `handed_at`.
    """

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="fetched")
    paper = models.OneToOneField(Paper, models.PROTECT, related_name="+", verbose_name=_("文书"))
    collector = models.CharField(_("领取人"), max_length=60)
    scan = models.ForeignKey(
        Attachment, models.PROTECT, related_name="+", verbose_name=_("签收的送达回证")
    )
    handed_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    handed_at = models.DateTimeField(_("领取时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("窗口领取")
        ordering = ("filing", "pk")

    def __str__(self) -> str:
        return f"{self.paper.number} · {self.collector}"
