"""What a pre-review wants changed: handed in by the enterprise, checked by the department of its item."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.forms.steps import ChangeForm, HandInChangeForm, ReturnChangeForm
from approvals.models import Change, Filing
from approvals.policies import checks_change, own_enterprise
from approvals.rules.changes import why_not_checked, why_not_handed_in, why_not_returned
from approvals.services import finish_change, hand_in_change, return_change
from approvals.views.base import CaseStep, outcome


class ChangeStep(CaseStep):
    """A step of one change; afterwards one is back at the gate."""

    template_name = "approvals/change.html"

    def find(self) -> Filing:
        """Find the case and the change on it."""
        filing: Filing = super().find()
        found = Change.objects.select_related(
            "filing", "item__item", "item__department", "handed_file"
        )
        self.change = get_object_or_404(found, filing=filing, pk=self.kwargs["pk"])
        return filing

    def allowed(self) -> bool:
        """Whoever checks this change."""
        return checks_change(self.change, self.acting)

    @property
    def explain(self) -> str:  # type: ignore[override]
        """Name the change."""
        return self.change.text

    def get_success_url(self) -> str:
        """Go back to the gate."""
        return reverse("approvals:gate", args=[self.subject.public_id])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the change."""
        return super().get_context_data(change=self.change, **kwargs)


class HandInChange(ChangeStep):
    """交来修改."""

    form_class = HandInChangeForm
    title = gettext_lazy("交来预审要求的修改")
    verb = gettext_lazy("交来修改")

    def allowed(self) -> bool:
        """The enterprise, or its agent."""
        return own_enterprise(self.subject, self.acting)

    def reasons(self) -> list[str]:
        """Say why it cannot be handed in."""
        return why_not_handed_in(self.change)

    def perform(self, data: dict[str, Any]) -> str:
        """Hand it in."""
        hand_in_change(self.change, **data, by=self.acting, at=self.now())
        then = _("由%(who)s核对；其他部门不再重新征求意见。") % {"who": self.change.checked_by}
        return outcome(_("已交来：%(what)s。") % {"what": self.change.text}, then)


class FinishChange(ChangeStep):
    """核对修改."""

    form_class = ChangeForm
    title = gettext_lazy("核对预审要求的修改")
    verb = gettext_lazy("核对完成")

    def reasons(self) -> list[str]:
        """Say that it is done, not handed in yet, or that the case is over."""
        return why_not_checked(self.change)

    def perform(self, data: dict[str, Any]) -> str:
        """Write down that it has been made."""
        finish_change(self.change, note=data["note"], by=self.acting, at=self.now())
        return outcome(_("已核对完成：%(what)s。") % {"what": self.change.text})


class ReturnChange(ChangeStep):
    """修改未完成."""

    form_class = ReturnChangeForm
    title = gettext_lazy("修改尚未完成，退回企业")
    verb = gettext_lazy("退回企业")

    def reasons(self) -> list[str]:
        """Say why nothing can be sent back."""
        return why_not_returned(self.change)

    def perform(self, data: dict[str, Any]) -> str:
        """Send it back."""
        return_change(self.change, reason=data["reason"], by=self.acting, at=self.now())
        return outcome(
            _("已退回：%(what)s。") % {"what": self.change.text}, _("轮到企业修改后再交。")
        )
