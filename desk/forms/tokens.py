"""A new access token: what for, what it may do, how long."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.rules import MOST_TOKEN_DAYS
from accounts.stages import Scope


class TokenForm(forms.Form):
    """What the person says of a new token."""

    name = forms.CharField(
        label=_("用途"), max_length=60, help_text=_("给哪个程序用，如“企业项目管理系统”。")
    )
    scope = forms.ChoiceField(
        label=_("权限"), choices=Scope.choices, widget=forms.RadioSelect, initial=Scope.READ
    )
    days = forms.IntegerField(
        label=_("有效天数"), min_value=1, max_value=MOST_TOKEN_DAYS, initial=90
    )
