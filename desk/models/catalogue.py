"""Drafts of the catalogue, who changed what in them, and the tables of each edition as they came."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, User
from approvals.models import CatalogueEdition
from desk.stages import ChangeKind, DraftState, EditionOrigin


class EditionTables(models.Model):
    """清单原表: the five tables of an edition as they came, for the next draft and for files that are the same."""

    edition = models.OneToOneField(CatalogueEdition, models.PROTECT, related_name="tables")
    tables = models.JSONField(_("内容"))
    origin = models.CharField(_("来由"), max_length=12, choices=EditionOrigin.choices)
    revokes = models.OneToOneField(
        CatalogueEdition, models.PROTECT, null=True, blank=True, related_name="revoked_by"
    )
    reason = models.TextField(_("理由"), blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("清单原表")
        ordering = ("edition",)

    def __str__(self) -> str:
        return str(self.edition)


class CatalogueDraft(models.Model):
    """清单草案: the tables of an edition while they are changed; kept when adopted and when withdrawn."""

    base = models.ForeignKey(CatalogueEdition, models.PROTECT, related_name="+")
    title = models.CharField(_("修订事由"), max_length=120)
    tables = models.JSONField(_("内容"))
    version = models.PositiveIntegerField(_("修改次数"), default=0)
    state = models.CharField(
        _("状态"), max_length=10, choices=DraftState.choices, default=DraftState.OPEN
    )
    opened_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(_("起草时间"))
    in_force_from = models.DateField(_("施行日"), null=True, blank=True)
    source = models.CharField(_("决定文件"), max_length=200, blank=True)
    proposed_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    proposer = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    proposed_at = models.DateTimeField(_("提请时间"), null=True, blank=True)
    decided_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decider = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)
    note = models.TextField(_("意见"), blank=True)
    edition = models.OneToOneField(
        CatalogueEdition, models.PROTECT, null=True, blank=True, related_name="draft"
    )

    class Meta:
        verbose_name = verbose_name_plural = _("清单草案")
        ordering = ("-pk",)
        constraints = (
            # Persons, not offices: somebody who holds two of them is still one.
            models.CheckConstraint(
                condition=~Q(state=DraftState.ADOPTED) | ~Q(decider=F("proposer")),
                name="catalogue_is_adopted_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(edition__isnull=True, state__in=["open", "proposed", "withdrawn"])
                | Q(edition__isnull=False, state="adopted", decider__isnull=False),
                name="catalogue_draft_is_adopted_with_an_edition",
            ),
        )

    def __str__(self) -> str:
        return self.title


class DraftChange(models.Model):
    """草案修改: who changed which row of a draft from what to what; kept for ever."""

    draft = models.ForeignKey(CatalogueDraft, models.PROTECT, related_name="changes")
    version = models.PositiveIntegerField(_("次序"))
    file = models.CharField(_("表格"), max_length=20)
    row = models.CharField(_("行"), max_length=12, blank=True)
    label = models.TextField(_("行名"), blank=True)
    what = models.CharField(_("做了什么"), max_length=8, choices=ChangeKind.choices)
    said = models.JSONField(_("从何改为何"), default=list)
    by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("草案修改")
        ordering = ("draft", "-version", "pk")
        indexes = (models.Index(fields=["draft", "file", "row"], name="change_of_a_row"),)

    def __str__(self) -> str:
        return f"{self.version} {self.label}"
