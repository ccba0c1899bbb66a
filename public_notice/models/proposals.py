"""公示处置: what one person proposes about a notice and another decides; and the paper on the wall."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from approvals.stages import Stage
from core.documents.models import Attachment
from core.ledger.models import Book
from public_notice.models.notices import Notice
from public_notice.models.objections import Objection
from public_notice.models.watching import LostDay
from public_notice.stages import ProposalKind, ProposalState

BACK = [(Stage.COMMITTING.value, _("修改承诺书，重新签署")), (Stage.PREREVIEWING.value, _("再次联合预审"))]  # fmt: skip


class Proposal(models.Model):
    """公示处置: taking a notice down, hiding an objection's words, counting a lost day after all; by two persons."""

    book = models.ForeignKey(Book, models.PROTECT, related_name="+")
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="proposals")
    kind = models.CharField(_("处置"), max_length=12, choices=ProposalKind.choices)
    objection = models.ForeignKey(
        Objection, models.PROTECT, null=True, blank=True, related_name="proposals"
    )
    lost_day = models.ForeignKey(
        LostDay, models.PROTECT, null=True, blank=True, related_name="proposals"
    )
    back_to = models.CharField(_("退回到"), max_length=20, choices=BACK, blank=True)
    reason = models.CharField(_("理由"), max_length=300)
    asked_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("提出时间"))
    state = models.CharField(
        _("状态"), max_length=10, choices=ProposalState.choices, default=ProposalState.ASKED
    )
    decided_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)
    note = models.CharField(_("决定说明"), max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("公示处置")
        ordering = ("notice", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["notice"],
                condition=Q(state="asked", kind="take_down"),
                name="one_open_proposal_to_take_down",
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=F("asked_by")) | Q(decided_by=None),
                name="proposal_is_decided_by_another",
                violation_error_message=_("提出的人不能自己决定。"),
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="proposal_has_reason"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.asked_at:%Y-%m-%d}"


class Posting(models.Model):
    """张贴凭证: the notice on paper hung somewhere from a day to a day; a photograph shows it. Written once."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="postings")
    place = models.CharField(_("张贴地点"), max_length=120)
    posted_on = models.DateField(_("张贴日"))
    seen_on = models.DateField(_("拍照日"))
    photo = models.OneToOneField(Attachment, models.PROTECT, related_name="+")
    entered_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("张贴凭证")
        ordering = ("notice", "posted_on", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(seen_on__gte=F("posted_on")), name="seen_when_it_was_posted"
            ),
        )

    def __str__(self) -> str:
        return f"{self.place} {self.posted_on}"
