"""承诺: the letter, its clauses that can be followed, and the changes a pre-review asked for."""

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organisation
from approvals.models.checklist import ChecklistItem
from approvals.models.filing import Filing
from approvals.stages import Gravity
from core.documents.models import Attachment, Paper

if TYPE_CHECKING:
    from core.ledger.models import Book


class Letter(models.Model):
    """承诺书: one version of the letter; the sealed scan makes it signed, the window's check makes it count."""

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="letters")
    version = models.PositiveSmallIntegerField(_("版本"), default=1)
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="+")
    offered_at = models.DateTimeField(_("出具时间"))
    scan = models.ForeignKey(Attachment, models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(_("签署时间"), null=True, blank=True)
    signed_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    verified_at = models.DateTimeField(_("核验时间"), null=True, blank=True)
    verified_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField(_("公示时间"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("失效时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("承诺书")
        ordering = ("filing", "version")
        constraints = (
            models.UniqueConstraint(fields=["filing", "version"], name="one_letter_per_version"),
        )

    def __str__(self) -> str:
        return f"{self.filing} v{self.version}"

    @property
    def book(self) -> "Book":
        """The filing's book."""
        return self.filing.book


class Clause(models.Model):
    """承诺条款: one promise with its standard, from the catalogue or from a condition of the pre-review."""

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="clauses")
    item = models.ForeignKey(ChecklistItem, models.PROTECT, related_name="clauses")
    number = models.CharField(_("条号"), max_length=12)
    text = models.TextField(_("承诺内容"))
    standard = models.TextField(_("标准"))
    checked_when = models.CharField(_("何时核查"), max_length=12)
    checked_by = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    how = models.CharField(_("怎样核查"), max_length=120, blank=True, default="")
    evidence = models.CharField(_("证据"), max_length=200, blank=True, default="")
    severity = models.CharField(
        _("违反的程度"), max_length=8, choices=Gravity.choices, blank=True, default=""
    )
    # 直接关系公共安全、人身健康、生命财产安全: looked at in full, never left to a draw.
    safety = models.BooleanField(_("关系安全和健康"), default=False)
    from_opinion = models.BooleanField(_("来自预审条件"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("条款")
        ordering = ("letter", "pk")
        constraints = (
            models.UniqueConstraint(fields=["letter", "number"], name="one_clause_once"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.text}"


class Change(models.Model):
    """修改要求: what a pre-review that passed with changes wants done; the department of its item checks."""

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="changes")
    item = models.ForeignKey(
        ChecklistItem, models.PROTECT, null=True, blank=True, related_name="changes"
    )
    text = models.CharField(_("修改内容"), max_length=300)
    due_on = models.DateField(_("完成期限"))
    handed_at = models.DateTimeField(_("交来时间"), null=True, blank=True)
    handed_text = models.CharField(_("修改说明"), max_length=1000, blank=True)
    handed_file = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+"
    )
    returned_because = models.CharField(_("未完成的理由"), max_length=300, blank=True)
    done_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    note = models.CharField(_("核对说明"), max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("修改要求")
        ordering = ("filing", "pk")

    def __str__(self) -> str:
        return self.text

    @property
    def book(self) -> "Book":
        """The filing's book."""
        return self.filing.book

    @property
    def waits_for_check(self) -> bool:
        """Whether the enterprise has handed it in and nobody has said yet whether it is done."""
        return self.handed_at is not None and self.done_at is None

    @property
    def checked_by(self) -> str:
        """Return who checks it: the department of its item, otherwise the window."""
        return self.item.department.label if self.item else str(_("窗口"))
