"""窗口收纸质申报: whose application it is, when it came and with which scan, and who fetches a paper."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.rules import check_uscc
from approvals.forms.steps import file_field, long_text


class CounterForm(forms.Form):
    """The enterprise that a paper application names; a doubtful code is asked about once more and then taken."""

    uscc = forms.CharField(
        label=_("统一社会信用代码"), max_length=40, help_text=_("营业执照上的18位代码")
    )
    uscc_confirmed = forms.BooleanField(label=_("已对照营业执照核对，代码确实如此"), required=False)
    name = forms.CharField(
        label=_("企业名称"),
        max_length=120,
        required=False,
        help_text=_("与营业执照一致。代码已经登记过的可以不填；填了就核对两者是否一致。"),
    )
    legal_representative = forms.CharField(label=_("法定代表人"), max_length=60, required=False)
    contact = forms.CharField(label=_("联系人"), max_length=60, required=False)
    phone = forms.CharField(
        label=_("联系电话"),
        max_length=40,
        required=False,
        help_text=_("通知领取文书用；企业没有账户时，只能这样通知。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        typed = (self.data or {}).get("uscc", "") if self.is_bound else ""
        if not typed or check_uscc(typed).verdict != "warn":
            del self.fields["uscc_confirmed"]


class ApplicationForm(forms.Form):
    """When the application came, who brought it, and the scan of what was signed."""

    paper_at = forms.DateTimeField(
        label=_("申请书交到窗口的时间"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_(
            "以纸面收件登记为准，不晚于现在；窗口关门以后交来的，从下一次开门起算。确认后标明为补录。"
        ),
    )
    bearer = forms.CharField(label=_("交件人"), max_length=60)
    upload = file_field(_("签字盖章的申请书扫描件"))

    def __init__(self, *args: Any, scanned: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if scanned:
            self.fields["upload"].required = False
            self.fields["upload"].help_text = _("不重新上传的，用上一次登记的扫描件。")


class TakeBackForm(forms.Form):
    """Why an entry is taken back before it was decided."""

    reason = long_text(_("收回修改的原因"), 300, _("如录入有误；收回以后可以修改，再送第二人。"))


class DropForm(forms.Form):
    """Why what was typed is dropped."""

    reason = long_text(_("作废的原因"), 300, _("如企业录错了、企业当场取回申请。留有记录。"))


class HandOutForm(forms.Form):
    """Who fetched a paper, and the receipt they signed."""

    collector = forms.CharField(label=_("领取人"), max_length=60)
    upload = file_field(_("领取人签字的送达回证扫描件"))
