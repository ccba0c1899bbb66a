"""节点计划: by when an enterprise promised to reach each named point of its works, said with the start report."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from approvals.models import CatalogueNode, Filing
from core.deadlines.models import Timed


class SiteNode(Timed):
    """计划节点: one node of a case with its promised day; its clock ends with the report that names it.

    Without a promised day the enterprise said that its works have no such node.
    """

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="site_nodes")
    node = models.ForeignKey(CatalogueNode, models.PROTECT, related_name="+")
    promised_on = models.DateField(_("承诺日期"), null=True, blank=True)
    promised_at = models.DateTimeField(_("承诺时间"))
    escalated_at = models.DateTimeField(_("转督办时间"), null=True, blank=True)

    class Meta(Timed.Meta):
        verbose_name = verbose_name_plural = _("计划节点")
        ordering = ("filing", "node__order", "pk")
        constraints = (
            models.UniqueConstraint(fields=["filing", "node"], name="one_promise_per_node"),
        )

    def __str__(self) -> str:
        return str(self.node)

    @property
    def reached_on(self) -> date | None:
        """The day on which the enterprise says it was reached; None while nothing was said."""
        report = getattr(self, "report", None)
        return report.happened_on if report else None
