"""The rules as they are in force, to be written over in thought."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from core.deadlines.models import RuleValue
from desk.queries.what_if import asked_by, county_files
from desk.queries.what_if.words import name_of
from desk.rules.pack import Fault, PackError
from desk.rules.pack.rulebook import FILE as RULEBOOK
from desk.rules.what_if import Asked, catalogue_from, rulebook_from
from desk.rules.what_if.asked import CATALOGUE, SET

LARGEST = 1 << 20  # bytes; the shipped tables have some twenty thousand
MOST_FAULTS = 20  # of one file are told


class WhatIfForm(forms.Form):
    """A field for each number; left as it is, or empty, it is no change. Beside them whole files, or single cells."""

    cells = forms.CharField(
        label=_("逐格改目录"), required=False, max_length=4000,
        help_text=_(
            "每行一处，如 C05.opinion_default=escalate、C03.department_code=SLJ；去掉一个事项写作 C08=-。"
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    rulebook = forms.FileField(
        label=_("整份规则（rulebook.csv）"), required=False,
        help_text=_("按县规则包的格式检查；上面改动的数字优先于文件。"),
        widget=forms.FileInput(attrs={"accept": ".csv"}),
    )  # fmt: skip
    catalogue = forms.FileField(
        label=_("整份目录（catalogue.csv）"), required=False,
        help_text=_("按县规则包的格式检查；问卷和部门用本县现有的。"),
        widget=forms.FileInput(attrs={"accept": ".csv"}),
    )  # fmt: skip

    def __init__(self, *args: Any, rows: Sequence[RuleValue], at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows, self.at = rows, at
        self.asked = Asked()
        for row in rows:
            self.fields[row.code] = forms.IntegerField(
                label=f"{row.code} {name_of(row)}", required=False, min_value=0, max_value=3650,
                initial=int(row.value),
            )  # fmt: skip

    @property
    def numbers(self) -> list[dict[str, Any]]:
        """The rows of the rulebook, each with its field and whether it is changed."""
        return [
            {
                "row": row,
                "name": name_of(row),
                "field": self[row.code],
                "changed": self._changed(row),
            }
            for row in self.rows
        ]

    @property
    def others(self) -> list[Any]:
        """The fields beside the numbers."""
        return [self[name] for name in ("cells", "rulebook", "catalogue")]

    def _changed(self, row: RuleValue) -> bool:
        said = str(self.data.get(self.add_prefix(row.code), "")).strip() if self.is_bound else ""
        return said not in ("", row.value)

    def clean(self) -> dict[str, Any]:
        """Check what is asked as a county pack is checked; each fault stands at its field."""
        data = super().clean() or self.cleaned_data
        if self.errors:
            return data
        lines = [line.strip() for line in data.get("cells", "").splitlines() if line.strip()]
        wanted = [f"{row.code}={data[row.code]}" for row in self.rows if self._wants(row, data)]
        asked = self._take(lambda: asked_by(wanted, self.at), Asked())
        cells = self._take(lambda: asked_by(lines, self.at), Asked(), "cells")
        numbers = {**asked.numbers, **cells.numbers}
        if file := data.get("rulebook"):
            read = self._take(lambda: rulebook_from(_read(file, RULEBOOK)), {}, "rulebook")
            numbers = {**read, **numbers}
        catalogue = cells.catalogue
        if file := data.get("catalogue"):
            catalogue = self._whole_catalogue(file, catalogue)
        self.asked = Asked(numbers, catalogue, cells.service)
        if not self.errors and self.asked.nothing:
            self.add_error(None, _("还没有改任何一条：请先改数字、目录，或者选择文件。"))
        return data

    @staticmethod
    def _wants(row: RuleValue, data: dict[str, Any]) -> bool:
        said = data.get(row.code)
        return said is not None and str(said) != row.value

    def _whole_catalogue(self, file: UploadedFile, cells: Any) -> Any:
        if cells is not None:
            self.add_error("catalogue", _("目录要么整份给，要么逐格改，不能同时。"))
            return None
        files = {CATALOGUE: file}
        return self._take(
            lambda: catalogue_from(
                {name: _read(one, name) for name, one in files.items()}, county_files()
            ),
            None,
            "catalogue",
        )

    def _take(self, read: Any, instead: Any, field: str = "") -> Any:
        """Return what is read; its faults go to the field, or to the fields that they name."""
        try:
            return read()
        except PackError as error:
            for fault in error.faults[:MOST_FAULTS]:
                name = field or (fault.column if fault.column in self.fields else None)
                self.add_error(name, _told(fault, field))
            return instead


def _told(fault: Fault, field: str) -> str:
    """Return a fault for its field: in the boxes the sentence, in lines and files its place, too."""
    if not field:
        return fault.message
    if fault.file == SET:
        said = {"line": fault.line, "place": fault.column, "message": fault.message}
        return str(_("第%(line)d行 %(place)s：%(message)s") % said)
    return str(fault)


def _read(file: UploadedFile, name: str) -> bytes:
    if (file.size or 0) > LARGEST:
        raise PackError([Fault(name, 1, "-", str(_("文件过大：一份规则或者目录不到1 MB")))])
    return bytes(file.read())
