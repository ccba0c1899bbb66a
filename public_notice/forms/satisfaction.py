"""The question at the end of a case."""

from django import forms
from django.utils.translation import gettext_lazy as _

from public_notice.stages import Score


class SatisfactionForm(forms.Form):
    """How the case was handled, in one of five words."""

    score = forms.TypedChoiceField(
        label=_("您对本件的办理"), choices=Score.choices, coerce=int, widget=forms.RadioSelect
    )
