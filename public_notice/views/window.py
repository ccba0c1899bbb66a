"""The window's steps: publishing a commitment, and answering what is said against it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.models import Filing
from approvals.policies import window
from approvals.views.base import CaseStep, case_url, outcome
from approvals.views.deadlines import card
from core import clock
from core.steps.reasons import NotNow
from core.steps.templatetags.look import date_long, deadline
from core.steps.views import StepView
from public_notice import policies
from public_notice.forms import ReplyForm
from public_notice.models import Notice, Objection
from public_notice.queries import in_public, limit_card, standing, to_answer
from public_notice.queries.corrected import OfObjections
from public_notice.services import draft_notice, publish_notice, reply_objection
from public_notice.stages import Finding


class Publish(CaseStep):
    """发布承诺公示: what will be public, from when to when."""

    template_name = "public_notice/publish.html"
    policy = staticmethod(window)
    transition = "publish"
    title = gettext_lazy("发布承诺公示")
    verb = gettext_lazy("发布承诺公示")
    explain = gettext_lazy("下面就是将要公开的全部内容。发布后内容冻结、编号，地址永久保留。")
    draft: Notice | None = None

    def reasons(self) -> list[str]:
        """Return what stands against publishing; a draft that cannot be made says why itself."""
        found = super().reasons()
        if not found:
            try:
                self.draft = draft_notice(self.subject, at=clock.now())
            except NotNow as refusal:
                found = refusal.reasons
        return found

    def perform(self, data: dict[str, Any]) -> str:
        """Publish, and say until when it runs."""
        notice = publish_notice(self.subject, by=self.acting, at=clock.now())
        then = _("公示期至%(day)s，期满无未决异议的自行结束，转入核对开工条件。") % {
            "day": date_long(notice.ends_on)
        }
        return outcome(_("承诺公示已发布。"), then, [notice.paper])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the draft and its day table."""
        context = super().get_context_data(**kwargs)
        if self.draft is not None:
            now = clock.now()
            period = limit_card(self.draft, now, standing(self.draft, now))
            context |= {"draft": self.draft, "said": self.draft.content, "period": period}
        return context


class Objections(CaseStep):
    """公示异议: everything said against the notices of a case, with what only the window sees."""

    template_name = "public_notice/objections.html"
    policy = staticmethod(window)
    title = gettext_lazy("公示异议")
    http_method_names = ["get", "head", "options"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """List the objections, unanswered first."""
        now = clock.now()
        found = Objection.objects.filter(notice__filing=self.subject)
        corrected = OfObjections(book=self.subject.book_id)
        rows = [
            {
                "objection": objection,
                "public": in_public(objection),
                "open": objection.finding == Finding.OPEN,
                "limit": reply_card(objection, now),
                "corrected": corrected.of(objection),
            }
            for objection in found.select_related("notice__paper", "calendar", "replied_by__user")
        ]
        rows.sort(key=lambda row: not row["open"])
        return super().get_context_data(rows=rows, **kwargs)


def reply_card(objection: Objection, at: Any) -> dict[str, Any]:
    """Return the limit of a reply with its sentence."""
    return {**card(objection, at), "silence": silence_of_reply(objection)}


def silence_of_reply(objection: Objection) -> str:
    """Say what an unanswered objection comes to; empty once it is answered."""
    if not objection.running:
        return ""
    if objection.due_at is None:
        return _("未答复的，转效能监督督办；公示不结束。")
    return _("%(until)s前未答复的，转效能监督督办；公示不结束，不能开工告知。") % {
        "until": deadline(objection.due_at)
    }


class Reply(StepView):
    """答复异议: the finding, the reply that is published beside the notice, and where an upheld one leads."""

    template_name = "public_notice/reply.html"
    form_class = ReplyForm
    conditions = (policies.objection_is_open, policies.hearing_is_settled)
    title = gettext_lazy("答复公示异议")
    verb = gettext_lazy("答复")
    explain = gettext_lazy("认定和答复在公示页上公开；提出人的姓名只显示姓氏，联系方式不公开。")

    def find(self) -> Objection:
        """Return the objection of the address, if its case is one the person may see."""
        seen = Filing.objects.visible_to(self.acting)
        found = Objection.objects.select_related("notice__filing", "calendar", "book")
        return get_object_or_404(found.filter(notice__filing__in=seen), pk=self.kwargs["pk"])

    def allowed(self) -> bool:
        """Only the window answers."""
        return bool(window(self.subject, self.acting))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Refuse whoever has no business here before anything else."""
        if not self.allowed():
            raise PermissionDenied
        return super().post(request, *args, **kwargs)

    def perform(self, data: dict[str, Any]) -> str:
        """Answer, and say what comes of it."""
        chosen = {"back_to": data["back_to"]} if data["finding"] == Finding.UPHELD else {}
        answered = reply_objection(
            self.subject,
            finding=data["finding"],
            reply=data["reply"],
            by=self.acting,
            at=clock.now(),
            **chosen,
        )
        notice = Notice.objects.get(pk=answered.notice_id)
        what = _("异议%(number)s已答复：%(finding)s。") % {
            "number": answered.number,
            "finding": answered.get_finding_display(),
        }
        return outcome(what, _after_reply(notice))

    def back_url(self) -> str:
        """Go back to the case."""
        return case_url(self.subject.notice.filing)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the objection as the window sees it, and its limit."""
        limits = [reply_card(self.subject, clock.now())] if self.subject.running else []
        context = super().get_context_data(**kwargs)
        notice_url = reverse("public_notice:notice", args=[self.subject.notice.public_id])
        return {
            **context,
            "limits": limits,
            "notice_url": notice_url,
            "public": in_public(self.subject),
        }


def _after_reply(notice: Notice) -> str:
    """Say how the notice stands after a reply and whose move it is."""
    left = to_answer(notice.filing).count()
    if left:
        return _("还有%(count)d件异议待窗口答复。") % {"count": left}
    return _("公示：%(stage)s；申报件：%(case)s。") % {
        "stage": notice.get_stage_display(),
        "case": notice.filing.get_stage_display(),
    }
