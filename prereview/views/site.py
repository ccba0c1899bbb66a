"""现场: the telephone's page of a stop, its forms for who has no scripts, and the worker that keeps it at hand."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from approvals.views.base import outcome
from approvals.views.device import ALLOWED
from core import clock
from prereview import policies, services
from prereview.forms.sessions import ReasonForm
from prereview.forms.site import (
    DecideSecondVisitForm,
    FindingForm,
    PhotoForm,
    PresenceForm,
    SettleForm,
    SignForm,
)
from prereview.models import AgendaItem, SecondVisit, Session
from prereview.queries.second_visits import second_visits, why_not_asked
from prereview.queries.visit import Visit
from prereview.views.base import AgendaStep, Step, person, session_url
from prereview.views.site_page import site_page, stop_url


def _stops(request: HttpRequest) -> Any:
    """Return the stops of surveys that a person may see."""
    seen = Session.objects.visible_to(person(request)).filter(kind="survey")
    found = AgendaItem.objects.filter(session__in=seen)
    return found.select_related(
        "session__convenor__user", "session__book", "filing__enterprise", "filing__rulebook", "filing__site",
    )  # fmt: skip


class SiteOfSession(View):
    """The stops of a survey; of one stop, its page."""

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Go to the only stop, or show which there are."""
        stops = list(_stops(request).filter(session__public_id=public_id).order_by("order"))
        if len(stops) == 1:
            return redirect(stop_url(stops[0]))
        session = get_object_or_404(
            Session.objects.visible_to(person(request)), public_id=public_id, kind="survey"
        )
        rows = [{"agenda": one, "url": stop_url(one)} for one in stops]
        context = {"session": session, "rows": rows, "back_url": session_url(session)}
        return render(request, "prereview/site_stops.html", context)


class SitePage(View):
    """One stop, made for a telephone that may have no network."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the page."""
        by = person(request)
        visit = Visit(get_object_or_404(_stops(request), pk=pk), clock.now())
        answer = render(
            request, "prereview/site.html", site_page(visit, by, request.GET.get("point", ""))
        )
        answer["Permissions-Policy"] = ALLOWED
        return answer


class SiteStep(AgendaStep):
    """A form of a stop, on a page of its own."""

    policy: Any = staticmethod(policies.summoned)

    def reasons(self) -> list[str]:
        """Say when the visit has not begun, and that a meeting has no site."""
        asked = (policies.is_a_visit, policies.site_is_open)
        return [str(one.reason) for one in asked if not one(self.subject)]  # type: ignore[attr-defined]

    def back_url(self) -> str:
        """Go back to the stop, at the same point."""
        return stop_url(self.subject, self.request.POST.get("topic", ""))

    def get_initial(self) -> dict[str, Any]:
        """Bring the point of the address along."""
        return {"topic": self.request.GET.get("point", ""), "person": self.acting.pk}

    def entered(self, entry: Any, said: Any) -> str:
        """Say what became of an entry: counted, or kept as late."""
        if entry.counted:
            return outcome(said)
        return outcome(said, _("本议程已经结束：这条只作留存，不计入勘察记录。"))


class EntryStep(SiteStep):
    """A form whose entry has a name of its own."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep the form at hand: it says what the device said."""
        self.form = form
        return super().form_valid(form)


class PresenceView(EntryStep):
    """登记到场人员."""

    title = gettext_lazy("登记到场人员")
    verb = gettext_lazy("登记到场")
    form_class = PresenceForm

    def perform(self, data: dict[str, Any]) -> str:
        """Enter the person."""
        done = services.enter_presence(
            self.subject, mark=self.form.mark(), name=data["name"], card=data["card"], by=self.acting,
            at=self.now(),
        )  # fmt: skip
        return self.entered(done, _("%(name)s已登记到场。") % {"name": done.name})


class FindingView(EntryStep):
    """记录一个要点."""

    title = gettext_lazy("记录勘察要点")
    verb = gettext_lazy("记下这一项")
    form_class = FindingForm

    def perform(self, data: dict[str, Any]) -> str:
        """Enter the finding."""
        done = services.enter_finding(
            self.subject, mark=self.form.mark(), topic=data["topic"], result=data["result"], text=data["text"],
            by=self.acting, at=self.now(),
        )  # fmt: skip
        return self.entered(done, _("已记下：%(result)s。") % {"result": done.get_result_display()})


