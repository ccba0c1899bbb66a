"""The conclusion of a pre-review, with the reasons why it cannot be drawn yet."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from approvals.models import Filing
from approvals.views.base import case_url, outcome
from approvals.views.deadlines import silences
from core.steps.reasons import NotNow
from prereview import policies, rules, services
from prereview.forms import ConcludeForm
from prereview.models import AgendaItem
from prereview.queries import slots_of
from prereview.stages import DEEMED, Conclusion, Position, SessionKind, SlotState
from prereview.views.base import AgendaStep, matrix_url, person
from prereview.views.words import cards

MOST_OFFERED, LONGEST_LINE = 3000, 300  # characters, of the field and of one line

AFTERWARDS = {
    Conclusion.PASS: gettext_lazy("由企业签署承诺书；承诺书文本已出具。"),
    Conclusion.CHANGES: gettext_lazy(
        "由企业签署承诺书，并在期限内完成修改；修改未核对完成的，不能开工。"
    ),
    Conclusion.AGAIN: gettext_lazy("由召集人再次召集联合预审会。"),
    Conclusion.FAIL: gettext_lazy("本次申报终结，企业可以重新申报。"),
}


class ConcludeView(AgendaStep):
    """作出结论."""

    template_name = "prereview/conclude.html"
    title = gettext_lazy("作出预审结论")
    form_class = ConcludeForm
    conditions = (policies.is_a_meeting, policies.item_is_closed, policies.not_concluded)

    @property
    def verb(self) -> Any:  # type: ignore[override]
        """Say what the button does: alone, or as the first of two persons."""
        if self.subject.session.recorder_id is not None:
            return _("提出纪要稿，当场宣读")
        return _("作出结论，印发纪要")

    def find(self) -> AgendaItem:
        """Return the item with its opinions."""
        item = super().find()
        self.shown = cards(list(slots_of(item.filing).filter(agenda=item)), self.now())
        return item

    def reasons(self) -> list[str]:
        """Name every opinion that is still without a result, and say when the filing is suspended."""
        held = policies.filing_not_suspended
        suspended = [] if held(self.subject.filing) else [str(held.reason)]  # type: ignore[attr-defined]
        open_ones = [row for row in self.shown if row["slot"].state != SlotState.SETTLED]
        named = [
            _("%(department)s“%(what)s”：%(label)s。%(silence)s")
            % {**row, "silence": row["limit"]["silence"]}
            for row in open_ones
        ]
        return super().reasons() + suspended + named + self.split()

    def split(self) -> list[str]:
        """Name what departments contradict each other on and nobody has settled."""
        items = self.subject.filing.items.filter(pk__in=self.subject.unsettled_conflicts())
        return [
            _("“%(what)s”：部门之间的分歧还没有处理。") % {"what": one.label}
            for one in items.select_related("item")
        ]

    def get_initial(self) -> dict[str, Any]:
        """Offer the conditions of the opinions as changes, each with the code of its item; what is none is struck."""
        given = [
            row
            for row in self.shown
            if row["opinion"]
            and row["opinion"].position == Position.CONDITIONS
            and row["slot"].item
        ]
        lines, left = [], MOST_OFFERED
        for row in given:
            for condition in row["opinion"].conditions:
                line = f"{row['slot'].item.code}：{' '.join(condition.split())}"
                if len(line) <= min(left, LONGEST_LINE):
                    lines.append(line)
                    left -= len(line)
        return {"changes": "\n".join(lines)}

    def perform(self, data: dict[str, Any]) -> str:
        """Conclude; the minutes are issued with it."""
        if self.subject.session.is_survey:
            raise NotNow([str(policies.is_a_meeting.reason)])  # type: ignore[attr-defined]
        decision = services.Decision(**data)
        if self.subject.session.recorder_id is not None:
            services.propose_minutes(self.subject, decision=decision, by=self.acting, at=self.now())
            return outcome(_("纪要稿已提出，尚未生效。"), _("当场宣读，由记录人确认后生效。"))
        done = services.conclude(self.subject, decision=decision, by=self.acting, at=self.now())
        said = _("预审结论：%(what)s。") % {"what": done.conclusion_label}
        return outcome(said, AFTERWARDS[Conclusion(done.conclusion)], [done.minutes])

    def get_success_url(self) -> str:
        """Go to the case, where the next step is; where minutes are to be read first, to them."""
        if self.subject.session.recorder_id is not None:
            return reverse("prereview:reading", args=[self.subject.pk])
        return case_url(self.subject.filing)

    def about(self) -> Any:
        """Return the matrix of the filing."""
        return self.subject.filing

    def back_url(self) -> str:
        """Go back to the matrix."""
        return matrix_url(self.subject.filing)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the disagreements with their reasons, the conditions, and what was drawn from silence."""
        given = [row for row in self.shown if row["opinion"]]
        return {
            **super().get_context_data(**kwargs),
            "against": [row for row in given if row["opinion"].position == Position.DISAGREE],
            "conditional": [row for row in given if row["opinion"].position == Position.CONDITIONS],
            "silent": [
                row for row in given if row["opinion"].position in (*DEEMED, Position.NO_OPINION)
            ],
            "split": policies.convenor(None, self.acting) and self.split(),
            "settled": len(given),
            "asked": len(self.shown),
            "silence": silences(self.subject.filing, rules.MINUTES.code),
        }


class ConcludeCase(View):
    """From a case to the conclusion of its latest meeting."""

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Go there."""
        by = person(request)
        filing = get_object_or_404(Filing.objects.visible_to(by), public_id=public_id)
        if not policies.convenor(filing, by):
            raise PermissionDenied
        item = filing.agenda_items.filter(session__kind=SessionKind.MEETING).order_by("-pk").first()
        if item is None:
            raise Http404
        return redirect("prereview:conclude", pk=item.pk)
