"""节点计划: by when an enterprise promised to reach each named point of its works, said with the start report."""

from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from approvals.models import CatalogueNode, Filing
from core.deadlines.models import Timed
from core.documents.models import Attachment

NAME = lazy(str, str)


class SiteNode(Timed):
    """计划节点: one node of a case with its promised day; its clock ends with the report that names it.

    Without a promised day the enterprise said that its works have no such node.
    """

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="site_nodes")
    node = models.ForeignKey(CatalogueNode, models.PROTECT, related_name="+")
    promised_on = models.DateField(_("承诺日期"), null=True, blank=True)
    promised_at = models.DateTimeField(_("承诺时间"))
    escalated_at = models.DateTimeField(_("转督办时间"), null=True, blank=True)

    called_by = ("node",)

    class Meta(Timed.Meta):
        verbose_name = verbose_name_plural = _("计划节点")
        ordering = ("filing", "node__order", "pk")
        constraints = (
            models.UniqueConstraint(fields=["filing", "node"], name="one_promise_per_node"),
        )

    def __str__(self) -> str:
        return str(self.node)

    @property
    def called(self) -> Any:
        """The rule's name with the node's, in the language of who reads it."""
        return format_lazy("{}{}{}", self.declared.name, _("："), NAME(self.node))

    @property
    def before(self) -> tuple[tuple[date | None, str, Attachment | None], ...]:
        """The days that were promised first and changed or struck, in their order, with reason and file."""
        kept: list[tuple[datetime, NodeChange | NodeStrike]] = [
            *((one.changed_at, one) for one in self.changes.all()),
            *((one.struck_at, one) for one in self.strikes.all()),
        ]
        kept.sort(key=lambda one: one[0])
        return tuple((one.promised_before, one.reason, one.attachment) for _at, one in kept)

    @property
    def struck(self) -> bool:
        """Whether its promise was taken back, because the works have no such node any more."""
        return self.promised_on is None and bool(self.strikes.all())

    @property
    def reached_on(self) -> date | None:
        """The day on which the enterprise says it was reached; None while nothing was said."""
        report = getattr(self, "report", None)
        return report.happened_on if report else None


class NodeChange(models.Model):
    """变更节点日期: one change of a promised day, reported with its reason; the day before stays readable here.

    `promised_before` is None where the enterprise had said that its works have no such node.
    """

    node = models.ForeignKey(SiteNode, models.PROTECT, related_name="changes")
    turn = models.PositiveSmallIntegerField(_("第几次变更"))
    promised_before = models.DateField(_("原承诺日期"), null=True, blank=True)
    promised_on = models.DateField(_("变更后的承诺日期"))
    reason = models.CharField(_("变更理由"), max_length=400)
    attachment = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+"
    )
    changed_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(_("变更时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("节点日期变更")
        ordering = ("node", "turn")
        constraints = (
            models.UniqueConstraint(fields=["node", "turn"], name="one_change_per_turn"),
        )

    def __str__(self) -> str:
        return f"{self.node} {self.promised_on}"


class NodeStrike(models.Model):
    """核减节点: a promise taken back, because the works have no such node now; what was promised stays readable."""

    node = models.ForeignKey(SiteNode, models.PROTECT, related_name="strikes")
    promised_before = models.DateField(_("原承诺日期"))
    reason = models.CharField(_("核减理由"), max_length=400)
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    struck_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    struck_at = models.DateTimeField(_("核减时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("节点核减")
        ordering = ("node", "pk")

    def __str__(self) -> str:
        return f"{self.node} {self.promised_before}"
