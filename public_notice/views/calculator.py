"""什么时候到期: anyone counts a period by the calendar that the county's own limits are counted by."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core import clock
from core.deadlines.calendar import reckon
from core.deadlines.queries import NoEdition, calendar_of, counter_hours, edition_at
from public_notice.forms import DueForm
from public_notice.views.public import public_page


@public_page
def calculator(request: HttpRequest) -> HttpResponse:
    """Show the form, and below it the day and how it was counted."""
    at = clock.now()
    try:
        edition = edition_at(at)
    except NoEdition:
        return render(request, "public_notice/calculator.html", {"missing": True})
    calendar = calendar_of(edition)
    asked = request.GET if request.GET.keys() & DueForm.base_fields.keys() else None
    form = DueForm(asked, first=calendar.first, last=calendar.last)
    context: dict[str, Any] = {"form": form, "edition": edition, "last": calendar.last}
    status = 200
    if form.is_bound:
        if form.is_valid():
            found = context["found"] = reckon(calendar, **form.cleaned_data)
            if found.due:
                context["closes"] = counter_hours(at).closes(found.due)
        else:
            status = 422
    return render(request, "public_notice/calculator.html", context, status=status)
