"""代办与经办: who acts in a case and until when, who is responsible for it; granting, ending, handing over."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals import policies
from approvals.forms.people import EndForm, GrantForm, HandOverForm, at_its_field
from approvals.models import Authority, Filing
from approvals.queries.people import agent_named, may_receive_case, reads_attorney
from approvals.services import end_authority, grant_authority, hand_over
from approvals.services.authority import wants_attorney
from approvals.services.hand_over import side_of
from approvals.views.base import CaseStep, outcome
from core.steps.templatetags.look import date_long


class PeoplePage(CaseStep):
    """Who acts and who is responsible, as it stands and as it came about."""

    template_name = "approvals/people.html"
    policy = staticmethod(policies.sees)
    title = gettext_lazy("代办与经办")
    http_method_names = ["get", "head", "options"]
    explain = gettext_lazy(
        "谁在办这件事、能办到哪一天、由谁换成谁，都在这里；每一次授权、终止和移交都记入台账。"
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add authorities and hand-overs with what the person may do about them."""
        filing, by, at = self.subject, self.acting, self.now()
        return super().get_context_data(
            authorities=[
                {
                    "one": one,
                    "holds": one.holds(at),
                    "may_end": _may_end(one, by, at),
                    "reads_scan": reads_attorney(one, by),
                }
                for one in authorities_of(filing)
            ],
            hand_overs=[
                {"one": one, "reason": one.reason_for(by)}
                for one in filing.hand_overs.select_related(
                    "giver__user", "receiver__user", "receiver__organisation"
                )
            ],
            may_grant=policies.enterprise_itself(filing, by) and not filing.ended,
            may_hand_over=policies.hands_over(filing, by) and not filing.ended,
            **kwargs,
        )


def authorities_of(filing: Filing) -> list[Authority]:
    """Return every authority of a case with whom its rows name, the newest first."""
    found = Authority.objects.covering(filing).select_related(
        "agent__user", "agent__organisation", "scan", "granted_by__user", "ended_by__user", "enterprise"
    )  # fmt: skip
    rows = list(found.order_by("-pk"))
    for one in rows:
        if one.filing_id is not None:
            one.filing = filing
    return rows


def _may_end(one: Authority, by: Any, at: Any) -> bool:
    over = one.ended_at is not None or timezone.localdate(at) > one.valid_to
    return not over and policies.ends_authority(one, by)


class PeopleStep(CaseStep):
    """A step that leads back to the page of the people."""

    def back_url(self) -> str:
        """Go back to the people of the case."""
        return reverse("approvals:people", args=[self.subject.public_id])


class GrantAuthority(PeopleStep):
    """授权代办."""

    form_class = GrantForm
    policy = staticmethod(policies.enterprise_itself)
    conditions = (policies.not_ended,)
    title = gettext_lazy("授权他人代办")
    verb = gettext_lazy("授权")
    explain = gettext_lazy(
        "代办人用自己的账户办理本件，每一步都写明“代办”。授权只管本件，到期自行失效，可以随时终止。"
    )

    def get_form_kwargs(self) -> dict[str, Any]:
        """Say whether the county wants the power of attorney."""
        return super().get_form_kwargs() | {
            "wants_attorney": wants_attorney(self.subject, self.now())
        }

    def get_initial(self) -> dict[str, Any]:
        """Begin today; until when, the enterprise says."""
        return {"valid_from": timezone.localdate(self.now())}

    def perform(self, data: dict[str, Any]) -> str:
        """Grant it."""
        at = self.now()
        try:
            agent = agent_named(data["username"], data["uscc"], timezone.localdate(at))
            made = grant_authority(
                self.subject, agent=agent, valid_from=data["valid_from"], valid_to=data["valid_to"],
                powers=tuple(data["powers"]), upload=data["upload"], by=self.acting, at=at,
            )  # fmt: skip
        except ValidationError as wrong:
            raise at_its_field(wrong) from wrong
        what = {"agent": made, "until": date_long(made.valid_to)}
        return outcome(
            _("已授权%(agent)s代办，到%(until)s为止。") % what,
            _("已通知代办人；到期前会提醒双方。"),
        )


class EndAuthority(PeopleStep):
    """终止授权."""

    form_class = EndForm
    policy = staticmethod(policies.ends_authority)
    title = gettext_lazy("终止代办授权")
    verb = gettext_lazy("终止授权")
    danger = True

    def find(self) -> Filing:
        """Find the case, and the authority in it."""
        filing: Filing = super().find()
        found = [
            one for one in authorities_of(filing) if one.pk == self.kwargs["pk"] and one.filing_id
        ]
        if not found:
            raise Http404
        self.authority = found[0]
        return filing

    def allowed(self) -> bool:
        """Whether this authority is the person's to end."""
        return bool(self.policy(self.authority, self.acting))

    def reasons(self) -> list[str]:
        """Say that it is over already."""
        if _may_end(self.authority, self.acting, self.now()):
            return []
        return [_("这项授权已经终止或者届满。")]

    @property
    def explain(self) -> str:  # type: ignore[override]
        """Say whose authority it is."""
        return _("%(agent)s，授权到%(until)s为止：%(powers)s。") % {
            "agent": self.authority,
            "until": date_long(self.authority.valid_to),
            "powers": self.authority.powers_text,
        }

    def perform(self, data: dict[str, Any]) -> str:
        """End it."""
        end_authority(self.authority, reason=data["reason"], by=self.acting, at=self.now())
        return outcome(_("代办授权已终止，已通知双方。"))

    def get_success_url(self) -> str:
        """Go where the person may still go: who laid their authority down sees the case no more."""
        own = policies.enterprise_itself(self.subject, self.acting)
        return self.back_url() if own else reverse("approvals:list")


class HandOverStep(PeopleStep):
    """移交."""

    form_class = HandOverForm
    policy = staticmethod(policies.hands_over)
    conditions = (policies.not_ended,)
    title = gettext_lazy("移交本件")
    verb = gettext_lazy("移交本件")
    explain = gettext_lazy(
        "换一个人负责本件：只能交给本单位在任的同事，企业也可以交给授权期内的代办人。谁能办理不因移交改变。"
    )

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer whoever is in office today."""
        side, today = side_of(self.subject, self.acting), timezone.localdate(self.now())
        return super().get_form_kwargs() | {
            "people": may_receive_case(self.subject, side, self.acting, today)
        }

    def perform(self, data: dict[str, Any]) -> str:
        """Hand it over."""
        receiver = self.get_form().people[data["receiver"]]
        hand_over(
            self.subject, receiver=receiver, reason=data["reason"], by=self.acting, at=self.now()
        )
        return outcome(_("已移交给%(who)s，已通知双方。") % {"who": receiver.user})
