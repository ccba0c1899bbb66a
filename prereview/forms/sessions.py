"""What people fill in about a session: calling it, answering it, serving it, coming to it."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from approvals.forms.steps import file_field, long_text, needed
from approvals.models import Filing
from approvals.stages import BY_HAND
from prereview.models import Dispatch, ExcuseGround
from prereview.stages import Authority


class Clashing(forms.Form):
    """A time at which somebody cannot come is chosen only by whoever says so; nobody is asked where all can come."""

    anyway = forms.BooleanField(
        label=_("仍定在这个时间"),
        required=False,
        help_text=_("同一时间被通知到两处的部门只能到一处：它可以请假或者另派人。"),
    )

    def __init__(
        self, *args: Any, clashes: Callable[[datetime, int], list[str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.clashes, self.chosen_at = clashes, None
        if not self.is_bound:
            del self.fields["anyway"]

    def clean(self) -> dict[str, Any] | None:
        """Name whom the time would meet elsewhere."""
        data = super().clean()
        self.chosen_at = self.cleaned_data.get("opens_at")
        minutes = self.cleaned_data.get("minutes") or 0
        found = self.clashes(self.chosen_at, minutes) if self.chosen_at else []
        if found and not self.cleaned_data.get("anyway"):
            self.add_error("opens_at", found)
        if not found:
            del self.fields["anyway"]
        self.cleaned_data.pop("anyway", None)
        return data


class CallForm(Clashing):
    """Which filings, when and where."""

    field_order: tuple[str, ...] = ("filings", "opens_at", "anyway", "place")

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
    substitute = forms.CharField(
        label=_("拟派代替的人"),
        max_length=60,
        required=False,
        help_text=_("能派人代替的，写明姓名和职务；由召集人决定。"),
    )
    upload = file_field(_("证明材料"), required=False)

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


class FilesForm(forms.Form):
    """For which of the files that were sent a department signs."""

    chosen = forms.MultipleChoiceField(
        label=_("分送件"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选择一件。")},
    )

    def __init__(self, *args: Any, files: Iterable[Dispatch], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.waiting = {str(one.pk): one for one in files}
        self.fields["chosen"].choices = [(pk, str(one)) for pk, one in self.waiting.items()]  # type: ignore[attr-defined]

    def clean_chosen(self) -> list[Dispatch]:
        """Return the dispatches that were ticked."""
        return [self.waiting[pk] for pk in self.cleaned_data["chosen"]]


class SecondChannelForm(forms.Form):
    """Service on paper or by telephone, with its proof."""

    channel = forms.ChoiceField(
        label=_("送达方式"),
        choices=[(c.value, c.label) for c in BY_HAND],
        widget=forms.RadioSelect,
    )
    received = needed(
        _("（不选的，算已送到）"),
        forms.ChoiceField(
            label=_("结果"),
            choices=(("yes", _("已送到")), ("no", _("没有送到"))),
            widget=forms.RadioSelect,
            initial="yes",
            required=False,
        ),
    )
    received_by = needed(
        _("（已送到的，必填）"),
        forms.CharField(label=_("签收（接听）人"), max_length=60, required=False),
    )
    witness = needed(
        _("（电话通知，必填）"),
        forms.CharField(
            label=_("在场第二人"),
            max_length=60,
            required=False,
            help_text=_("电话通知必须由两人在场：写登记人以外的一人。"),
        ),
    )
    note_text = needed(
        _("（没有送到的，必填）"),
        forms.CharField(
            label=_("没有送到的情况"),
            max_length=200,
            required=False,
            help_text=_("如无人接听、拒收；没有送到的也要登记，可以再次送达。"),
        ),
    )
    upload = needed(
        _("（已送到的，必填）"), file_field(_("凭证：签收单，或两人签名的电话记录"), required=False)
    )

    def clean_received(self) -> bool:
        """Return whether it reached the department."""
        return bool(self.cleaned_data["received"] != "no")
