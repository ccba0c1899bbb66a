"""清单外要求: what is wanted, on what basis, why the list did not have it; and the supervisor's word."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from approvals.forms.steps import long_text, needed


class AskLaterForm(forms.Form):
    """What a department wants that the list did not name."""

    name = forms.CharField(label=_("材料名称"), max_length=200)
    basis = forms.CharField(
        label=_("依据"), max_length=200, help_text=_("法律、法规或者规章的名称和条款。")
    )
    reason = long_text(_("理由"), 500, _("写明一次性告知时为什么没有列入；企业会看到。"))


class DecideLaterForm(forms.Form):
    """Signed, or not and why."""

    decision = forms.ChoiceField(
        label=_("决定"),
        choices=[("sign", _("同意要求这件材料")), ("refuse", _("不同意，清单不变"))],
        widget=forms.RadioSelect,
    )
    reason = needed(_("不同意时必填"), long_text(_("理由"), 300, required=False))

    def clean(self) -> dict[str, Any]:
        """A no says why."""
        said = super().clean() or {}
        if said.get("decision") == "refuse" and not said.get("reason", "").strip():
            self.add_error("reason", _("请写明理由。"))
        return said
