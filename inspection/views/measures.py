"""处理 as pages: the list of a case, the intended decision, the enterprise's word, the decision."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.models import Filing
from approvals.policies import sees
from approvals.views.base import CaseStep, outcome
from core.steps.limits import card
from core.steps.reasons import because
from inspection import policies
from inspection.forms.measures import CreditDecideForm, DecideForm, ExitForm, MeasureForm, ViewsForm
from inspection.models import Measure
from inspection.queries.measures import measures_of, unmended
from inspection.rules.measures import STAGES, UNDECIDED
from inspection.services import (
    Intention,
    OrganDecision,
    decide_measure,
    give_views,
    mark_bounds,
    propose_measure,
    request_exit,
)
from inspection.stages import MeasureKind, Severity
from inspection.views.measure_offers import measure_facts, measure_offers

ANY_STAGE = frozenset(stage for stages in STAGES.values() for stage in stages)


@because(gettext_lazy("签署承诺书并公示以后，才有违反承诺的处理。"))
def has_promised(filing: Filing) -> bool:
    """The case stands where a measure of some kind can meet it."""
    return filing.stage in ANY_STAGE


@because(gettext_lazy("退出承诺制在公示以后、办结以前申请；公示以前可以撤回申报。"))
def may_exit(filing: Filing) -> bool:
    """The case may still leave for the ordinary procedure."""
    return filing.stage in STAGES[MeasureKind.EXIT]


class MeasureList(CaseStep):
    """处理一览: each with its facts, its limit and what the person can do."""

    template_name = "inspection/measures.html"
    http_method_names = ["get", "head", "options"]
    policy = staticmethod(sees)
    title = gettext_lazy("处理")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the measures of the case."""
        at, by = self.now(), self.acting
        rows = [
            {
                "measure": m,
                "facts": measure_facts(m, at),
                "limit": card(m, at) if m.running else None,
                "offers": measure_offers(m, by, at),
                "repairs": list(m.repairs.all()),
            }
            for m in measures_of(self.subject)
        ]
        return super().get_context_data(rows=rows, **kwargs)


