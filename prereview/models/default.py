"""默认作为记录: the contest of a default, its withdrawal by two persons, and what it costs the department."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organisation, User
from approvals.models import CorrectionCase
from core.deadlines.models import Timed
from core.documents.models import Paper
from prereview.models.session import AgendaItem
from prereview.models.slot import Opinion
from prereview.stages import ContestResult, FollowUpKind, WithdrawalState


class Contest(Timed):
    """对默认的异议: what a department has against a default, once; its clock is the decider's."""

    opinion = models.OneToOneField(Opinion, models.PROTECT, related_name="contest")
    text = models.TextField(_("异议内容"), max_length=2000)
    lodged_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    lodged_at = models.DateTimeField(_("提出时间"))
    result = models.CharField(
        _("决定"), max_length=8, choices=ContestResult.choices, default=ContestResult.OPEN
    )
    reason = models.TextField(_("决定理由"), blank=True, max_length=2000)
    decided_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, blank=True, related_name="+")
    escalated_at = models.DateTimeField(_("转督办时间"), null=True, blank=True)

    class Meta(Timed.Meta):
        verbose_name = verbose_name_plural = _("对默认的异议")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(result=ContestResult.OPEN) | ~Q(reason=""),
                name="decided_contest_has_reason",
                violation_error_message=_("决定异议必须写明理由。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.opinion} {self.get_result_display()}"


class Withdrawal(models.Model):
    """撤回默认: proposed by the convenor with reasons, approved by the supervisor, never by one and the same person."""

    opinion = models.ForeignKey(Opinion, models.PROTECT, related_name="withdrawals")
    contest = models.ForeignKey(
        Contest, models.PROTECT, null=True, blank=True, related_name="withdrawals"
    )
    state = models.CharField(
        _("状态"), max_length=8, choices=WithdrawalState.choices, default=WithdrawalState.PROPOSED
    )
    reason = models.TextField(_("撤回理由"), max_length=2000)
    legal_basis = models.CharField(_("依据"), max_length=200)
    proposed_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    proposer = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("提出时间"))
    decided_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decider = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)
    decision = models.TextField(_("批准意见"), blank=True, max_length=2000)
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, blank=True, related_name="+")
    case = models.ForeignKey(
        CorrectionCase, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = _("撤回默认")
        ordering = ("pk",)
        constraints = (
            # Persons, not offices: somebody who holds two of them is still one.
            models.CheckConstraint(
                condition=Q(decider__isnull=True) | ~Q(decider=F("proposer")),
                name="withdrawal_is_decided_by_a_second_person",
                violation_error_message=_("提出撤回的人不能自己批准。"),
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(legal_basis=""),
                name="withdrawal_has_reason_and_basis",
            ),
            models.CheckConstraint(
                condition=Q(state=WithdrawalState.PROPOSED, decider__isnull=True)
                | Q(decider__isnull=False, decided_by__isnull=False) & ~Q(decision=""),
                name="decided_withdrawal_has_decider_and_words",
            ),
            models.UniqueConstraint(
                fields=["opinion"],
                condition=Q(state__in=(WithdrawalState.PROPOSED, WithdrawalState.APPROVED)),
                name="one_withdrawal_per_default",
            ),
        )

    def __str__(self) -> str:
        return f"{self.opinion} {self.get_state_display()}"

    @property
    def book(self) -> Any:
        """The filing's book."""
        return self.opinion.slot.book


class FollowUp(models.Model):
    """约谈、移送: the note of what was done about a department's defaults at one item of an agenda.

    What is to be done is reckoned from the defaults that stand (`rules/accountability.py`); only the doing is kept.
    """

    agenda = models.ForeignKey(AgendaItem, models.PROTECT, related_name="follow_ups")
    department = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField(_("方式"), max_length=10, choices=FollowUpKind.choices)
    note = models.TextField(_("办理情况"), max_length=2000)
    done_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    done_at = models.DateTimeField(_("办结时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("约谈、移送")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["agenda", "department"], name="one_follow_up_per_occasion"
            ),
            models.CheckConstraint(condition=~Q(note=""), name="follow_up_has_note"),
        )

    def __str__(self) -> str:
        return f"{self.department} {self.get_kind_display()}"
