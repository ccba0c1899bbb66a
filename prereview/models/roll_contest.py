"""到会记录: the copy that each department gets of the roll, and what it has against its own row of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, User
from core.deadlines.models import Timed
from core.documents.models import Attachment, Paper
from prereview.models.invitation import Invitation
from prereview.models.session import Session
from prereview.stages import ContestResult


class RollCopy(models.Model):
    """到会记录: the copy that every department gets when a session is closed; from it the contest counts."""

    session = models.OneToOneField(Session, models.PROTECT, related_name="roll_copy")
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(_("送达时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("到会记录")

    def __str__(self) -> str:
        return str(self.session)


class RollContest(Timed):
    """对到会记录的异议: by the head of the department, once; its clock is the decider's, who is not the convenor."""

    invitation = models.OneToOneField(Invitation, models.PROTECT, related_name="roll_contest")
    text = models.TextField(_("异议内容"), max_length=2000)
    proof = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("证据")
    )
    lodged_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    lodged_at = models.DateTimeField(_("提出时间"))
    result = models.CharField(
        _("决定"), max_length=8, choices=ContestResult.choices, default=ContestResult.OPEN
    )
    reason = models.TextField(_("决定理由"), blank=True, max_length=2000)
    # Persons, not offices: whoever convened the session does not decide on its roll under another office either.
    convened = models.ForeignKey(User, models.PROTECT, related_name="+")
    decider = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)
    escalated_at = models.DateTimeField(_("逾期时间"), null=True, blank=True)

    class Meta(Timed.Meta):
        verbose_name = verbose_name_plural = _("对到会记录的异议")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(result=ContestResult.OPEN, decider=None, decided_at=None)
                | Q(decider__isnull=False, decided_by__isnull=False, decided_at__isnull=False)
                & ~Q(reason="")
                & ~Q(result=ContestResult.OPEN),
                name="decided_roll_contest_has_decider_and_reason",
            ),
            models.CheckConstraint(
                condition=Q(decider=None) | ~Q(decider=models.F("convened")),
                name="roll_contest_is_not_decided_by_who_convened",
                violation_error_message=_("召集人不能决定对自己所记到会情况的异议。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.invitation} {self.get_result_display()}"
