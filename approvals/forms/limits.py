"""Stopping one limit, letting it go on, lengthening it once."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from approvals.forms.steps import file_field, long_text, needed
from core.deadlines.models import Unit
from core.deadlines.rules import StopKind


def _paper() -> forms.CharField:
    return forms.CharField(
        label=_("凭据文号"),
        max_length=80,
        help_text=_("作出这一决定的书面凭据，如评审委托书、听证通知、审批单的文号。"),
    )


class SuspendForm(forms.Form):
    """Why, on which law and paper, and for how long about."""

    kind = forms.ChoiceField(label=_("中止事由"))
    reason = long_text(_("理由"), 400, _("双方都会看到这段话。"))
    expected_days = forms.IntegerField(
        label=_("预计需要（工作日）"),
        min_value=1,
        max_value=365,
        help_text=_("所需时间书面告知申请人（《中华人民共和国行政许可法》第四十五条）。"),
    )
    paper_number = _paper()
    clause = needed(
        _("（法定公示、征求意见，必填）"),
        forms.CharField(
            label=_("专门规定"),
            max_length=120,
            required=False,
            help_text=_("法定公示、征求意见没有一般规定：写明法律、法规及条款。"),
        ),
    )
    upload = file_field(_("凭据扫描件"), required=False)

    def __init__(self, *args: Any, kinds: Iterable[StopKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(k.value, k.label) for k in kinds]  # type: ignore[attr-defined]


class ResumeForm(forms.Form):
    """Which suspension has ended, and why."""

    kind = forms.ChoiceField(label=_("结束的中止事由"))
    reason = long_text(_("恢复理由"), 400, _("如评审意见已经收到，写明文号。"))

    def __init__(self, *args: Any, kinds: Iterable[StopKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(k.value, k.label) for k in kinds]  # type: ignore[attr-defined]


class ExtendForm(forms.Form):
    """By how much, in the limit's own unit, and why."""

    days = forms.IntegerField(label=_("延长天数"), min_value=1)
    reason = long_text(
        _("延长的理由"), 400, _("理由告知申请人（《中华人民共和国行政许可法》第四十二条）。")
    )
    paper_number = _paper()
    upload = file_field(_("凭据扫描件"), required=False)

    def __init__(self, *args: Any, unit: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if unit == Unit.MONTH:
            self.fields["days"].label = _("延长月数")
            self.fields["days"].help_text = _("按月计算的期限按月延长，仍自原起算日计至对应日。")
