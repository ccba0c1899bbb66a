"""安排会次: what is ready, who is where, which time suits everybody; and the days a department cannot come."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from django.views.generic import View

from approvals.views.base import outcome
from core import clock
from core.deadlines.calendar import CalendarGap
from core.deadlines.queries import NoEdition, light
from core.steps.reasons import NotNow
from prereview import policies, services
from prereview.forms.planning import AwayForm, PlanForm
from prereview.models import DayAway, Session
from prereview.queries.planning import (
    Plan,
    Ready,
    days_away,
    label_of,
    plan_for,
    planning,
    ready_filings,
    rooms,
    shown,
)
from prereview.rules.proposal import Proposal, Taken, propose
from prereview.stages import SessionKind
from prereview.views.base import Step, person
from prereview.views.calling import CallView
from prereview.views.clashes import in_words

COLUMNS = 10  # working days side by side


class PlanView(CallView):
    """安排会次: choose the filings, see the calendars and the earliest time, and call."""

    template_name = "prereview/plan.html"
    title = gettext_lazy("安排会次")
    explain = gettext_lazy("选择一起上会（勘察）的申报件，查看各部门日程和最早可行的时间，再召集。")
    form_class: Any = PlanForm

    def ready(self) -> list[Any]:
        """Return the filings that wait, read once for a page."""
        if not hasattr(self, "_ready"):
            self._ready = shown(ready_filings(self.kind, self.acting))
        return [row.filing for row in self._ready]

    def chosen_rows(self) -> list[Ready]:
        """Return the filings that were chosen for one session."""
        source = self.request.POST if self.request.method == "POST" else self.request.GET
        wanted = set(source.getlist("filings"))
        self.ready()
        return [
            row
            for row in self._ready
            if str(row.filing.pk) in wanted or row.filing.public_id == source.get("case")
        ]

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the county's rooms."""
        return {**super().get_form_kwargs(), "rooms": rooms()}

    def get_initial(self) -> dict[str, Any]:
        """Begin with what was chosen, at the time that is proposed."""
        rows = self.chosen_rows()
        found = self.proposal()
        return {
            "filings": [str(row.filing.pk) for row in rows],
            "opens_at": found.starts if found else None,
            "room": found.room if found else "",
            "place": self._first_site(rows),
            "minutes": self.plan().minutes if found else None,
        }

    def _first_site(self, rows: list[Ready]) -> str:
        """Return where a survey meets unless somebody says otherwise: at the first site."""
        if self.kind != SessionKind.SURVEY or not rows:
            return ""
        return f"{rows[0].filing.site}{rows[0].filing.site_detail}"

    def _elsewhere(self) -> dict[str, Any]:
        """Return how many wait for the other kind of session; asked only where nothing waits for this one."""
        kind = SessionKind.MEETING if self.kind == SessionKind.SURVEY else SessionKind.SURVEY
        return {
            "kind": kind,
            "label": kind.label,
            "count": ready_filings(kind, self.acting).count(),
        }

    def plan(self) -> Plan:
        """Return what the session can be planned by; read once."""
        if not hasattr(self, "_plan"):
            self._plan = plan_for(self.kind, self.chosen_rows(), self.now())
        return self._plan

    def proposal(self) -> Proposal | None:
        """Return the earliest time for what was chosen; None where nothing was, or nothing can be reckoned."""
        if not self.chosen_rows():
            return None
        try:
            return propose(self.plan().wish)
        except (CalendarGap, NoEdition) as gap:
            self.gap = str(gap)
            return None

    def perform(self, data: dict[str, Any]) -> str:
        """Call it and go to its page; several sites get a route."""
        several = self.kind == SessionKind.SURVEY and len(self.chosen) > 1
        stops = planning().stops(data["opens_at"], len(self.chosen)) if several else None
        try:
            self.session = services.call_session(
                kind=self.kind, filings=self.chosen, opens_at=data["opens_at"], place=data["place"],
                room=data["room"], minutes=data["minutes"], stops=stops, by=self.acting, at=self.now(),
            )  # fmt: skip
        except (CalendarGap, NoEdition) as gap:
            raise NotNow([str(gap)]) from gap
        papers = [self.session.notice] if self.session.notice else []
        return outcome(
            _("已召集，通知已送达%(count)s个部门。") % {"count": self.session.invitations.count()},
            _("各部门签收并答复；未签收的，由窗口用第二种方式送达。"),
            papers,
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the list of what is ready, the calendars and the proposal."""
        context = super().get_context_data(**kwargs)
        rows, at = self.chosen_rows(), self.now()
        chosen = {row.filing.pk for row in rows}
        found = self.proposal()
        return {
            **context,
            "rows_ready": [
                {
                    "ready": row,
                    "chosen": row.filing.pk in chosen,
                    "light": light(row.limit, at) if row.limit else "grey",
                }
                for row in self._ready
            ],
            "chosen": rows,
            "proposal": found,
            "gap": getattr(self, "gap", ""),
            "grid": grid(self.plan(), context["form"].chosen_at) if found else None,
            "passed": in_words(found.passed, label_of(self.plan())) if found else [],
            "survey": self.kind == SessionKind.SURVEY,
            "none_chosen": "look" in self.request.GET and not rows,
            "elsewhere": {} if self._ready else self._elsewhere(),
        }


def grid(plan: Plan, chosen_at: datetime | None) -> dict[str, Any]:
    """Return the calendars side by side: a row for each department and room, a column for each working day.

    What meets a time that was chosen is marked.
    """
    days = [day.day for day in plan.wish.days if day.spans][:COLUMNS]
    taken = plan.taken
    ends = chosen_at and chosen_at + timedelta(minutes=plan.minutes)
    chosen = Taken(chosen_at, ends) if chosen_at and ends else None
    lines = [
        {
            "label": d.label,
            "cells": [
                _cell(day, taken.busy.get(d.code, ()), taken.away.get(d.code, {}), chosen)
                for day in days
            ],
        }
        for d in plan.departments
    ]
    named = {room.code: room.label for room in rooms()} if plan.wish.rooms is not None else {}
    lines += [
        {"label": named.get(code, code), "cells": [_cell(day, spans, {}, chosen) for day in days]}
        for code, spans in (plan.wish.rooms or {}).items()
    ]
    return {"days": days, "lines": lines}


def _cell(day: Any, taken: Any, away: dict[Any, str], chosen: Taken | None) -> dict[str, Any]:
    here: dict[str, list[Taken]] = {}
    for one in taken:
        if timezone.localdate(one.starts) == day:
            here.setdefault(one.what, []).append(one)
    sessions = [
        {
            "what": what,
            "when": timezone.localtime(spans[0].starts),
            "clash": chosen and any(one.meets(chosen.starts, chosen.ends) for one in spans),
        }
        for what, spans in here.items()
    ]
    clash = chosen and day == timezone.localdate(chosen.starts)
    return {"day": day, "sessions": sessions, "away": away.get(day, ""), "clash": clash}


class AwayView(Step):
    """不便日期: a department says beforehand when it cannot come; the planning shows it, and no more follows."""

    template_name = "prereview/away.html"
    title = gettext_lazy("不便日期")
    verb = gettext_lazy("登记")
    explain = gettext_lazy(
        "登记以后，召集人安排会次时会看到。登记不是请假：已接到通知的，仍须到会或者由负责人请假。"
    )
    policy = staticmethod(policies.department)
    form_class = AwayForm

    def find(self) -> None:
        """There is no thing yet."""

    def perform(self, data: dict[str, Any]) -> str:
        """Enter the day."""
        services.enter_day_away(**data, by=self.acting, at=self.now())
        return outcome(_("已登记。"), _("召集人安排会次时会看到；以后能来的，可以撤销。"))

    def back_url(self) -> str:
        """Stay with the list of days."""
        return reverse("prereview:away")

    def about(self) -> Any:
        """Return the list of sessions."""
        return _("联合勘察与联合预审")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the days that were entered."""
        today = timezone.localdate(self.now())
        return {
            **super().get_context_data(**kwargs),
            "days": days_away(self.acting, today),
            "back_url": reverse("prereview:list"),
        }


class WithdrawAwayView(View):
    """撤销不便日期."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take the day back."""
        by = person(request)
        rows = DayAway.objects.filter(department_id=by.organisation_id).select_related("department")
        services.withdraw_day_away(get_object_or_404(rows, pk=pk), by=by, at=clock.now())
        return redirect("prereview:away")

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Lead to the list: a day is taken back by its button there."""
        by = person(request)
        get_object_or_404(DayAway.objects.filter(department_id=by.organisation_id), pk=pk)
        return redirect("prereview:away")


@require_safe
def route_sheet(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show the route of a survey as a sheet to be printed and taken along."""
    rows = Session.objects.visible_to(person(request)).select_related("convenor__user")
    session = get_object_or_404(rows, public_id=public_id)
    agenda = session.agenda.select_related("filing__enterprise", "filing__site")
    return render(request, "prereview/route_sheet.html", {"session": session, "agenda": agenda})
