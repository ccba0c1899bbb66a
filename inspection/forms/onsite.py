"""What is filled in on the works: photographs, the enterprise's word with a signature, and the check itself.

`as` on a field is its name for programs: the page's script sends the same to the same service (static/js/site.js).
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from approvals.forms.device import HIDDEN, PICTURES, EntryForm, PictureForm
from approvals.forms.steps import long_text, needed
from approvals.models import Clause
from approvals.services.device import Mark
from inspection.forms.works import HoldCheckForm
from inspection.services import Said
from inspection.stages import Signing

OFFICERS, WITNESSES = 3, 2
OFFICE = {"officer_{}": "officers[{}]name", "card_{}": "officers[{}]card"}


def said_as(form: forms.Form, names: dict[str, str]) -> None:
    """Tell the page under what name each field goes to programs, and which may not stay empty."""
    for name, other in names.items():
        form.fields[name].widget.attrs["data-as"] = other
    for field in form.fields.values():
        if field.required and not field.widget.is_hidden:
            field.widget.attrs["data-needed"] = ""


class CheckPhotoForm(PictureForm):
    """A photograph, beside a clause or the check as a whole."""

    clause = forms.ChoiceField(label=_("条款"), required=False)
    field_order = ("clause", "upload")

    def __init__(self, *args: Any, clauses: Iterable[Clause], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [(one.number, f"{one.number} {one.text[:24]}") for one in clauses]
        self.fields["clause"].choices = [("", _("整个项目")), *rows]  # type: ignore[attr-defined]


class StatementForm(EntryForm):
    """What the enterprise's person says; signed by hand, or refused with a reason before two witnesses."""

    signing = forms.ChoiceField(
        label=_("签字情况"), choices=Signing.choices, widget=forms.RadioSelect
    )
    text = long_text(_("陈述"), 2000, _("照原话写；没有陈述的不写。"), required=False)
    name = needed(
        _("（签名的，必填）"), forms.CharField(label=_("姓名"), max_length=60, required=False)
    )
    role = needed(
        _("（签名的，必填）"), forms.CharField(label=_("身份"), max_length=60, required=False)
    )
    upload = needed(
        _("（签名的，必填）"),
        forms.FileField(
            label=_("签名"),
            max_length=200,
            required=False,
            help_text=_(
                "在下面的框里用手指签名；不能手写的，拍下纸上的签名。手写签名只证明签名人当时在场，不是《中华人民共和国电子签名法》所称的电子签名。"
            ),
            widget=forms.FileInput(attrs={"accept": PICTURES}),
        ),
    )
    reason = needed(
        _("（拒绝签名的，必填）"),
        forms.CharField(label=_("拒绝签名的理由"), max_length=300, required=False),
    )
    sha256 = forms.RegexField(r"^[0-9a-fA-F]{64}$", widget=HIDDEN, required=False)
    drawn = forms.BooleanField(widget=HIDDEN, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names: dict[str, str] = {}
        for n in range(WITNESSES):
            self.fields |= {
                f"witness_{n}": forms.CharField(
                    label=_("见证人%(n)d") % {"n": n + 1}, max_length=60, required=False
                ),
                f"witness_card_{n}": forms.CharField(
                    label=_("执法证号"), max_length=60, required=False
                ),
            }
            names |= {
                f"witness_{n}": f"witnesses[{n}]name",
                f"witness_card_{n}": f"witnesses[{n}]card",
            }
        said_as(self, names)
        when = {"signed": ("name", "role", "upload"), "refused": ("reason", *names)}
        for value, fields in when.items():
            for name in fields:
                self.fields[name].widget.attrs["data-when"] = f"signing={value}"
                self.fields[name].widget.attrs["data-needed"] = ""

    def said(self) -> Said:
        """Return it as the service takes it."""
        data = self.cleaned_data
        witnesses = [
            {"name": data[f"witness_{n}"], "card": data[f"witness_card_{n}"]}
            for n in range(WITNESSES)
        ]
        words = {name: data[name] for name in ("name", "role", "text", "reason")}
        return Said(Signing(data["signing"]), **words, witnesses=witnesses)


# What a field of a breach is called where programs send it, if otherwise.
TOLD = {"why_severity": "severity_reason", "problem": "text", "basis": "legal_basis"}


class SiteHoldForm(HoldCheckForm):
    """The check as it is recorded: with the name of the record and of the entries that must have come before it."""

    uid = EntryForm.base_fields["uid"]
    made_at = EntryForm.base_fields["made_at"]
    person = EntryForm.base_fields["person"]
    covers = forms.CharField(widget=HIDDEN, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = {
            name.format(n + 1): other.format(n)
            for name, other in OFFICE.items()
            for n in range(OFFICERS)
        }
        for place, clause in enumerate(self.clauses):
            row, pk = f"results[{place}]", clause.pk
            names |= {f"kept_{pk}": f"{row}kept", f"note_{pk}": f"{row}note"}
            for name in self.FIELDS:
                names[f"{name}_{pk}"] = f"{row}breach.{TOLD.get(name, name)}"
                attrs = self.fields[f"{name}_{pk}"].widget.attrs
                attrs["data-when"] = f"kept_{pk}=broken"
                attrs |= {"data-needed": ""} if name in self.BREACH else {}
        said_as(self, names)

    def clean_covers(self) -> list[str]:
        """Return the names; what is none is an error."""
        try:
            return [str(UUID(one)) for one in self.cleaned_data["covers"].split()]
        except ValueError as fault:
            raise forms.ValidationError(_("所附的现场记录有误，请刷新页面再试。")) from fault

    def mark(self) -> Mark | None:
        """Return what the device says of the record; None of a form without its name."""
        data = self.cleaned_data
        return Mark(data["uid"], data["made_at"], data["person"]) if data["uid"] else None

    def hidden(self) -> list[Any]:
        """Return what the form says of itself."""
        return [self[name] for name in ("uid", "made_at", "person", "covers")]
