"""An objection by anyone, the reply by the window."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from approvals.stages import Stage
from public_notice.forms.typed import long_text
from public_notice.stages import Finding

DECIDED = (Finding.NOT_UPHELD, Finding.PARTLY, Finding.UPHELD, Finding.SET_ASIDE)


class ObjectionForm(forms.Form):
    """What somebody has to say against a notice; no account is needed."""

    name = forms.CharField(
        label=_("姓名或者单位名称"),
        max_length=60,
        required=False,
        help_text=_("公开时，个人只显示姓氏，如“王某”；单位显示全称。"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    contact = forms.CharField(
        label=_("联系方式"),
        max_length=120,
        required=False,
        help_text=_("电话、邮箱或者地址，只有窗口看得到，用来核实和答复，不公开。"),
    )
    interest = forms.CharField(
        label=_("与项目的关系"),
        max_length=200,
        required=False,
        help_text=_("如相邻住户、同业企业、村集体。不公开。"),
    )
    text = long_text(
        _("异议内容"), 2000, _("写明对哪一项承诺有异议、事实和理由。会公开，请不要写他人的隐私。")
    )
    anonymous = forms.BooleanField(
        label=_("匿名提出"),
        required=False,
        help_text=_(
            "不写姓名和联系方式，凭编号和查询码看答复；窗口无法向您核实，也无法请您参加听证。"
        ),
    )
    hearing = forms.BooleanField(
        label=_("我是利害关系人，申请听证"),
        required=False,
        help_text=_("《中华人民共和国行政许可法》第四十七条。听证办结以后答复；匿名的不能申请。"),
    )

    def __init__(self, *args: Any, may_be_anonymous: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_be_anonymous:
            del self.fields["anonymous"]

    def clean(self) -> dict[str, Any]:
        """Want a name and a way to answer, unless it is anonymous; nobody unknown can be heard."""
        data = super().clean() or self.cleaned_data
        if data.get("anonymous"):
            data["name"] = data["contact"] = ""
            if data.get("hearing"):
                self.add_error("hearing", _("匿名的不能申请听证：请写明姓名和联系方式。"))
            return data
        for field in ("name", "contact"):
            if not data.get(field) and field not in self.errors:
                self.add_error(
                    field,
                    _("请填写；不愿写明的，可以选择匿名提出。")
                    if "anonymous" in self.fields
                    else _("请填写。"),
                )
        return data


class ReplyForm(forms.Form):
    """What the window found, why, and where an upheld objection sends the case."""

    finding = forms.ChoiceField(
        label=_("认定"),
        widget=forms.RadioSelect,
        choices=[(f.value, f.label) for f in DECIDED],
        help_text=_("“不属于异议”只用于广告、灌水等：编号和理由公开；还待人工查看的，文字不公开。"),
    )
    reply = long_text(_("答复"), 2000, _("写明查明的事实、理由和依据。答复在公示页上公开。"))
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
