"""What people fill in about a default: contest, withdrawal, what follows."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from approvals.forms.steps import long_text


def _decision(yes: Any, no: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=_("决定"),
        choices=(("yes", yes), ("no", no)),
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )


def _basis(*, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=_("依据"),
        max_length=200,
        required=required,
        help_text=_("撤回所依据的规定，如本县规则的送达条款。"),
    )


class ContestForm(forms.Form):
    """What a department has against a default."""

    text = long_text(
        _("异议"), 2000, _("写明对哪一项事实有异议（送达、到会、请假、计日）以及理由。")
    )


class DecideContestForm(forms.Form):
    """Upheld or not, with reasons; upheld it is a withdrawal and names its basis."""

    upheld = _decision(_("异议成立，提出撤回默认"), _("异议不成立，默认继续有效"))
    reason = long_text(_("理由"), 2000)
    legal_basis = _basis(required=False)

    def clean(self) -> dict[str, Any]:
        """Want the basis of a withdrawal."""
        data = super().clean() or self.cleaned_data
        if data.get("upheld") and not data.get("legal_basis", "").strip():
            self.add_error("legal_basis", _("撤回默认必须写明依据。"))
        return data


class WithdrawForm(forms.Form):
    """Why a default is to be withdrawn, and on what basis."""

    reason = long_text(_("撤回理由"), 2000)
    legal_basis = _basis()


class DecideWithdrawalForm(forms.Form):
    """The second person's word."""

    approved = _decision(_("批准撤回"), _("不批准，默认继续有效"))
    decision = long_text(_("理由"), 2000)


class FollowUpForm(forms.Form):
    """What was done."""

    note = long_text(_("办理情况"), 2000, _("写明何时、和谁、谈了或者移送了什么，结果如何。"))
