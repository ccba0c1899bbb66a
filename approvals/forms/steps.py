"""The small forms of single steps: a reason, a note, a file, an approval."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from approvals.rules.citing import cited_choices
from approvals.stages import RefusalGround
from core.documents.contents import KINDS

ENDINGS = ",".join(ending for kind in KINDS.values() for ending in kind.endings)


def needed(when: Any, field: Any) -> Any:
    """Say behind a field's label when it must be filled in, where that hangs on what else is chosen."""
    field.when = when
    return field


def file_field(label: Any, *, required: bool = True) -> forms.FileField:
    """Return a field for one file of the kinds the county takes; its content is checked by the service."""
    return forms.FileField(
        label=label,
        required=required,
        help_text=_("PDF、OFD、JPG、PNG、DOCX、XLSX、DWG，不超过50 MB。"),
        widget=forms.FileInput(attrs={"accept": ENDINGS}),
        max_length=200,
    )


def long_text(
    label: Any, most: int, help_text: Any = "", *, required: bool = True
) -> forms.CharField:
    """Return a field for some sentences, at most so many characters."""
    return forms.CharField(
        label=label,
        max_length=most,
        help_text=help_text,
        required=required,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class WithdrawForm(forms.Form):
    """Why the enterprise takes its filing back."""

    reason = long_text(_("撤回原因"), 300)


class EligibilityForm(forms.Form):
    """The window's decision: a note where it departs from the rules, a reason where it says no."""

    reason = long_text(
        _("说明"),
        400,
        _("决定不适用的，必须写明理由，企业会看到；与规则的提示不一致的，也须说明。"),
        required=False,
    )


class RefuseForm(forms.Form):
    """Why the filing is not accepted."""

    ground = forms.ChoiceField(
        label=_("情形"), choices=lambda: cited_choices(RefusalGround.choices)
    )
    reason = long_text(
        _("不予受理的理由"), 400, _("写明依据的条款和企业可以怎样救济；企业会看到这段话。")
    )


class LiftBarForm(forms.Form):
    """By which decision the one that a bar rests on was overturned, and why."""

    number = forms.CharField(label=_("撤销或者变更原决定的文书文号"), max_length=80)
    reason = long_text(_("解除的理由"), 300, _("如复议决定撤销原决定；企业会看到这段话。"))


class StrikeForm(forms.Form):
    """Why an item of the list does not apply."""

    reason = long_text(_("核减理由"), 300, _("清单只能变短：核减后不再要求这一事项。"))


class RejectScanForm(forms.Form):
    """What is wrong with the scan."""

    reason = long_text(_("退回理由"), 300, _("如缺签字、缺公章、不是这一版承诺书。"))


class ChangeForm(forms.Form):
    """What the window found."""

    note = long_text(_("核对说明"), 300, _("看了什么、由谁提供。"))


class HandInChangeForm(forms.Form):
    """What was changed, in words or by a file."""

    text = long_text(_("修改说明"), 1000, _("改了什么、在哪里；也可以只上传文件。"), required=False)
    upload = file_field(_("修改后的文件"), required=False)


class ReturnChangeForm(forms.Form):
    """Why a change is not done yet."""

    reason = long_text(_("尚未完成的理由"), 300, _("写明还缺什么；企业会收到，改好后再交。"))


class DeclineForm(forms.Form):
    """The commitment items the enterprise does not commit to."""

    codes = forms.MultipleChoiceField(
        label=_("不作承诺的事项"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "不用说明理由。勾选的事项改为事先审批，取得批准后才能开工；不勾选的按承诺办理。"
        ),
    )

    def __init__(self, *args: Any, items: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["codes"].choices = [(i.code, str(i)) for i in items]  # type: ignore[attr-defined]
        self.fields["codes"].initial = [i.code for i in items if i.declined]


class SignForm(forms.Form):
    """The sealed scan."""

    scan = file_field(_("签字盖章后的扫描件"))
    same = forms.BooleanField(
        label=_("扫描件就是本页这一版承诺书，已由法定代表人签字并加盖公章"),
        error_messages={"required": _("请确认扫描件就是这一版承诺书。")},
    )


class ApprovalForm(forms.Form):
    """An approval, paper or finished service by its number."""

    number = forms.CharField(label=_("批准文号（或服务成果编号）"), max_length=80)
    issued_on = forms.DateField(
        label=_("批准日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    upload = file_field(_("批准文件"), required=False)


class PromiseForm(forms.Form):
    """容缺承诺: by which day, and signed."""

    by_day = forms.DateField(label=_("承诺补齐的日期"), required=False)
    signed = forms.BooleanField(label=_("签署"), required=False)
