"""公示处置: what the window keeps of a notice, what it proposes about it, and the second person's decision."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.policies import staff, window
from approvals.models import Filing
from approvals.views.base import CaseStep, case_url, outcome
from core.steps.views import StepView
from public_notice import policies
from public_notice.forms.handling import PROPOSALS, DecideForm, HearingForm, PostingForm
from public_notice.models import Notice, Objection, Proposal
from public_notice.queries import in_public
from public_notice.queries.history import latest, postings, versions, watched
from public_notice.services import (
    admit_objection,
    decide_proposal,
    propose,
    prove_posting,
    settle_hearing,
)
from public_notice.stages import ProposalKind, ProposalState


def handling_url(filing: Filing) -> str:
    """Return the address of the page on which a case's notice is kept."""
    return reverse("public_notice:handling", args=[filing.public_id])


class OfNotice(CaseStep):
    """A step about the newest notice of a case; a case without one has no such page."""

    policy = staticmethod(window)
    notice: Notice

    def find(self) -> Any:
        """Find the case and its notice."""
        filing = super().find()
        found = latest(filing)
        if found is None:
            raise Http404
        self.notice = found
        return filing

    def back_url(self) -> str:
        """Go back to the notice's page."""
        return handling_url(self.subject)


class Handling(OfNotice):
    """The notice as it is kept: checks of each day, posting, proposals and who decides them."""

    template_name = "public_notice/handling.html"
    policy = staticmethod(staff)
    title = gettext_lazy("公示管理")
    http_method_names = ["get", "head", "options"]

    def back_url(self) -> str:
        """Go back to the case."""
        return case_url(self.subject)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say what was checked, what does not count, and what waits for whom."""
        people = ("asked_by__user", "decided_by__user", "objection", "lost_day")
        proposals = Proposal.objects.filter(notice__filing=self.subject).select_related(*people)
        may = window(self.subject, self.acting)
        context = {
            "notice": self.notice,
            "versions": versions(self.notice),
            "watched": watched(self.notice),
            "lost": list(self.notice.lost_days.all()),
            "postings": postings(self.notice),
            "proposals": [
                {
                    "proposal": one,
                    "open": one.state == ProposalState.ASKED,
                    "mine": self.decides(one),
                }
                for one in proposals
            ],
            "may": may,
        }
        return super().get_context_data(**context, **kwargs)

    def decides(self, one: Proposal) -> bool:
        """Whether a proposal waits for this person."""
        another = policies.decided_by_another(self.acting)(one)
        mine = policies.decides_proposals(one, self.acting) and another
        return one.state == ProposalState.ASKED and mine


class Propose(OfNotice):
    """提出处置: of one kind, by the window."""

    title = gettext_lazy("提出公示处置")
    verb = gettext_lazy("提请决定")
    explain = gettext_lazy(
        "现在什么都不改变：由召集人或者效能监督人员中的另一个人决定，同意后生效。不决定的，一切照旧。"
    )

    def get_form_class(self) -> type[Form]:
        """Return the form of the kind in the address."""
        kind = self.kwargs["kind"].replace("-", "_")
        if kind not in PROPOSALS:
            raise Http404
        return PROPOSALS[kind]

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form which notice it is about, where it offers things of it."""
        given = super().get_form_kwargs()
        taken_down = self.kwargs["kind"] == "take-down"
        return given if taken_down else {**given, "notice": self.notice}

    def perform(self, data: dict[str, Any]) -> str:
        """Propose, and say who decides."""
        kind = self.kwargs["kind"].replace("-", "_")
        given = self.get_form().fields.keys()
        propose(
            self.notice, kind=kind, by=self.acting, at=self.now(),
            **{name: data[name] for name in given},
        )  # fmt: skip
        return outcome(
            _("已提请决定：%(kind)s。") % {"kind": ProposalKind(kind).label},
            _("等召集人或者效能监督人员中的另一个人决定。"),
        )


class Posting(OfNotice):
    """登记张贴: the photograph of the paper on the wall."""

    title = gettext_lazy("登记纸质张贴")
    verb = gettext_lazy("登记张贴")
    explain = gettext_lazy("地点、两个日期和照片的摘要在公示页上公开；登记后不能修改。")
    form_class = PostingForm

    def perform(self, data: dict[str, Any]) -> str:
        """Keep it, and say by which digest it is known."""
        kept = prove_posting(self.notice, by=self.acting, at=self.now(), **data)
        return outcome(_("张贴已登记。"), _("照片摘要：%(digest)s") % {"digest": kept.photo.sha256})


