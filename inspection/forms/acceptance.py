"""The forms of the joint acceptance."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from approvals.forms.steps import file_field, long_text
from inspection.stages import Verdict


class ApplyForm(forms.Form):
    """The application, for all departments at once."""

    text = long_text(_("申请说明"), 2000, _("建成的内容，各专项自验的情况，联系人。"))
    upload = file_field(_("附件"), required=False)


class VisitForm(forms.Form):
    """When and where all departments meet on the site."""

    visit_at = forms.DateTimeField(
        label=_("日期和时间"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": _("请写成 2018-06-15 09:30 的样子。")},
    )
    visit_place = forms.CharField(label=_("集合地点"), max_length=120)


class VerdictForm(forms.Form):
    """Passed, or failed with what is wrong and what would pass."""

    outcome = forms.ChoiceField(
        label=_("验收意见"),
        choices=((Verdict.PASSED.value, Verdict.PASSED.label), (Verdict.FAILED.value, Verdict.FAILED.label)),
        widget=forms.RadioSelect,
    )  # fmt: skip
    problem = long_text(
        _("问题"), 2000, _("不合格必填：哪一处、与本条承诺或批准文件差在哪里。"), required=False
    )
    demand = long_text(_("整改要求"), 2000, _("不合格必填：做到什么程度算合格。"), required=False)


class AmendmentForm(forms.Form):
    """What was done about one entry of the correction list."""

    text = long_text(_("整改情况"), 2000, _("做了什么、什么时候完成；照片、检测报告作附件。"))
    upload = file_field(_("证明材料"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs["rows"] = 5
