"""不公开部分: which words, under which ground, and why; and the decision of the second person."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import clock
from public_notice.forms.handling import DecideForm
from public_notice.forms.typed import long_text
from public_notice.queries.confidential import grounds


class MarkForm(forms.Form):
    """The words as they stand there, the row of the negative list, and the reason."""

    words = long_text(
        _("不公开的文字"), 500, _("照原文填写，只写不能公开的几个字或者几句；其余照常公开。")
    )
    ground = forms.ChoiceField(
        label=_("不公开的依据"), widget=forms.RadioSelect,
        help_text=_("不予公开清单里的各项；公开的地方写明这一条。"),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("理由"), max_length=300, help_text=_("为什么属于这一项；只有经办人看得到，不公开。"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ground"].choices = grounds(clock.now())  # type: ignore[attr-defined]


class LiftForm(forms.Form):
    """Why the words may be public again."""

    reason = forms.CharField(
        label=_("恢复公开的理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "企业要求保密的，写明企业已经同意，或者不公开会对公共利益造成重大影响（《中华人民共和国政府信息公开条例》第十五条）；理由不公开。"
        ),
    )  # fmt: skip


class ViewForm(forms.Form):
    """Whether the enterprise agrees, and why not."""

    agrees = forms.TypedChoiceField(
        label=_("是否同意"), choices=[("yes", _("同意公开")), ("no", _("不同意公开"))],
        coerce=lambda said: said == "yes", widget=forms.RadioSelect,
    )  # fmt: skip
    said = forms.CharField(
        label=_("意见和理由"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("不同意的，写明公开会损害什么；只有经办人看得到，不公开。"),
    )  # fmt: skip


class LiftingForm(DecideForm):
    """Whether the words are public again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["granted"].choices = [("yes", _("恢复公开")), ("no", _("仍不公开"))]  # type: ignore[attr-defined]
        self.fields["note"].help_text = _(
            "仍不公开的，写明理由；企业没有同意而恢复公开的，写明不公开会对公共利益造成什么重大影响（《中华人民共和国政府信息公开条例》第十五条），理由会告知企业。"
        )


class ReviewForm(DecideForm):
    """Whether the words are withheld."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["granted"].label = _("审核意见")
        self.fields["granted"].choices = [("yes", _("不公开")), ("no", _("照常公开"))]  # type: ignore[attr-defined]
        self.fields["note"].help_text = _("照常公开的，写明理由。")
