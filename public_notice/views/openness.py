"""主动公开: the catalogue and the negative list for everybody; what is owed, and its steps, for those who publish."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.views.base import outcome
from core import clock
from core.documents.sheets import handed_out
from core.steps.reasons import not_yours
from core.steps.views import StepView
from core.steps.watching import watch_of
from public_notice import policies, services
from public_notice.forms.openness import MatterForm, NoteForm, PublishForm, StrikeForm
from public_notice.models import OpenMatter, Publication
from public_notice.queries import openness as queries
from public_notice.rules.written import WRITTEN
from public_notice.views.public import public_page


@public_page
def catalogue(request: HttpRequest) -> HttpResponse:
    """List what is published by the five kinds, each with the address where it stands."""
    return render(request, "public_notice/openness.html", {"groups": queries.by_kind(clock.now())})


@public_page
def negative(request: HttpRequest) -> HttpResponse:
    """List what is not published, why, and what is shown nevertheless."""
    return render(
        request, "public_notice/openness_negative.html", {"rows": queries.withheld(clock.now())}
    )


@public_page
def export(request: HttpRequest) -> HttpResponseBase:
    """Hand the catalogue with the negative list out as a file."""
    at, form = clock.now(), request.GET.get("form", "")
    sheet = queries.sheet_of_matters(queries.standing_matters(), at)
    return handed_out(sheet, form, at=at, watch=watch_of(request))


class Check(StepView):
    """公开检查: what is owed and until when; whoever publishes it notes what arose, and that it stands."""

    template_name = "public_notice/openness_check.html"
    form_class = NoteForm
    title = gettext_lazy("主动公开检查")
    verb = gettext_lazy("登记")
    explain = gettext_lazy(
        "自信息产生或者变更之日起20个工作日内公开，许可、处罚决定7个工作日内；从产生之日的次日起算，以实际公开之日为准。"
    )

    def find(self) -> Any:
        """Return what the page is about; whoever publishes nothing has no business here."""
        if not policies.sees_publications(None, self.acting):
            raise PermissionDenied
        return self.title

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the matters of the person's office."""
        return {**super().get_form_kwargs(), "by": self.acting}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Refuse an office that publishes nothing by hand."""
        if not NoteForm.matters_of(self.acting):
            raise not_yours(self.subject, self.acting)
        return super().post(request, *args, **kwargs)

    def perform(self, data: dict[str, Any]) -> str:
        """Note it."""
        services.note_publication(by=self.acting, at=self.now(), **data)
        return outcome(
            _("已登记，公开时限开始计算。"), _("公开以后，请在下面的清单里登记公开地址。")
        )

    def back_url(self) -> str:
        """Stay on the page."""
        return reverse("public_notice:openness_check")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what is owed, what is done, and what the person may do with it."""
        rows = queries.arisen(self.now())
        return super().get_context_data(
            owed=queries.owed(rows),
            done=queries.done(rows),
            may_note=bool(NoteForm.matters_of(self.acting)),
            may_write=policies.administrator(None, self.acting),
            **kwargs,
        )


class Publish(StepView):
    """登记已公开: where it stands."""

    template_name = "step.html"
    form_class = PublishForm
    title = gettext_lazy("登记已公开")
    verb = gettext_lazy("登记已公开")
    conditions = (policies.publication_is_owed, policies.publication_is_by_hand)

    def find(self) -> Publication:
        """Return the publication; whoever publishes nothing has no business here."""
        if not policies.sees_publications(None, self.acting):
            raise PermissionDenied
        found: Publication = get_object_or_404(queries.publications(), pk=self.kwargs["pk"])
        self.explain = _("%(title)s（%(office)s，%(day)s产生）") % {
            "title": found.title, "office": found.department, "day": found.arose_on.isoformat(),
        }  # fmt: skip
        return found

    def allowed(self) -> bool:
        """Whoever publishes it."""
        return policies.publishes(self.subject, self.acting)

    def perform(self, data: dict[str, Any]) -> str:
        """Say where it stands."""
        done = services.publish_information(self.subject, by=self.acting, at=self.now(), **data)
        late = done.ended_at is not None and done.late(done.ended_at)
        return outcome(_("已登记公开，逾期记录保留。") if late else _("已登记公开。"), "")

    def back_url(self) -> str:
        """Go back to what is owed."""
        return reverse("public_notice:openness_check")


class Matters(StepView):
    """维护公开目录: the administrator's list, each row to be changed, and a new one."""

    template_name = "public_notice/openness_matters.html"
    form_class = MatterForm
    title = gettext_lazy("维护公开目录")
    verb = gettext_lazy("写入")
    explain = gettext_lazy(
        "改动即形成新的版本，以前的版本保留，改动写入台账。写已有的编号，就是改那一项。"
    )

    def find(self) -> Any:
        """Return the row that is changed, or that a new one is written."""
        if not policies.administrator(None, self.acting):
            raise PermissionDenied
        code = self.request.GET.get("code", "").replace("\0", "")  # which no database can hold
        return queries.standing_matters().filter(code=code).first() or self.title

    def get_initial(self) -> dict[str, Any]:
        """Begin with what stands."""
        if not isinstance(self.subject, OpenMatter):
            return {}
        names = ("code", "publisher", *WRITTEN)
        return {name: getattr(self.subject, name) for name in names}

    def perform(self, data: dict[str, Any]) -> str:
        """Write it."""
        done = services.write_matter(by=self.acting, at=self.now(), **data)
        said = {"code": done.code, "version": done.version}
        return outcome(_("已写入%(code)s第%(version)s版。") % said, "")

    def back_url(self) -> str:
        """Stay on the page."""
        return reverse("public_notice:openness_matters")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what stands."""
        rows = queries.shown(queries.standing_matters(), self.now())
        return super().get_context_data(rows=rows, **kwargs)


class Strike(StepView):
    """撤下公开事项: with the reason."""

    template_name = "step.html"
    form_class = StrikeForm
    title = gettext_lazy("撤下公开事项")
    verb = gettext_lazy("撤下")
    danger = True

    def find(self) -> OpenMatter:
        """Return the version that stands."""
        if not policies.administrator(None, self.acting):
            raise PermissionDenied
        found: OpenMatter = get_object_or_404(queries.standing_matters(), code=self.kwargs["code"])
        self.explain = str(found)
        return found

    def perform(self, data: dict[str, Any]) -> str:
        """Take it down."""
        services.strike_matter(self.subject, by=self.acting, at=self.now(), **data)
        return outcome(_("已撤下；以前的版本保留。"), "")

    def back_url(self) -> str:
        """Go back to the list."""
        return reverse("public_notice:openness_matters")
