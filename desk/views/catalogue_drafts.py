"""清单草案: opened, changed row by row or by whole tables, compared, proposed, and signed by a second person."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.models import Organisation
from accounts.stages import Kind
from core.steps.views import StepView
from desk import policies
from desk.forms import catalogue as forms
from desk.models import CatalogueDraft
from desk.queries.catalogue_drafts import draft_page, hands_of, rows_page
from desk.queries.catalogue_tables import last_catalogue, tables_of_draft
from desk.queries.catalogue_words import TABLES
from desk.rules.editions import labels_of
from desk.rules.pack.catalogue import TABLE_OF, name_of
from desk.services import catalogue
from desk.views.catalogue import as_file


def _reader(request: HttpRequest) -> Any:
    acting = request.acting  # type: ignore[attr-defined]
    if not policies.decides_catalogue(None, acting):
        raise PermissionDenied
    return acting


@require_safe
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a draft: what it would change, what stands in its way, whom it would not touch, and who changed what."""
    acting = _reader(request)
    found = get_object_or_404(
        CatalogueDraft.objects.select_related(
            "base", "edition", "opened_by", "proposer", "decider"
        ),
        pk=pk,
    )
    waits = policies.draft_is_proposed(found)
    another = policies.decided_by_another(acting, hands_of(found))
    context = {
        **draft_page(found),
        "may_change": policies.administrator(None, acting) and policies.draft_is_open(found),
        "may_withdraw": policies.administrator(None, acting) and policies.draft_is_undecided(found),
        "may_decide": waits and another(found),
        "awaits": str(another.reason) if waits and not another(found) else "",  # type: ignore[attr-defined]
    }
    return render(request, "desk/catalogue_draft.html", context)


@require_safe
def rows(request: HttpRequest, pk: int, table: str) -> HttpResponse:
    """Show the rows of one table of a draft, to be opened and changed."""
    acting = _reader(request)
    found = get_object_or_404(CatalogueDraft.objects.select_related("base"), pk=pk)
    if (file := f"{table}.csv") not in TABLE_OF:
        raise Http404
    may = policies.administrator(None, acting) and policies.draft_is_open(found)
    return render(
        request, "desk/catalogue_rows.html", {**rows_page(found, file), "may_change": may}
    )


@require_safe
def table(request: HttpRequest, pk: int, table: str) -> HttpResponse:
    """Hand out one table of a draft as the file of a county pack."""
    _reader(request)
    return as_file(tables_of_draft(get_object_or_404(CatalogueDraft, pk=pk)), table)


class OfDraft(StepView):
    """A step of a draft, by whom `policy` names."""

    policy: Any = staticmethod(policies.administrator)
    stands: tuple[Any, ...] = ()

    def find(self) -> Any:
        """Return the draft; whoever may not take the step has no business here."""
        if not self.policy(None, self.acting):
            raise PermissionDenied
        return get_object_or_404(CatalogueDraft, pk=self.kwargs["pk"])

    def reasons(self) -> list[str]:
        """Return what stands against the step."""
        return [str(one.reason) for one in self.stands if not one(self.subject)]

    def back_url(self) -> str:
        """Go back to the draft."""
        return reverse("desk:catalogue_draft", args=[self.subject.pk])


class OpenDraft(StepView):
    """起草新版: from the newest edition."""

    form_class = forms.OpenDraftForm
    title = gettext_lazy("起草新版")
    verb = gettext_lazy("建立草案")
    explain = gettext_lazy(
        "草案从最新一版开始，改完先看差别，再提请另一人签字。施行以前什么也不变。"
    )

    def find(self) -> Any:
        """Return the newest edition."""
        if not policies.administrator(None, self.acting):
            raise PermissionDenied
        if (found := last_catalogue()) is None:
            raise Http404
        return found

    def perform(self, data: dict[str, Any]) -> str:
        """Open it."""
        self.made = catalogue.open_catalogue_draft(
            title=data["title"], by=self.acting, at=self.now()
        )
        return _("草案已经建立。")

    def get_success_url(self) -> str:
        """Go on to the draft."""
        return reverse("desk:catalogue_draft", args=[self.made.pk])

    def back_url(self) -> str:
        """Go back to the editions."""
        return reverse("desk:catalogues")