class Decide(StepView):
    """决定处置: another person than who proposed it."""

    template_name = "public_notice/decide.html"
    form_class = DecideForm
    title = gettext_lazy("决定公示处置")
    verb = gettext_lazy("作出决定")
    explain = gettext_lazy(
        "同意的立即生效，理由和两个人所在的单位在公示页上公开。不决定的，一切照旧。"
    )

    def find(self) -> Proposal:
        """Return the proposal, if its case is one the person may see."""
        seen = Filing.objects.visible_to(self.acting)
        found = Proposal.objects.select_related(
            "notice__filing", "asked_by__user", "objection", "lost_day"
        )
        return get_object_or_404(found.filter(notice__filing__in=seen), pk=self.kwargs["pk"])

    def allowed(self) -> bool:
        """A supervisor or the convenor."""
        return bool(policies.decides_proposals(self.subject, self.acting))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Refuse whoever has no business here before anything else."""
        if not self.allowed():
            raise PermissionDenied
        return super().post(request, *args, **kwargs)

    def reasons(self) -> list[str]:
        """Say what stands against deciding it, and against this person."""
        wanted: tuple[Any, ...] = (
            policies.proposal_is_open,
            policies.decided_by_another(self.acting),
        )
        return [str(c.reason) for c in wanted if not c(self.subject)]

    def perform(self, data: dict[str, Any]) -> str:
        """Decide, and say what comes of it."""
        done = decide_proposal(self.subject, by=self.acting, at=self.now(), **data)
        return outcome(
            _("已决定：%(kind)s，%(state)s。")
            % {"kind": done.get_kind_display(), "state": done.get_state_display()}
        )

    def back_url(self) -> str:
        """Go back to the notice's page."""
        return handling_url(self.subject.notice.filing)


class OfObjection(StepView):
    """A step of the window about one objection."""

    def find(self) -> Objection:
        """Return the objection of the address, if its case is one the person may see."""
        seen = Filing.objects.visible_to(self.acting)
        found = Objection.objects.select_related("notice__filing", "calendar", "book")
        return get_object_or_404(found.filter(notice__filing__in=seen), pk=self.kwargs["pk"])

    def allowed(self) -> bool:
        """Only the window."""
        return bool(window(self.subject, self.acting))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Refuse whoever has no business here before anything else."""
        if not self.allowed():
            raise PermissionDenied
        return super().post(request, *args, **kwargs)

    def back_url(self) -> str:
        """Go back to the objections of the case."""
        return reverse("public_notice:objections", args=[self.subject.notice.filing.public_id])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the objection as it will be public."""
        return super().get_context_data(public=in_public(self.subject), **kwargs)


class Hearing(OfObjection):
    """听证办结: held, or not held and why."""

    template_name = "public_notice/objection_step.html"
    form_class = HearingForm
    conditions = (policies.hearing_waits,)
    title = gettext_lazy("记录听证")
    verb = gettext_lazy("记录听证")
    explain = gettext_lazy("记录以后开始计算答复期限；没有记录的，不能答复，公示不结束。")

    def perform(self, data: dict[str, Any]) -> str:
        """Record it, and say that the reply is next."""
        settle_hearing(self.subject, by=self.acting, at=self.now(), **data)
        return outcome(_("听证已记录。"), _("请按期答复。"))


class Admit(OfObjection):
    """人工查看: what came in a flood is shown from now on."""

    template_name = "public_notice/objection_step.html"
    conditions = (policies.objection_is_held,)
    title = gettext_lazy("查看后公开异议")
    verb = gettext_lazy("公开这件异议")
    explain = gettext_lazy(
        "它是在短时间内大量收到的，先由人查看。属于异议的，公开；广告、灌水等不属于异议的，在“答复”里写明理由。"
        "不处理的，答复期限照常计算，公示不结束。"
    )

    def perform(self, data: dict[str, Any]) -> str:
        """Admit it."""
        admit_objection(self.subject, by=self.acting, at=self.now())
        return outcome(_("异议已公开。"), _("请按期答复。"))
