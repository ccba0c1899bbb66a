"""失信记录: what keeps an enterprise from asking for tolerance, and from when to when."""

from datetime import date, datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organisation
from approvals.models.filing import Filing
from approvals.stages import BarArticle
from core.documents.models import Paper


class BarQuerySet(models.QuerySet["CreditBar"]):
    """The questions one asks of records."""

    def standing(self, day: date, at: datetime) -> "BarQuerySet":
        """Leave those that stand at an instant, `day` being its day: begun, not over by itself, not repaired."""
        over = Q(until=None) | Q(until__gte=day)
        return self.filter(over, Q(repaired_at=None) | Q(repaired_at__gt=at), since__lte=at)


class ApplicationBar(models.Model):
    """再次申请限制: false material or deceit in a matter of safety bars the enterprise from applying for it again.

    行政许可法 78: one year after false material was refused; 79: three years after what deceit obtained was revoked.
    `codes` are the matters of the catalogue; through `until` a filing to which one of them applies is not taken.
    """

    enterprise = models.ForeignKey(
        Organisation, models.PROTECT, related_name="application_bars", verbose_name=_("企业")
    )
    filing = models.ForeignKey(Filing, models.PROTECT, related_name="application_bars")
    article = models.CharField(_("依据"), max_length=2, choices=BarArticle.choices)
    codes = models.JSONField(_("事项"), default=list)
    paper = models.OneToOneField(Paper, models.PROTECT, related_name="+")
    since = models.DateTimeField(_("起"))
    until = models.DateField(_("止"))
    # The decision it rests on was overturned (复议, 诉讼): by which decision, why, and who wrote it down.
    lifted_at = models.DateTimeField(_("解除时间"), null=True, blank=True)
    lifted_by = models.ForeignKey(
        Membership,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("解除人"),
    )
    lifted_number = models.CharField(_("据以解除的文书文号"), max_length=80, blank=True)
    lifted_because = models.CharField(_("解除的理由"), max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("再次申请限制")
        ordering = ("enterprise", "since", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False)
                & ~Q(lifted_number="")
                & ~Q(lifted_because=""),
                name="application_bar_is_lifted_by_a_decision",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_article_display()} {self.until}"


class CreditBar(models.Model):
    """失信记录: a mark that the competent organ decided; while it stands, no material may be asked to be tolerated.

    It never reaches back: what was promised before `since` keeps its promise. Rows are kept when they are over.
    """

    enterprise = models.ForeignKey(Organisation, models.PROTECT, related_name="credit_bars")
    filing = models.ForeignKey(Filing, models.PROTECT, related_name="credit_bars")
    ground = models.CharField(_("事由"), max_length=200)
    organ = models.CharField(_("认定机关"), max_length=80)
    organ_number = models.CharField(_("认定文书文号"), max_length=80)
    # The decision (DOC31) by which the record is known again when it is repaired.
    paper = models.OneToOneField(Paper, models.PROTECT, related_name="+")
    since = models.DateTimeField(_("起"))
    until = models.DateField(_("止"), null=True, blank=True)
    repaired_at = models.DateTimeField(_("修复时间"), null=True, blank=True)
    repair_paper = models.ForeignKey(Paper, models.PROTECT, null=True, blank=True, related_name="+")

    objects = BarQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("失信记录")
        ordering = ("enterprise", "since", "pk")
        constraints = (
            models.CheckConstraint(
                condition=~Q(ground="") & ~Q(organ="") & ~Q(organ_number=""),
                name="credit_bar_has_its_ground",
            ),
        )

    def __str__(self) -> str:
        return f"{self.organ} {self.organ_number}"
