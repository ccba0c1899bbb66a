"""The number and code by which one follows a case, and the calculator."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.deadlines.calendar import LONGEST


class LookupForm(forms.Form):
    """The receipt of an objection: number and code."""

    NOT_FOUND = _("没有找到：请核对异议编号和查询码，两样都在回执上。")

    number = forms.CharField(label=_("异议编号"), max_length=40)
    code = forms.CharField(
        label=_("查询码"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def clean_code(self) -> str:
        """Take the code in small letters and with blanks, too."""
        return "".join(self.cleaned_data["code"].split()).upper()


class DueForm(forms.Form):
    """A period: from when, how long, in what unit, and whether it begins with a receipt."""

    start = forms.DateField(
        label=_("起算日"),
        help_text=_("发生的那一天，如受理、送达、公示发布的日子；这一天不计入。"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    length = forms.IntegerField(label=_("长度"), min_value=0, max_value=LONGEST)
    unit = forms.ChoiceField(
        label=_("计算单位"),
        widget=forms.RadioSelect,
        initial="working_day",
        choices=[
            ("working_day", _("工作日")),
            ("natural_day", _("自然日")),
            ("month", _("月")),
            ("year", _("年")),
        ],
    )
    received = forms.BooleanField(
        label=_("从收到材料起算"),
        required=False,
        help_text=_("在休息日收到的，视为下一个工作日收到。"),
    )

    def __init__(self, *args: Any, first: date, last: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.first, self.last = first, last
        self.fields["start"].widget.attrs |= {"min": first.isoformat(), "max": last.isoformat()}

    def clean_start(self) -> date:
        """Take only a day that the calendar knows."""
        day: date = self.cleaned_data["start"]
        if not self.first <= day <= self.last:
            span = {"first": self.first.isoformat(), "last": self.last.isoformat()}
            raise forms.ValidationError(_("日历只覆盖%(first)s至%(last)s。") % span)
        return day
