"""时限: a limit of the filing itself, or one of the limits of an item's approval, each kept apart from the others."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from approvals.rules import limits
from core.deadlines.models import Timed


class StageLimit(Timed):
    """时限: a limit of the filing itself, or of one item's approval."""

    filing = models.ForeignKey("approvals.Filing", models.PROTECT, related_name="limits")
    item = models.ForeignKey(
        "approvals.ChecklistItem", models.PROTECT, null=True, blank=True, related_name="limits"
    )
    escalated_at = models.DateTimeField(_("转督办时间"), null=True, blank=True)
    # When the paper came from which it runs, where that was after the counter had closed: it counts from the opening.
    came_at = models.DateTimeField(_("窗口关门后交来的时间"), null=True, blank=True)

    class Meta(Timed.Meta):
        verbose_name = verbose_name_plural = _("时限")
        ordering = ("filing", "pk")

    def __str__(self) -> str:
        return f"{self.filing} {self.declared.name}"

    @property
    def sort(self) -> limits.LimitSort:
        """Whether a statute set it, the county promised it, the county keeps it inside, or it is the enterprise's."""
        return limits.SORTS.get(self.rule, limits.LimitSort.INTERNAL)

    @property
    def kept_by(self) -> int | None:
        """The department of the item whose approval the limit is for."""
        return self.item.department_id if self.item else None

    @property
    def extension_rule(self) -> str:
        """An approval's statutory limit is lengthened only where 行政许可法 42 is what it rests on."""
        if self.rule == limits.STATUTORY_APPROVAL.code:
            return limits.extension_of(self.own_basis)
        return str(super().extension_rule)

    @property
    def own_basis(self) -> str:
        """What an approval's own limit rests on: the item's basis; "" where it is the rulebook's."""
        if self.rule not in (limits.STATUTORY_APPROVAL.code, limits.PROMISED_APPROVAL.code):
            return ""
        item: Any = self.item
        return str(item.item.legal_basis) if item else ""
