"""Stage 6: the letter with its clauses, what is not committed, the sealed scan, and the window's check."""

from typing import Any

from django.forms import Form
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.forms.steps import DeclineForm, RejectScanForm, SignForm
from approvals.models import Filing, Letter
from approvals.policies import disposes, letter_is_signed, letter_is_unsigned, sees, window
from approvals.rules import limits
from approvals.services import decline_items, reject_scan, sign_letter, verify_letter
from approvals.services.commitment import CONSEQUENCES
from approvals.services.words import WHEN
from approvals.stages import ItemClass, Stage
from approvals.views.base import CaseStep, outcome
from approvals.views.deadlines import silences
from core.steps.offers import offered
from core.steps.reasons import because
from core.steps.templatetags.look import in_english

SIGNING = (limits.SIGN.code, limits.SIGN_AFTER_REMINDER.code)
STEPS = ("decline", "sign", "verify", "reject_scan")


@because(gettext_lazy("现在不是签署承诺书的阶段。"))
def is_committing(filing: Filing) -> bool:
    """The letter is open."""
    return bool(filing.stage == Stage.COMMITTING)


@because(gettext_lazy("承诺书文本还没有出具，轮到窗口。"))
def letter_is_offered(filing: Filing) -> bool:
    """There is a letter to sign."""
    return filing.letter() is not None


def _english_texts(letter: Letter) -> dict[str, str]:
    """Return the English of a letter's clauses on an English page; what the pre-review added has none."""
    if not in_english():
        return {}
    listed = letter.filing.items.prefetch_related("item__clauses")
    return {
        f"{item.code}-{clause.number}": clause.text_en
        for item in listed
        for clause in item.item.clauses.all()
    }


class CommitmentStep(CaseStep):
    """A page with the letter on it."""

    template_name = "approvals/commitment.html"
    rules = SIGNING

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the letter, its clauses by item, and what is not committed."""
        letter = self.subject.letter()
        clauses = []
        if letter is not None:
            day = timezone.localdate(self.now())
            found = letter.clauses.select_related("item__item", "checked_by")
            found = found.prefetch_related("checked_by__names")
            english = _english_texts(letter)
            clauses = [
                {
                    "number": clause.number,
                    "item": clause.item.label,
                    "text": english.get(clause.number) or clause.text,
                    "standard": clause.standard,
                    "when": _(WHEN[clause.checked_when]) if clause.checked_when in WHEN else "",
                    "by": clause.checked_by.label_on(day),
                    "from_opinion": clause.from_opinion,
                }
                for clause in found
            ]
        return super().get_context_data(
            letter=letter,
            clauses=clauses,
            declined=self.subject.items.filter(declined=True).select_related("item", "department"),
            consequences=[_(line) for line in CONSEQUENCES],
            **kwargs,
        )


class Commitment(CommitmentStep):
    """承诺书: for everyone concerned, with the steps open to this person."""

    http_method_names = ["get", "head", "options"]
    policy = staticmethod(sees)
    title = gettext_lazy("企业投资项目承诺书")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the steps."""
        offers = offered(self.subject, self.acting, STEPS)
        return super().get_context_data(offers=offers, reading=True, **kwargs)


class Decline(CommitmentStep):
    """选择不作承诺的事项."""

    form_class = DeclineForm
    policy = staticmethod(disposes)
    conditions = (is_committing, letter_is_offered, letter_is_unsigned)
    title = gettext_lazy("选择不作承诺的事项")
    verb = gettext_lazy("按此重新出具承诺书")
    explain = gettext_lazy("对任一承诺事项都可以不作承诺，不影响其他事项。")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the commitment items."""
        items = self.subject.items.filter(item_class=ItemClass.COMMITMENT).exclude(applies=False)
        return super().get_form_kwargs() | {"items": items.select_related("item")}

    def perform(self, data: dict[str, Any]) -> str:
        """Make the letter again."""
        letter = decline_items(self.subject, codes=data["codes"], by=self.acting, at=self.now())
        what = _("已重新出具承诺书第%(version)s版。") % {"version": letter.version}
        return outcome(what, _("签字盖章后上传扫描件。轮到您。"), [letter.paper])

    def get_success_url(self) -> str:
        """Go back to the letter."""
        return reverse("approvals:commitment", args=[self.subject.public_id])


class Sign(CommitmentStep):
    """签署承诺书."""

    form_class = SignForm
    policy = staticmethod(disposes)
    conditions = (is_committing, letter_is_offered, letter_is_unsigned)
    title = gettext_lazy("签署承诺书")
    verb = gettext_lazy("签署并上传承诺书")
    explain = gettext_lazy(
        "下载承诺书，由法定代表人签字、加盖公章，扫描后在这里上传。窗口核验后承诺成立。"
    )

    def perform(self, data: dict[str, Any]) -> str:
        """Keep the scan."""
        sign_letter(self.subject, upload=data["scan"], by=self.acting, at=self.now())
        return outcome(
            _("承诺书的扫描件已上传，核验以前还不算数。"), _("窗口核验后发布公示。轮到窗口。")
        )

    def form_invalid(self, form: Form) -> Any:
        """A browser never keeps a chosen file; say so."""
        if form.files:
            form.add_error("scan", _("请重新选择文件。"))
        return super().form_invalid(form)


class Verify(CommitmentStep):
    """核验承诺书."""

    policy = staticmethod(window)
    transition = "verify_letter"
    title = gettext_lazy("核验承诺书")
    verb = gettext_lazy("核验无误，承诺成立")
    explain = gettext_lazy(
        "打开扫描件，逐条对照下面的条款：版本、签字、公章齐全。核验后承诺成立，可以公示。"
    )

    def perform(self, data: dict[str, Any]) -> str:
        """Find that it is this letter, signed and sealed."""
        verify_letter(self.subject, by=self.acting, at=self.now())
        return outcome(_("承诺书已核验，承诺成立。"), _("发布承诺公示。轮到窗口。"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the way to send the scan back."""
        back = reverse("approvals:reject_scan", args=[self.subject.public_id])
        return super().get_context_data(reject_url=back, **kwargs)


class RejectScan(CommitmentStep):
    """退回扫描件."""

    form_class = RejectScanForm
    policy = staticmethod(window)
    conditions = (is_committing, letter_is_signed)
    title = gettext_lazy("退回承诺书扫描件")
    verb = gettext_lazy("退回扫描件")
    danger = True
    explain = gettext_lazy("退回后企业重新签字盖章上传，签署期限重新计算。")

    def perform(self, data: dict[str, Any]) -> str:
        """Send it back."""
        reject_scan(self.subject, reason=data["reason"], by=self.acting, at=self.now())
        return outcome(
            _("已退回扫描件，企业会收到理由。"), silences(self.subject, *SIGNING) + _("轮到企业。")
        )
