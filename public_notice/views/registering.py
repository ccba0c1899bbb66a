"""What came at the counter, by post or by the hotline is entered by hand: requests for disclosure and letters."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.views.base import outcome
from core.steps.views import StepView
from public_notice import policies, services
from public_notice.forms import RegisterForm
from public_notice.forms.mailbox import WorkOrderForm
from public_notice.queries.disclosures import papers_of
from public_notice.rules import mailbox as may


class Disclosure(StepView):
    """登记公开申请: what came at the counter or by post."""

    template_name = "public_notice/disclosure_step.html"
    form_class = RegisterForm
    title = gettext_lazy("登记公开申请")
    verb = gettext_lazy("登记")
    explain = gettext_lazy("不得要求申请人说明用途；身份和联系方式只供办理，不公开。")

    def find(self) -> Any:
        """Return what the page is about; only the window registers."""
        if not policies.window(None, self.acting):
            raise PermissionDenied
        return self.title

    def perform(self, data: dict[str, Any]) -> str:
        """Register it."""
        made = services.register_disclosure(by=self.acting, at=self.now(), **data)
        said = _("已登记，申请编号%(number)s，查询码%(code)s：请一并告知申请人。")
        papers = papers_of(made, of_applicant=True)
        return outcome(said % {"number": made.number, "code": made.code}, "", papers)

    def back_url(self) -> str:
        """Go back to the list."""
        return reverse("public_notice:disclosure_desk")


class WorkOrder(StepView):
    """登记12345工单: by hand, with its number and the day it was handed over."""

    template_name = "public_notice/mailbox_step.html"
    form_class = WorkOrderForm
    title = gettext_lazy("登记12345工单")
    verb = gettext_lazy("登记")
    explain = gettext_lazy("热线转来的工单在这里登记，答复期限自收到日起算；每张工单只登记一次。")

    def find(self) -> Any:
        """Return what the page is about; the window and the supervisor register."""
        if not may.registers(None, self.acting):
            raise PermissionDenied
        return self.title

    def perform(self, data: dict[str, Any]) -> str:
        """Register it."""
        made = services.register_letter(by=self.acting, at=self.now(), **data)
        said = _("已登记，来信编号%(number)s，查询码%(code)s：请告知来信人。")
        return outcome(said % {"number": made.number, "code": made.code}, _("等待效能监督转办。"))

    def back_url(self) -> str:
        """Go back to the list."""
        return reverse("public_notice:mailbox_desk")
