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
from desk.queries.sheet_tasks import underway
from desk.rules.catalogue_sheets import CHINESE
from desk.services.catalogue_import import MOST_BYTES, import_tables, look_at_tables
from desk.services.sheet_tasks import queue_sheet, works_behind
from desk.services.sheets_found import changes_of, found_in_tables
from desk.stages import SheetWork
from desk.views.catalogue_drafts import OfDraft
from desk.views.sheet_tasks import InBackground


class ImportTables(InBackground, OfDraft):
    """导入表格 (Excel、CSV)."""

    template_name = "desk/catalogue_import.html"
    form_class: type[Form] = SheetsForm
    asking, confirmed, checks = SheetsForm, SheetsConfirmed, SheetWork.CHECK_TABLES
    title = gettext_lazy("导入表格（Excel、CSV）")
    verb = gettext_lazy("写入草案")
    look = gettext_lazy("检查文件")
    explain = gettext_lazy(
        "先检查，再写入；有一处错误，就什么也不写入。"
        "工作簿事项、材料、承诺条款、问题、建设节点各一个工作表；CSV 一个文件一张表。"
    )
    stands = (policies.draft_is_open,)

    @property
    def draft(self) -> CatalogueDraft:  # type: ignore[override]
        """The draft of the address."""
        draft: CatalogueDraft = self.subject
        return draft

    def taken(self, form: Form) -> HttpResponse:
        """Show what would be written, or write it."""
        if self.cancels:
            return self.cancelled(form)
        if self.confirms:
            return super().taken(form)
        held = hold(form.cleaned_data["file"], most=MOST_BYTES, by=self.acting, at=self.now())
        if (later := self.put_behind(held)) is not None:
            return later
        try:
            content = whole(held.token, by=self.acting).read()
            found = found_in_tables(look_at_tables(self.subject, name=held.name, content=content))
        except ValidationError:
            abandon(held, by=self.acting, at=self.now())
            raise
        again: Form = SheetsConfirmed(initial={"token": held.token, "after": self.subject.version})
        if not found["fits"]:
            abandon(held, by=self.acting, at=self.now())
            again = SheetsForm()
        shown = self.get_context_data(form=again, found=found, name=held.name)
        return self.render_to_response(shown, status=422 if found["faults"] else 200)

    def refuse(self, form: Form, status: int) -> HttpResponse:
        """Say what is wrong, and ask for the file anew."""
        refused = self.refused_words(form)
        form = SheetsForm() if refused else form
        return self.render_to_response(
            self.get_context_data(form=form, refused=refused), status=status
        )

    def perform(self, data: dict[str, Any]) -> str:
        """Write it; a long file is written by the background worker."""
        held = whole(data["token"], by=self.acting)
        if works_behind(held):
            queue_sheet(
                SheetWork.LOAD_TABLES, token=data["token"], after=data["after"], draft=self.subject,
                by=self.acting, at=self.now(),
            )  # fmt: skip
            return ""
        name, content = held.name or "", held.read()
        looked = look_at_tables(self.subject, name=name, content=content)
        import_tables(
            self.subject, name=name, content=content, after=data["after"], looked=looked,
            by=self.acting, at=self.now(),
        )  # fmt: skip
        abandon(held.coming, by=self.acting, at=self.now())
        went = {"read": sum(looked.read.values()), "changed": len(looked.changes)}
        return _("表格已经写入草案：读取并检查了%(read)d行，改动了草案的%(changed)d行。") % went

    def get_success_url(self) -> str:
        """Go on to where the progress is told, while the tables are written."""
        found = underway(self.acting, self.now(), self.subject)
        return self.request.path if found is not None and found.open else self.back_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add which of the two parts it is, and what would change."""
        told = {"found": kwargs.pop("found", {}), **self.behind()}
        if told["found"]:
            told["kept"] = told["underway"] = None
        elif told["kept"] is not None:
            told["found"], kwargs["name"] = told["kept"].found, told["kept"].task.name
            if told["found"]["fits"]:
                carried = {**self.carried(told["kept"]), "after": told["found"]["version"]}
                kwargs["form"] = SheetsConfirmed(initial=carried)
        found = told["found"]
        second = bool(found.get("fits"))
        counts = found.get("rows", {})
        return {
            **super().get_context_data(**kwargs),
            **told,
            "second": second,
            "verb": self.verb if second else self.look,
            "counts": [(TABLES[file], count) for file, count in counts.items()],
            "groups": grouped(changes_of(found)),
        }


@require_safe
def workbook(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Hand the five tables of a draft out as one workbook, to be changed and imported again."""
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
