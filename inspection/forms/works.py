"""The forms of reports, checks, findings and rechecks."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from approvals.forms.steps import file_field, long_text


def day_field(label: Any, help_text: Any = "") -> forms.DateField:
    """Return a field for one day."""
    return forms.DateField(
        label=label,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class StartReportForm(forms.Form):
    """When the works began."""

    happened_on = day_field(_("开工日期"), _("不早于开工告知书的日期，不晚于今天。"))
    text = long_text(_("开工情况"), 2000, _("施工单位、监理单位、先行施工的部位。"))
    upload = file_field(_("附件"), required=False)


class ProgressReportForm(forms.Form):
    """How far the works are."""

    happened_on = day_field(_("截至日期"))
    percent = forms.IntegerField(label=_("形象进度（%）"), min_value=0, max_value=100)
    text = long_text(_("进度情况"), 2000, _("已完成什么、正在做什么、承诺条款落实到哪一步。"))
    upload = file_field(_("附件"), required=False)


class CompletionReportForm(forms.Form):
    """When the works were done."""

    happened_on = day_field(_("竣工日期"))
    text = long_text(_("竣工情况"), 2000, _("完成的内容，与承诺的建设规模和内容是否一致。"))
    upload = file_field(_("附件"), required=False)
