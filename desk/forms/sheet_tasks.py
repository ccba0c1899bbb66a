"""表格任务: which one is stopped."""

from django import forms


class CancelSheet(forms.Form):
    """The task of the page."""

    task = forms.IntegerField(min_value=1, max_value=2**31, widget=forms.HiddenInput)
