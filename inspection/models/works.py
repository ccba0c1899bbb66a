"""建设期间: what the enterprise reports, what departments check, what they find, and how it is mended."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organisation
from approvals.models import Clause, Filing
from core.deadlines.models import Timed
from core.documents.models import Attachment, Paper
from inspection.stages import Broken, CheckMode, FindingState, Kept, ReportKind, Severity

if TYPE_CHECKING:
    from core.ledger.models import Book


class Report(models.Model):
    """项目报告: start, progress or completion of the works, as the enterprise says it."""

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="reports")
    kind = models.CharField(_("类别"), max_length=10, choices=ReportKind.choices)
    happened_on = models.DateField(_("发生日期"))
    percent = models.PositiveSmallIntegerField(_("形象进度（%）"), null=True, blank=True)
    # As the enterprise states them at completion; compared with the filing, a ground for nothing.
    built_m2 = models.DecimalField(
        _("建成建筑面积（平方米）"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    invested_wan = models.DecimalField(
        _("完成投资（万元）"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    text = models.TextField(_("报告内容"), max_length=2000)
    # The node of the plan that it says is reached; a node is reached once.
    node = models.OneToOneField(
        "inspection.SiteNode", models.PROTECT, null=True, blank=True, related_name="report"
    )
    attachment = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reported_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    reported_at = models.DateTimeField(_("报告时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("项目报告")
        ordering = ("filing", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["filing", "kind"],
                condition=Q(kind=ReportKind.START),
                name="one_start_report",
            ),
            models.CheckConstraint(
                condition=Q(percent__isnull=True) | Q(percent__lte=100),
                name="progress_is_a_share",
                violation_error_message=_("形象进度应在0到100之间。"),
            ),
            models.CheckConstraint(
                condition=(Q(built_m2=None) | Q(built_m2__gte=0))
                & (Q(invested_wan=None) | Q(invested_wan__gt=0)),
                name="built_and_invested_are_amounts",
                violation_error_message=_("建成面积不能是负数，完成投资应大于0。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.filing} {self.get_kind_display()}"


class Check(models.Model):
    """监管检查: one visit of one department, planned before it is held; two officers hold it."""

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="checks")
    department = models.ForeignKey(Organisation, models.PROTECT, related_name="checks")
    mode = models.CharField(_("检查方式"), max_length=10, choices=CheckMode.choices)
    why = models.CharField(_("事由"), max_length=300, blank=True)
    draw = models.ForeignKey(
        "inspection.Draw", models.PROTECT, null=True, blank=True, related_name="checks"
    )
    planned_on = models.DateField(_("计划日期"))
    planned_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    planned_at = models.DateTimeField(_("安排时间"))
    officers = models.JSONField(_("检查人员"), default=list, blank=True)
    held_at = models.DateTimeField(_("检查时间"), null=True, blank=True)
    held_by = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField(_("检查情况"), blank=True, max_length=4000)
    statement = models.TextField(_("被检查人陈述"), blank=True, max_length=2000)
    attachment = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # The record as the telephone on the site named it, and the time there: sent twice it is there once.
    entry = models.UUIDField(_("记录编号"), null=True, blank=True, unique=True)
    entry_digest = models.CharField(_("内容摘要"), max_length=64, blank=True)
    made_at = models.DateTimeField(_("设备时间"), null=True, blank=True)
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, blank=True, related_name="+")
    called_off_at = models.DateTimeField(_("取消时间"), null=True, blank=True)
    called_off_because = models.CharField(_("取消理由"), max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("监管检查")
        ordering = ("planned_on", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(held_at__isnull=True) | Q(called_off_at__isnull=True),
                name="check_is_held_or_called_off",
            ),
        )

    def __str__(self) -> str:
        return f"{self.filing} · {self.department} · {self.planned_on}"

    @property
    def book(self) -> "Book":
        """The filing's book."""
        return self.filing.book

    @property
    def open(self) -> bool:
        """Whether it is still to be held."""
        return self.held_at is None and self.called_off_at is None

    @property
    def announced(self) -> bool:
        """Whether the enterprise knows of it beforehand: a random check and one upon a complaint come unannounced."""
        return self.mode == CheckMode.PLANNED


