"""工作日日历: its editions for those who keep it, a new one looked at and then loaded, and what stands as served."""

import csv
from base64 import b64decode
from contextlib import suppress
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.policies import administrator, reads_calendars, supervisor
from core import clock
from core.deadlines.calendar import COLUMNS
from core.deadlines.due import provisional
from core.deadlines.known import last_edition
from core.deadlines.models import CalendarEdition, EditionKind
from core.steps.reasons import NotNow
from core.steps.views import StepView
from desk.forms import calendars as forms
from desk.queries.calendars import editions, kept_limits, limit_named, preview, reach
from desk.services import calendars as services
from desk.services.calendars import decision_of
from desk.services.shortening import shorten_limit


def _acting(request: HttpRequest) -> Any:
    acting = request.acting  # type: ignore[attr-defined]
    if not reads_calendars(None, acting):
        raise PermissionDenied
    return acting


@require_safe
def calendars(request: HttpRequest) -> HttpResponse:
    """Show how far the calendar reaches, its editions, and what may be done."""
    acting, at = _acting(request), clock.now()
    context = {
        "reach": reach(at),
        "provisional": provisional(),
        "kept": len(kept_limits(at)),
        "editions": editions(),
        "may_load": administrator(None, acting),
    }
    return render(request, "desk/calendars.html", context)


@require_safe
def edition(request: HttpRequest, digest: str) -> HttpResponse:
    """Show the days of one edition, year by year, and what it was made known by."""
    _acting(request)
    found = get_object_or_404(CalendarEdition.objects.select_related("attachment"), digest=digest)
    before = CalendarEdition.objects.filter(number=found.number - 1).first()
    had = set(before.days.values_list("date", "kind", "name")) if before else set()
    years: dict[int, list[Any]] = {}
    for day in found.days.order_by("-date"):
        day.new = bool(had) and (day.date, day.kind, day.name) not in had  # type: ignore[attr-defined]
        years.setdefault(day.date.year, []).append(day)
    context = {"edition": found, "years": {year: days[::-1] for year, days in years.items()}}
    return render(request, "desk/calendar_edition.html", context)


