"""企业常备材料: what an enterprise keeps at hand for one filing after the other, version after version."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organisation
from approvals.models.people import Authority
from core.documents.models import Attachment
from core.documents.stages import Scan


class StandingQuerySet(models.QuerySet["Standing"]):
    """What one asks of the papers that enterprises keep."""

    def of(self, by: Membership) -> "StandingQuerySet":
        """Return those of a person's own enterprise; nobody else sees them but through a filing."""
        return self.filter(enterprise_id=by.organisation_id)

    def seen_by(self, by: Membership, day: date) -> "StandingQuerySet":
        """Return one's own, and of the enterprises for which one fills in a filing that day the version in use."""
        lent = Authority.objects.of(by).on(day).filter(may_fill=True)
        here = Q(enterprise__in=lent.exclude(filing=None).values("filing__enterprise"))
        here |= Q(enterprise__in=lent.exclude(enterprise=None).values("enterprise"))
        in_use = Standing.objects.filter(here).present().values("pk")
        return self.filter(Q(enterprise_id=by.organisation_id) | Q(pk__in=in_use))

    def present(self) -> "StandingQuerySet":
        """Return the newest version of each kind."""
        same = Q(enterprise=models.OuterRef("enterprise"), kind=models.OuterRef("kind"))
        later = Standing.objects.filter(same, version__gt=models.OuterRef("version"))
        return self.filter(~models.Exists(later))


class Standing(models.Model):
    """One version of a paper an enterprise keeps, with the days it is valid, both included; `valid_to` None: no end.

    Rows are never changed: a later version replaces, and what a filing has used stays what it was. `kind` is a code of
    the county's settings (`standing_materials`), `book` the enterprise's own.
    """

    book = models.ForeignKey("ledger.Book", models.PROTECT, related_name="+")
    enterprise = models.ForeignKey(
        Organisation, models.PROTECT, related_name="standing", verbose_name=_("企业")
    )
    kind = models.CharField(_("种类"), max_length=40)
    version = models.PositiveSmallIntegerField(_("版次"))
    number = models.CharField(_("证照编号"), max_length=80, blank=True)
    valid_from = models.DateField(_("有效期起"))
    valid_to = models.DateField(_("有效期止"), null=True, blank=True)
    kept_at = models.DateTimeField(_("存入时间"))
    kept_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")

    objects = StandingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("企业常备材料")
        ordering = ("enterprise", "kind", "-version")
        constraints = (
            models.UniqueConstraint(
                fields=["enterprise", "kind", "version"], name="one_standing_per_version"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="standing_ends_after_it_begins",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} v{self.version}"

    @property
    def infected(self) -> bool:
        """Whether something harmful was found in one of its files: such a version is offered nowhere."""
        return any(kept.attachment.scan == Scan.INFECTED for kept in self.files.all())


class StandingFile(models.Model):
    """One file of one version. Rows are never changed."""

    standing = models.ForeignKey(Standing, models.PROTECT, related_name="files")
    place = models.PositiveSmallIntegerField(_("序号"))
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("常备材料文件")
        ordering = ("standing", "place")
        constraints = (
            models.UniqueConstraint(
                fields=["standing", "place"], name="one_standing_file_per_place"
            ),
        )

    def __str__(self) -> str:
        return str(self.attachment)
