"""联合验收 and 办结: rounds, a verdict per clause and department, and the record of how the promise was kept."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organisation
from approvals.models import ChecklistItem, Clause, Filing
from core.documents.models import Attachment, Paper
from inspection.stages import Result, Verdict

if TYPE_CHECKING:
    from core.ledger.models import Book


class Acceptance(models.Model):
    """联合验收: one round — the application, the visit, the verdicts, the conclusion."""

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="acceptances")
    round = models.PositiveSmallIntegerField(_("轮次"), default=1)
    text = models.TextField(_("申请说明"), max_length=2000)
    attachment = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+"
    )
    applied_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    applied_at = models.DateTimeField(_("申请时间"))
    visit_at = models.DateTimeField(_("现场验收时间"), null=True, blank=True)
    visit_place = models.CharField(_("集合地点"), max_length=120, blank=True)
    result = models.CharField(_("结论"), max_length=4, choices=Result.choices, blank=True)
    concluded_at = models.DateTimeField(_("结论时间"), null=True, blank=True)
    concluded_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("联合验收")
        ordering = ("filing", "round")
        constraints = (
            models.UniqueConstraint(fields=["filing", "round"], name="one_acceptance_per_round"),
        )

    def __str__(self) -> str:
        return f"{self.filing} #{self.round}"

    @property
    def book(self) -> "Book":
        """The filing's book."""
        return self.filing.book


class AcceptanceVerdict(models.Model):
    """验收意见: what one department finds of one clause, or of an item without clauses; nobody's silence fills it."""

    acceptance = models.ForeignKey(Acceptance, models.PROTECT, related_name="verdicts")
    department = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    item = models.ForeignKey(ChecklistItem, models.PROTECT, related_name="+")
    clause = models.ForeignKey(
        Clause, models.PROTECT, null=True, blank=True, related_name="verdicts"
    )
    verdict = models.CharField(
        _("意见"), max_length=8, choices=Verdict.choices, default=Verdict.AWAITED
    )
    problem = models.TextField(_("问题"), blank=True, max_length=2000)
    demand = models.TextField(_("整改要求"), blank=True, max_length=2000)
    given_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    given_at = models.DateTimeField(_("提出时间"), null=True, blank=True)
    mended = models.TextField(_("整改情况"), blank=True, max_length=2000)
    mended_at = models.DateTimeField(_("整改报告时间"), null=True, blank=True)
    evidence = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = _("验收意见")
        ordering = ("acceptance", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["acceptance", "department", "item", "clause"], name="one_verdict_once"
            ),
            models.UniqueConstraint(
                fields=["acceptance", "department", "item"],
                condition=Q(clause__isnull=True),
                name="one_verdict_per_item_without_clause",
            ),
            models.CheckConstraint(
                condition=~Q(verdict=Verdict.FAILED) | (~Q(problem="") & ~Q(demand="")),
                name="failed_verdict_says_what_to_mend",
                violation_error_message=_("验收不合格必须写明问题和整改要求。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.acceptance} {self.number}"

    @property
    def number(self) -> str:
        """The clause's number, or the item's code where no clause was committed to."""
        return self.clause.number if self.clause else self.item.code


class CreditRecord(models.Model):
    """践诺记录: how the commitment was kept, clause by clause; a record, no judgment of credit."""

    filing = models.OneToOneField(Filing, models.PROTECT, related_name="credit_record")
    clauses = models.PositiveSmallIntegerField(_("条款数"))
    checks = models.PositiveSmallIntegerField(_("检查次数"))
    findings = models.PositiveSmallIntegerField(_("发现问题"))
    mended_in_time = models.PositiveSmallIntegerField(_("按期整改"))
    rounds = models.PositiveSmallIntegerField(_("验收轮次"))
    content = models.JSONField(_("逐条情况"), default=list)
    made_at = models.DateTimeField(_("形成时间"))
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("践诺记录")

    def __str__(self) -> str:
        return str(self.filing)


class Archive(models.Model):
    """归档包: every paper, file and ledger entry of a finished case in one file, made once, with its digest."""

    filing = models.OneToOneField(Filing, models.PROTECT, related_name="archive")
    file = models.FileField(_("文件"), max_length=200, blank=True)
    sha256 = models.CharField(_("摘要"), max_length=64, blank=True)
    size = models.PositiveBigIntegerField(_("字节数"), default=0)
    wanted_at = models.DateTimeField(_("应归档时间"))
    made_at = models.DateTimeField(_("归档时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("归档包")

    def __str__(self) -> str:
        return str(self.filing)
