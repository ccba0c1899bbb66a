"""往年申报件: a file that is looked at and then loaded, and why a batch is taken down."""

from base64 import b64decode, b64encode
from contextlib import suppress
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from approvals.forms.steps import long_text

MOST_BYTES: Final = 1 << 20  # what a page carries along; the command and the interface take more


class PastFileForm(forms.Form):
    """The file."""

    file = forms.FileField(
        label=_("往年台账"),
        help_text=_(
            "Excel 工作簿（.xlsx）或 CSV，不超过1 MB；可以一年一张工作表。更大的分几个文件。"
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        max_length=100,
    )

    def clean(self) -> dict[str, Any]:
        """Read the file, so that it can be carried to the second page."""
        file = self.cleaned_data.get("file")
        if file is None:
            return {}
        if file.size > MOST_BYTES:
            raise ValidationError({"file": _("文件超过1 MB，请分成几个文件。")})
        return {"name": file.name, "content": b64encode(file.read()).decode()}


class PastFileConfirmed(forms.Form):
    """The same file to the byte, once it was looked at."""

    name = forms.CharField(max_length=100, widget=forms.HiddenInput)
    content = forms.CharField(max_length=2 * MOST_BYTES, widget=forms.HiddenInput)

    def clean_content(self) -> str:
        """Refuse what no browser has carried along."""
        with suppress(ValueError):
            b64decode(self.cleaned_data["content"], validate=True)
            return str(self.cleaned_data["content"])
        raise ValidationError(_("请重新上传文件。"))


class TakeDownForm(forms.Form):
    """Why a batch is taken down."""

    reason = long_text(_("撤下理由"), 300, _("写入县台账；这一批的行保留，标明已撤下。"))
