"""The touch page of the hall: year and place of the number, and the code, from large keys."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

FIELDS = ("year", "place", "code")
KEYS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # figures, and the letters that codes are made of
BACK, CLEAR = "back", "clear"
NUMBER = {"autocomplete": "off", "inputmode": "none"}


class TouchForm(forms.Form):
    """What is typed on the screen of the hall; `into` is the field that the keys write into."""

    year = forms.RegexField(
        r"^\d{4}\Z", label=_("年份"), max_length=4, widget=forms.TextInput(NUMBER)
    )
    place = forms.RegexField(
        r"^\d{1,9}\Z", label=_("编号里的序号"), max_length=9, widget=forms.TextInput(NUMBER)
    )
    code = forms.CharField(label=_("查询码"), max_length=20, widget=forms.TextInput(NUMBER))


def pressed(typed: dict[str, Any], key: str, into: str) -> dict[str, str]:
    """Return what stands in the fields after a key: without scripts each key is sent by itself."""
    said = {name: str(typed.get(name, "")) for name in FIELDS}
    if into not in FIELDS:
        return said
    longest = TouchForm.base_fields[into].max_length  # type: ignore[attr-defined]
    if key == CLEAR:
        said[into] = ""
    elif key == BACK:
        said[into] = said[into][:-1]
    elif len(key) == 1 and key in KEYS:
        said[into] = (said[into] + key)[:longest]
    return said
