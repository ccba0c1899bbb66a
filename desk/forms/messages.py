"""How a person wants to hear: ways, digests, nights, language."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class MessageSettingsForm(forms.Form):
    """What may be chosen; a legal service is none of it."""

    mail = forms.BooleanField(label=_("发到我的电子邮箱"), required=False)
    gateway = forms.BooleanField(label=_("发短信或即时消息"), required=False)
    digest = forms.BooleanField(
        label=_("消息多时汇总成一封"),
        required=False,
        help_text=_("一天内的消息多于平常时，其余的合成一封发送；系统内逐条列出。"),
    )
    quiet = forms.BooleanField(
        label=_("夜间不打扰"), required=False, help_text=_("县里设定了夜间时段的，早上再发。")
    )
    language = forms.ChoiceField(
        label=_("邮件和短信的语言"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )
