"""材料与容缺: what is handed in, what is checked, and what is promised for later."""

from datetime import datetime
from typing import TYPE_CHECKING
from zlib import crc32

from django.db import models
from django.utils.translation import gettext_lazy as _

from approvals.models.catalogue import in_page_language
from approvals.models.filing import Filing
from approvals.stages import GapState, MaterialState, NeededBy
from core.deadlines.models import Timed
from core.documents.models import Attachment, Paper

if TYPE_CHECKING:
    from core.ledger.models import Book


class MaterialQuerySet(models.QuerySet["Material"]):
    """The questions one asks of a filing's materials."""

    def intake(self) -> "MaterialQuerySet":
        """What is needed at filing."""
        return self.filter(needed_by=NeededBy.INTAKE).exclude(
            state__in=(MaterialState.DEPENDENCY, MaterialState.VOID)
        )

    def returned(self) -> "MaterialQuerySet":
        """What was sent back to be corrected."""
        return self.filter(state=MaterialState.RETURNED)

    def listed(self) -> "MaterialQuerySet":
        """What the one-time notice named; what is wanted outside it holds no step up."""
        return self.filter(later_request=None)

    def wanted(self) -> "MaterialQuerySet":
        """What is neither handed in nor promised."""
        return self.filter(state__in=(MaterialState.WANTED, MaterialState.RETURNED))


class Material(models.Model):
    """材料: one paper of the file; of the same name under several items it is handed in once."""

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="materials")
    name = models.CharField(_("材料名称"), max_length=200)
    name_en = models.CharField(_("英文名称"), max_length=300, blank=True)
    item_codes = models.JSONField(_("所属事项"), default=list)
    form = models.CharField(_("形式"), max_length=12)
    copies = models.PositiveSmallIntegerField(_("份数"), default=1)
    tolerable = models.BooleanField(_("可容缺"), default=False)
    needed_by = models.CharField(_("何时需要"), max_length=12, choices=NeededBy.choices)
    produced_by = models.CharField(_("由事项产生"), max_length=40, blank=True)
    hint = models.TextField(_("提示"), blank=True)
    state = models.CharField(
        _("状态"), max_length=12, choices=MaterialState.choices, default=MaterialState.WANTED
    )
    reason = models.CharField(_("退回理由"), max_length=300, blank=True)
    # The first file of the present version: whether there is any is asked often, and this answers it.
    attachment = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.PositiveSmallIntegerField(_("版次"), default=0)
    handed_in_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    checked_at = models.DateTimeField(_("核收时间"), null=True, blank=True)

    objects = MaterialQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("申报材料")
        ordering = ("filing", "pk")
        constraints = (
            models.UniqueConstraint(fields=["filing", "name", "needed_by"], name="one_paper_once"),
        )

    def __str__(self) -> str:
        return in_page_language(self.name, self.name_en)

    @property
    def book(self) -> "Book":
        """The filing's book."""
        return self.filing.book

    @property
    def standing(self) -> str:
        """How the paper stands, as a word: who decides says how they saw it, and is told where it has changed since."""
        said = f"{self.checked_at and self.checked_at.timestamp()}{self.reason}"
        return f"{self.state}.{self.version}.{crc32(said.encode()):08x}"

    @property
    def present(self) -> list["MaterialFile"]:
        """The files of the present version, in their order."""
        return [kept for kept in self.files.all() if kept.version == self.version]

    @property
    def earlier(self) -> list["MaterialFile"]:
        """The files of the versions before, the latest first."""
        before = [kept for kept in self.files.all() if kept.version < self.version]
        return sorted(before, key=lambda kept: (-kept.version, kept.place))

    @property
    def withheld(self) -> bool:
        """Whether a file of the present version cannot be opened: it waits for the scanner, or was found harmful."""
        return any(kept.attachment.withheld for kept in self.present)


class MaterialFile(models.Model):
    """One file of one version of a paper. Rows are never changed: what was handed in before stays to be looked at."""

    material = models.ForeignKey(Material, models.PROTECT, related_name="files")
    version = models.PositiveSmallIntegerField(_("版次"))
    place = models.PositiveSmallIntegerField(_("序号"))
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    # Where it was taken from what the enterprise keeps at hand: that very version, whatever came after it.
    standing = models.ForeignKey(
        "approvals.Standing", models.PROTECT, null=True, blank=True, related_name="used_as"
    )

    class Meta:
        verbose_name = verbose_name_plural = _("材料文件")
        ordering = ("material", "version", "place")
        constraints = (
            models.UniqueConstraint(
                fields=["material", "version", "place"], name="one_file_per_place"
            ),
        )

    def __str__(self) -> str:
        return str(self.attachment)


class Gap(Timed):
    """容缺: a material promised for a date; late it suspends the case, then the case is returned."""

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="gaps")
    material = models.OneToOneField(Material, models.PROTECT, related_name="gap")
    reason = models.CharField(_("缺少原因"), max_length=300)
    promised_at = models.DateTimeField(_("承诺时间"), null=True, blank=True)
    deemed = models.BooleanField(_("视为受理后待补"), default=False)
    state = models.CharField(
        _("状态"), max_length=10, choices=GapState.choices, default=GapState.OPEN
    )
    # 容缺承诺书 (DOC07), signed by the enterprise; none where silence accepted the case without a promise.
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, blank=True, related_name="+")
    told_again_at = models.DateTimeField(_("再次告知时间"), null=True, blank=True)
    times_wrong = models.PositiveSmallIntegerField(_("补交有误（次）"), default=0)
    closed_at = models.DateTimeField(_("补齐时间"), null=True, blank=True)

    class Meta(Timed.Meta):
        verbose_name = verbose_name_plural = _("容缺")
        ordering = ("filing", "pk")

    def __str__(self) -> str:
        return str(self.material)

    @property
    def supplied_in_time(self) -> bool:
        """Whether the paper came by the date and waits for the window, whose slowness is not the enterprise's."""
        handed_in = self.material.handed_in_at
        if self.state != GapState.SUPPLIED or handed_in is None or self.due_at is None:
            return False
        return handed_in <= self.due_at

    def broken(self, at: datetime) -> bool:
        """Whether the promise was broken by an instant; what silence accepted without a promise breaks none."""
        return not self.deemed and self.late(at) and not self.supplied_in_time
