"""The forms of the mailbox: the writer's, the clerk's who enters a work order, the supervisor's, the department's."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from public_notice.forms.lookup import LookupForm
from public_notice.forms.typed import long_text
from public_notice.models import MailboxKind
from public_notice.queries.mailbox import departments


class LetterForm(forms.Form):
    """What somebody writes to the county; no account, no name, no contact is needed."""

    kind = forms.ModelChoiceField(
        label=_("来信类别"), queryset=MailboxKind.objects.all(), to_field_name="code", empty_label=None,
        widget=forms.RadioSelect,
    )  # fmt: skip
    text = long_text(
        _("来信内容"), 2000, _("写明时间、地点、经过和您的要求。请不要写他人的身份证号、电话。")
    )
    about = forms.ModelChoiceField(
        label=_("反映的是哪个部门"),
        queryset=departments(),
        to_field_name="code",
        required=False,
        empty_label=_("不涉及或者不清楚"),
        help_text=_("投诉不由被反映的部门自己办理。"),
    )
    case = forms.CharField(
        label=_("有关申报件编号"),
        max_length=40,
        required=False,
        help_text=_("知道的话可以填写，便于查找；不公开。"),
    )
    name = forms.CharField(
        label=_("姓名或者单位名称"),
        max_length=60,
        required=False,
        help_text=_("可以不填。只有效能监督看得到；公开时个人只显示姓氏。"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    contact = forms.CharField(
        label=_("联系方式"),
        max_length=120,
        required=False,
        help_text=_("可以不填。只有效能监督看得到，承办的部门看不到，不公开。"),
    )
    work_order = forms.CharField(
        label=_("12345工单号"),
        max_length=40,
        required=False,
        help_text=_("已经打过12345的，可以填写工单号。"),
    )
    publish = forms.BooleanField(
        label=_("同意公开来信和答复"),
        required=False,
        help_text=_("公开以前遮盖个人信息；不同意的，只计入统计。"),
    )


class WorkOrderForm(LetterForm):
    """A work order that the hotline hands over, entered by hand."""

    received_on = forms.DateField(
        label=_("收到日"),
        help_text=_("热线转来的日子；答复期限从这一天起算。"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["work_order"].required = True
        self.fields["work_order"].help_text = _("每张工单只登记一次。")
        self.order_fields(["work_order", "received_on", *self.fields])


class LetterLookup(LookupForm):
    """The receipt of a letter: number and code."""

    NOT_FOUND = _("没有找到：请核对来信编号和查询码，两样都在回执上。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["number"].label = _("来信编号")


class JudgeForm(forms.Form):
    """Whether the reply satisfied the writer, and what is still open."""

    satisfied = forms.TypedChoiceField(
        label=_("您对答复满意吗"),
        choices=[("yes", _("满意")), ("no", _("不满意"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("还有什么没有答复清楚"),
        max_length=1000,
        required=False,
        help_text=_("不满意的请写明，供复核；不公开。"),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class AssignForm(forms.Form):
    """To which department, and why where it is the one that is written about."""

    department = forms.ModelChoiceField(
        label=_("承办单位"), queryset=departments(), to_field_name="code", empty_label=_("请选择")
    )
    reason = forms.CharField(
        label=_("转办说明"),
        max_length=300,
        required=False,
        help_text=_("转给被投诉的单位自己办理的，必须写明理由；来信人看得到。"),
    )


class LetterReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("理由"), max_length=300)


class LetterReplyForm(forms.Form):
    """What was found and done."""

    text = long_text(
        _("答复内容"), 4000, _("写明查明的情况、处理和理由。来信人同意公开的，遮盖个人信息后公开。")
    )


class LongerForm(forms.Form):
    """How many days more, and why: the writer reads it."""

    days = forms.IntegerField(label=_("延长天数"), min_value=1, max_value=60)
    reason = forms.CharField(
        label=_("理由"), max_length=300, help_text=_("来信人看得到；每封来信只延长一次。")
    )


class ReviewReplyForm(forms.Form):
    """Whether the reply is sent as it was written."""

    approved = forms.TypedChoiceField(
        label=_("审核意见"),
        choices=[("yes", _("同意送出")), ("no", _("退回修改"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("理由"), max_length=300, required=False, help_text=_("退回修改的，写明理由。")
    )


class HidingForm(forms.Form):
    """Whether the words are hidden."""

    approved = forms.TypedChoiceField(
        label=_("是否隐藏"),
        choices=[("yes", _("隐藏")), ("no", _("不隐藏"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
