"""代办、移交、纸质收件: whom an enterprise lets act, who takes a case over, and what came to the counter on paper."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from approvals.forms.steps import file_field, long_text, needed
from approvals.models import Material
from approvals.stages import Power


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class GrantForm(forms.Form):
    """Whom, from which day to which, for what, and the power of attorney."""

    username = forms.CharField(
        label=_("代办人的用户名"),
        max_length=150,
        help_text=_("代办人在本系统登录用的名字，请向本人核对。帮办代办人员也用自己单位的账户。"),
    )
    uscc = forms.CharField(label=_("代办单位的统一社会信用代码"), max_length=18)
    valid_from = _day(_("授权起始日"), _("不早于今天。"))
    valid_to = _day(_("授权截止日"), _("含当日；次日起代办人不能再办理。"))
    powers = forms.MultipleChoiceField(
        label=_("授权事项"),
        choices=Power.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=[Power.FILL],
        help_text=_("签署、承诺、撤回和退出不随其他事项授权：授权委托书写明了才勾选。"),
    )
    upload = file_field(_("授权委托书扫描件"), required=False)

    def __init__(self, *args: Any, wants_attorney: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["upload"].required = wants_attorney


def at_its_field(wrong: ValidationError) -> ValidationError:
    """Put what stands against a grant at its field of GrantForm; a refusal without a name is of the file."""
    said: dict[str, Any] = dict(getattr(wrong, "message_dict", None) or {"upload": wrong.messages})
    if "agent" in said:
        said["username"] = said.pop("agent")
    return ValidationError(said)


class EndForm(forms.Form):
    """Why an authority ends before its last day."""

    reason = long_text(_("终止理由"), 300, _("双方都会看到；终止后代办人立即不能再办理。"))


class HandOverForm(forms.Form):
    """Who takes the case over, and why."""

    receiver = forms.ChoiceField(label=_("接手人"))
    reason = long_text(_("移交原因"), 300, _("如休假、岗位调整；写明接手人要注意什么。"))

    def __init__(self, *args: Any, people: Iterable[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(one.pk): one for one in people}
        self.fields["receiver"].choices = [  # type: ignore[attr-defined]
            (pk, f"{one.user} · {one.organisation}") for pk, one in self.people.items()
        ]


class PaperForm(forms.Form):
    """When what came on paper, by whom, and the scan of it."""

    paper_at = forms.DateTimeField(
        label=_("材料交到窗口的时间"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("以纸面收件登记为准，不早于告知书送达，不晚于现在；确认后标明为补录。"),
    )
    bearer = forms.CharField(label=_("交件人"), max_length=60)
    materials = forms.TypedMultipleChoiceField(
        label=_("交来的材料"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    upload = file_field(_("凭证扫描件（纸面收件登记和材料）"))

    def __init__(self, *args: Any, wanted: Iterable[Material], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["materials"].choices = [(one.pk, str(one)) for one in wanted]  # type: ignore[attr-defined]


class DecidePaperForm(forms.Form):
    """The second person's word."""

    decision = forms.ChoiceField(
        label=_("决定"),
        choices=[("confirm", _("与纸质材料一致，确认")), ("refuse", _("不予确认"))],
        widget=forms.RadioSelect,
    )
    reason = needed(_("不予确认时必填"), long_text(_("理由"), 300, required=False))

    def clean(self) -> dict[str, Any]:
        """A no says why."""
        said = super().clean() or {}
        if said.get("decision") == "refuse" and not said.get("reason", "").strip():
            self.add_error("reason", _("请写明理由。"))
        return said
