"""What people fill in about standing in: the roster, absences, the department's own rules, recusal, signing, parts."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from approvals.forms.steps import file_field, long_text, needed
from prereview.stages import Duty


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def _yes_no(yes: Any, no: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=_("决定"),
        choices=(("yes", yes), ("no", no)),
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )


class WithColleagues(forms.Form):
    """A form in which people of one's own department are chosen; a choice that was not offered is refused."""

    chooses: tuple[str, ...] = ()

    def __init__(self, *args: Any, people: Iterable[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(one.pk): one for one in people}
        offered = [
            (pk, f"{one.user} · {one.get_role_display()}") for pk, one in self.people.items()
        ]
        for name in self.chooses:
            field: Any = self.fields[name]
            field.choices = offered if field.required else [("", "—"), *offered]

    def clean(self) -> dict[str, Any]:
        """Put the people in the place of their keys."""
        data = super().clean() or self.cleaned_data
        for name in self.chooses:
            if name in data:
                data[name] = self.people.get(data[name])
        return data


class MandateForm(WithColleagues):
    """Whom, for what, from which day to which, as A or as whose B, with the scan."""

    chooses = ("person", "covers")
    person = forms.ChoiceField(label=_("办理人员"))
    duties = forms.MultipleChoiceField(
        label=_("授权办理什么"), choices=Duty.choices, widget=forms.CheckboxSelectMultiple
    )
    covers = forms.ChoiceField(
        label=_("替谁（B角）"),
        required=False,
        help_text=_("不选的是A角，授权期内都可以办理；B角只在所替的人外出、离任或者回避时办理。"),
    )
    valid_from = _day(_("起始日"), _("不早于今天。"))
    valid_to = _day(_("截止日"), _("含当日；次日起自行失效。"))
    upload = file_field(_("授权文件扫描件"))


class AwayForm(WithColleagues):
    """Who is away, from when to when, why."""

    chooses = ("person",)
    person = forms.ChoiceField(label=_("外出的人"))
    from_on = _day(_("起始日"), _("不早于今天。"))
    until_on = _day(_("截止日"), _("含当日。"))
    reason = forms.CharField(label=_("事由"), max_length=200)


class RuleForm(forms.Form):
    """What the department lays down for itself."""

    roster_binds = forms.BooleanField(
        label=_("只有授权名册上的人员可以办理"),
        required=False,
        help_text=_("负责人本人不受此限。名册上没有人的，只有负责人能办理。"),
    )
    countersigns = forms.BooleanField(
        label=_("经办人的意见须由负责人会签"),
        required=False,
        help_text=_("会签以前不算提出意见，期限照常计算；期限届满没有会签的，按没有提出处理。"),
    )


class RecuseForm(WithColleagues):
    """Who stays out, why, and who takes over."""

    chooses = ("person", "successor")
    person = forms.ChoiceField(label=_("回避的人"))
    reason = long_text(_("回避理由"), 300, _("写明与项目或者企业有什么利害关系。"))
    successor = needed(
        _("（本单位还有其他人员的，必填）"),
        forms.ChoiceField(label=_("由谁接手"), required=False),
    )


class CountersignForm(forms.Form):
    """Signed, or sent back with a note."""

    signed = _yes_no(_("会签，提出意见"), _("退回修改"))
    note = long_text(_("会签意见"), 300, _("退回修改的必须写明。"), required=False)

    def clean(self) -> dict[str, Any]:
        """Want a note where it is sent back."""
        data = super().clean() or self.cleaned_data
        if data.get("signed") is False and not data.get("note", "").strip():
            self.add_error("note", _("退回修改的必须写明理由。"))
        return data


class PartForm(WithColleagues):
    """Which part of the department, who answers, what, until when."""

    chooses = ("asked",)
    unit = forms.CharField(label=_("股室、站所"), max_length=60)
    asked = forms.ChoiceField(label=_("答复人"))
    question = long_text(_("要答复什么"), 1000, _("只在本单位内部可见。"))
    due_on = _day(_("答复期限"), _("早于本单位自己的期限。"))


class AnswerForm(forms.Form):
    """The answer of a part."""

    answer = long_text(_("答复"), 4000, _("只在本单位内部可见，不是本单位的意见。"))


class ReassignForm(WithColleagues):
    """Who takes over, and why."""

    chooses = ("receiver",)
    receiver = forms.ChoiceField(label=_("接手人"))
    reason = long_text(_("改派理由"), 300, _("如外出、岗位调整；写明接手人要注意什么。"))


class ContestRollForm(forms.Form):
    """What the department has against its row of the roll, with a proof if there is one."""

    text = long_text(_("异议"), 2000, _("写明到会、离开、请假或者送达的记录哪里不对，以及理由。"))
    upload = file_field(_("证据"), required=False)


class DecideRollForm(forms.Form):
    """Upheld or not, with reasons."""

    upheld = _yes_no(_("异议成立，不以缺席论"), _("异议不成立，到会记录有效"))
    reason = long_text(_("理由"), 2000)
