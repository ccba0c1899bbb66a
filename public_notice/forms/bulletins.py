"""A bulletin made up, and its review."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from public_notice.forms.typed import long_text


class BulletinForm(forms.Form):
    """Of which month."""

    period = forms.ChoiceField(label=_("月份"))

    def __init__(self, *args: Any, months: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].choices = [(month, month) for month in months]  # type: ignore[attr-defined]


class ReviewForm(forms.Form):
    """Whether a bulletin may leave the house."""

    approved = forms.TypedChoiceField(
        label=_("决定"),
        choices=(("yes", _("审核通过")), ("no", _("退回修改"))),
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    note = long_text(_("审核意见"), 1000, _("退回的，写明要改什么。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = False
