"""Sealing a paper: the scan that is handed in, and the second person's word on it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from approvals.forms.steps import long_text, needed


class ScanForm(forms.Form):
    """The scan of the printed and sealed paper, whole."""

    upload = forms.FileField(
        label=_("盖章扫描件"),
        help_text=_("打印成文的文书、盖章，全部页面扫描成一个文件：PDF、JPG 或 PNG，不超过50 MB。"),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
        max_length=200,
    )


class DecideScanForm(forms.Form):
    """What the second person found; who confirms has read the number off the scan."""

    decision = forms.ChoiceField(
        label=_("核对结果"),
        choices=[("confirm", _("逐页一致，印章齐全，确认")), ("refuse", _("不予确认"))],
        widget=forms.RadioSelect,
    )
    number = needed(
        _("确认时必填"),
        forms.CharField(
            label=_("扫描件上的文号"),
            max_length=60,
            required=False,
            help_text=_("照扫描件上印的填写，不要从本页复制：左承告〔2018〕12号。"),
        ),
    )
    reason = needed(_("不予确认时必填"), long_text(_("理由"), 300, required=False))

    def clean(self) -> dict[str, Any]:
        """A yes has read the number, a no says why."""
        said = super().clean() or {}
        if said.get("decision") == "confirm" and not said.get("number", "").strip():
            self.add_error("number", _("请填写扫描件上印的文号。"))
        if said.get("decision") == "refuse" and not said.get("reason", "").strip():
            self.add_error("reason", _("请写明理由。"))
        return said