class ChangeRow(OfDraft):
    """改一行, or add one."""

    form_class: type[Form] = forms.RowForm
    verb = gettext_lazy("保存这一行")
    stands = (policies.draft_is_open,)

    @property
    def file(self) -> str:
        """The table of the address."""
        file = f"{self.kwargs['table']}.csv"
        if file not in TABLE_OF:
            raise Http404
        return file

    @property
    def row(self) -> Any:
        """The row of the address; None for a new one."""
        if self.kwargs["row"] == catalogue.NEW:
            return None
        rows = tables_of_draft(self.subject)[self.file]
        found = next((one for one in rows if name_of(self.file, one) == self.kwargs["row"]), None)
        if found is None:
            raise Http404
        return found

    @property
    def title(self) -> str:  # type: ignore[override]
        """Which row of which table."""
        row, table = self.row, str(TABLES[self.file])
        if row is None:
            return _("新增一行：%(table)s") % {"table": table}
        return f"{table} {labels_of(self.file, row)[0]}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Give the form the columns and what may be chosen."""
        tables, row = tables_of_draft(self.subject), self.row
        rows = tables[self.file]
        bodies = Organisation.objects.filter(kind=Kind.DEPARTMENT).order_by("code")
        item = self.request.GET.get("item", "")
        given = {**(row or {"item_code": item}), "after": self.subject.version}
        return {
            **super().get_form_kwargs(), "file": self.file, "adding": row is None, "initial": given,
            "heads": TABLE_OF[self.file].offered(rows),
            "departments": {body.code: body.label for body in bodies},
            "items": {one["code"]: one["name_zh"] for one in tables["catalogue.csv"]},
        }  # fmt: skip

    def perform(self, data: dict[str, Any]) -> str:
        """Change it."""
        cells = {name: text for name, text in data.items() if name != "after"}
        catalogue.change_row(
            self.subject, table=self.file, row=self.kwargs["row"], cells=cells, after=data["after"],
            by=self.acting, at=self.now(),
        )  # fmt: skip
        return _("已保存。")


class StrikeRow(ChangeRow):
    """删一行; of an item its materials and clauses go too."""

    form_class = forms.StrikeForm
    verb = gettext_lazy("删除这一行")
    explain = gettext_lazy("删除事项时，它的材料和承诺条款一并删除。有红线的事项不能直接删除。")
    danger = True

    def get_form_kwargs(self) -> dict[str, Any]:
        """The form has nothing but the version that was looked at."""
        if self.row is None:
            raise Http404
        return {**StepView.get_form_kwargs(self), "initial": {"after": self.subject.version}}

    def perform(self, data: dict[str, Any]) -> str:
        """Strike it."""
        catalogue.strike_row(
            self.subject, table=self.file, row=self.kwargs["row"], after=data["after"], by=self.acting,
            at=self.now(),
        )  # fmt: skip
        return _("已删除。")


class LoadTables(OfDraft):
    """上传整表."""

    form_class = forms.TablesForm
    title = gettext_lazy("上传整表")
    verb = gettext_lazy("检查并写入草案")
    explain = gettext_lazy(
        "一次可以上传几张表，格式同下载的表格。有一处错误，就什么也不写入；错误写明文件、行和列。"
    )
    stands = (policies.draft_is_open,)

    def perform(self, data: dict[str, Any]) -> str:
        """Read them."""
        files = {f"{name}.csv": file.read() for name, file in data.items() if file is not None}
        catalogue.load_tables(self.subject, files=files, by=self.acting, at=self.now())
        return _("表格已经写入草案。")


# The pages below a draft: address, page, name.
PAGES: tuple[tuple[str, Any, str], ...] = (
    ("rows/<slug:table>", rows, "catalogue_draft_rows"),
    ("table/<slug:table>", table, "catalogue_draft_table"),
    ("row/<slug:table>/<slug:row>", ChangeRow.as_view(), "change_row"),
    ("strike/<slug:table>/<slug:row>", StrikeRow.as_view(), "strike_row"),
    ("upload", LoadTables.as_view(), "load_tables"),
)
