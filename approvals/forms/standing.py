"""What an enterprise says of a paper it keeps at hand."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from approvals.forms.steps import ENDINGS
from approvals.queries.standing import label_of
from approvals.rules.standing import StandingKind, faults_in_validity


class Files(forms.FileInput):
    """A choice of several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One file or several; their content is looked into by the service."""

    widget = Files

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Return every file that was chosen."""
        chosen = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(one, initial) for one in chosen or [None]]


class StandingForm(forms.Form):
    """Which kind, its files, and the days it is valid."""

    kind = forms.ChoiceField(label=_("种类"))
    uploads = FilesField(
        label=_("文件"),
        help_text=_("PDF、OFD、JPG、PNG、DOCX、XLSX、DWG，每个不超过50 MB；几页的可以选几个文件。"),
        widget=Files(attrs={"accept": ENDINGS}),
        max_length=200,
    )
    number = forms.CharField(
        label=_("证照编号"),
        max_length=80,
        required=False,
        help_text=_("证照上的编号，方便您自己核对。"),
    )
    valid_from = forms.DateField(
        label=_("有效期起"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    valid_to = forms.DateField(
        label=_("有效期止"),
        required=False,
        help_text=_("长期有效的不填。"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(
        self, *args: Any, kinds: Mapping[str, StandingKind], today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["kind"].choices = [(code, label_of(kind)) for code, kind in kinds.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Say which days cannot be."""
        given = super().clean() or {}
        wrong = faults_in_validity(given.get("valid_from"), given.get("valid_to"), self.today)
        for name, fault in wrong.items():
            self.add_error(name, fault)
        return given
