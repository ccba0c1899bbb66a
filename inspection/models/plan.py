"""监管计划: the visits that a commitment asks for; and works that began before the gate was open."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organisation
from approvals.models import Clause, Filing
from core.deadlines.models import Timed
from core.documents.models import Attachment
from inspection.models.works import Check
from inspection.stages import VisitPurpose


class PlannedVisit(Timed):
    """计划检查: one visit that a department owes a case, with its purpose and the clauses that it looks at.

    Made when the notice ends clean; its clock begins with the start report and ends with the check that was held.
    """

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="planned_visits")
    department = models.ForeignKey(Organisation, models.PROTECT, related_name="planned_visits")
    purpose = models.CharField(_("目的"), max_length=8, choices=VisitPurpose.choices)
    why = models.CharField(_("事由"), max_length=300, blank=True)
    clauses = models.ManyToManyField(Clause, related_name="planned_visits")
    made_at = models.DateTimeField(_("列入计划时间"))
    check_held = models.ForeignKey(
        Check, models.PROTECT, null=True, blank=True, related_name="planned_visits"
    )
    escalated_at = models.DateTimeField(_("转督办时间"), null=True, blank=True)

    class Meta(Timed.Meta):
        verbose_name = verbose_name_plural = _("计划检查")
        ordering = ("filing", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["filing", "department", "purpose"],
                condition=Q(ended_at__isnull=True),
                name="one_open_visit_per_purpose",
            ),
        )

    def __str__(self) -> str:
        return f"{self.filing} · {self.department} · {self.get_purpose_display()}"

    @property
    def open(self) -> bool:
        """Whether it is still owed."""
        return self.ended_at is None


class DrawPledge(models.Model):
    """抽取预告: the digest of a secret that is published before a draw and revealed with it; nothing of it changes.

    Whoever draws is bound to the secret before the checkpoint exists that it is mixed with, and so cannot choose.
    """

    quarter = models.CharField(_("季度"), max_length=6)
    turn = models.PositiveSmallIntegerField(_("次数"), default=1)
    secret = models.CharField(_("密值"), max_length=64)
    commitment = models.CharField(_("密值摘要"), max_length=64)
    announced_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    announced_at = models.DateTimeField(_("预告时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("抽取预告")
        ordering = ("-quarter", "-turn")
        constraints = (
            models.UniqueConstraint(fields=["quarter", "turn"], name="one_pledge_per_turn"),
        )

    def __str__(self) -> str:
        return f"{self.quarter} {self.commitment[:8]}"


class UnusedPledge(models.Model):
    """未使用的抽取预告: a secret that was announced and not drawn with, revealed all the same; never changed."""

    pledge = models.OneToOneField(DrawPledge, models.PROTECT, related_name="unused")
    revealed_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    revealed_at = models.DateTimeField(_("公开时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("未使用的抽取预告")
        ordering = ("-pledge",)

    def __str__(self) -> str:
        return str(self.pledge)


class EarlyStart(models.Model):
    """未具备开工条件先行施工: what was found, and what kept the gate shut at that moment; nothing of it changes."""

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="early_starts")
    department = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    began_on = models.DateField(_("先行施工日期"))
    text = models.TextField(_("情况"), max_length=2000)
    attachment = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+"
    )
    missing = models.JSONField(_("当时还差的开工条件"), default=list)
    recorded_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("记录时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("先行施工记录")
        ordering = ("filing", "pk")
        constraints = (
            models.UniqueConstraint(fields=["filing", "began_on"], name="one_early_start_per_day"),
        )

    def __str__(self) -> str:
        return f"{self.filing} {self.began_on}"
