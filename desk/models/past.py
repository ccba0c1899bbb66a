"""The filings of the years before the system, which never went through it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from approvals.models import Industry, Region
from core.documents.models import Attachment
from desk.stages import PastOutcome


class PastBatch(models.Model):
    """往年批次: one file of filings from before the system, loaded whole; the file is kept with its digest."""

    file = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    digest = models.CharField(_("摘要"), max_length=64)
    rows = models.PositiveIntegerField(_("行数"))
    doubts = models.JSONField(_("存疑"), default=list)
    loaded_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    loaded_at = models.DateTimeField(_("载入时间"))
    withdrawn_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(_("撤下时间"), null=True, blank=True)
    reason = models.CharField(_("撤下理由"), max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("往年批次")
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["digest"], condition=Q(withdrawn_at=None), name="one_past_batch_per_file"
            ),
        )

    def __str__(self) -> str:
        return self.file.name


class PastFiling(models.Model):
    """往年申报件: a filing that was handled on paper, as the old book has it.

    It is no case: it has no stage, no limit, no ledger of its own, and nobody's silence ever did anything in it.
    """

    batch = models.ForeignKey(PastBatch, models.PROTECT, related_name="filings")
    sheet = models.CharField(_("工作表"), max_length=100)
    row = models.PositiveIntegerField(_("行"))
    year = models.PositiveSmallIntegerField(_("年度"))
    number = models.CharField(_("原编号"), max_length=60)
    project_name = models.CharField(_("项目名称"), max_length=120)
    project_code = models.CharField(_("项目代码"), max_length=24, blank=True)
    enterprise = models.CharField(_("建设单位"), max_length=120)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    site = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+")
    industry = models.ForeignKey(Industry, models.PROTECT, null=True, blank=True, related_name="+")
    investment_wan = models.DecimalField(
        _("总投资（万元）"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    accepted_on = models.DateField(_("受理日"), null=True, blank=True)
    concluded_on = models.DateField(_("预审结论日"), null=True, blank=True)
    started_on = models.DateField(_("开工日"), null=True, blank=True)
    completed_on = models.DateField(_("办结日"), null=True, blank=True)
    outcome = models.CharField(_("结果"), max_length=12, choices=PastOutcome.choices)
    note = models.CharField(_("备注"), max_length=500, blank=True)
    withdrawn = models.BooleanField(_("已撤下"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("往年申报件")
        ordering = ("-year", "number", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["year", "number"],
                condition=Q(withdrawn=False),
                name="one_past_filing_per_number",
            ),
        )

    def __str__(self) -> str:
        return self.project_name
