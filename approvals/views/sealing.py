"""签章: the pages on which a paper is sealed by scan and second person, or signed with the county's certificate."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.policies import seals_papers, signs_by_certificate
from approvals.forms.sealing import DecideScanForm, ScanForm
from approvals.models import Filing
from approvals.queries import sees_paper
from approvals.views.base import case_url, outcome
from core.documents import signing
from core.documents.models import Paper
from core.steps.checking import no_longer, signed_how
from core.steps.sealing import (
    confirm_scan,
    hand_in_scan,
    page_count,
    pages_of_scan,
    refuse_scan,
    sign_by_certificate,
    why_not_confirmed,
    why_not_sealed,
)
from core.steps.stages import Method, SealState
from core.steps.views import StepView


class SealStep(StepView):
    """A step with one paper: found among those the person sees."""

    template_name = "approvals/seal.html"
    method: str = Method.SCAN

    def find(self) -> Paper:
        """Find the paper of the address."""
        papers = Paper.objects.select_related("book", "issued_by__organisation")
        found = papers.filter(code=self.kwargs["code"]).first()
        if found is None or not sees_paper(found, self.acting):
            raise Http404
        return found

    def allowed(self) -> bool:
        """Whether it is theirs to seal."""
        return seals_papers(self.subject, self.acting)

    def reasons(self) -> list[str]:
        """Say why it cannot be sealed this way now."""
        return [why] if (why := why_not_sealed(self.subject, self.method)) else []

    def back_url(self) -> str:
        """Go back to what is known of this paper's seals."""
        return reverse("approvals:paper_seal", args=[self.subject.code])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the paper's number, digest and pages, and the scan that waits."""
        seals = self.subject.seals.select_related("scan", "made_by__user", "decided_by__user")
        waiting = next((one for one in seals if one.state == SealState.WAITING), None)
        if no_longer(self.subject):  # its scan is compared by nobody any more
            waiting = None
        return super().get_context_data(
            **{
                "subject_name": f"{self.subject.number} {self.subject.label}",
                "seals": list(seals),
                "signed": signed_how(self.subject),
                "waiting": waiting,
                "why_not_me": waiting and why_not_confirmed(waiting, self.acting),
                "pages": page_count(self.subject) if self.subject.ready else None,
                "certificate": signing.configured()
                and signs_by_certificate(self.subject, self.acting)
                and not why_not_sealed(self.subject, Method.CERTIFICATE),
                **kwargs,
            }
        )


class SealPaper(SealStep):
    """办理签章: what there is, and a scan to hand in."""

    form_class = ScanForm
    title = gettext_lazy("文书签章")
    verb = gettext_lazy("上传，送第二人核对")
    explain = gettext_lazy(
        "成文的文书不再改动。盖章后扫描上传，由另一个人对照核对；或者用单位证书签名。没有核验过的，任何页面都不说已签章。"
    )

    def back_url(self) -> str:
        """Go back to the case, or to the desk where the paper is of none."""
        filing = Filing.objects.filter(book_id=self.subject.book_id).first()
        return case_url(filing) if filing else reverse("desk:home")

    def get_success_url(self) -> str:
        """Stay with the paper."""
        return reverse("approvals:paper_seal", args=[self.subject.code])

    def perform(self, data: dict[str, Any]) -> str:
        """Keep the scan; it counts for nothing yet."""
        hand_in_scan(self.subject, upload=data["upload"], by=self.acting, at=self.now())
        return outcome(
            _("扫描件已上传，还不算签章。"),
            _("由另一个人对照文书核对，核对以后才算。没有人核对的，文书一直是未签章。"),
        )


class DecideScan(SealStep):
    """第二人核对."""

    template_name = "approvals/seal_scan.html"
    form_class = DecideScanForm
    title = gettext_lazy("核对盖章扫描件")
    verb = gettext_lazy("决定")
    explain = gettext_lazy("打开扫描件和文书，逐页对照：同一份、页数相同、文号相同、印章齐全。")

    def reasons(self) -> list[str]:
        """Say that the paper stands no more, that none waits, or that the second person must be another one."""
        if gone := no_longer(self.subject):
            return [gone]
        waiting = (
            self.subject.seals.filter(state=SealState.WAITING).select_related("made_by").last()
        )
        if waiting is None:
            return [_("这份文书没有待核对的扫描件。")]
        return [why] if (why := why_not_confirmed(waiting, self.acting)) else []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add how many pages the scan has, counted by this system."""
        found = super().get_context_data(**kwargs)
        waiting = found["waiting"]
        return {**found, "scan_pages": pages_of_scan(waiting.scan) if waiting else None}

    def perform(self, data: dict[str, Any]) -> str:
        """Confirm, or say why not."""
        who = {"by": self.acting, "at": self.now()}
        if data["decision"] == "refuse":
            refuse_scan(self.subject, reason=data["reason"], **who)
            return outcome(_("没有确认这份扫描件，理由已记录。"), _("可以重新盖章扫描上传。"))
        confirm_scan(self.subject, number=data["number"], **who)
        return outcome(_("已核对：扫描件是这份文书的盖章原件。"), _("核验页从现在起写明签章方式。"))


class SignPaper(SealStep):
    """用单位证书签名."""

    method = Method.CERTIFICATE
    template_name = "approvals/seal_certificate.html"
    title = gettext_lazy("用单位证书签名")
    verb = gettext_lazy("签名")
    explain = gettext_lazy(
        "在成文的 PDF 后面加上单位数字证书的签名，成文的内容一个字节不变；签名后立即核验，核验不过的不采用。"
    )

    def allowed(self) -> bool:
        """Whether it is theirs to sign with the county's certificate."""
        return signs_by_certificate(self.subject, self.acting)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add whose certificate it is, or why it cannot sign."""
        holder: dict[str, Any] | None
        try:
            found, why = signing.holder(self.now()), ""
            # never the file and its passphrase: what a page has, a report of an error may show
            holder = {
                name: getattr(found, name) for name in ("name", "issuer", "until", "fingerprint")
            }
        except signing.CannotSign as error:
            holder, why = None, str(error)
        return super().get_context_data(**{"holder": holder, "unfit": why, **kwargs})

    def perform(self, data: dict[str, Any]) -> str:
        """Sign it, verified, or not at all."""
        seal = sign_by_certificate(self.subject, by=self.acting, at=self.now())
        what = _("已签名并核验：%(who)s。") % {"who": seal.signer}
        stamp = (
            _("时间由%(who)s证明。") % {"who": seal.stamped_by}
            if seal.stamped_by
            else _("没有配置时间戳服务，签名没有时间戳。")
        )
        return outcome(what, stamp)
