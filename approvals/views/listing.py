"""Stage 1 and 2: the decision that the mechanism applies, the licence, the list that binds the government."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.rules import check_uscc
from approvals.forms.steps import EligibilityForm, StrikeForm
from approvals.models import ChecklistItem, Filing
from approvals.policies import item_is_to_be_checked, receives, sees, window
from approvals.queries import preview
from approvals.queries.answers import questions_of, reason_rows
from approvals.queries.trial import items_shown
from approvals.rules.limits import CHECKLIST
from approvals.services import (
    acknowledge_checklist,
    confirm_licence,
    decide_eligible,
    send_to_ordinary,
    serve_checklist,
    strike_item,
)
from approvals.services.tolerance import why_barred
from approvals.stages import AFTER_LIST, WORKS, Stage
from approvals.views.base import CaseStep, outcome
from approvals.views.explain import listed_groups, preview_groups
from core.steps.reasons import because


@because(gettext_lazy("适用与否在清单送达之前决定；本件已不在这一步。"))
def is_submitted(filing: Filing) -> bool:
    """The filing waits for the window's decision."""
    return bool(filing.stage == Stage.SUBMITTED)


@because(gettext_lazy("窗口还没有送达一次性告知书，轮到窗口。"))
def is_served(filing: Filing) -> bool:
    """The list is out."""
    return filing.served_at is not None


@because(gettext_lazy("告知书已经签收过了。"))
def is_unacknowledged(filing: Filing) -> bool:
    """The enterprise has not signed for the list yet."""
    return filing.acknowledged_at is None


@because(gettext_lazy("这家企业的营业执照已经核对过，不用再核。"))
def licence_is_open(filing: Filing) -> bool:
    """The licence waits for the window."""
    return filing.enterprise.licence_confirmed_at is None


@because(gettext_lazy("清单送达以后、开工告知以前才能核减事项。"))
def can_strike(filing: Filing) -> bool:
    """The list is out and the way is not over."""
    return not filing.ended and filing.stage not in (Stage.DRAFT, Stage.SUBMITTED, *WORKS)


class Eligibility(CaseStep):
    """适用决定."""

    template_name = "approvals/eligibility.html"
    form_class = EligibilityForm
    policy = staticmethod(window)
    conditions = (is_submitted,)
    rules = (CHECKLIST.code,)
    title = gettext_lazy("决定是否适用承诺制")
    explain = gettext_lazy("规则只作提示，由窗口决定。")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what the rules propose and the state of the licence."""
        filing = self.subject
        seen = preview(filing.answers, filing.catalogue)
        questions = questions_of(filing.catalogue)
        return super().get_context_data(
            against=reason_rows(seen.reasons, questions),
            undecided=reason_rows(seen.undecided, questions),
            items=len(seen.items),
            barred=why_barred(filing, self.now()),
            decided=filing.eligible_at,
            licence=filing.enterprise.licence_confirmed_at,
            licence_url=reverse("approvals:licence", args=[filing.public_id]),
            questionnaire_url=reverse("approvals:questionnaire", args=[filing.public_id]),
            **kwargs,
        )

    def perform(self, data: dict[str, Any]) -> str:
        """Decide; a departure from the rules and a no are said why."""
        ordinary, reason = self.request.POST.get("decision") == "ordinary", data["reason"].strip()
        if ordinary and not reason:
            raise ValidationError({"reason": _("请写明为什么不适用承诺制，企业会看到。")})
        if ordinary:
            send_to_ordinary(self.subject, reason=reason, by=self.acting, at=self.now())
            return outcome(_("已决定不适用承诺制，转一般程序。"), _("企业会收到理由。本件终结。"))
        decide_eligible(self.subject, note=reason, by=self.acting, at=self.now())
        if self.subject.enterprise.licence_confirmed_at is None:
            return outcome(
                _("已决定适用承诺制。"), _("核对企业营业执照后送达一次性告知书。轮到窗口。")
            )
        return outcome(_("已决定适用承诺制。"), _("送达一次性告知书。轮到窗口。"))


class Licence(CaseStep):
    """核对营业执照."""

    template_name = "approvals/licence.html"
    policy = staticmethod(window)
    conditions = (licence_is_open,)
    title = gettext_lazy("核对营业执照")
    verb = gettext_lazy("与执照一致，确认")
    explain = gettext_lazy("每家企业只核对一次。等候核对的申报，自确认时起算清单告知的期限。")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the licence as it was typed, and what the check digits say."""
        enterprise = self.subject.enterprise
        return super().get_context_data(
            rows=[
                {"key": _("名称"), "value": enterprise.name},
                {
                    "key": _("统一社会信用代码"),
                    "value": enterprise.uscc,
                    "note": enterprise.uscc_note,
                },
                {"key": _("法定代表人"), "value": enterprise.legal_representative},
                {"key": _("联系人"), "value": f"{enterprise.contact} {enterprise.phone}".strip()},
            ],
            code=check_uscc(enterprise.uscc),
            **kwargs,
        )

    def perform(self, data: dict[str, Any]) -> str:
        """Confirm the licence."""
        confirm_licence(self.subject.enterprise, by=self.acting, at=self.now())
        self.subject.refresh_from_db()
        then = (
            _("决定是否适用承诺制。")
            if self.subject.eligible_at is None
            else _("送达一次性告知书。")
        )
        return outcome(_("已确认营业执照。"), then + _("轮到窗口。"))


