"""往年申报件: a file that is looked at and then loaded, and why a batch is taken down."""

from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _

from approvals.forms.steps import long_text

MOST_BYTES: Final = 20 << 20  # some 100,000 rows


class PastFileForm(forms.Form):
    """The file; it is put down for the second page."""

    file = forms.FileField(
        label=_("往年台账"),
        help_text=_("Excel 工作簿（.xlsx）或 CSV，不超过20 MB；可以一年一张工作表。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        max_length=100,
    )


class PastFileConfirmed(forms.Form):
    """The same file to the byte, once it was looked at: it lies where it was put down."""

    token = forms.CharField(max_length=32, widget=forms.HiddenInput)
    rows = forms.IntegerField(min_value=1, max_value=10**7, widget=forms.HiddenInput, initial=1)


class TakeDownForm(forms.Form):
    """Why a batch is taken down."""

    reason = long_text(_("撤下理由"), 300, _("写入县台账；这一批的行保留，标明已撤下。"))
