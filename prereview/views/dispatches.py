"""分送: what waits for a department's signature, signing for one file or for all, and the second channel."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.models import Filing
from approvals.views.base import outcome
from core.deadlines.queries import calendar_or_none
from core.steps.limits import card, silence
from prereview import policies, services
from prereview.forms import FilesForm, SecondChannelForm
from prereview.models import Dispatch
from prereview.queries.dispatches import to_sign
from prereview.views.base import Step

ALREADY = gettext_lazy("该部门已签收，不需要另行送达。")


def case_page(filing: Filing) -> str:
    """Return the part of a case's page on which its dispatches stand."""
    return reverse("desk:case", args=[filing.public_id]) + "#dispatches"


class DispatchStep(Step):
    """A step of one dispatch; a department finds only its own."""

    policy: Any = staticmethod(policies.own_department)

    def find(self) -> Dispatch:
        """Return the dispatch of the address."""
        found = Dispatch.objects.visible_to(self.acting).filter(
            filing__in=Filing.objects.visible_to(self.acting)
        )
        return get_object_or_404(
            found.select_related("filing", "department", "book"), pk=self.kwargs["pk"]
        )

    def about(self) -> Any:
        """Return the case."""
        return self.subject.filing

    def back_url(self) -> str:
        """Go back to the case's dispatches."""
        return case_page(self.subject.filing)

    def reasons(self) -> list[str]:
        """Say when the case has ended."""
        held = policies.dispatch_goes_on
        return [] if held(self.subject) else [str(held.reason)]  # type: ignore[attr-defined]


class SignView(DispatchStep):
    """签收分送件."""

    title = gettext_lazy("签收分送件")
    verb = gettext_lazy("签收")
    explain = gettext_lazy("签收表示本单位已收到申报件，不代替提出意见。")

    def reasons(self) -> list[str]:
        """Say when the case has ended; what is signed for stands."""
        return [] if self.subject.proven else super().reasons()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say beside the button until when, and what happens if nothing is done."""
        return {**super().get_context_data(**kwargs), "silence": silence(self.subject, self.now())}

    def perform(self, data: dict[str, Any]) -> str:
        """Sign for the file."""
        services.acknowledge_dispatch(self.subject, by=self.acting, at=self.now())
        return outcome(_("已签收。"), _("等待联合勘察或者联合预审会的通知。"))


class SignOfCaseView(SignView):
    """The same, from the case: the department's own dispatch of it."""

    def find(self) -> Dispatch:
        """Return the dispatch of the case of the address; whoever it was not sent to finds none."""
        case = get_object_or_404(
            Filing.objects.visible_to(self.acting), public_id=self.kwargs["public_id"]
        )
        found = case.dispatches.filter(department_id=self.acting.organisation_id)
        return get_object_or_404(found.select_related("filing", "department", "book"))


class ServeView(DispatchStep):
    """第二种方式送达分送件."""

    policy = staticmethod(policies.window)
    title = gettext_lazy("第二种方式送达分送件")
    verb = gettext_lazy("登记送达")
    explain = gettext_lazy("书面送达上传签收单，电话通知上传两人签名的记录。")
    form_class = SecondChannelForm

    def reasons(self) -> list[str]:
        """Say when the file has been signed for already, or the case has ended."""
        return [str(ALREADY)] if self.subject.proven else super().reasons()

    def perform(self, data: dict[str, Any]) -> str:
        """Register the service with its proof."""
        services.serve_dispatch_by_second_channel(
            self.subject, by=self.acting, at=self.now(), **data
        )
        if not data["received"]:
            return outcome(_("已登记没有送到。"), _("请再次送达。"))
        return outcome(_("已登记送达，凭证已存。"))


class SignManyView(Step):
    """签收分送件: the list of what waits, each ticked, and one button for all that stay so."""

    policy = staticmethod(policies.department)
    template_name = "prereview/dispatches.html"
    title = gettext_lazy("签收分送件")
    verb = gettext_lazy("签收")
    form_class = FilesForm
    explain = gettext_lazy("签收表示本单位已收到申报件，不代替提出意见。")

    def find(self) -> None:
        """There is no single one; they are the department's own."""

    def about(self) -> Any:
        """Return the list of what waits."""
        return _("等我办理")

    def back_url(self) -> str:
        """Go back to the list of what waits."""
        return reverse("desk:home")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer what waits."""
        self.waiting = list(to_sign(self.acting))
        return {**super().get_form_kwargs(), "files": self.waiting}

    def perform(self, data: dict[str, Any]) -> str:
        """Sign for what was chosen of that which was shown."""
        signed = services.acknowledge_dispatches(data["chosen"], by=self.acting, at=self.now())
        return outcome(_("已签收%(count)s件。") % {"count": len(signed)})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what waits, each with its date and what happens if nothing is done."""
        at = self.now()
        calendar = calendar_or_none(at)
        context = super().get_context_data(**kwargs)
        waiting = [
            {"one": one, "url": case_page(one.filing), **card(one, at, calendar, table=False)}
            for one in self.waiting
        ]
        return {**context, "waiting": waiting}