class Checklist(CaseStep):
    """清单: for the window a preview and its service; once served, the list for everyone concerned."""

    template_name = "approvals/checklist.html"
    policy = staticmethod(sees)
    rules = (CHECKLIST.code,)
    title = gettext_lazy("一次性告知书")
    verb = gettext_lazy("送达一次性告知书")

    def allowed(self) -> bool:
        """Show a preview to the window and the list to everyone; the window alone serves it."""
        if self.request.method == "POST":
            return window(self.subject, self.acting)
        return sees(self.subject, self.acting)

    def reasons(self) -> list[str]:
        """Return why the list cannot be served yet, or for others that it is not there yet."""
        if self.subject.served_at is not None:
            return []
        if window(self.subject, self.acting):
            return self.subject.why_not("serve_checklist")
        return [str(is_served.reason)]  # type: ignore[attr-defined]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the list, served or previewed."""
        filing, acting = self.subject, self.acting
        served = filing.served_at is not None
        preparing = filing.stage == Stage.SUBMITTED and window(filing, acting)
        groups: list[dict[str, Any]] = []
        if served:
            groups = listed_groups(filing)
        elif preparing:
            edition = filing.catalogue
            groups = preview_groups(
                preview(filing.answers, edition), items_shown(edition), questions_of(edition)
            )
        mine = receives(filing, acting) and filing.stage in AFTER_LIST and not filing.ended
        return super().get_context_data(
            groups=groups,
            served=served,
            preparing=preparing,
            may_strike=served and window(filing, acting) and can_strike(filing),
            may_acknowledge=served and mine and filing.acknowledged_at is None,
            **kwargs,
        )

    def perform(self, data: dict[str, Any]) -> str:
        """Serve the list."""
        self.subject = serve_checklist(self.subject, by=self.acting, at=self.now())
        return outcome(
            _("一次性告知书已送达。清单从此约束政府各部门，只能变短。"),
            _("企业签收告知书，按清单准备材料。轮到企业。"),
            [self.subject.checklist_paper],
        )


class Acknowledge(CaseStep):
    """签收告知书."""

    policy = staticmethod(receives)
    conditions = (is_served, is_unacknowledged)
    title = gettext_lazy("签收一次性告知书")
    verb = gettext_lazy("签收告知书")
    explain = gettext_lazy(
        "签收表示您已收到清单。清单以外再要材料的，须经效能监督签字，您可以拒绝。"
    )

    def perform(self, data: dict[str, Any]) -> str:
        """Sign for it."""
        acknowledge_checklist(self.subject, by=self.acting, at=self.now())
        return outcome(_("已签收一次性告知书。"), _("按清单准备并提交材料。轮到企业。"))

    def get_success_url(self) -> str:
        """Go on to the materials."""
        return reverse("approvals:materials", args=[self.subject.public_id])


class Strike(CaseStep):
    """核减一个事项."""

    form_class = StrikeForm
    policy = staticmethod(window)
    conditions = (can_strike,)
    title = gettext_lazy("核减事项")
    verb = gettext_lazy("核减事项")
    danger = True

    def find(self) -> Filing:
        """Find the case, and the item on its list."""
        filing: Filing = super().find()
        item = (
            filing.items.select_related("item", "department", "filing")
            .filter(code=self.kwargs["code"])
            .first()
        )
        if item is None:
            raise Http404
        self.item: ChecklistItem = item
        return filing

    def reasons(self) -> list[str]:
        """Add that it was struck already."""
        if self.item.applies is False:
            return [*super().reasons(), _("这一事项已经核减。")]
        open_question = item_is_to_be_checked(self.item)
        why = str(item_is_to_be_checked.reason)  # type: ignore[attr-defined]
        return super().reasons() + ([] if open_question else [why])

    @property
    def explain(self) -> str:  # type: ignore[override]
        """Name the item and its department."""
        return _("%(item)s，责任部门：%(department)s。") % {
            "item": self.item,
            "department": self.item.department.label,
        }

    def perform(self, data: dict[str, Any]) -> str:
        """Strike it."""
        strike_item(self.item, reason=data["reason"], by=self.acting, at=self.now())
        return outcome(
            _("已核减事项：%(item)s。") % {"item": self.item}, _("只为它要的材料也不再要求。")
        )

    def get_success_url(self) -> str:
        """Go back to the list."""
        return reverse("approvals:checklist", args=[self.subject.public_id])
