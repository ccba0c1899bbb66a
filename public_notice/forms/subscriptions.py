"""Where news of notices go to by mail, and of which."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from public_notice.queries.register import Facets


class SubscriptionForm(forms.Form):
    """An address, and what it wants to hear of; what is left open is everything."""

    address = forms.EmailField(
        label=_("电子邮箱"),
        max_length=254,
        help_text=_("只用来寄送公示消息，不公开；退订时删除。"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    town = forms.ChoiceField(label=_("乡镇"), required=False)
    industry = forms.ChoiceField(label=_("行业"), required=False)
    department = forms.ChoiceField(label=_("部门"), required=False)
    enterprise = forms.CharField(
        label=_("统一社会信用代码"),
        max_length=18,
        required=False,
        help_text=_("只想知道一家企业的公示，填它的统一社会信用代码。"),
        validators=[
            RegexValidator(r"^[0-9A-Z]{18}\Z", _("统一社会信用代码是18位数字和大写字母。"))
        ],
    )

    def __init__(self, *args: Any, found: Facets, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = [("", _("全部"))]
        self.fields["town"].choices = [*everything, *found.towns]  # type: ignore[attr-defined]
        self.fields["industry"].choices = [*everything, *found.industries]  # type: ignore[attr-defined]
        self.fields["department"].choices = [*everything, *found.departments]  # type: ignore[attr-defined]
