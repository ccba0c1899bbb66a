"""办件进度查询: the two words by which a case is followed."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ProgressForm(forms.Form):
    """Number and code, as anyone types them."""

    number = forms.CharField(
        label=_("申报编号"),
        max_length=40,
        help_text=_("如“左承申〔2026〕1号”；括号、空格和全角半角不影响。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    code = forms.CharField(
        label=_("查询码"),
        max_length=20,
        help_text=_("8位字母和数字，大小写不分。"),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