class Draw(models.Model):
    """双随机抽取: one draw per quarter, with everything that is needed to repeat it; nothing of it changes.

    `groups` are the candidates by the enterprise's record, each with its share and who was drawn; `pairs` the
    departments and officers that could be drawn for each project, and who was. A draw that is made anew names the one
    that it takes the place of, and why: `turn` counts them.
    """

    quarter = models.CharField(_("季度"), max_length=6)
    turn = models.PositiveSmallIntegerField(_("次数"), default=1)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    reason = models.CharField(_("重新抽取的理由"), max_length=300, blank=True)
    algorithm = models.CharField(_("算法"), max_length=40, blank=True)
    digest = models.CharField(_("名单摘要"), max_length=64, blank=True)
    groups = models.JSONField(_("分组"), default=list)
    pairs = models.JSONField(_("部门和检查人员"), default=list)
    seed = models.CharField(_("种子"), max_length=64)
    # The text of the entry that opened the draw, of which the seed is the SHA-256; empty of draws before that was done.
    opening = models.TextField(_("开启记录"), blank=True)
    # What was announced beforehand, and the checkpoint that it was mixed with; none of a draw that was not announced.
    pledge = models.OneToOneField(
        "inspection.DrawPledge", models.PROTECT, null=True, blank=True, related_name="draw"
    )
    checkpoint = models.CharField(_("检查点摘要"), max_length=64, blank=True, default="")
    share = models.PositiveSmallIntegerField(_("抽取比例（%）"))
    candidates = models.JSONField(_("在建项目"), default=list)
    drawn_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField(_("抽取时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("双随机抽取")
        ordering = ("-quarter", "-turn")
        constraints = (
            models.UniqueConstraint(fields=["quarter", "turn"], name="one_draw_per_turn"),
            models.CheckConstraint(
                condition=Q(turn=1, replaces__isnull=True)
                | (Q(turn__gt=1, replaces__isnull=False) & ~Q(reason="")),
                name="draw_made_anew_says_why",
            ),
        )

    def __str__(self) -> str:
        return self.quarter


class CheckResult(models.Model):
    """核查结果: what one check found of one clause."""

    visit = models.ForeignKey(Check, models.PROTECT, related_name="results")
    clause = models.ForeignKey(Clause, models.PROTECT, related_name="results")
    kept = models.CharField(_("结论"), max_length=8, choices=Kept.choices)
    note = models.CharField(_("说明"), max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("核查结果")
        ordering = ("visit", "pk")
        constraints = (
            models.UniqueConstraint(fields=["visit", "clause"], name="one_result_per_clause"),
        )

    def __str__(self) -> str:
        return f"{self.clause.number} {self.get_kept_display()}"

    @property
    def examines(self) -> bool:
        """Whether the clause was looked at: seen in use is not, and neither is what was not due yet."""
        return self.visit.mode != CheckMode.SEEN and self.kept != Kept.NOT_YET


class Finding(Timed):
    """违诺问题: a clause that was found broken, with the days to mend it; overdue it goes to the supervisor."""

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="findings")
    result = models.OneToOneField(CheckResult, models.PROTECT, related_name="finding")
    clause = models.ForeignKey(Clause, models.PROTECT, related_name="findings")
    department = models.ForeignKey(Organisation, models.PROTECT, related_name="findings")
    broken = models.CharField(
        _("违反了什么"), max_length=8, choices=Broken.choices, default=Broken.CLAUSE
    )
    used_since = models.DateField(_("投入使用日期"), null=True, blank=True)
    severity = models.CharField(_("程度"), max_length=8, choices=Severity.choices)
    # Only where it is not what the clause, or for use before acceptance the rulebook, says.
    severity_reason = models.CharField(_("改变程度的理由"), max_length=300, blank=True, default="")
    text = models.TextField(_("问题"), max_length=2000)
    legal_basis = models.CharField(_("依据"), max_length=200)
    demand = models.TextField(_("整改要求"), max_length=2000)
    state = models.CharField(
        _("状态"), max_length=10, choices=FindingState.choices, default=FindingState.OPEN
    )
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="+", verbose_name=_("整改通知书"))
    reported_at = models.DateTimeField(_("报整改时间"), null=True, blank=True)
    report = models.TextField(_("整改情况"), blank=True, max_length=2000)
    evidence = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+"
    )
    mend_by = models.DateTimeField(_("整改期限"), null=True, blank=True)
    failed_at = models.DateTimeField(_("未按期改正时间"), null=True, blank=True)
    escalated_at = models.DateTimeField(_("转督办时间"), null=True, blank=True)
    closed_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    class Meta(Timed.Meta):
        verbose_name = verbose_name_plural = _("违诺问题")
        ordering = ("filing", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(broken=Broken.CLAUSE, used_since=None)
                | Q(broken=Broken.USE, used_since__isnull=False),
                name="use_before_acceptance_has_a_day",
            ),
        )

    def __str__(self) -> str:
        return f"{self.clause.number} {self.text}"

    def state_at(self, at: datetime) -> FindingState:
        """Return what the finding has come to by an instant: the days to mend it end by themselves, sweep or not."""
        if self.state == FindingState.OPEN and self.late(at):
            return FindingState.FAILED
        return FindingState(self.state)

    @property
    def kept_by(self) -> int | None:
        """The department that set the days: its head may lengthen them once, before they end."""
        return self.department_id

    @property
    def must_be_mended_by(self) -> datetime | None:
        """The last instant to mend it; None while the calendar has no date for it."""
        return self.due_at if self.state == FindingState.OPEN else self.mend_by

    @property
    def reported_late(self) -> bool:
        """Whether what was reported came after the days to mend it."""
        return bool(self.reported_at and self.mend_by and self.reported_at > self.mend_by)

    @property
    def mended_in_time(self) -> bool:
        """Whether it was found mended and had never failed: no term overrun, no recheck that gave none."""
        return self.state == FindingState.CLOSED and self.failed_at is None


class Recheck(models.Model):
    """整改复查: the department looks at what was mended."""

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="rechecks")
    at = models.DateTimeField(_("复查时间"))
    by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    officers = models.JSONField(_("复查人员"), default=list, blank=True)
    fine = models.BooleanField(_("合格"))
    text = models.TextField(_("复查情况"), max_length=2000)
    days = models.PositiveSmallIntegerField(_("再给整改期限（工作日）"), null=True, blank=True)
    reported_at = models.DateTimeField(_("报整改时间"), null=True, blank=True)
    report = models.TextField(_("整改情况"), blank=True, default="", max_length=2000)
    evidence = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+"
    )
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("整改复查")
        ordering = ("finding", "pk")

    def __str__(self) -> str:
        return f"{self.finding} {self.at:%Y-%m-%d}"
