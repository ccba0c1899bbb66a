"""清单: the copy of the catalogue issued to one filing. It binds the government."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from approvals.models.catalogue import CatalogueItem, in_page_language
from approvals.models.filing import Filing
from approvals.rules.gate import item_missing
from approvals.stages import Approval, ItemClass, OpinionDefault, StartGate
from core.documents.models import Attachment


class ChecklistItem(models.Model):
    """清单事项: what silence may do to the opinion, and apart from it what is owed before the start."""

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="items")
    item = models.ForeignKey(CatalogueItem, models.PROTECT, related_name="+")
    code = models.CharField(_("编号"), max_length=8)
    item_class = models.CharField(_("类别"), max_length=12, choices=ItemClass.choices)
    department = models.ForeignKey(Organisation, models.PROTECT, related_name="checklist_items")
    applies = models.BooleanField(_("适用"), null=True, help_text=_("空：待核"))
    because = models.JSONField(_("因为"), default=list)
    opinion_default = models.CharField(_("默认规则"), max_length=10, choices=OpinionDefault.choices)
    start_gate = models.CharField(_("开工条件"), max_length=20, choices=StartGate.choices)
    declined = models.BooleanField(_("企业未作承诺"), default=False)
    struck_reason = models.CharField(_("核减理由"), max_length=300, blank=True)
    approval = models.CharField(
        _("法定审批"), max_length=10, choices=Approval.choices, default=Approval.OWED
    )
    approval_number = models.CharField(_("批准文号"), max_length=80, blank=True)
    approval_on = models.DateField(_("批准日期"), null=True, blank=True)
    approval_file = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = _("清单事项")
        ordering = ("filing", "pk")
        constraints = (
            models.UniqueConstraint(fields=["filing", "code"], name="one_row_per_item"),
            models.CheckConstraint(
                condition=~Q(approval=Approval.ISSUED) | ~Q(approval_number=""),
                name="issued_approval_has_number",
                violation_error_message=_("已取得的批准必须有文号。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.label}"

    @property
    def label(self) -> str:
        """The item's name in the language of the page."""
        return in_page_language(self.item.name, self.item.name_en)

    @property
    def red_line(self) -> bool:
        """Whether a statute forbids starting without the approval, for this project."""
        return self.opinion_default == OpinionDefault.ESCALATE

    @property
    def book(self) -> object:
        """The filing's book: acts on an item are acts on the case."""
        return self.filing.book

    def keeps_gate_shut(self) -> str | None:
        """Return why this item keeps the start gate shut; None when it does not."""
        if self.applies is False:
            return None
        reason = item_missing(self.start_gate, self.approval)
        return str(reason) if reason else None
