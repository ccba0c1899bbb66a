"""公示处置: what is proposed about a notice, the decision, the proof of posting, and the hearing of an objection."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.steps.templatetags.look import date_long
from public_notice.forms.typed import long_text
from public_notice.models import Notice
from public_notice.models.proposals import BACK
from public_notice.stages import ProposalKind

DAY = {"type": "date"}
PICTURE = ".jpg,.jpeg,.png"


def _reason() -> forms.CharField:
    return forms.CharField(
        label=_("理由"),
        max_length=300,
        help_text=_("同意以后，理由在公示页上公开。"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def _offer(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    form.fields[name].choices = choices  # type: ignore[attr-defined]


class TakeDownForm(forms.Form):
    """Why a notice ends before its time, and where the case goes."""

    reason = _reason()
    back_to = forms.ChoiceField(
        label=_("退回到哪一步"), choices=BACK, widget=forms.RadioSelect, initial=BACK[0][0]
    )


class HideForm(forms.Form):
    """Which objection's words are hidden, and why; its number, its time and the finding stay."""

    objection = forms.ChoiceField(label=_("异议"), widget=forms.RadioSelect)
    reason = _reason()

    def __init__(self, *args: Any, notice: Notice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = notice.objections.filter(hidden_at=None)
        _offer(self, "objection", [(o.number, o.number) for o in shown])


class OverruleForm(forms.Form):
    """Which lost day counts after all, and why the alarm is not believed."""

    day = forms.TypedChoiceField(
        label=_("日期"), widget=forms.RadioSelect, coerce=date.fromisoformat
    )
    reason = _reason()

    def __init__(self, *args: Any, notice: Notice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lost = notice.lost_days.filter(overruled_at=None)
        _offer(self, "day", [(d.day.isoformat(), date_long(d.day)) for d in lost])


PROPOSALS: dict[str, type[forms.Form]] = {
    ProposalKind.TAKE_DOWN.value: TakeDownForm,
    ProposalKind.HIDE.value: HideForm,
    ProposalKind.OVERRULE.value: OverruleForm,
}


class DecideForm(forms.Form):
    """Whether what another proposed is done."""

    granted = forms.TypedChoiceField(
        label=_("决定"),
        choices=[("yes", _("同意")), ("no", _("不同意"))],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("说明"),
        max_length=300,
        required=False,
        help_text=_("不同意的，写明理由。"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PostingForm(forms.Form):
    """Where the paper hung, since when, and the photograph."""

    place = forms.CharField(
        label=_("张贴地点"), max_length=120, help_text=_("如政务大厅公告栏、村委会公示栏。")
    )
    posted_on = forms.DateField(label=_("张贴日"), widget=forms.DateInput(attrs=DAY))
    seen_on = forms.DateField(label=_("拍照日"), widget=forms.DateInput(attrs=DAY))
    upload = forms.FileField(
        label=_("照片"),
        max_length=200,
        help_text=_("JPG 或 PNG。照片留存备查，不公开；公示页上公开它的摘要。"),
        widget=forms.FileInput(attrs={"accept": PICTURE}),
    )


class HearingForm(forms.Form):
    """When the hearing was held and what came of it, or why none was held."""

    heard_on = forms.DateField(
        label=_("听证日期"),
        required=False,
        help_text=_("不举行的，留空并在下面写明理由。"),
        widget=forms.DateInput(attrs=DAY),
    )
    note = long_text(_("听证情况"), 2000, _("不公开；答复里写明查明的事实和理由。"))
