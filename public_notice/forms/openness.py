"""What is written of a matter, what arose, and where it stands."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organisation
from accounts.stages import Kind
from public_notice import policies
from public_notice.forms.typed import long_text
from public_notice.models import OpenMatter
from public_notice.queries.openness import standing_matters
from public_notice.rules.written import CERTAINTIES
from public_notice.stages import Matter, OpenEvent


class MatterForm(forms.Form):
    """公开事项: as the catalogue shows it, with why it is written."""

    code = forms.RegexField(
        r"^[A-Z][0-9]{1,3}$",
        label=_("编号"),
        max_length=8,
        help_text=_("一个大写字母和数字，如 S4。"),
    )
    kind = forms.ChoiceField(label=_("类别"), choices=Matter.choices)
    name = forms.CharField(label=_("公开事项"), max_length=120)
    name_en = forms.CharField(label=_("英文名称"), max_length=200, required=False)
    content = long_text(_("内容标准"), 500, _("不予公开的，写明是什么、为什么。"))
    content_en = long_text(_("内容标准（英文）"), 800)
    publisher = forms.ModelChoiceField(Organisation.objects.none(), label=_("公开主体"))
    form = forms.CharField(label=_("公开形式"), max_length=120)
    form_en = forms.CharField(label=_("公开形式（英文）"), max_length=200, required=False)
    event = forms.ChoiceField(
        label=_("由什么产生"),
        choices=[("", _("随时更新")), *OpenEvent.choices],
        required=False,
    )
    rule = forms.CharField(
        label=_("公开时限（规则编号）"),
        max_length=8,
        required=False,
        help_text=_("15：20个工作日；16：7个工作日。"),
    )
    address = forms.CharField(label=_("公开地址"), max_length=200, required=False)
    basis = forms.CharField(label=_("依据"), max_length=200)
    certainty = forms.ChoiceField(label=_("可信度"), choices=[(one, one) for one in CERTAINTIES])
    reason = forms.CharField(label=_("改动理由"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offices = Organisation.objects.filter(kind=Kind.DEPARTMENT).order_by("code")
        self.fields["publisher"].queryset = offices  # type: ignore[attr-defined]
        self.fields["content_en"].required = False


class StrikeForm(forms.Form):
    """Why a matter is taken down."""

    reason = forms.CharField(label=_("理由"), max_length=300)


class NoteForm(forms.Form):
    """What arose, of which matter, on which day."""

    matter = forms.ModelChoiceField(OpenMatter.objects.none(), label=_("公开事项"))
    title = forms.CharField(
        label=_("信息名称"), max_length=200, help_text=_("不写个人姓名、证件号码和电话。")
    )
    arose_on = forms.DateField(
        label=_("产生日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, by: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keys = [one.pk for one in self.matters_of(by)]
        self.fields["matter"].queryset = OpenMatter.objects.filter(pk__in=keys)  # type: ignore[attr-defined]

    @staticmethod
    def matters_of(by: Membership) -> list[OpenMatter]:
        """Return the matters that a person may note something of."""
        rows = standing_matters().filter(event=OpenEvent.BY_HAND)
        return [one for one in rows if policies.notes_publications(one, by)]


class PublishForm(forms.Form):
    """Where it stands."""

    address = forms.CharField(
        label=_("公开地址"), max_length=300, help_text=_("网址，或者查阅点的名称。")
    )
