"""往年申报件: their list for the county's staff; a file looked at and then loaded, a batch taken down."""

from dataclasses import asdict, replace
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.policies import administrator, staff
from core import clock
from core.documents.receiving import abandon, hold, whole
from core.documents.sheets import XLSX, handed_out
from core.documents.watching import CHECKING, WRITING
from core.steps.reasons import NotNow
from core.steps.views import StepView
from core.steps.watching import over, told_to, watch_of
from desk.forms.past import MOST_BYTES, PastFileConfirmed, PastFileForm, TakeDownForm
from desk.models import PastBatch
from desk.queries import past as queries
from desk.queries.sheet_tasks import underway
from desk.services import past as services
from desk.services.sheet_tasks import LONG, queue_sheet
from desk.services.sheets_found import dated, found_in_past
from desk.stages import SheetWork
from desk.views.sheet_tasks import InBackground

PAGE = 50


def _reader(request: HttpRequest) -> Any:
    acting: Any = request.acting  # type: ignore[attr-defined]
    if not staff(None, acting):
        raise PermissionDenied
    return acting


@require_safe
def past(request: HttpRequest) -> HttpResponse:
    """List what was loaded, by year and words; below, the batches it came in."""
    acting, sought = _reader(request), queries.Sought.of(request.GET)
    page = Paginator(queries.matching(sought), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "sought": sought,
        "groups": [{"label": _("年度"), "options": _years(sought)}],
        "prefix": _kept(sought),
        "batches": queries.batches(),
        "may_load": administrator(None, acting),
    }
    return render(request, "desk/past.html", context)


def _kept(sought: queries.Sought) -> str:
    """Return what the list is narrowed to as the part of an address: empty, or ending with &."""
    kept = urlencode({key: value for key, value in asdict(sought).items() if value})
    return f"{kept}&" if kept else ""


def _years(sought: queries.Sought) -> list[dict[str, Any]]:
    counted = queries.years()
    options: list[tuple[str, Any, int]] = [("", _("全部"), sum(n for _year, n in counted))]
    options += [(str(year), year, count) for year, count in counted]
    return [
        {
            "label": label,
            "url": "?" + _kept(replace(sought, year=year)).removesuffix("&"),
            "current": sought.year == year,
            "count": count,
        }
        for year, label, count in options
    ]


@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """Hand the list out as it is narrowed, all of it."""
    _reader(request)
    rows = queries.matching(queries.Sought.of(request.GET))
    form = request.GET.get("form", "")
    return handed_out(queries.sheet_of_past(rows), form, at=clock.now(), watch=watch_of(request))


@require_safe
def template(request: HttpRequest) -> HttpResponseBase:
    """Hand out the table that is filled in."""
    _reader(request)
    form = request.GET.get("form", XLSX)
    return handed_out(queries.template(), form, at=clock.now(), watch=watch_of(request))


