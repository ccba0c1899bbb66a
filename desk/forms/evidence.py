"""What somebody says who asks for a pack of evidence."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from prereview.models import Opinion


class EvidenceForm(forms.Form):
    """The whole case or one default; for a court, which."""

    default = forms.ModelChoiceField(
        Opinion.objects.none(), required=False, label=_("范围"), empty_label=_("整个申报件"),
        help_text=_("一件默认的包只含这件默认和它的会次；整个申报件的包含全部文书和全部默认。"),
    )  # fmt: skip
    purpose = forms.CharField(
        max_length=200, required=False, label=_("提交给哪个法院、复议机关，案号"),
        help_text=_("不是给法院、复议机关的，留空。"),
    )  # fmt: skip

    def __init__(self, *args: Any, defaults: Any, office: bool, whole: bool, **kwargs: Any) -> None:
        """Offer what there is: a department has its own defaults only, and only the office speaks to a court."""
        super().__init__(*args, **kwargs)
        field: Any = self.fields["default"]
        field.queryset = defaults
        field.label_from_instance = _named
        if not whole:
            field.required, field.empty_label = True, None
        if not office:
            del self.fields["purpose"]


def _named(opinion: Opinion) -> str:
    slot = opinion.slot
    item = slot.item.item.label if slot.item else slot.get_kind_display()
    return f"{slot.department.label} · {item} · {opinion.get_position_display()}"
