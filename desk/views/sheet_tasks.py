"""What two pages have in common: a long spreadsheet goes to the background worker, and the page says how far it is."""

from typing import Any

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from core.documents.receiving import abandon
from core.steps.reasons import NotNow
from desk.forms.sheet_tasks import CancelSheet
from desk.models import SheetTask
from desk.queries.sheet_tasks import of_place, underway
from desk.services.sheet_tasks import cancel_sheet, queue_sheet, works_behind
from desk.stages import SheetWork

PAUSE = 3  # seconds after which a page that tells a progress asks again by itself, without a script


class InBackground:
    """A mixin of a step that takes a spreadsheet: what is long is checked and written behind it.

    `draft` is what the spreadsheet belongs to, None for the filings of the past; `checks` the work that looks at it.
    """

    request: HttpRequest
    acting: Any
    now: Any
    draft: Any = None
    checks: SheetWork
    asking: type[Form]  # for the file
    confirmed: type[Form]  # for what was looked at

    @property
    def confirms(self) -> bool:
        """Whether what was looked at is written now."""
        return "confirm" in self.request.POST

    @property
    def cancels(self) -> bool:
        """Whether a task is stopped, or a file given up that was checked."""
        return "cancel" in self.request.POST

    def get_form_class(self) -> type[Form]:
        """Return the form of the part."""
        if self.cancels:
            return CancelSheet
        return self.confirmed if self.confirms else self.asking

    def cancelled(self, form: Form) -> HttpResponse:
        """Stop it and show the page anew."""
        task = get_object_or_404(of_place(self.draft), pk=form.cleaned_data["task"])
        cancel_sheet(task, by=self.acting, at=self.now())
        return HttpResponseRedirect(self.request.path)

    def put_behind(self, held: Any) -> HttpResponse | None:
        """Have a long file that was put down checked behind the page; None where it is short."""
        if not works_behind(held):
            return None
        try:
            queue_sheet(
                self.checks, token=held.token, by=self.acting, at=self.now(), draft=self.draft
            )
        except (NotNow, ValidationError):
            abandon(held, by=self.acting, at=self.now())
            raise
        return HttpResponseRedirect(self.request.path)

    def behind(self) -> dict[str, Any]:
        """Return what the page says of the background: what is under way, and what a check has found."""
        told = underway(self.acting, self.now(), self.draft)
        found = told.found if told is not None and self.request.method == "GET" else {}
        return {
            "underway": None if found else told,
            "pause": PAUSE,
            "kept": told if found else None,
        }

    def refused_words(self, form: Form) -> list[str]:
        """Return what stands above an empty form, where a second part was refused: the file is chosen anew."""
        if not (self.confirms or self.cancels):
            return []
        return [*form.non_field_errors()] or [_("请重新上传文件。")]

    def carried(self, kept: Any) -> dict[str, Any]:
        """Return what the form of the second part carries of a file that was checked behind the page."""
        task: SheetTask = kept.task
        return {"token": task.token}
