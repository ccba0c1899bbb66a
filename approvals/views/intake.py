"""Stage 3, the steps: handing in, acceptance, correction, refusal; and checking what a pre-review asked for."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.forms.steps import RefuseForm
from approvals.policies import own_enterprise, window
from approvals.rules import limits
from approvals.services import (
    accept,
    ask_correction,
    hand_in,
    hand_in_correction,
    refuse,
)
from approvals.stages import MaterialState
from approvals.views.base import CaseStep, just_issued, outcome
from approvals.views.deadlines import silences

DECIDED_IN_TIME = (limits.ACCEPTANCE.code, limits.STATUTORY_ACCEPTANCE.code)


class IntakeStep(CaseStep):
    """A step that rests on the papers: it shows how they stand."""

    template_name = "approvals/intake_step.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the papers needed at filing, by how they stand."""
        papers = list(self.subject.materials.intake())
        counted = [
            {"label": state.label, "names": [str(p) for p in papers if p.state == state]}
            for state in MaterialState
        ]
        return super().get_context_data(standing=[row for row in counted if row["names"]], **kwargs)


class HandIn(IntakeStep):
    """提交材料."""

    policy = staticmethod(own_enterprise)
    transition = "hand_in"
    title = gettext_lazy("提交材料")
    verb = gettext_lazy("提交材料")
    explain = gettext_lazy(
        "提交后窗口收件，受理期限从次一工作日起计算。没有交的材料窗口会一次告知补正。"
    )

    def perform(self, data: dict[str, Any]) -> str:
        """Hand in."""
        filing = hand_in(self.subject, by=self.acting, at=self.now())
        return outcome(
            _("材料已提交，窗口已收件。"),
            silences(filing, *DECIDED_IN_TIME) + _("轮到窗口。"),
            just_issued(filing),
        )


class HandInCorrection(IntakeStep):
    """提交补正材料."""

    policy = staticmethod(own_enterprise)
    transition = "hand_in_correction"
    rules = (limits.CORRECTION.code,)
    title = gettext_lazy("提交补正材料")
    verb = gettext_lazy("提交补正材料")
    explain = gettext_lazy("提交后重新计算受理期限。")

    def perform(self, data: dict[str, Any]) -> str:
        """Hand in what was corrected."""
        filing = hand_in_correction(self.subject, by=self.acting, at=self.now())
        return outcome(
            _("补正材料已提交。"),
            silences(filing, *DECIDED_IN_TIME) + _("轮到窗口。"),
            just_issued(filing),
        )


class Accept(IntakeStep):
    """受理."""

    policy = staticmethod(window)
    transition = "accept"
    rules = DECIDED_IN_TIME
    title = gettext_lazy("受理")
    verb = gettext_lazy("受理")
    explain = gettext_lazy("有企业承诺补交的材料时，为容缺受理。受理后由召集人安排联合勘察。")

    def perform(self, data: dict[str, Any]) -> str:
        """Accept."""
        filing = accept(self.subject, by=self.acting, at=self.now())
        what = _("已容缺受理。") if filing.tolerated else _("已受理。")
        return outcome(
            what,
            _("召集联合勘察；%(silence)s轮到召集人。")
            % {"silence": silences(filing, limits.SURVEY.code)},
            just_issued(filing),
        )


class AskCorrection(IntakeStep):
    """一次告知补正."""

    policy = staticmethod(window)
    transition = "ask_correction"
    rules = DECIDED_IN_TIME
    title = gettext_lazy("一次告知补正")
    verb = gettext_lazy("一次告知补正")
    explain = gettext_lazy(
        "把要补正的全部内容一次告诉企业（《中华人民共和国行政许可法》第三十二条第一款第四项）；以后不能再要别的。"
    )

    def perform(self, data: dict[str, Any]) -> str:
        """Tell everything that is wrong, at once."""
        filing = ask_correction(self.subject, by=self.acting, at=self.now())
        return outcome(
            _("已一次告知补正。"),
            silences(filing, limits.CORRECTION.code) + _("轮到企业。"),
            just_issued(filing),
        )


class Refuse(CaseStep):
    """不予受理."""

    form_class = RefuseForm
    policy = staticmethod(window)
    transition = "refuse"
    rules = DECIDED_IN_TIME
    title = gettext_lazy("不予受理")
    verb = gettext_lazy("不予受理")
    danger = True
    explain = gettext_lazy("只在依法不属于受理范围时使用；材料不齐的，请一次告知补正。")

    def perform(self, data: dict[str, Any]) -> str:
        """Refuse with reasons."""
        filing = refuse(self.subject, **data, by=self.acting, at=self.now())
        return outcome(
            _("已决定不予受理，企业会收到理由。"),
            _("本件终结；决定书写明申请复议和提起诉讼的期限，企业也可以重新申报。"),
            just_issued(filing),
        )