@require_safe
def table(request: HttpRequest, digest: str) -> HttpResponse:
    """Hand out the last year of an edition as a table: the form in which the next one is loaded."""
    _acting(request)
    found = get_object_or_404(CalendarEdition, digest=digest)
    year = found.last_day.year
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="calendar-{year}.csv"'
    answer.write("\ufeff")  # spreadsheets take it for UTF-8 by this
    writer = csv.writer(answer, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    issued = {n["number"]: (n["issued"], n["url"]) for n in found.notices}
    for day in found.days.filter(date__year=year).exclude(kind="shut").order_by("date"):
        row = (day.date, day.kind, day.name, day.notice, *issued.get(day.notice, ("", "")))
        writer.writerow(row)
    return answer


class Looked(StepView):
    """A page in two parts: what is typed is looked at, with everything that it would do, and then confirmed."""

    template_name = "desk/calendar_step.html"
    confirmed: type[Form] = Form
    look = gettext_lazy("预览")
    example = False

    def find(self) -> Any:
        """Return the newest edition; whoever does not keep the calendar has no business here."""
        if not administrator(None, self.acting):
            raise PermissionDenied
        found = last_edition()
        if found is None:
            raise Http404
        return found

    @property
    def confirms(self) -> bool:
        """Whether what was looked at is confirmed now."""
        return "confirm" in self.request.POST

    def get_form_class(self) -> type[Form]:
        """Return the form of the part."""
        return self.confirmed if self.confirms else self.form_class

    def propose(self, data: dict[str, Any]) -> Any:
        """Return what would be."""
        raise NotImplementedError

    def seen(self, data: dict[str, Any]) -> dict[str, Any]:
        """Return what the template shows of it."""
        made = self.propose(data)
        found = preview(made.edition, made.calendar, self.now())
        return {"proposal": made, "preview": found}

    def taken(self, form: Form) -> HttpResponse:
        """Show what would be, or load it."""
        if self.confirms:
            return super().taken(form)
        shown = self.seen(form.cleaned_data)
        carried = {**form.cleaned_data, "after": self.subject.number}
        again = self.confirmed(initial=carried)
        return self.render_to_response(self.get_context_data(form=again, **shown))

    def refuse(self, form: Form, status: int) -> HttpResponse:
        """Say what is wrong, beside what was looked at where that still stands."""
        shown: dict[str, Any] = {}
        if self.confirms and form.errors.keys() <= {"paper", "__all__"}:
            with suppress(ValidationError, NotNow):
                shown = self.seen(form.cleaned_data)
        return self.render_to_response(self.get_context_data(form=form, **shown), status=status)

    def back_url(self) -> str:
        """Go back to the calendar."""
        return reverse("desk:calendars")

    def reasons(self) -> list[str]:
        """Nothing stands against looking."""
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add which of the two parts it is."""
        second = self.confirms or "proposal" in kwargs
        verb = self.verb if second else self.look
        found = super().get_context_data(**kwargs)
        return {**found, "verb": verb, "second": second, "example": self.example}


class LoadNotice(Looked):
    """载入通知: the State Council's notice as a file."""

    form_class, confirmed = forms.NoticeForm, forms.NoticeConfirmed
    title = gettext_lazy("载入放假安排")
    verb = gettext_lazy("载入这一版日历")
    explain = gettext_lazy("先逐行检查、预览会变动的期限，再载入。有一处错误，就什么也不载入。")
    example = True

    def propose(self, data: dict[str, Any]) -> Any:
        """Check the file whole."""
        return services.propose_notice(
            name=data["name"], content=b64decode(data["content"]), at=self.now()
        )

    def perform(self, data: dict[str, Any]) -> str:
        """Load it."""
        made = services.load_notice(
            name=data["name"], content=b64decode(data["content"]), after=data["after"], by=self.acting,
            at=self.now(),
        )  # fmt: skip
        return _loaded(made)


class Close(Looked):
    """停办: the county's counters are shut on some days."""

    form_class: type[Form] = forms.ClosureForm
    confirmed: type[Form] = forms.ClosureConfirmed
    title = gettext_lazy("登记停办日")
    verb = gettext_lazy("登记停办")
    explain = gettext_lazy(
        "因暴雪、台风等停办的日子不是工作日：不计入期限，最后一天遇停办的顺延。须有县里的决定。"
    )
    kind = EditionKind.CLOSURE

    def propose(self, data: dict[str, Any]) -> Any:
        """Look at the decision."""
        make = services.propose_closure if self.kind == EditionKind.CLOSURE else services.propose_reopening  # fmt: skip
        return make(_decision(data), at=self.now())

    def perform(self, data: dict[str, Any]) -> str:
        """Load it with its paper."""
        made = services.load_decision(
            _decision(data), kind=self.kind, paper=data["paper"], after=data["after"],
            by=self.acting, at=self.now(),
        )  # fmt: skip
        return _loaded(made)


class Reopen(Close):
    """撤销停办: days still to come are worked after all."""

    form_class, confirmed = forms.ReopeningForm, forms.ReopeningConfirmed
    title = gettext_lazy("撤销停办")
    verb = gettext_lazy("撤销停办")
    explain = gettext_lazy("还没有到的停办日恢复办公。已经顺延的期限不缩短，除非效能监督签字。")
    kind = EditionKind.REOPENING


def _decision(data: dict[str, Any]) -> Any:
    named = ("first", "last", "reason", "decided_on", "number")
    return decision_of(**{name: data[name] for name in named})


def _loaded(made: CalendarEdition) -> str:
    said = _("已载入第%(number)d版日历。未结束的期限由系统逐一重新计算，并告知双方。")
    return said % {"number": made.number}


@require_safe
def kept(request: HttpRequest) -> HttpResponse:
    """Show the limits that stand as served though the calendar of now would end them earlier."""
    acting = _acting(request)
    context = {"rows": kept_limits(clock.now()), "may_sign": supervisor(None, acting)}
    return render(request, "desk/calendar_kept.html", context)


class Shorten(StepView):
    """签字提前: the supervisor signs that a limit ends as the calendar of now would end it."""

    template_name = "desk/calendar_shorten.html"
    form_class = forms.ShortenForm
    title = gettext_lazy("签字提前")
    verb = gettext_lazy("签字，期限提前")
    explain = gettext_lazy(
        "已经送达的期限只延长、不缩短；确需提前的，由效能监督签字并写明理由，双方都会收到通知。"
    )
    danger = True

    def find(self) -> Any:
        """Return the limit; only the supervisor signs."""
        if not supervisor(None, self.acting):
            raise PermissionDenied
        found = limit_named(self.kwargs["limit"])
        if found is None:
            raise Http404
        return found

    @property
    def shift(self) -> Any:
        """The limit among those that are kept; None where there is nothing to sign."""
        rows = kept_limits(self.now())
        return next((row for row in rows if row.key == self.kwargs["limit"]), None)

    def reasons(self) -> list[str]:
        """Say that there is nothing to sign."""
        return [] if self.shift else [_("现行日历并不使这个期限提前，没有可以签字的。")]

    def perform(self, data: dict[str, Any]) -> str:
        """Sign."""
        shorten_limit(self.subject, by=self.acting, at=self.now(), reason=data["reason"])
        return _("期限已经提前，双方会收到通知。")

    def back_url(self) -> str:
        """Go back to the limits that stand as served."""
        return reverse("desk:kept_limits")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add from when to when."""
        return super().get_context_data(shift=self.shift, **kwargs)
