"""The questions at the end of a case and once a year."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from public_notice.forms.typed import long_text
from public_notice.queries.satisfaction import questions
from public_notice.stages import Score

SCALE = [(score.value, score.label) for score in sorted(Score, reverse=True)]


class SatisfactionForm(forms.Form):
    """How it was handled, in one of five words; the questions of the pack beside it, each of which may be left."""

    score = forms.TypedChoiceField(
        label=_("总的来说，您对办理满意吗？"), choices=SCALE, coerce=int, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in questions():
            if question.overall:
                self.fields["score"].label = str(question)
                continue
            self.fields[question.code] = forms.TypedChoiceField(
                label=str(question),
                choices=[("", _("不清楚或者不涉及")), *SCALE],
                coerce=int,
                required=False,
                empty_value=None,
            )
        self.fields["remark"] = long_text(
            _("还想说什么"), 1000, _("可以不填。遮盖个人信息后公开，请不要写姓名、电话。")
        )
        self.fields["remark"].required = False


class SurveyForm(SatisfactionForm):
    """The same by the code of an invitation."""

    code = forms.CharField(
        label=_("问卷码"),
        max_length=40,
        help_text=_("在请您评价的通知里；只能用一次，不和回答放在一起保存。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    field_order = ("code", "score")