class PhotoView(EntryStep):
    """上传照片."""

    title = gettext_lazy("上传现场照片")
    verb = gettext_lazy("上传照片")
    form_class = PhotoForm

    def perform(self, data: dict[str, Any]) -> str:
        """Keep the photograph."""
        done = services.enter_photo(
            self.subject, mark=self.form.mark(), upload=data["upload"], topic=data["topic"],
            sha256=data["sha256"], by=self.acting, at=self.now(),
        )  # fmt: skip
        return self.entered(done, _("照片已存卷，摘要 %(digest)s…") % {"digest": done.sha256[:12]})


class SignView(EntryStep):
    """签字."""

    title = gettext_lazy("签字确认本部门记录")
    verb = gettext_lazy("签字确认")
    form_class = SignForm

    def perform(self, data: dict[str, Any]) -> str:
        """Sign."""
        done = services.sign_site(
            self.subject, mark=self.form.mark(), covers=data["covers"], by=self.acting, at=self.now()
        )  # fmt: skip
        said = _("已签字，共%(count)d条记录。") % {"count": len(done.covers)}
        if not done.counted:
            return self.entered(done, said)
        return outcome(said, _("对勘察记录的意见，请在“提出意见”中提出。"))


class SettleView(SiteStep):
    """裁定分歧."""

    policy = staticmethod(policies.convenor)
    title = gettext_lazy("裁定部门记录的分歧")
    verb = gettext_lazy("作出裁定")
    explain = gettext_lazy(
        "裁定只决定勘察记录怎样写，理由写进记录；各部门的原记录都保留，意见另行提出。"
    )
    form_class = SettleForm

    def perform(self, data: dict[str, Any]) -> str:
        """Settle."""
        services.settle_findings(self.subject, by=self.acting, at=self.now(), **data)
        return outcome(_("已裁定，理由写入勘察记录。"))


class AskSecondVisitView(SiteStep):
    """申请再次勘察."""

    title = gettext_lazy("申请再次勘察")
    verb = gettext_lazy("申请再次勘察")
    explain = gettext_lazy(
        "统一勘察只有一次。确需再看的，写明为什么一次不够；由召集人决定，每件都计入统计。程序不因此停止。"
    )
    form_class = ReasonForm

    def reasons(self) -> list[str]:
        """Say why it cannot be asked for: not over, absent, asked already."""
        return [str(one) for one in why_not_asked(self.subject, self.acting)]

    def perform(self, data: dict[str, Any]) -> str:
        """Ask."""
        services.ask_second_visit(
            self.subject, reason=data["reason"], by=self.acting, at=self.now()
        )
        return outcome(_("已申请再次勘察。"), _("由召集人写明理由决定。"))


class DecideSecondVisitView(Step):
    """决定再次勘察申请."""

    template_name = "prereview/decide_second_visit.html"
    title = gettext_lazy("决定再次勘察申请")
    verb = gettext_lazy("作出决定")
    explain = gettext_lazy("同意的，只通知申请的部门；没有到的不算缺席，程序不因此停止。")
    form_class = DecideSecondVisitForm

    def find(self) -> SecondVisit:
        """Return the request of the address."""
        return get_object_or_404(second_visits(self.acting), pk=self.kwargs["pk"])

    def about(self) -> Any:
        """Return the session in which the site was seen."""
        return self.subject.agenda.session

    def back_url(self) -> str:
        """Go back to the session."""
        return session_url(self.subject.agenda.session)

    def reasons(self) -> list[str]:
        """Say when it is decided."""
        return [] if self.subject.state == "asked" else [_("这项申请已经决定。")]

    def perform(self, data: dict[str, Any]) -> str:
        """Decide."""
        done = services.decide_second_visit(self.subject, by=self.acting, at=self.now(), **data)
        return outcome(_("已决定：%(state)s。") % {"state": done.get_state_display()})
