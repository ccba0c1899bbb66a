"""清单草案的签字: proposed with a day and a document, signed by a second person who sees what it is, or withdrawn."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.steps.templatetags.look import date_long
from desk import policies
from desk.forms import catalogue as forms
from desk.queries.catalogue_drafts import draft_page, hands_of
from desk.services import adoption
from desk.views.catalogue_drafts import OfDraft


class Propose(OfDraft):
    """提请签字."""

    form_class = forms.ProposeForm
    title = gettext_lazy("提请签字")
    verb = gettext_lazy("提请另一人签字")
    explain = gettext_lazy(
        "提请以后草案不再改动；由没有起草、修改过的另一名管理员或者效能监督签字。"
    )
    stands = (policies.draft_is_open,)

    def perform(self, data: dict[str, Any]) -> str:
        """Propose it."""
        adoption.propose_catalogue(self.subject, **data, by=self.acting, at=self.now())
        return _("已提请签字；签字人会收到通知。")


class Decide(OfDraft):
    """签字: the second person adopts it or sends it back."""

    policy = staticmethod(policies.decides_catalogue)
    form_class = forms.DecideForm
    title = gettext_lazy("签字")
    verb = gettext_lazy("签字")
    explain = gettext_lazy("签字以后成为新的一版，自施行日起对新申报的项目适用，已经申报的不变。")
    stands = (policies.draft_is_proposed,)
    template_name = "desk/catalogue_decide.html"

    def reasons(self) -> list[str]:
        """Say that it must be somebody who had no hand in it."""
        another = policies.decided_by_another(self.acting, hands_of(self.subject))
        own = [] if another(self.subject) else [str(another.reason)]  # type: ignore[attr-defined]
        return super().reasons() + own

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what is signed: the difference, whom it touches, from which day, by which document."""
        return super().get_context_data(**draft_page(self.subject), **kwargs)

    def perform(self, data: dict[str, Any]) -> str:
        """Adopt it or send it back."""
        if data["approved"] == "no":
            adoption.send_back_catalogue(
                self.subject, reason=data["reason"], by=self.acting, at=self.now()
            )
            return _("已退回修改。")
        made = adoption.adopt_catalogue(self.subject, by=self.acting, at=self.now())
        said = _("已通过：事项清单第%(number)s版，%(day)s起施行。")
        return said % {"number": made.number, "day": date_long(made.in_force_from)}


class WithdrawDraft(OfDraft):
    """作废草案."""

    form_class = forms.ReasonForm
    title = gettext_lazy("作废草案")
    verb = gettext_lazy("作废草案")
    explain = gettext_lazy("作废的草案连同全部修改记录保留，不能再改，也不会施行。")
    danger = True
    stands = (policies.draft_is_undecided,)

    def perform(self, data: dict[str, Any]) -> str:
        """Withdraw it."""
        adoption.withdraw_catalogue(
            self.subject, reason=data["reason"], by=self.acting, at=self.now()
        )
        return _("草案已作废。")


# The pages below a draft: address, page, name.
PAGES: tuple[tuple[str, Any, str], ...] = (
    ("propose", Propose.as_view(), "propose_catalogue"),
    ("decide", Decide.as_view(), "decide_catalogue"),
    ("withdraw", WithdrawDraft.as_view(), "withdraw_catalogue"),
)