class LoadPast(InBackground, StepView):
    """载入往年申报件: the file is looked at with everything that is wrong and doubtful in it, and then loaded."""

    template_name = "desk/past_load.html"
    form_class: type[Form] = PastFileForm
    asking, confirmed, checks = PastFileForm, PastFileConfirmed, SheetWork.CHECK_PAST
    title = gettext_lazy("载入往年申报件")
    verb = gettext_lazy("全部载入")
    look = gettext_lazy("检查文件")
    explain = gettext_lazy(
        "先逐行检查，再载入；有一处错误，就一行也不载入。往年件只作台账，不进入办理，没有期限，也不会默认。"
    )

    def find(self) -> Any:
        """Return nothing: there is no case; whoever is not the administrator has no business here."""
        if not administrator(None, self.acting):
            raise PermissionDenied

    def taken(self, form: Form) -> HttpResponse:
        """Show what would be loaded, or load it; what is wrong stands beside the form, place by place."""
        if self.cancels:
            return self.cancelled(form)
        if self.confirms:
            return super().taken(form)
        held = hold(form.cleaned_data["file"], most=MOST_BYTES, by=self.acting, at=self.now())
        if (later := self.put_behind(held)) is not None:
            return later
        try:
            made = self._looked(held)
            if not made.table.faults:
                made.settle()
        except (NotNow, ValidationError):
            abandon(held, by=self.acting, at=self.now())
            raise
        return self._shown(held, found_in_past(made))

    def _looked(self, held: Any) -> services.Proposal:
        watch = watch_of(self.request)
        try:
            content = whole(held.token, by=self.acting).read()
            return services.propose_past(
                name=held.name, content=content, at=self.now(), progress=told_to(watch, CHECKING)
            )
        finally:
            over(watch)

    def _shown(self, held: Any, found: dict[str, Any]) -> HttpResponse:
        """Show what was found, with the form of the second part where the file can be loaded."""
        form: Form = PastFileConfirmed(initial={"token": held.token, "rows": found["rows"]})
        if not found["fits"]:
            abandon(held, by=self.acting, at=self.now())
            form = PastFileForm()
        shown = self.get_context_data(form=form, found=found, name=held.name)
        return self.render_to_response(shown, status=200 if found["fits"] else 422)

    def refuse(self, form: Form, status: int) -> HttpResponse:
        """Say what is wrong, and ask for the file anew."""
        refused = self.refused_words(form)
        form = PastFileForm() if refused else form
        shown = self.get_context_data(form=form, refused=refused)
        return self.render_to_response(shown, status=status)

    def perform(self, data: dict[str, Any]) -> str:
        """Load it; what is long is loaded by the background worker, and the page says how far that has come."""
        if data["rows"] > LONG:
            queue_sheet(
                SheetWork.LOAD_PAST, token=data["token"], rows=data["rows"], by=self.acting, at=self.now()
            )  # fmt: skip
            return ""
        held, watch = whole(data["token"], by=self.acting), watch_of(self.request)
        name, content = held.name or "", held.read()
        try:
            made = services.propose_past(
                name=name, content=content, at=self.now(), progress=told_to(watch, CHECKING)
            )
            batch = services.load_past(
                name=name, content=content, by=self.acting, at=self.now(), made=made,
                progress=told_to(watch, WRITING),
            )  # fmt: skip
        finally:
            over(watch)
        abandon(held.coming, by=self.acting, at=self.now())
        went = {"read": made.read, "doubts": len(made.table.doubts), "count": batch.rows}
        return (
            _(
                "已载入%(count)d件往年申报件：读取并检查了%(read)d行，存疑%(doubts)d处，写入%(count)d行。"
            )
            % went
        )

    def back_url(self) -> str:
        """Go back to the list."""
        return reverse("desk:past")

    def get_success_url(self) -> str:
        """Go on to where the progress is told, while a load is under way."""
        found = underway(self.acting, self.now())
        return self.request.path if found is not None and found.open else self.back_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add which of the two parts it is."""
        told = {"found": kwargs.pop("found", {}), **self.behind()}
        if told["found"]:
            told["kept"] = told["underway"] = None
        elif told["kept"] is not None:
            told["found"], kwargs["name"] = told["kept"].found, told["kept"].task.name
            if told["found"]["fits"]:
                carried = {**self.carried(told["kept"]), "rows": told["found"]["rows"]}
                kwargs["form"] = PastFileConfirmed(initial=carried)
        second = bool(told["found"].get("fits"))
        verb = self.verb if second else self.look
        base = super().get_context_data(**kwargs)
        return {**base, **told, "found": dated(told["found"]), "second": second, "verb": verb}


class WithdrawPast(StepView):
    """撤下往年批次: its rows are kept and marked."""

    form_class = TakeDownForm
    title = gettext_lazy("撤下往年批次")
    verb = gettext_lazy("撤下这一批")
    explain = gettext_lazy("行都保留并标明已撤下，不再出现在清单里；同一编号可以重新载入。")
    danger = True

    def find(self) -> PastBatch:
        """Return the batch; only the administrator takes one down."""
        if not administrator(None, self.acting):
            raise PermissionDenied
        return get_object_or_404(queries.batches(), pk=self.kwargs["pk"])

    def reasons(self) -> list[str]:
        """Say that it is down already."""
        return [_("这一批已经撤下。")] if self.subject.withdrawn_at else []

    def perform(self, data: dict[str, Any]) -> str:
        """Take it down."""
        services.withdraw_past(self.subject, reason=data["reason"], by=self.acting, at=self.now())
        return _("已撤下这一批，共%(count)d件。") % {"count": self.subject.rows}

    def back_url(self) -> str:
        """Go back to the list."""
        return reverse("desk:past")
