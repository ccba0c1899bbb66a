"""签收: what a department has to sign for within the limit of a dispatch, by whatever way it reaches it."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from approvals.stages import Channel
from core.deadlines.models import Timed
from core.documents.models import Attachment


class ToSign(Timed):
    """送达: by which way it went, who signed for it and when, and the proof; a summons or a file is one."""

    # What each kind says for itself: who is to sign, and the record of service.
    department: Any
    department_id: int
    attempts: Any

    channel = models.CharField(
        _("送达方式"), max_length=8, choices=Channel.choices, default=Channel.SYSTEM
    )
    acknowledged_at = models.DateTimeField(_("签收时间"), null=True, blank=True)
    acknowledged_by: Any = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    received_by = models.CharField(_("书面签收人"), max_length=60, blank=True)
    proof: Any = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+"
    )
    second_channel_at = models.DateTimeField(_("转第二种方式"), null=True, blank=True)

    class Meta(Timed.Meta):
        abstract = True

    @property
    def proven(self) -> bool:
        """Whether service is proven: signed for by the department, or on paper with its file."""
        return self.acknowledged_at is not None
