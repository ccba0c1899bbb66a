"""The forms of the catalogue: a draft opened, a row of a table cell by cell, whole tables, a day and its document."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from approvals.forms.steps import long_text
from approvals.queries.items import VALUES
from desk.queries.catalogue_words import CERTAINTY, COLUMNS
from desk.rules.pack.catalogue import TABLE_OF
from desk.rules.pack.tables import Cell
from desk.rules.rebase import OURS, THEIRS

LONG = (
    "legal_basis_zh", "red_line_basis", "silence_note", "note", "template_hint", "text_zh", "text_en",
    "standard_zh", "choices", "why_zh", "why_en", "eligibility_effect",
)  # fmt: skip
HELP: dict[str, Any] = {
    "promised_days": _("不得超过法定时限；没有公布的不填。"),
    "red_line_basis": _("写明法律名称和条文；取消或者放宽红线的，写明据以取消的依据。"),
    "applies_if": _(
        "always 表示所有项目；否则写事实名称，可用 =、!=、not、and、or，如 eia_class=form。"
    ),
    "opinion_default": _("红线事项只能转督办或者无须表态。"),
    "default_basis": _("视同无异议须有依据和批准单位，缺一不可。"),
    "start_gate": _("红线事项没有批准文书不得开工。"),
    "tolerable": _("申请文件、身份和授权、用地依据、技术文件、安全结论、法定条件不得容缺。"),
    "tolerance_model": _(
        "不选的为模式一。红线事项只能是模式一；视情形有红线的，红线成立的项目按模式一办理。"
    ),
    "produced_by": _("由其他事项产生的，写事项编号：按文号查询，不向企业要。"),
    "only_if": _("留空表示总是需要。"),
}
MOST = 1000  # characters of a cell
DEPARTMENTS, ITEMS = ("department_code", "checked_by"), ("item_code",)


class OpenDraftForm(forms.Form):
    """Why the catalogue is changed."""

    title = forms.CharField(
        label=_("修订事由"), max_length=120, help_text=_("如“缩短规划许可承诺时限”。")
    )


class RowForm(forms.Form):
    """One row of a table; what names it is given once, when it is added."""

    after = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, file: str, heads: Iterable[str], adding: bool, departments: Mapping[str, str],
        items: Mapping[str, str], **kwargs: Any,
    ) -> None:  # fmt: skip
        """Make a field of each column."""
        super().__init__(*args, **kwargs)
        table = TABLE_OF[file]
        named = {**dict.fromkeys(DEPARTMENTS, departments), **dict.fromkeys(ITEMS, items)}
        for column in heads:
            if adding or column not in table.key:
                cell = table.cells.get(column, Cell(required=False))
                self.fields[column] = _field(column, cell, named.get(column))

    @property
    def cells(self) -> dict[str, str]:
        """What was typed, by column."""
        return {name: text for name, text in self.cleaned_data.items() if name != "after"}


def _field(column: str, cell: Cell, named: Mapping[str, str] | None) -> forms.Field:
    about = {
        "label": COLUMNS.get(column, column),
        "help_text": HELP.get(column, ""),
        "required": cell.required,
    }
    if named is not None:
        choices = [(code, f"{code} {name}") for code, name in named.items()]
        return forms.ChoiceField(choices=[("", "—"), *choices], **about)
    if cell.allowed and not cell.several:
        said = {**CERTAINTY, **VALUES.get(column, {})}
        order = [value for value in said if value in cell.allowed]
        order += sorted(cell.allowed - set(order))
        return forms.ChoiceField(
            choices=[("", "—"), *((value, said.get(value, value)) for value in order)], **about
        )
    if cell.least is not None:
        widget: forms.Widget = forms.TextInput(attrs={"inputmode": "numeric"})
        return forms.CharField(max_length=5, widget=widget, **about)
    widget = forms.Textarea(attrs={"rows": 3}) if column in LONG else forms.TextInput()
    return forms.CharField(max_length=MOST, widget=widget, **about)


class StrikeForm(forms.Form):
    """A row is struck: nothing more to say."""

    after = forms.IntegerField(widget=forms.HiddenInput, required=False)


class TablesForm(forms.Form):
    """Whole tables, each as the file of a county pack; what is not chosen stays."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Make a field of each table."""
        super().__init__(*args, **kwargs)
        for file in TABLE_OF:
            name = file.removesuffix(".csv")
            self.fields[name] = forms.FileField(
                label=file, required=False, max_length=100, allow_empty_file=True,
                widget=forms.FileInput(attrs={"accept": ".csv"}),
            )  # fmt: skip


class SheetsForm(forms.Form):
    """A workbook or CSV with one or several tables."""

    file = forms.FileField(
        label=_("表格文件"),
        help_text=_(
            "Excel 工作簿（.xlsx）或 CSV，不超过4 MB。列名用下载的表格的列名，或者页面上的中文列名。"
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        max_length=100,
    )


class SheetsConfirmed(forms.Form):
    """The same file to the byte, once it was looked at."""

    token = forms.CharField(max_length=32, widget=forms.HiddenInput)
    after = forms.IntegerField(widget=forms.HiddenInput)


class RebaseForm(forms.Form):
    """Which row stands where draft and edition differ; what does not touch goes along by itself."""

    after = forms.IntegerField(widget=forms.HiddenInput)
    onto = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, ways: Iterable[tuple[str, str, str, str]], **kwargs: Any
    ) -> None:
        """Make a choice of each conflict: its name, its label, the draft's row, the edition's."""
        super().__init__(*args, **kwargs)
        for name, label, ours, theirs in ways:
            self.fields[name] = forms.ChoiceField(
                label=label, choices=((OURS, ours), (THEIRS, theirs)), widget=forms.RadioSelect
            )

    @property
    def decisions(self) -> dict[str, str]:
        """What was decided, by conflict."""
        return {k: v for k, v in self.cleaned_data.items() if k not in ("after", "onto")}


class ProposeForm(forms.Form):
    """From which day, by which document."""

    in_force_from = forms.DateField(
        label=_("施行日"),
        help_text=_("最早是明天。这一天起申报的项目按新的一版，此前申报的不变。"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    source = forms.CharField(
        label=_("决定文件"),
        max_length=200,
        help_text=_("谁、何时、以什么文件决定；公布时会写明。"),
    )


class DecideForm(forms.Form):
    """The second person's word."""

    approved = forms.ChoiceField(
        label=_("意见"),
        choices=(("yes", _("同意，签字通过")), ("no", _("退回修改"))),
        widget=forms.RadioSelect,
    )
    reason = long_text(_("理由"), 500, _("退回的必须写明要改什么。"), required=False)


class ReasonForm(forms.Form):
    """Why a draft is withdrawn, or an edition revoked before its day."""

    reason = long_text(_("理由"), 500)
