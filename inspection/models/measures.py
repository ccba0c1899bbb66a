"""处理: what follows a breach that was not mended — told, heard, decided — and the way back from it."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organisation
from approvals.models import CorrectionCase, Filing
from core.deadlines.models import Timed
from core.documents.models import Attachment, Paper
from inspection import rules
from inspection.models.works import Finding
from inspection.rules.measures import at_once
from inspection.stages import Ground, MeasureKind, MeasureState, RepairState, Severity


class Measure(Timed):
    """处理: one intended decision; its clock is first the enterprise's to be heard (P11), then the decider's (P29)."""

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="measures")
    kind = models.CharField(_("处理方式"), max_length=8, choices=MeasureKind.choices)
    ground = models.CharField(_("事由"), max_length=16, choices=Ground.choices)
    finding = models.ForeignKey(
        Finding, models.PROTECT, null=True, blank=True, related_name="measures"
    )
    # 纠错事项, opened by a late opinion: it ends with the decision of the measure that rests on it.
    case = models.ForeignKey(
        CorrectionCase, models.PROTECT, null=True, blank=True, related_name="measures"
    )
    severity = models.CharField(_("程度"), max_length=8, choices=Severity.choices, blank=True)
    text = models.TextField(_("事实和理由"), max_length=4000)
    legal_basis = models.CharField(_("依据"), max_length=200)
    scope = models.TextField(_("范围"), blank=True, max_length=1000)
    state = models.CharField(
        _("状态"), max_length=10, choices=MeasureState.choices, default=MeasureState.INTENDED
    )
    proposed_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("告知时间"))
    notice = models.ForeignKey(
        Paper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("告知书")
    )
    views = models.TextField(_("陈述、申辩"), blank=True, max_length=4000)
    views_file = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+"
    )
    views_at = models.DateTimeField(_("陈述申辩时间"), null=True, blank=True)
    views_until = models.DateTimeField(_("陈述申辩截止"), null=True, blank=True)
    views_late = models.BooleanField(_("逾期陈述申辩"), default=False)
    decided_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)
    decision = models.TextField(_("决定理由"), blank=True, max_length=4000)
    paper = models.ForeignKey(
        Paper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("决定书")
    )
    organ = models.CharField(_("认定机关"), max_length=80, blank=True)
    organ_number = models.CharField(_("认定文书文号"), max_length=80, blank=True)
    organ_decided_on = models.DateField(_("认定文书日期"), null=True, blank=True)
    months = models.PositiveSmallIntegerField(_("公示月数"), null=True, blank=True)
    shown_until = models.DateField(_("公示至"), null=True, blank=True)
    asked = models.TextField(_("解除停工申请"), blank=True, max_length=2000)
    asked_at = models.DateTimeField(_("申请解除时间"), null=True, blank=True)
    lifted_at = models.DateTimeField(_("解除时间"), null=True, blank=True)
    lifting_paper = models.ForeignKey(
        Paper, models.PROTECT, null=True, blank=True, related_name="+"
    )
    escalated_at = models.DateTimeField(_("转督办时间"), null=True, blank=True)

    class Meta(Timed.Meta):
        verbose_name = verbose_name_plural = _("处理")
        ordering = ("filing", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="measure_is_decided_by_a_second_person",
                violation_error_message=_("提出处理的人不能自己决定。"),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(MeasureState.IMPOSED, MeasureState.DROPPED))
                | ~Q(decision=""),
                name="decided_measure_has_reasons",
                violation_error_message=_("决定必须写明理由。"),
            ),
            models.UniqueConstraint(
                fields=["filing", "kind"],
                condition=Q(state__in=(MeasureState.INTENDED, MeasureState.HEARD)),
                name="one_undecided_measure_per_kind",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.filing}"

    @property
    def heard_until(self) -> datetime | None:
        """The last instant at which views are in time; None where the calendar ends before it, or none are asked."""
        return self.due_at if self.rule == rules.VIEWS.code else self.views_until

    @property
    def in_silence(self) -> str:
        """Of a stop that was decided at once: what is heard afterwards does not keep it from being in force."""
        if self.rule == rules.VIEWS.code and self.state == MeasureState.IMPOSED:
            return str(_("未陈述、申辩的，视为放弃；停工已经生效，不因此等待。"))
        return ""

    @property
    def urgent(self) -> bool:
        """Whether it may be decided before the enterprise is heard."""
        return at_once(self.kind, self.ground)

    @property
    def in_force(self) -> bool:
        """Whether it was imposed and nothing has ended it."""
        return self.state == MeasureState.IMPOSED


class Repair(Timed):
    """信用修复: the enterprise asks that a mark be taken down, having mended and met the least period."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="repairs")
    text = models.TextField(_("整改情况和信用承诺"), max_length=4000)
    attachment = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+"
    )
    applied_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    applied_at = models.DateTimeField(_("申请时间"))
    state = models.CharField(
        _("状态"), max_length=8, choices=RepairState.choices, default=RepairState.APPLIED
    )
    decided_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)
    reason = models.TextField(_("决定理由"), blank=True, max_length=2000)
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, blank=True, related_name="+")
    escalated_at = models.DateTimeField(_("转督办时间"), null=True, blank=True)

    class Meta(Timed.Meta):
        verbose_name = verbose_name_plural = _("信用修复")
        ordering = ("measure", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["measure"],
                condition=Q(state=RepairState.APPLIED),
                name="one_open_repair_per_mark",
            ),
        )

    def __str__(self) -> str:
        return f"{self.measure} {self.get_state_display()}"

    @property
    def filing(self) -> Filing:
        """The case of the mark."""
        return self.measure.filing

    @property
    def department(self) -> Organisation:
        """Whose mark it is: the organisation that proposed it."""
        return self.measure.proposed_by.organisation
