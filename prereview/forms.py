"""What people fill in on the pages of sessions and opinions."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from approvals.forms.steps import file_field, long_text
from approvals.models import Filing
from approvals.stages import BY_HAND
from prereview.models import ExcuseGround
from prereview.stages import GIVEN, Authority, Conclusion, Position


class LinesField(forms.CharField):
    """Some lines of text; its value is a list of those that are not blank."""

    widget = forms.Textarea

    def clean(self, value: Any) -> Any:
        """Return the lines."""
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]


def _lines(label: Any, help_text: Any) -> LinesField:
    return LinesField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class CallForm(forms.Form):
    """Which filings, when and where."""

    filings = forms.MultipleChoiceField(
        label=_("上会的申报件"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选择一个申报件。")},
    )
    opens_at = forms.DateTimeField(
        label=_("日期和时间"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": _("请写成 2018-06-15 09:30 的样子。")},
    )
    place = forms.CharField(
        label=_("地点"), max_length=120, help_text=_("会议室，或者勘察的集合地点。")
    )

    def __init__(self, *args: Any, filings: Iterable[Filing], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ready = {str(f.pk): f for f in filings}
        self.fields["filings"].choices = [  # type: ignore[attr-defined]
            (pk, f"{f.project_name}（{f.number}，{f.enterprise}）") for pk, f in self.ready.items()
        ]

    def chosen(self) -> list[Filing]:
        """Return the filings that were ticked, in the order of the list."""
        return [self.ready[pk] for pk in self.cleaned_data["filings"]]


class ReasonForm(forms.Form):
    """Why."""

    reason = long_text(_("理由"), 300)


class RepresentativeForm(forms.Form):
    """Who comes."""

    representative = forms.CharField(
        label=_("到会代表"),
        max_length=60,
        help_text=_("姓名和职务。代表当场发表的意见就是本单位的意见。"),
    )


class CheckInForm(forms.Form):
    """Who is here, and by what authority; blank keeps the name that was announced."""

    representative = forms.CharField(label=_("到会代表"), max_length=60, required=False)
    authority = forms.ChoiceField(
        label=_("代表的授权"),
        choices=[("", _("按部门的答复认定")), *Authority.choices],
        required=False,
        help_text=_("未出示授权的，记为到会未表态：意见期限照常计算，不按缺席处理。"),
    )
    upload = file_field(_("授权委托书"), required=False)


class ExcuseForm(forms.Form):
    """Why nobody can come."""

    ground = forms.ChoiceField(label=_("事由"), choices=(), widget=forms.RadioSelect)
    text = long_text(_("具体情况"), 300, _("写明什么事、为什么不能派人代替。"))

    def __init__(self, *args: Any, grounds: Iterable[ExcuseGround], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ground"].choices = [(one.name, one.label) for one in grounds]  # type: ignore[attr-defined]


class DecideExcuseForm(forms.Form):
    """Granted or refused, with a reason."""

    granted = forms.TypedChoiceField(
        label=_("决定"),
        choices=(("yes", _("准假")), ("no", _("不准假"))),
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    substitute = forms.CharField(
        label=_("派员代替"),
        max_length=60,
        required=False,
        help_text=_("准假而要求派员代替的，写明代替到会的人；代替的人不到会的，按缺席处理。"),
    )
    opinion_by = forms.DateField(
        label=_("书面意见期限"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_(
            "准假而提出书面意见的，可以另定一个工作日；不早于规定的期限，到期仍未提出的，按超时处理。"
        ),
    )
    reason = long_text(_("理由"), 300, _("不准假的，必须写明理由。"), required=False)

    def clean(self) -> dict[str, Any]:
        """Want a reason for a refusal."""
        data = super().clean() or self.cleaned_data
        if data.get("granted") is False and not data.get("reason", "").strip():
            self.add_error("reason", _("不准假的，必须写明理由。"))
        return data


class SecondChannelForm(forms.Form):
    """Service on paper or by telephone, with its proof."""

    channel = forms.ChoiceField(
        label=_("送达方式"),
        choices=[(c.value, c.label) for c in BY_HAND],
        widget=forms.RadioSelect,
    )
    received = forms.ChoiceField(
        label=_("结果"),
        choices=(("yes", _("已送到")), ("no", _("没有送到"))),
        widget=forms.RadioSelect,
        initial="yes",
        required=False,
    )
    received_by = forms.CharField(label=_("签收（接听）人"), max_length=60, required=False)
    witness = forms.CharField(
        label=_("在场第二人"),
        max_length=60,
        required=False,
        help_text=_("电话通知必须由两人在场：写登记人以外的一人。"),
    )
    note_text = forms.CharField(
        label=_("没有送到的情况"),
        max_length=200,
        required=False,
        help_text=_("如无人接听、拒收；没有送到的也要登记，可以再次送达。"),
    )
    upload = file_field(_("凭证：签收单，或两人签名的电话记录"), required=False)

    def clean_received(self) -> bool:
        """Return whether it reached the department."""
        return bool(self.cleaned_data["received"] != "no")


def _position(*offered: Position) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("意见"),
        choices=[(p.value, p.label) for p in offered],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择一种意见。")},
    )


class OpinionForm(forms.Form):
    """One opinion; a disagreement without clause or reason is none."""

    position = _position(*GIVEN)
    reason = long_text(
        _("理由或勘察情况"),
        2000,
        _("不同意和不属本部门的必须写明；不属本部门的写明应由哪个部门提出。"),
        required=False,
    )
    clause = forms.CharField(
        label=_("法律条款"),
        max_length=200,
        required=False,
        help_text=_("不同意必须写明，如《水土保持法》第二十六条。"),
    )
    conditions = _lines(
        _("条件"), _("附条件同意的逐条写明，一行一条；每一条会成为承诺书的一个条款。")
    )

    def clean(self) -> dict[str, Any]:
        """Refuse what is no valid opinion, field by field."""
        data = super().clean() or self.cleaned_data
        position = data.get("position")
        blank = {name for name in ("reason", "clause") if not data.get(name, "").strip()}
        if position == Position.DISAGREE:
            for name in sorted(blank):
                self.add_error(name, _("不同意必须写明理由和法律条款，否则不是有效的意见。"))
        if position == Position.NOT_OURS and "reason" in blank:
            self.add_error("reason", _("请写明为什么不属本部门，以及应由哪个部门提出。"))
        if position == Position.CONDITIONS and not data.get("conditions"):
            self.add_error("conditions", _("附条件同意必须逐条写明条件。"))
        return data


class DraftForm(forms.Form):
    """An opinion that was begun: nothing in it must be filled in yet."""

    position = forms.ChoiceField(
        choices=[("", ""), *((p.value, p.label) for p in GIVEN)], required=False
    )
    reason = forms.CharField(max_length=2000, required=False)
    clause = forms.CharField(max_length=200, required=False)
    conditions = _lines("", "")


class EnterOpinionForm(forms.Form):
    """What a department said on paper or by telephone, as it was said; what is missing in form stays missing."""

    channel = forms.ChoiceField(
        label=_("来文方式"),
        choices=[(c.value, c.label) for c in BY_HAND],
        widget=forms.RadioSelect,
    )
    speaker = forms.CharField(label=_("签发（来电）人"), max_length=60)
    witness = forms.CharField(
        label=_("在场第二人"),
        max_length=60,
        required=False,
        help_text=_("电话必须由两人在场：写登记人以外的一人。"),
    )
    position = forms.ChoiceField(
        label=_("意见"),
        choices=[*((p.value, p.label) for p in GIVEN), ("", _("没有表明"))],
        widget=forms.RadioSelect,
        required=False,
    )
    reason = long_text(_("理由或勘察情况"), 2000, _("照原文登记，不要代为补写。"), required=False)
    clause = forms.CharField(label=_("法律条款"), max_length=200, required=False)
    conditions = _lines(_("条件"), _("附条件同意的逐条写明，一行一条。"))
    upload = file_field(_("来文扫描件，或者两人签名的电话记录"))


class LateOpinionForm(forms.Form):
    """An opinion after the limit."""

    position = _position(Position.AGREE, Position.CONDITIONS, Position.DISAGREE)
    reason = long_text(_("理由"), 2000, _("不同意和附条件的必须写明。"), required=False)
    clause = forms.CharField(label=_("法律条款"), max_length=200, required=False)


class NotOursForm(forms.Form):
    """Whether an item belongs to the department."""

    accepted = forms.TypedChoiceField(
        label=_("决定"),
        choices=(("yes", _("不属该部门，予以采纳")), ("no", _("属该部门，期限继续计算"))),
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    reason = long_text(_("理由"), 300)


class ConcludeForm(forms.Form):
    """The conclusion; what it demands is checked against the opinions by the service."""

    conclusion = forms.ChoiceField(
        label=_("结论"), choices=Conclusion.choices, widget=forms.RadioSelect
    )
    reasons = long_text(
        _("理由"),
        2000,
        _("有部门不同意而通过、再次上会、不通过的，必须写明；会送达不同意的部门。"),
        required=False,
    )
    changes = _lines(_("修改内容"), _("修改后通过的逐条写明，一行一条。"))
    changes_due = forms.DateField(
        label=_("修改完成期限"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def _decision(yes: Any, no: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=_("决定"),
        choices=(("yes", yes), ("no", no)),
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )


def _basis(*, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=_("依据"),
        max_length=200,
        required=required,
        help_text=_("撤回所依据的规定，如本县规则的送达条款。"),
    )


class ContestForm(forms.Form):
    """What a department has against a default."""

    text = long_text(
        _("异议"), 2000, _("写明对哪一项事实有异议（送达、到会、请假、计日）以及理由。")
    )


class DecideContestForm(forms.Form):
    """Upheld or not, with reasons; upheld it is a withdrawal and names its basis."""

    upheld = _decision(_("异议成立，提出撤回默认"), _("异议不成立，默认继续有效"))
    reason = long_text(_("理由"), 2000)
    legal_basis = _basis(required=False)

    def clean(self) -> dict[str, Any]:
        """Want the basis of a withdrawal."""
        data = super().clean() or self.cleaned_data
        if data.get("upheld") and not data.get("legal_basis", "").strip():
            self.add_error("legal_basis", _("撤回默认必须写明依据。"))
        return data


class WithdrawForm(forms.Form):
    """Why a default is to be withdrawn, and on what basis."""

    reason = long_text(_("撤回理由"), 2000)
    legal_basis = _basis()


class DecideWithdrawalForm(forms.Form):
    """The second person's word."""

    approved = _decision(_("批准撤回"), _("不批准，默认继续有效"))
    decision = long_text(_("理由"), 2000)


class FollowUpForm(forms.Form):
    """What was done."""

    note = long_text(_("办理情况"), 2000, _("写明何时、和谁、谈了或者移送了什么，结果如何。"))
