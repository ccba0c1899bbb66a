"""窗口纸质收件: one person enters what came, another one confirms it against the paper."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.forms.counter import ApplicationForm
from approvals.forms.people import DecidePaperForm, PaperForm
from approvals.models import Filing, PaperIntake
from approvals.policies import confirms_paper, sees, takes_back_paper, window
from approvals.queries import catalogue_at, preview
from approvals.queries.answers import answers_said
from approvals.rules import limits
from approvals.services import confirm_paper, enter_application, enter_paper, refuse_paper
from approvals.services.counter import doubles_of, last_scan, why_not_entered
from approvals.services.files import TAKES_MATERIALS
from approvals.services.paper_intake import STEPS
from approvals.stages import MaterialState, NeededBy, PaperState, PaperStep, Stage
from approvals.views.base import CaseStep, just_issued, outcome
from approvals.views.counter import papers_to_fetch
from approvals.views.deadlines import silences
from approvals.views.project import project_rows
from core.steps.reasons import because
from core.steps.templatetags.look import moment

PAPERS = gettext_lazy(
    "企业带着纸质材料到窗口的，由一人登记、另一人对照凭证确认。确认以前什么都不起算；确认后受理期限从纸面的时间起算，并标明补录。"
    "补录的时间既不产生、也不推翻任何默认。"
)
APPLICATION = gettext_lazy(
    "企业带着签字盖章的申请书来申报的，由一人照着录入，窗口的另一个人对照扫描件确认。确认以前不算申报，什么都不起算；确认以后期限从申请书交到窗口的时间起算，并标明补录。"
)
DECIDED_IN_TIME = (limits.ACCEPTANCE.code, limits.STATUTORY_ACCEPTANCE.code)


@because(gettext_lazy("只有清单送达以后提交材料、或者补正的时候，窗口才收纸质材料。"))
def takes_paper(filing: Filing) -> bool:
    """The enterprise has something to hand in now."""
    return filing.stage in STEPS


@because(gettext_lazy("已有一份纸质收件待第二人确认：请先确认或者不予确认。"))
def no_paper_waits(filing: Filing) -> bool:
    """No entry waits for its second person."""
    return not filing.paper_intakes.filter(state=PaperState.ENTERED).exists()


class Paper(CaseStep):
    """What came on paper in this case, and the form to enter more."""

    template_name = "approvals/paper_intake.html"
    form_class = PaperForm
    conditions = (takes_paper, no_paper_waits)
    title = gettext_lazy("纸质收件（补录）")
    verb = gettext_lazy("登记，交第二人确认")

    def allowed(self) -> bool:
        """Everybody of the case reads; the window enters."""
        policy = window if self.request.method == "POST" else sees
        return bool(policy(self.subject, self.acting))

    @property
    def explain(self) -> Any:  # type: ignore[override]
        """Say what becomes of an application, or of papers of the list."""
        return APPLICATION if self.applies else PAPERS

    @property
    def applies(self) -> bool:
        """Whether the application itself is what comes on paper."""
        return bool(self.subject.stage == Stage.DRAFT)

    def get_form_class(self) -> Any:
        """Take an application, or papers of the list."""
        return ApplicationForm if self.applies else PaperForm

    def reasons(self) -> list[str]:
        """Say what an application still lacks."""
        return why_not_entered(self.subject) if self.applies else super().reasons()

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the papers that are wanted now."""
        if self.applies:
            return super().get_form_kwargs() | {"scanned": last_scan(self.subject) is not None}
        wanted = self.subject.materials.filter(state__in=TAKES_MATERIALS)
        if self.subject.stage == Stage.LISTED:
            wanted = wanted.filter(needed_by=NeededBy.INTAKE)
        return super().get_form_kwargs() | {"wanted": wanted.exclude(state=MaterialState.GAP)}

    def perform(self, data: dict[str, Any]) -> str:
        """Enter it."""
        enter = enter_application if self.applies else enter_paper
        made = enter(self.subject, **data, by=self.acting, at=self.now())
        return outcome(
            _("已登记：%(when)s，%(who)s交来。")
            % {"when": moment(made.paper_at), "who": made.bearer},
            _("轮到窗口的另一名人员确认；确认以前不起算任何期限。"),
        )

    def get_success_url(self) -> str:
        """Stay with the papers."""
        return reverse("approvals:paper_intake", args=[self.subject.public_id])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what came, and what of it waits for this person."""
        by = self.acting
        found = list(
            self.subject.paper_intakes.select_related(
                "scan", "entered_by__user", "decided_by__user"
            )
        )
        open_one = any(one.state == PaperState.ENTERED for one in found)
        waits = [
            one.pk for one in found if one.state == PaperState.ENTERED and confirms_paper(one, by)
        ]
        return super().get_context_data(
            **{
                "intakes": found,
                "waits": waits,
                "may_enter": window(self.subject, by) and not open_one,
                "over": bool(found) and not self.applies and not takes_paper(self.subject),
                "own": [one.pk for one in found if takes_back_paper(one, by)],
                "doubles": doubles_of(self.subject)
                if self.applies and window(self.subject, by)
                else [],
                "papers": papers_to_fetch(self.subject),
                "counter": window(self.subject, by) and self.subject.on_paper,
                **kwargs,
            }
        )


class DecidePaper(CaseStep):
    """第二人确认."""

    template_name = "approvals/decide_paper.html"
    form_class = DecidePaperForm
    title = gettext_lazy("确认纸质收件")
    verb = gettext_lazy("决定")

    def find(self) -> Filing:
        """Find the case, and the entry in it."""
        filing: Filing = super().find()
        found = filing.paper_intakes.select_related("scan", "entered_by__user")
        intake = found.filter(pk=self.kwargs["pk"]).first()
        if intake is None:
            raise Http404
        intake.filing = filing
        self.intake: PaperIntake = intake
        return filing

    def allowed(self) -> bool:
        """Whether it is the window's business."""
        return window(self.subject, self.acting)

    def reasons(self) -> list[str]:
        """Say that it was decided, or that the second person must be another one."""
        if self.intake.state != PaperState.ENTERED:
            return [
                _("这份纸质收件已经办过：%(state)s。") % {"state": self.intake.get_state_display()}
            ]
        if self.acting.user_id in self.intake.typists():
            return [_("录入的人不能自己确认：须由窗口的另一个人对照纸质材料确认。")]
        if not confirms_paper(self.intake, self.acting):
            return [_("登记的人不能自己确认：须由窗口的另一个人对照纸质材料确认。")]
        return []

    def back_url(self) -> str:
        """Go back to the papers."""
        return reverse("approvals:paper_intake", args=[self.subject.public_id])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what was entered."""
        names = self.subject.materials.filter(pk__in=self.intake.materials)
        more = self._application() if self.intake.step == PaperStep.FILING else {}
        return super().get_context_data(intake=self.intake, names=list(names), **more, **kwargs)

    def _application(self) -> dict[str, Any]:
        """Return everything that was typed, to be held against the scan."""
        edition = catalogue_at(self.now())
        given = self.subject.answers
        return {
            "enterprise": self.subject.enterprise,
            "project": project_rows(self.subject),
            "said": answers_said(preview(given, edition), edition, given),
            "doubles": doubles_of(self.subject),
        }

    def perform(self, data: dict[str, Any]) -> str:
        """Confirm, or say why not."""
        if data["decision"] == "refuse":
            refuse_paper(self.intake, reason=data["reason"], by=self.acting, at=self.now())
            return outcome(_("没有确认这份纸质收件。"), _("已通知登记的人；什么都没有起算。"))
        filing = confirm_paper(self.intake, by=self.acting, at=self.now())
        what = _("已确认纸质收件（补录），收件时间%(when)s。") % {
            "when": moment(self.intake.paper_at)
        }
        if self.intake.step == PaperStep.FILING:
            what += _("申报编号%(number)s，查询码%(code)s：请连同收件回执当面交给交件人。") % {
                "number": filing.number,
                "code": filing.query_code,
            }
        then = silences(filing, limits.CHECKLIST.code, *DECIDED_IN_TIME) + _("轮到窗口。")
        return outcome(what, then, just_issued(filing))
