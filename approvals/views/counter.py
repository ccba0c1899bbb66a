"""窗口收纸质申报: opening a filing from its paper, dropping what was typed, and handing papers out at the counter."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.queries import people_of
from approvals.forms.counter import CounterForm, DropForm, HandOutForm, TakeBackForm
from approvals.models import Fetched, Filing, PaperIntake
from approvals.policies import came_on_paper, is_on_paper, takes_back_paper, window
from approvals.rules import limits
from approvals.rules.limits import LimitSort
from approvals.services import drop_application, hand_out_paper, open_at_counter, take_back_paper
from approvals.stages import PaperState, Stage
from approvals.views.base import CaseStep, outcome
from core import clock
from core.documents.models import Paper


@require_http_methods(["GET", "HEAD", "POST"])
def counter(request: HttpRequest) -> HttpResponse:
    """Show what is being typed from paper, and open another one."""
    acting: Any = request.acting  # type: ignore[attr-defined]
    if acting is None or not window(None, acting):
        raise PermissionDenied
    form = CounterForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            filing = open_at_counter(**form.cleaned_data, by=acting, at=clock.received())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            said = _(
                "已为%(enterprise)s建立纸质申报。先照申请书填问卷，再填项目信息，最后送第二人确认。"
            )
            messages.success(request, said % {"enterprise": filing.enterprise})
            if filing.not_yet_theirs and people_of([filing.enterprise_id], localdate()).exists():
                messages.warning(
                    request,
                    _(
                        "这个代码已有人注册账户，执照还没有核对过：核对执照以前，该账户看不到本件。"
                        "核对执照时请问清账户是不是企业本人的，不是的请县管理员停用。"
                    ),
                )
            return HttpResponseRedirect(reverse("approvals:questionnaire", args=[filing.public_id]))
    context = {"form": form, "typed": being_typed()}
    return render(request, "approvals/counter.html", context, status=422 if form.errors else 200)


def being_typed() -> list[dict[str, Any]]:
    """Return the applications that are typed and not filed yet, the oldest first."""
    waits = PaperIntake.objects.filter(filing=OuterRef("pk"), state=PaperState.ENTERED)
    found = Filing.objects.filter(on_paper=True, stage=Stage.DRAFT, ended_because="")
    rows = found.select_related("enterprise", "created_by__user").annotate(waits=Exists(waits))
    return [
        {
            "filing": one,
            "waits": one.waits,
            "url": reverse("approvals:paper_intake", args=[one.public_id]),
        }
        for one in rows.order_by("pk")
    ]


class PaperStep(CaseStep):
    """A step that leads back to the papers of the case; the window's."""

    policy = staticmethod(window)

    def back_url(self) -> str:
        """Go back to the papers."""
        return reverse("approvals:paper_intake", args=[self.subject.public_id])


class TakeBackPaper(PaperStep):
    """收回修改."""

    form_class = TakeBackForm
    title = gettext_lazy("收回修改")
    verb = gettext_lazy("收回")
    explain = gettext_lazy(
        "第二人决定以前，登记的人可以收回来改。收回的这一次留有记录，什么都没有起算。"
    )

    def find(self) -> Filing:
        """Find the case, and the entry in it."""
        filing: Filing = super().find()
        found = filing.paper_intakes.select_related("entered_by__user")
        intake = found.filter(pk=self.kwargs["pk"]).first()
        if intake is None:
            raise Http404
        intake.filing = filing
        self.intake: PaperIntake = intake
        return filing

    def allowed(self) -> bool:
        """Whether they entered it."""
        return takes_back_paper(self.intake, self.acting)

    def reasons(self) -> list[str]:
        """Say that it was decided."""
        if self.intake.state == PaperState.ENTERED:
            return []
        said = {"state": self.intake.get_state_display()}
        return [_("这份纸质收件已经办过：%(state)s。") % said]

    def perform(self, data: dict[str, Any]) -> str:
        """Take it back."""
        take_back_paper(self.intake, reason=data["reason"], by=self.acting, at=self.now())
        return outcome(_("已收回，可以修改。"), _("改好后再送第二人确认。"))


class DropApplication(PaperStep):
    """作废录入."""

    form_class = DropForm
    conditions = (is_on_paper,)
    title = gettext_lazy("作废录入")
    verb = gettext_lazy("作废")
    danger = True
    explain = gettext_lazy("只作废还没有申报的录入；作废以后不能再改，要办的另行录入。")

    def perform(self, data: dict[str, Any]) -> str:
        """Drop it."""
        drop_application(self.subject, reason=data["reason"], by=self.acting, at=self.now())
        return outcome(_("已作废，留有记录。"))

    def get_success_url(self) -> str:
        """Go back to what is being typed."""
        return reverse("approvals:counter")


class HandOut(PaperStep):
    """窗口领取."""

    form_class = HandOutForm
    conditions = (came_on_paper,)
    title = gettext_lazy("登记窗口领取")
    verb = gettext_lazy("登记领取")

    def find(self) -> Filing:
        """Find the case, and the paper of it."""
        filing: Filing = super().find()
        found = Paper.objects.filter(book_id=filing.book_id, code=self.kwargs["code"]).first()
        if found is None:
            raise Http404
        self.paper = found
        return filing

    @property
    def explain(self) -> str:  # type: ignore[override]
        """Say which paper, and what runs from its being fetched."""
        said = _(
            "%(paper)s（%(number)s）由企业的人当面领取并签收；领取从登记的这一刻起算，不能倒填。"
        ) % {
            "paper": self.paper.label,
            "number": self.paper.number,
        }
        if waits_for_fetching(self.subject, self.now()):
            said += _("企业没有账户：这个阶段由企业承担的期限，领取以后才起算。")
        return said

    def reasons(self) -> list[str]:
        """Say that it was fetched."""
        if Fetched.objects.filter(paper=self.paper).exists():
            return [_("这份文书已经领取过，或者不是本件的文书。")]
        return super().reasons()

    def perform(self, data: dict[str, Any]) -> str:
        """Write it down."""
        hand_out_paper(self.subject, paper=self.paper, **data, by=self.acting, at=self.now())
        return outcome(
            _("已登记：%(who)s领取%(paper)s。")
            % {"who": data["collector"], "paper": self.paper.label}
        )


def waits_for_fetching(filing: Filing, at: Any) -> bool:
    """Tell whether something that falls on the enterprise begins only when it has fetched the paper."""
    sorts = [limits.SORTS.get(one.code) for one in limits.BY_STAGE.get(Stage(filing.stage), ())]
    return filing.unreached(at) and LimitSort.ENTERPRISE in sorts


def papers_to_fetch(filing: Filing) -> list[dict[str, Any]]:
    """Return the papers of a case that came on paper, each with who fetched it, the newest first."""
    if not filing.on_paper:
        return []
    known = {one.paper_id: one for one in filing.fetched.select_related("scan", "handed_by__user")}
    issued = Paper.objects.filter(book_id=filing.book_id).defer("content").order_by("-pk")
    return [{"paper": one, "fetched": known.get(one.pk)} for one in issued]
