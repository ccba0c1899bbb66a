"""中止 and 延期 of a limit: rows that name it by its table, its key and the instant it began; no dates, only facts.

The due instant is derived from them (`core/deadlines/counting.py`). A row that is started anew is another limit: what
stopped or lengthened the first run of it stays with that run.
"""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from core.deadlines.rules import StopKind
from core.documents.models import Attachment, Paper
from core.ledger.models import Book


class OfLimit(models.Model):
    """The limit that a row belongs to, the legal basis as it was, the reason, who decided, and the papers."""

    book = models.ForeignKey(Book, models.PROTECT, related_name="+")
    table = models.CharField(_("时限表"), max_length=60)
    row = models.PositiveBigIntegerField(_("时限行"))
    run_from = models.DateTimeField(_("时限起算"))
    reason = models.CharField(_("理由"), max_length=400)
    basis = models.CharField(_("依据"), max_length=240)
    certainty = models.CharField(_("可信度"), max_length=1)
    paper_number = models.CharField(_("凭据文号"), max_length=80)
    attachment = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+"
    )
    notice = models.ForeignKey(Paper, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True


class Suspension(OfLimit):
    """中止: from `since` to `until` the clock of one limit stands; None: it still does."""

    kind = models.CharField(_("事由"), max_length=16, choices=StopKind.choices)
    clause = models.CharField(_("专门规定"), max_length=120, blank=True)
    expected_days = models.PositiveSmallIntegerField(_("预计需要（工作日）"))
    since = models.DateTimeField(_("中止自"))
    until = models.DateTimeField(_("中止至"), null=True, blank=True)
    by = models.ForeignKey(Membership, models.PROTECT, related_name="+", verbose_name=_("决定人"))
    resumed_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    resumed_because = models.CharField(_("恢复理由"), max_length=400, blank=True)
    resumed_notice = models.ForeignKey(
        Paper, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = _("期限中止")
        ordering = ("since", "pk")
        indexes = (models.Index(fields=["book", "table", "row"], name="suspension_of_limit"),)
        constraints = (
            models.UniqueConstraint(
                fields=["table", "row", "run_from", "kind"],
                condition=Q(until=None),
                name="one_open_suspension_per_kind",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="suspension_ends_after_it_starts",
                violation_error_message=_("中止不能在开始以前结束。"),
            ),
            models.CheckConstraint(condition=~Q(basis=""), name="suspension_has_basis"),
            models.CheckConstraint(condition=~Q(paper_number=""), name="suspension_has_paper"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.since:%Y-%m-%d}"

    def covers(self, at: datetime) -> bool:
        """Whether the clock stands for this reason at an instant."""
        return self.since <= at and (self.until is None or at < self.until)


class Extension(OfLimit):
    """延期: days added to the budget of one limit before it ends; `turn` counts them where several are allowed."""

    turn = models.PositiveSmallIntegerField(_("第几次"), default=1)
    days = models.PositiveSmallIntegerField(_("延长天数"))
    granted_at = models.DateTimeField(_("批准时间"))
    signed_by = models.ForeignKey(
        Membership, models.PROTECT, related_name="+", verbose_name=_("批准人")
    )
    due_before = models.DateTimeField(_("原到期"), null=True, blank=True)
    # The row stays when the days are taken back: it was told, and that it no longer counts is told, too.
    taken_back_at = models.DateTimeField(_("收回时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("期限延长")
        ordering = ("granted_at", "pk")
        indexes = (models.Index(fields=["book", "table", "row"], name="extension_of_limit"),)
        constraints = (
            models.UniqueConstraint(
                fields=["table", "row", "run_from", "turn"], name="one_extension_per_turn"
            ),
            models.CheckConstraint(condition=Q(days__gt=0), name="extension_has_days"),
            models.CheckConstraint(
                condition=Q(due_before=None) | Q(granted_at__lte=F("due_before")),
                name="extension_comes_before_expiry",
                violation_error_message=_("期限届满以后不能延长。"),
            ),
            models.CheckConstraint(condition=~Q(basis=""), name="extension_has_basis"),
        )

    def __str__(self) -> str:
        return f"+{self.days} {self.granted_at:%Y-%m-%d}"
