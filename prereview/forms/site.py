"""What is filled in on a site: each form carries the name of its entry, so that pressed twice it is there once."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from approvals.forms.device import HIDDEN, EntryForm, PictureForm, PlacedForm
from approvals.forms.steps import long_text, needed
from prereview.stages import FindingResult


class PresenceForm(EntryForm):
    """Who of the department is there."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    card = needed(
        _("（须两人核查的部门，必填）"),
        forms.CharField(
            label=_("执法（工作）证号"),
            max_length=40,
            required=False,
            help_text=_("实质核查须两人以上并出示证件（《中华人民共和国行政许可法》第三十四条）。"),
        ),
    )


class FindingForm(PlacedForm):
    """What was found at a point."""

    topic = forms.SlugField(widget=HIDDEN, max_length=20)
    result = forms.ChoiceField(
        label=_("结果"), choices=FindingResult.choices, widget=forms.RadioSelect
    )
    text = needed(_("（有问题或者需补充的，必填）"), long_text(_("说明"), 1000, required=False))


class PhotoForm(PictureForm):
    """A photograph of a point."""

    topic = forms.SlugField(widget=HIDDEN, max_length=20, required=False)


class SignForm(EntryForm):
    """The entries that are signed for, by their names with blanks between."""

    covers = forms.CharField(widget=HIDDEN, required=False)

    def clean_covers(self) -> list[str]:
        """Return the names; what is none is an error."""
        try:
            return [str(UUID(one)) for one in self.cleaned_data["covers"].split()]
        except ValueError as fault:
            raise forms.ValidationError(_("所签的记录有误，请刷新页面再签。")) from fault


class SettleForm(forms.Form):
    """What the record says where departments contradict one another."""

    topic = forms.SlugField(widget=HIDDEN, max_length=20)
    result = forms.ChoiceField(
        label=_("裁定"), choices=FindingResult.choices, widget=forms.RadioSelect
    )
    reasons = long_text(_("理由"), 1000)


class DecideSecondVisitForm(forms.Form):
    """Whether a site is to be seen once more, and when."""

    granted = forms.TypedChoiceField(
        label=_("决定"),
        choices=(("yes", _("同意再次勘察")), ("no", _("不同意再次勘察"))),
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    decision = long_text(_("决定理由"), 300)
    opens_at = forms.DateTimeField(
        label=_("日期和时间"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("同意的，必填；提前的天数和第一次勘察相同。"),
    )
    place = forms.CharField(label=_("地点"), max_length=120, required=False)

    def clean(self) -> dict[str, Any]:
        """Want day and place of a visit that is granted."""
        data = super().clean() or self.cleaned_data
        for name in ("opens_at", "place"):
            if data.get("granted") and not data.get(name) and name not in self.errors:
                self.add_error(name, _("同意再次勘察的，请写明日期、时间和地点。"))
        return data
