"""What people fill in about opinions: given, begun, come by another channel, late; and the conclusion."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from approvals.forms.steps import file_field, long_text, needed
from approvals.stages import BY_HAND
from prereview.stages import GIVEN, Conclusion, Position


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
        help_text=_("不同意必须写明，如《中华人民共和国水土保持法》第二十六条。"),
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
    witness = needed(
        _("（电话通知，必填）"),
        forms.CharField(
            label=_("在场第二人"),
            max_length=60,
            required=False,
            help_text=_("电话必须由两人在场：写登记人以外的一人。"),
        ),
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
    changes = _lines(
        _("修改内容"),
        _(
            "修改后通过的逐条写明，一行一条；以事项编号开头的（如“C05：…”），修改完成后只由该事项的部门核对，"
            "其他部门不再征求意见，没有编号的由窗口核对。"
        ),
    )
    changes_due = forms.DateField(
        label=_("修改完成期限"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
