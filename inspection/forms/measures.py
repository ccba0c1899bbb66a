"""The forms of measures: proposed, spoken to, decided; stops, exits and the repair of a mark."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from approvals.forms.steps import file_field, long_text, needed
from approvals.models import CorrectionCase
from approvals.rules.citing import cited_choices
from inspection.forms.nodes import day_field
from inspection.models import Finding
from inspection.rules.credit import Bounds
from inspection.stages import Ground, MeasureKind, Severity


class MeasureForm(forms.Form):
    """What is intended, on what ground, with which facts and law."""

    kind = forms.ChoiceField(label=_("处理方式"), choices=MeasureKind.choices)
    ground = forms.ChoiceField(
        label=_("事由"),
        choices=lambda: cited_choices([c for c in Ground.choices if c[0] != Ground.WISH]),
    )
    finding = forms.ModelChoiceField(
        label=_("所依据的问题"),
        queryset=Finding.objects.none(),
        required=False,
        help_text=_("以“逾期未改或整改不合格”为由的，须选择那个问题。"),
    )
    case = forms.ModelChoiceField(
        label=_("所依据的纠错事项"),
        queryset=CorrectionCase.objects.none(),
        required=False,
        help_text=_("迟到意见引起的纠错事项，随本处理的决定一并办结。"),
    )
    severity = forms.ChoiceField(
        label=_("程度"),
        choices=[("", "—"), *Severity.choices],
        required=False,
        help_text=_("只有失信认定须选择。"),
    )
    text = long_text(_("事实和理由"), 4000, _("写清时间、地点、行为和证据；企业会看到这段话。"))
    legal_basis = forms.CharField(
        label=_("依据"), max_length=200, help_text=_("法律、法规或者县规则的条款。")
    )
    scope = long_text(_("范围"), 1000, _("停工的部位和内容；撤销的范围。"), required=False)

    def __init__(self, *args: Any, findings: Any, cases: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["case"].queryset = cases  # type: ignore[attr-defined]
        self.fields["finding"].queryset = findings  # type: ignore[attr-defined]


class ViewsForm(forms.Form):
    """What the enterprise says to an intended decision."""

    text = long_text(_("陈述、申辩的内容"), 4000)
    upload = file_field(_("证据材料"), required=False)


class DecideForm(forms.Form):
    """The decision and its reasons."""

    imposed = forms.TypedChoiceField(
        label=_("决定"),
        choices=[("yes", _("作出处理")), ("no", _("不予处理"))],
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
    )
    reasons = long_text(
        _("决定理由"), 4000, _("对企业的陈述、申辩逐点回应：采纳或者不采纳，为什么。")
    )


class CreditDecideForm(DecideForm):
    """The decision on a mark: what the competent organ decided is registered."""

    organ = forms.CharField(label=_("认定机关"), max_length=80, required=False)
    organ_number = forms.CharField(label=_("认定文书文号"), max_length=80, required=False)
    organ_decided_on = day_field(_("认定文书日期"))
    severity = forms.ChoiceField(label=_("程度"), choices=Severity.choices)
    months = forms.IntegerField(label=_("公示月数"), min_value=0, initial=0)

    def __init__(self, *args: Any, bounds: dict[str, Bounds], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organ_decided_on"].required = False
        for name in ("organ", "organ_number", "organ_decided_on"):
            needed(_("（作出处理的，必填）"), self.fields[name])
        said = [
            _("%(grade)s：%(least)d至%(most)d个月")
            % {"grade": Severity(grade).label, "least": one.least, "most": one.most}
            for grade, one in bounds.items()
        ]
        self.fields["months"].help_text = "；".join(said) + _("。0个月为不公示。")


class ReasonsForm(forms.Form):
    """Why a stop is lifted or upheld."""

    reasons = long_text(_("理由"), 2000, _("写明复查或者核实的情况；企业会看到这段话。"))


class AskLiftForm(forms.Form):
    """What was mended, or why the danger is gone."""

    text = long_text(_("整改或者危险消除的情况"), 2000)


class ExitForm(forms.Form):
    """Why the enterprise wishes to leave."""

    reason = long_text(_("退出原因"), 2000)


class RepairForm(forms.Form):
    """What was mended, and the public promise."""

    text = long_text(_("整改和履行义务的情况"), 4000)
    promised = forms.BooleanField(
        label=_("公开作出信用承诺：所述属实，今后守信，愿接受监督"),
        required=False,
    )
    upload = file_field(_("证明材料"), required=False)


class DecideRepairForm(forms.Form):
    """Granted or refused, with reasons."""

    granted = forms.TypedChoiceField(
        label=_("决定"),
        choices=[("yes", _("准予修复")), ("no", _("不予修复"))],
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
    )
    reasons = long_text(_("决定理由"), 2000)
