"""授权名册: who may act for a department, from when to when, and who stands in while somebody is away."""

from datetime import date

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organisation
from core.documents.models import Attachment
from prereview.stages import Duty, Grade


class DepartmentRule(models.Model):
    """部门内部规定: what a department has laid down for itself; the county lays nothing down here."""

    department = models.OneToOneField(
        Organisation, models.PROTECT, related_name="department_rule", primary_key=True
    )
    roster_binds = models.BooleanField(_("只有名册上的人员可以办理"), default=False)
    countersigns = models.BooleanField(_("意见须由负责人会签"), default=False)
    set_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(_("规定时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("部门内部规定")

    def __str__(self) -> str:
        return str(self.department)


class MandateQuerySet(models.QuerySet["Mandate"]):
    """Entries of the roster by what they let somebody do."""

    def running(self, day: date) -> "MandateQuerySet":
        """Those that hold on a day: begun, not past their last day, not ended."""
        return self.filter(valid_from__lte=day, valid_to__gte=day, ended_at=None)

    def ending(self, day: date, until: date) -> "MandateQuerySet":
        """Those that hold on a day and end by another, and that no later entry of the same person goes on from."""
        goes_on = Mandate.objects.filter(
            ended_at=None, department=OuterRef("department"), person=OuterRef("person"),
            grade=OuterRef("grade"), valid_to__gt=OuterRef("valid_to"),
        )  # fmt: skip
        return self.running(day).filter(valid_to__lte=until).exclude(Exists(goes_on))

    def for_duty(self, duty: str, day: date, filing: int | None = None) -> "MandateQuerySet":
        """Those under which one may act on a day: B角 only while the A角 is away, out of office or barred."""
        covers = "covers__user__recusals"
        away = Q(
            covers__aways__from_on__lte=day, covers__aways__until_on__gte=day, covers__aways__ended_at=None
        )  # fmt: skip
        gone = Q(covers__valid_to__lt=day) | Q(covers__user__is_active=False)
        steps_in = away | gone
        if filing is not None:
            steps_in |= Q(**{f"{covers}__filing": filing, f"{covers}__lifted_at": None})
        held = self.running(day).filter(**{f"may_{duty}": True})
        return held.filter(Q(grade=Grade.A) | steps_in).distinct()


class Mandate(models.Model):
    """授权名册: a person may act for the department, in what is named, from a day to a day; by a scanned authority.

    What was granted is never changed; it runs out by itself, or is ended once, with a reason.
    """

    department = models.ForeignKey(Organisation, models.PROTECT, related_name="mandates")
    person = models.ForeignKey(
        Membership, models.PROTECT, related_name="mandates", verbose_name=_("办理人员")
    )
    grade = models.CharField(_("角色"), max_length=1, choices=Grade.choices, default=Grade.A)
    covers = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="covered_by",
        verbose_name=_("替谁"),
    )  # fmt: skip
    may_receive = models.BooleanField(Duty.RECEIVE.label, default=False)
    may_attend = models.BooleanField(Duty.ATTEND.label, default=False)
    may_opine = models.BooleanField(Duty.OPINE.label, default=False)
    may_head = models.BooleanField(Duty.HEAD.label, default=False)
    valid_from = models.DateField(_("起始日"))
    valid_to = models.DateField(_("截止日"))
    scan = models.ForeignKey(
        Attachment, models.PROTECT, related_name="+", verbose_name=_("授权文件扫描件")
    )
    granted_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(_("授权时间"))
    ended_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(_("终止时间"), null=True, blank=True)
    ended_because = models.CharField(_("终止理由"), max_length=300, blank=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("授权名册")
        ordering = ("department", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")), name="mandate_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(may_receive=True) | Q(may_attend=True) | Q(may_opine=True) | Q(may_head=True),
                name="mandate_is_for_something",
            ),
            models.CheckConstraint(
                condition=Q(grade=Grade.A, covers=None) | Q(grade=Grade.B, covers__isnull=False),
                name="only_the_second_covers_somebody",
            ),
            models.CheckConstraint(
                condition=Q(covers=None) | ~Q(covers=F("person")), name="nobody_covers_themselves"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None, ended_because="")
                | Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(ended_because=""),
                name="mandate_ends_with_a_reason",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.person.user} · {self.get_grade_display()}"

    @property
    def duties(self) -> frozenset[str]:
        """What the person may do while it holds."""
        return frozenset(duty for duty in Duty.values if getattr(self, f"may_{duty}"))

    @property
    def duties_text(self) -> str:
        """What the person may do, in words."""
        return gettext("、").join(str(Duty(d).label) for d in Duty.values if d in self.duties)

    def holds(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.ended_at is None and self.valid_from <= day <= self.valid_to


class Away(models.Model):
    """外出: somebody is not there from a day to a day, both included; meanwhile whoever covers them acts."""

    person = models.ForeignKey(Membership, models.PROTECT, related_name="aways")
    from_on = models.DateField(_("起始日"))
    until_on = models.DateField(_("截止日"))
    reason = models.CharField(_("事由"), max_length=200)
    entered_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(_("登记时间"))
    ended_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(_("提前返回"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("外出")
        ordering = ("-from_on", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(until_on__gte=F("from_on")), name="away_ends_after_it_begins"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person.user} {self.from_on} – {self.until_on}"
