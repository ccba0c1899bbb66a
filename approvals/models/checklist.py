"""清单: the copy of the catalogue issued to one filing. It binds the government."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from approvals.models.catalogue import CatalogueItem, in_page_language
from approvals.models.filing import Filing
from approvals.rules.gate import item_missing
from approvals.stages import Approval, ItemClass, OpinionDefault, StartGate, ToleranceModel
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
    # 附解除条件 (model 2): decided while a promised paper was missing; never shown as plainly obtained.
    conditional = models.BooleanField(_("附解除条件"), default=False)
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
            models.CheckConstraint(
                condition=Q(conditional=False)
                | Q(approval__in=(Approval.ISSUED, Approval.REPLACED)),
                name="only_a_decision_is_conditional",
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.label}"

    @property
    def label(self) -> str:
        """The item's name in the language of the page."""
        return in_page_language(self.item.name, self.item.name_en)

    @property
    def approval_label(self) -> str:
        """How the approval stands; one that was given against a promise is never called simply obtained."""
        if self.conditional:
            return str(_("容缺通过（附解除条件，材料未补齐）"))
        return str(self.get_approval_display())

    @property
    def approval_mark(self) -> str:
        """The mark beside the label; of a conditional one not that of what is obtained."""
        if self.approval == Approval.LAPSED:
            return Approval.REFUSED
        return "held" if self.conditional else self.approval

    @property
    def red_line(self) -> bool:
        """Whether a statute forbids starting without the approval, for this project."""
        return self.opinion_default == OpinionDefault.ESCALATE

    @property
    def tolerated_as(self) -> str:
        """In which way a gap is tolerated here: what stands behind a red line of this project waits for the paper."""
        return ToleranceModel.COMPLETE if self.red_line else self.item.tolerance_model

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
