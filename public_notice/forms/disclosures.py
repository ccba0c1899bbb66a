"""The forms of a request for disclosure: the applicant's, and those of the office that answers."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from public_notice.forms.lookup import LookupForm
from public_notice.forms.typed import long_text
from public_notice.rules.disclosure import CHOSEN, KIND_OF
from public_notice.stages import Applicant, DisclosureChannel, InquiryKind, Wanted


class DisclosureForm(forms.Form):
    """What the law asks of a request (政府信息公开条例 29): who, how to reach them, what, and in which form."""

    applicant = forms.ChoiceField(
        label=_("申请人类别"), choices=Applicant.choices, widget=forms.RadioSelect
    )
    name = forms.CharField(
        label=_("姓名或者名称"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    identity = forms.CharField(
        label=_("身份证明"),
        max_length=60,
        help_text=_("自然人写身份证件号码，单位写统一社会信用代码。只有办理人员看得到，不公开。"),
    )
    contact = forms.CharField(
        label=_("联系方式"),
        max_length=200,
        help_text=_("电话和通信地址，用来与您确认收到和送达答复，不公开。"),
    )
    wanted = long_text(
        _("所需信息"), 2000, _("写明信息的名称、文号，或者便于查到它的其他特征；不必写用途。")
    )
    form = forms.ChoiceField(label=_("获取方式"), choices=Wanted.choices, widget=forms.RadioSelect)


class RegisterForm(DisclosureForm):
    """What came at the counter, by post or by fax."""

    channel = forms.ChoiceField(
        label=_("收到方式"),
        choices=[c for c in DisclosureChannel.choices if c[0] != DisclosureChannel.WEB],
        widget=forms.RadioSelect,
        help_text=_(
            "当面提交的，当日即收到之日；需签收的邮寄，签收之日即收到之日；其余自双方确认之日起算。"
        ),
    )
    signed_on = forms.DateField(
        label=_("签收日"),
        required=False,
        help_text=_("需签收的邮寄必填，其他方式不填。"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class DisclosureLookup(LookupForm):
    """The receipt of a request: number and code."""

    NOT_FOUND = _("没有找到：请核对申请编号和查询码，两样都在回执上。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["number"].label = _("申请编号")


class SupplementForm(forms.Form):
    """What the applicant adds to an unclear request."""

    text = long_text(_("补正内容"), 2000)


class CorrectionForm(forms.Form):
    """What is unclear, all of it at once."""

    text = long_text(_("需要补正的内容"), 2000, _("一次写全，写明怎样补正；只能告知一次。"))


class ViewForm(forms.Form):
    """Of whom a view is asked, and about what."""

    kind = forms.ChoiceField(
        label=_("征询种类"),
        choices=[c for c in InquiryKind.choices if c[0] != InquiryKind.CORRECTION],
        widget=forms.RadioSelect,
    )
    whom = forms.CharField(label=_("征询对象"), max_length=120)
    text = long_text(_("征询内容"), 2000, _("写明涉及的信息；不写申请人是谁。"))


class ViewAnswerForm(forms.Form):
    """What the one who was asked has answered."""

    agrees = forms.TypedChoiceField(
        label=_("是否同意公开"),
        choices=[("yes", _("同意公开")), ("no", _("不同意公开"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    said = long_text(_("回复内容"), 2000, _("不同意的，写明理由；回复的原件另行归档。"))


class LongerForm(forms.Form):
    """How many working days more, and why."""

    days = forms.IntegerField(label=_("延长天数（工作日）"), min_value=1, max_value=366)
    reason = forms.CharField(label=_("延长理由"), max_length=300, help_text=_("会告知申请人。"))


class ApproveForm(forms.Form):
    """Whether the answer may take longer."""

    approved = forms.TypedChoiceField(
        label=_("是否批准延长"),
        choices=[("yes", _("批准")), ("no", _("不批准"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )


class AnswerForm(forms.Form):
    """What comes of the request, and the words of the answer."""

    result = forms.ChoiceField(
        label=_("办理结果"),
        choices=[
            ("", _("请选择")),
            *((r.value, format_lazy("{} · {}", KIND_OF[r].label, r.label)) for r in CHOSEN),
        ],
    )
    reply = long_text(
        _("答复内容"), 4000, _("提供信息或者告知获取的方式、途径；不予公开、无法提供的，写明理由。")
    )
