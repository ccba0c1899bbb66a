"""导入表格: an Excel workbook or CSV is looked at against a draft, and then written into it, whole or not at all."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.http import require_safe

from core.documents.receiving import abandon, hold, whole
from core.documents.sheets import TYPES, XLSX, xlsx_file
from desk import policies
from desk.forms.catalogue import SheetsConfirmed, SheetsForm
from desk.models import CatalogueDraft
from desk.queries.catalogue_drafts import grouped
from desk.queries.catalogue_tables import sheets_of, tables_of_draft
from desk.queries.catalogue_words import TABLES
from desk.rules.catalogue_sheets import CHINESE
from desk.services.catalogue_import import MOST_BYTES, Looked, import_tables, look_at_tables
from desk.views.catalogue_drafts import OfDraft


class ImportTables(OfDraft):
    """导入表格 (Excel、CSV)."""

    template_name = "desk/catalogue_import.html"
    form_class: type[Form] = SheetsForm
    title = gettext_lazy("导入表格（Excel、CSV）")
    verb = gettext_lazy("写入草案")
    look = gettext_lazy("检查文件")
    explain = gettext_lazy(
        "先检查，再写入；有一处错误，就什么也不写入。工作簿事项、材料、承诺条款、问题各一个工作表；CSV 一个文件一张表。"
    )
    stands = (policies.draft_is_open,)

    @property
    def confirms(self) -> bool:
        """Whether what was looked at is written now."""
        return "confirm" in self.request.POST

    def get_form_class(self) -> type[Form]:
        """Return the form of the part."""
        return SheetsConfirmed if self.confirms else SheetsForm

    def taken(self, form: Form) -> HttpResponse:
        """Show what would be written, or write it."""
        if self.confirms:
            return super().taken(form)
        upload = form.cleaned_data["file"]
        held = hold(upload, most=MOST_BYTES, by=self.acting, at=self.now())
        try:
            content = whole(held.token, by=self.acting).read()
            looked = look_at_tables(self.subject, name=held.name, content=content)
        except ValidationError:
            abandon(held, by=self.acting, at=self.now())
            raise
        again: Form = SheetsConfirmed(initial={"token": held.token, "after": self.subject.version})
        if looked.faults or not looked.changes:
            abandon(held, by=self.acting, at=self.now())
            again = SheetsForm()
        shown = self.get_context_data(form=again, looked=looked, name=held.name)
        return self.render_to_response(shown, status=422 if looked.faults else 200)

    def refuse(self, form: Form, status: int) -> HttpResponse:
        """Say what is wrong, and ask for the file anew."""
        refused: list[str] = []
        if self.confirms:
            refused = [*form.non_field_errors()] or [_("请重新上传文件。")]
            form = SheetsForm()
        return self.render_to_response(
            self.get_context_data(form=form, refused=refused), status=status
        )

    def perform(self, data: dict[str, Any]) -> str:
        """Write it."""
        held = whole(data["token"], by=self.acting)
        import_tables(
            self.subject, name=held.name or "", content=held.read(), after=data["after"],
            by=self.acting, at=self.now(),
        )  # fmt: skip
        abandon(held.coming, by=self.acting, at=self.now())
        return _("表格已经写入草案。")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add which of the two parts it is, and what would change."""
        looked: Looked | None = kwargs.get("looked")
        second = looked is not None and bool(looked.changes)
        counts = looked.rows if looked is not None else {}
        return {
            **super().get_context_data(**kwargs),
            "second": second,
            "verb": self.verb if second else self.look,
            "counts": [(TABLES[file], count) for file, count in counts.items()],
            "groups": grouped(looked.changes) if looked is not None else [],
        }


@require_safe
def workbook(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Hand the four tables of a draft out as one workbook, to be changed and imported again."""
    acting: Any = request.acting  # type: ignore[attr-defined]
    if not policies.decides_catalogue(None, acting):
        raise PermissionDenied
    draft = get_object_or_404(CatalogueDraft, pk=pk)
    with override(CHINESE):
        names = {file: str(name) for file, name in TABLES.items()}
    first, *more = sheets_of(tables_of_draft(draft), names)
    answer = FileResponse(xlsx_file(first, more), content_type=TYPES[XLSX])
    answer["Content-Disposition"] = f'attachment; filename="catalogue-draft-{draft.pk}.xlsx"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


PAGES: tuple[tuple[str, Any, str], ...] = (
    ("import", ImportTables.as_view(), "import_tables"),
    ("workbook", workbook, "catalogue_draft_workbook"),
)
