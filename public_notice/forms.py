"""The forms of notices: an objection by anyone, the reply by the window, the code by which one follows it."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from approvals.stages import Stage
from core.deadlines.calendar import LONGEST
from public_notice.stages import Finding, Score


def _long(label: Any, most: int, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, help_text=help_text, widget=forms.Textarea(attrs={"rows": 6})
    )


class ObjectionForm(forms.Form):
    """What somebody has to say against a notice; no account is needed."""

    name = forms.CharField(
        label=_("姓名或者单位名称"),
        max_length=60,
        help_text=_("公开时，个人只显示姓氏，如“王某”；单位显示全称。"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    contact = forms.CharField(
        label=_("联系方式"),
        max_length=120,
        help_text=_("电话、邮箱或者地址，只有窗口看得到，用来核实和答复，不公开。"),
    )
    interest = forms.CharField(
        label=_("与项目的关系"),
        max_length=200,
        required=False,
        help_text=_("如相邻住户、同业企业、村集体。不公开。"),
    )
    text = _long(
        _("异议内容"), 2000, _("写明对哪一项承诺有异议、事实和理由。会公开，请不要写他人的隐私。")
    )


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


class ReplyForm(forms.Form):
    """What the window found, why, and where an upheld objection sends the case."""

    finding = forms.ChoiceField(
        label=_("认定"),
        widget=forms.RadioSelect,
        choices=[(f.value, f.label) for f in (Finding.NOT_UPHELD, Finding.PARTLY, Finding.UPHELD)],
    )
    reply = _long(_("答复"), 2000, _("写明查明的事实、理由和依据。答复在公示页上公开。"))
    back_to = forms.ChoiceField(
        label=_("异议成立的，退回到哪一步"),
        required=False,
        widget=forms.RadioSelect,
        choices=[
            (Stage.COMMITTING.value, _("修改承诺书，重新签署")),
            (Stage.PREREVIEWING.value, _("再次联合预审")),
        ],
        help_text=_("只在认定“异议成立”时选择：公示终止，企业会收到通知。"),
    )

    def clean(self) -> dict[str, Any]:
        """Want to know where the case goes when the objection is upheld."""
        data = super().clean() or self.cleaned_data
        if data.get("finding") == Finding.UPHELD and not data.get("back_to"):
            self.add_error("back_to", _("认定异议成立的，请选择退回到哪一步。"))
        return data


class BulletinForm(forms.Form):
    """Of which month."""

    period = forms.ChoiceField(label=_("月份"))

    def __init__(self, *args: Any, months: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].choices = [(month, month) for month in months]  # type: ignore[attr-defined]


class ReviewForm(forms.Form):
    """Whether a bulletin may leave the house."""

    approved = forms.TypedChoiceField(
        label=_("决定"),
        choices=(("yes", _("审核通过")), ("no", _("退回修改"))),
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    note = _long(_("审核意见"), 1000, _("退回的，写明要改什么。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = False


class SatisfactionForm(forms.Form):
    """How the case was handled, in one of five words."""

    score = forms.TypedChoiceField(
        label=_("您对本件的办理"), choices=Score.choices, coerce=int, widget=forms.RadioSelect
    )
