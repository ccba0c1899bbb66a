"""What people fill in in a meeting room: the code on its wall, who keeps the record, what is settled, what is to do."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organisation
from approvals.forms.steps import long_text


class OpenForm(forms.Form):
    """Who keeps the record, beside the convenor."""

    recorder = forms.ChoiceField(
        label=_("记录人"),
        required=False,
        help_text=_("指定以后，各部门凭大屏动态码签到，到会名单和纪要由召集人、记录人两人确认。"),
    )

    def __init__(
        self, *args: Any, recorders: Iterable[Membership], wanted: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(one.pk): one for one in recorders}
        named = [(pk, one.user.name) for pk, one in self.people.items()]
        self.fields["recorder"].choices = [("", _("不指定")), *named]  # type: ignore[attr-defined]
        self.fields["recorder"].required = wanted
        if not (self.people or wanted):
            del self.fields["recorder"]  # a visit has no minutes

    def clean_recorder(self) -> Membership | None:
        """Return the person."""
        return self.people.get(self.cleaned_data["recorder"])


class RecorderForm(OpenForm):
    """Who keeps the record instead, and why."""

    reason = long_text(_("更换的理由"), 300)

    def __init__(self, *args: Any, recorders: Iterable[Membership], **kwargs: Any) -> None:
        super().__init__(*args, recorders=recorders, wanted=True, **kwargs)


class CodeForm(forms.Form):
    """The code on the wall of the room, and who comes."""

    code = forms.CharField(
        label=_("会场动态码"),
        max_length=20,
        help_text=_("大屏上的八位码，每30秒更换；不分大小写，空格可以不输。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    representative = forms.CharField(label=_("到会代表"), max_length=60, required=False)


class ListedForm(forms.Form):
    """The items a department agrees to, as they stood on its page."""

    slots = forms.TypedMultipleChoiceField(
        label=_("同意的事项"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少勾选一项。")},
    )

    def __init__(self, *args: Any, listed: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slots"].choices = list(listed)  # type: ignore[attr-defined]


class SettleForm(forms.Form):
    """How a contradiction is settled."""

    item = forms.ChoiceField(label=_("事项"))
    reasons = long_text(_("处理意见和理由"), 2000, _("采纳哪一方、为什么；写入纪要的“主要分歧”。"))

    def __init__(self, *args: Any, items: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].choices = list(items)  # type: ignore[attr-defined]


class ActionForm(forms.Form):
    """Who does what until when."""

    text = forms.CharField(label=_("内容"), max_length=300)
    owner = forms.ChoiceField(label=_("责任单位"))
    due_on = forms.DateField(
        label=_("期限"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, owners: Iterable[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owners = {str(one.pk): one for one in owners}
        named = [(pk, one.label) for pk, one in self.owners.items()]
        self.fields["owner"].choices = named  # type: ignore[attr-defined]

    def clean_owner(self) -> Organisation:
        """Return the organisation."""
        return self.owners[self.cleaned_data["owner"]]


class NoteForm(forms.Form):
    """What was done."""

    note = long_text(_("办理情况"), 300)


class OnlineForm(forms.Form):
    """Why a department takes part online."""

    reason = long_text(_("线上参加的理由"), 200)