class Propose(CaseStep):
    """拟作处理."""

    form_class = MeasureForm
    policy = staticmethod(policies.proposes_measures)
    conditions = (has_promised,)
    title = gettext_lazy("拟作处理")
    verb = gettext_lazy("告知企业")
    danger = True
    explain = gettext_lazy(
        "先告知、后决定：企业收到拟处理决定告知书，有期限陈述、申辩；由您以外的召集人决定。"
        "危及安全须立即停工的，可以先决定、随后听取意见。"
    )

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the breaches that stand unmended and the open correction cases."""
        return super().get_form_kwargs() | {
            "findings": unmended(self.subject, self.now()),
            "cases": self.subject.correction_cases.filter(closed_at=None),
        }

    def perform(self, data: dict[str, Any]) -> str:
        """Tell the enterprise what is intended."""
        measure = propose_measure(
            self.subject, intention=Intention(**data), by=self.acting, at=self.now()
        )
        papers = [measure.notice] if measure.notice else []
        limit = card(measure, self.now())
        return outcome(_("已告知企业拟作的处理。"), limit["silence"] + _("轮到企业。"), papers)


class RequestExit(CaseStep):
    """申请退出承诺制."""

    form_class = ExitForm
    policy = staticmethod(policies.disposes)
    conditions = (may_exit,)
    title = gettext_lazy("申请退出承诺制")
    verb = gettext_lazy("申请退出")
    danger = True
    explain = gettext_lazy(
        "退出后转一般程序：原来由承诺代替的审批都要补办，取得以前不得施工。自愿退出不计入信用记录。"
    )

    def perform(self, data: dict[str, Any]) -> str:
        """Ask for it."""
        measure = request_exit(self.subject, reason=data["reason"], by=self.acting, at=self.now())
        limit = card(measure, self.now())
        return outcome(_("已申请退出承诺制。"), limit["silence"] + _("轮到召集人。"))


class MeasureStep(CaseStep):
    """A step on one measure of a case."""

    template_name = "inspection/measure_step.html"

    def find(self) -> Filing:
        """Find the case, and the measure in it."""
        filing: Filing = super().find()
        self.measure: Measure = get_object_or_404(measures_of(filing), pk=self.kwargs["pk"])
        return filing

    def allowed(self) -> bool:
        """Whether the step on this measure is the person's business."""
        return bool(self.policy(self.measure, self.acting))

    def back_url(self) -> str:
        """Go back to the measures of the case."""
        return reverse("inspection:measures", args=[self.subject.public_id])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the facts of the measure and its limit."""
        at = self.now()
        own = [card(self.measure, at)] if self.measure.running else []
        facts = measure_facts(self.measure, at)
        return super().get_context_data(**{"limits": own, "facts": facts, **kwargs})


class GiveViews(MeasureStep):
    """陈述、申辩."""

    form_class = ViewsForm
    policy = staticmethod(policies.disposes_of)
    title = gettext_lazy("陈述、申辩")
    verb = gettext_lazy("提出陈述、申辩")
    explain = gettext_lazy("写明事实和理由，可以附证据。逾期提出而尚未决定的，仍予听取。")

    def reasons(self) -> list[str]:
        """Say why nothing is to be said."""
        if self.measure.views_at is not None:
            return [_("已经收到您的陈述、申辩，等待决定。")]
        return []

    def perform(self, data: dict[str, Any]) -> str:
        """Say it."""
        measure = give_views(self.measure, **data, by=self.acting, at=self.now())
        late = _("已收到陈述、申辩（逾期提出，仍予听取）。")
        what = late if measure.views_late else _("已收到陈述、申辩。")
        return outcome(what, card(measure, self.now())["silence"] + _("轮到召集人。"))


class Decide(MeasureStep):
    """决定处理."""

    policy = staticmethod(policies.decides_measure)
    title = gettext_lazy("决定处理")
    verb = gettext_lazy("作出决定")
    danger = True

    @property
    def explain(self) -> str:  # type: ignore[override]
        """Say who decides and when: what is danger waits for nobody's word."""
        if self.measure.urgent:
            return _(
                "决定由提出人以外的人作出，写明理由；危及安全的停工可以立即决定，随后听取企业意见。"
            )
        return _("决定由提出人以外的人作出，写明理由；听取企业意见以后，或者期限届满以后才能决定。")

    def credit(self) -> bool:
        """Whether a mark is registered."""
        return self.measure.kind == MeasureKind.CREDIT

    def get_form_class(self) -> Any:
        """A mark asks for the competent organ's decision too."""
        return CreditDecideForm if self.credit() else DecideForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """Give a mark's form its bounds."""
        kwargs = super().get_form_kwargs()
        if self.credit():
            kwargs["bounds"] = {
                grade: mark_bounds(self.subject, grade) for grade in Severity.values
            }
            kwargs["initial"] = {"severity": self.measure.severity}
        return kwargs

    def reasons(self) -> list[str]:
        """Say why it is not decided now."""
        if self.measure.state not in UNDECIDED:
            return [
                _("这项处理已经有结果：%(state)s。") % {"state": self.measure.get_state_display()}
            ]
        return policies.still_to_be_heard(self.measure, self.now())

    def perform(self, data: dict[str, Any]) -> str:
        """Decide."""
        organ = None
        if self.credit():
            organ = OrganDecision(
                organ=data["organ"], number=data["organ_number"], severity=data["severity"],
                decided_on=data["organ_decided_on"], months=data["months"],
            )  # fmt: skip
        measure = decide_measure(
            self.measure, imposed=data["imposed"], reasons=data["reasons"], organ=organ,
            by=self.acting, at=self.now(),
        )  # fmt: skip
        papers = [measure.paper] if measure.paper else []
        imposed, dropped = _("已作出处理决定：%(kind)s。"), _("已决定不予处理：%(kind)s。")
        what = (imposed if data["imposed"] else dropped) % {"kind": measure.get_kind_display()}
        return outcome(what, _("企业会收到决定和救济途径。"), papers)
