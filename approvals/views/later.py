"""清单外要求 on the pages of a case: asked by a department, decided by the supervisor, seen by the enterprise."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.forms.later import AskLaterForm, DecideLaterForm
from approvals.models import Filing, LaterRequest
from approvals.policies import asks_later, list_is_binding, sees, supervisor
from approvals.services import ask_later, refuse_later, sign_later
from approvals.stages import LaterState
from approvals.views.base import CaseStep, outcome


class Later(CaseStep):
    """What was asked for outside the list, and the form for a department that must."""

    template_name = "approvals/later.html"
    form_class = AskLaterForm
    policy = staticmethod(sees)
    conditions = (list_is_binding,)
    title = gettext_lazy("清单以外的材料")
    verb = gettext_lazy("提请效能监督签字")
    explain = gettext_lazy(
        "清单约束政府：清单以外再要材料的，须有依据，经效能监督签字，并计入公开统计。签字以前企业不必提交；不影响受理和程序进行。"
    )

    def allowed(self) -> bool:
        """Everybody of the case reads; a department or the window asks."""
        policy = asks_later if self.request.method == "POST" else sees
        return bool(policy(self.subject, self.acting))

    def perform(self, data: dict[str, Any]) -> str:
        """Ask."""
        request = ask_later(self.subject, **data, by=self.acting, at=self.now())
        return outcome(
            _("已提请签字：%(name)s。") % {"name": request}, _("效能监督同意的，企业会收到通知。")
        )

    def get_success_url(self) -> str:
        """Stay on the list of requests."""
        return reverse("approvals:later", args=[self.subject.public_id])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what was asked for."""
        found = self.subject.later_requests.select_related("department", "material")
        return super().get_context_data(
            **{
                "requests": found.prefetch_related("department__names"),
                "may_ask": asks_later(self.subject, self.acting),
                "may_decide": supervisor(self.subject, self.acting),
                **kwargs,
            }
        )


class DecideLater(CaseStep):
    """效能监督签字."""

    form_class = DecideLaterForm
    policy = staticmethod(supervisor)
    title = gettext_lazy("清单以外的材料：签字")
    verb = gettext_lazy("决定")

    def find(self) -> Filing:
        """Find the case, and what was asked for in it."""
        filing: Filing = super().find()
        wanted = filing.later_requests.select_related("department", "filing")
        request = wanted.filter(pk=self.kwargs["pk"]).first()
        if request is None:
            raise Http404
        self.wanted: LaterRequest = request
        return filing

    def reasons(self) -> list[str]:
        """Say that it was decided already."""
        if self.wanted.state == LaterState.ASKED:
            return super().reasons()
        decided = _("这项要求已经决定：%(state)s。") % {"state": self.wanted.get_state_display()}
        return [*super().reasons(), decided]

    @property
    def explain(self) -> str:  # type: ignore[override]
        """Say what is wanted, by whom, on what basis and why."""
        return _("%(department)s要求“%(name)s”。依据：%(basis)s。理由：%(reason)s") % {
            "department": self.wanted.department.label,
            "name": self.wanted,
            "basis": self.wanted.basis,
            "reason": self.wanted.reason,
        }

    def perform(self, data: dict[str, Any]) -> str:
        """Sign, or refuse."""
        if data["decision"] == "sign":
            sign_later(self.wanted, by=self.acting, at=self.now())
            return outcome(_("已签字：%(name)s。") % {"name": self.wanted}, _("已通知企业。"))
        refuse_later(self.wanted, reason=data["reason"], by=self.acting, at=self.now())
        return outcome(_("不同意：%(name)s。") % {"name": self.wanted}, _("已通知提出要求的部门。"))
