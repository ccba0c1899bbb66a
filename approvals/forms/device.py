"""What a form filled in on a site says of its entry: each carries its name, so that pressed twice it is there once."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from approvals.services.device import Mark
from core.documents.contents import KINDS

PICTURES = ",".join(KINDS["image/jpeg"].endings + KINDS["image/png"].endings)
HIDDEN = forms.HiddenInput


class EntryForm(forms.Form):
    """The name of an entry, the time on the device, whose it is, and the position where one was added."""

    uid = forms.UUIDField(widget=HIDDEN, initial=uuid4, required=False)
    made_at = forms.DateTimeField(widget=HIDDEN, required=False)
    person = forms.IntegerField(widget=HIDDEN, required=False)

    def mark(self) -> Mark:
        """Return what the form says of the entry."""
        said = self.cleaned_data
        place = {name: said.get(name) for name in ("latitude", "longitude", "accuracy")}
        return Mark(said.get("uid") or uuid4(), said.get("made_at"), said.get("person"), **place)


class PlacedForm(EntryForm):
    """The same with a position."""

    latitude = forms.DecimalField(
        widget=HIDDEN, required=False, max_digits=9, decimal_places=6, min_value=-90, max_value=90
    )
    longitude = forms.DecimalField(
        widget=HIDDEN, required=False, max_digits=9, decimal_places=6, min_value=-180, max_value=180
    )
    accuracy = forms.IntegerField(widget=HIDDEN, required=False, min_value=0, max_value=1_000_000)


class PictureForm(PlacedForm):
    """A photograph, taken now or chosen."""

    sha256 = forms.RegexField(r"^[0-9a-fA-F]{64}$", widget=HIDDEN, required=False)
    upload = forms.FileField(
        label=_("拍照"),
        max_length=200,
        help_text=_("JPG 或者 PNG，不超过50 MB。原件存卷，对外的照片去掉设备写入的数据。"),
        widget=forms.FileInput(attrs={"accept": PICTURES, "capture": "environment"}),
    )
