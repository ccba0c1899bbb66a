"""Fields that several forms share."""

from typing import Any

from django import forms


def long_text(label: Any, most: int, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, help_text=help_text, widget=forms.Textarea(attrs={"rows": 6})
    )
