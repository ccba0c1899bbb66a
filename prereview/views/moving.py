"""What the convenor changes about a called session: its date, its departments, its route."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organisation
from accounts.stages import Kind
from approvals.models import ChecklistItem
from approvals.stages import OpinionDefault
from approvals.views.base import outcome
from core.deadlines.calendar import CalendarGap
from core.deadlines.queries import NoEdition
from core.steps.reasons import NotNow
from prereview import policies, services
from prereview.forms.planning import AddDepartmentForm, MoveForm, RouteForm
from prereview.models import Session
from prereview.queries.bearing import short_notice
from prereview.queries.planning import rooms
from prereview.views.base import SessionStep, session_url
from prereview.views.calling import earliest
from prereview.views.clashes import BesideCalendars


class MoveView(BesideCalendars, SessionStep):
    """改期."""

    template_name = "prereview/move.html"
    title = gettext_lazy("改期")
    verb = gettext_lazy("改期并重新送达通知")
    explain = gettext_lazy(
        "改期就是重新通知：每个部门重新送达、重新签收、重新答复，原来的通知和凭证留存备查，原定日期不产生缺席。"
    )
    form_class = MoveForm
    conditions = (policies.session_is_called, policies.is_no_second_visit)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the county's rooms."""
        return {**super().get_form_kwargs(), "rooms": rooms()}

    @property
    def kind(self) -> str:  # type: ignore[override]
        """A survey stays one."""
        return str(self.subject.kind)

    @property
    def moved(self) -> Session:  # type: ignore[override]
        """It is in nobody's way itself."""
        return self.subject  # type: ignore[no-any-return]

    def concerned(self) -> list[Organisation]:
        """Return who is summoned."""
        summoned = self.subject.invitations.values("department")
        return list(Organisation.objects.filter(pk__in=summoned).order_by("code"))

    def so_many(self) -> int:
        """Return how many filings are on the agenda."""
        return int(self.subject.agenda.count())

    def get_initial(self) -> dict[str, Any]:
        """Begin with how it was."""
        was = self.subject
        return {
            "opens_at": was.opens_at, "room": was.room, "place": "" if was.room else was.place,
            "minutes": was.minutes or None,
        }  # fmt: skip

    def perform(self, data: dict[str, Any]) -> str:
        """Move it and go to the new one."""
        try:
            self.new = services.move_session(self.subject, by=self.acting, at=self.now(), **data)
        except (CalendarGap, NoEdition) as gap:
            raise NotNow([str(gap)]) from gap
        return outcome(
            _("已改期，%(count)s个部门已重新通知。") % {"count": self.new.invitations.count()},
            _("各部门须重新签收并答复；对原通知的答复、请假不再有效。"),
            [self.new.notice] if self.new.notice else [],
        )

    def get_success_url(self) -> str:
        """Go to the session on the new date."""
        return session_url(self.new)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add how the earliest day is counted."""
        return {**super().get_context_data(**kwargs), **earliest(self.subject.kind, self.now())}


class AddDepartmentView(SessionStep):
    """增加部门."""

    title = gettext_lazy("增加部门")
    verb = gettext_lazy("增加并送达通知")
    form_class = AddDepartmentForm
    conditions = (policies.session_is_called, policies.takes_departments)

    @property
    def explain(self) -> str:  # type: ignore[override]
        """Say whether the notice can still be kept."""
        try:
            short = short_notice(self.subject, self.now())
        except NoEdition:
            short = True
        if short:
            return _(
                "通知时间已不足规定的提前天数：该部门可以到会发表意见，不到会不产生缺席的后果。"
            )
        return _("该部门单独送达通知，提前天数从送达时起算。")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the departments that are not summoned, and what they can be asked about."""
        summoned = self.subject.invitations.values("department")
        left = Organisation.objects.filter(kind=Kind.DEPARTMENT).exclude(pk__in=summoned)
        return {
            **super().get_form_kwargs(), "departments": left.order_by("code"), "choices": self._asked(),
        }  # fmt: skip

    def _asked(self) -> dict[str, Any]:
        if self.subject.is_survey:
            return {str(a.pk): a for a in self.subject.agenda.select_related("filing")}
        items = ChecklistItem.objects.filter(filing__agenda_items__session=self.subject)
        items = items.exclude(applies=False).exclude(opinion_default=OpinionDefault.NONE)
        found = items.select_related("filing", "item").order_by("filing", "pk")
        return {str(item.pk): item for item in found}

    def perform(self, data: dict[str, Any]) -> str:
        """Add it."""
        asked = {"agenda" if self.subject.is_survey else "items": data.pop("asked")}
        summons = services.add_department(
            self.subject, **data, **asked, by=self.acting, at=self.now()
        )
        return outcome(
            _("已增加%(department)s，通知已送达。") % {"department": summons.department.label},
            _("由该部门签收并答复。"),
            [summons.notice] if summons.notice else [],
        )


class RouteView(SessionStep):
    """安排路线."""

    title = gettext_lazy("安排路线")
    verb = gettext_lazy("保存路线并告知各部门")
    explain = gettext_lazy(
        "按到点的时间先后排列。勘察当天不能把一个点提前：按通知时间到场的部门会因此缺席。"
    )
    form_class = RouteForm
    conditions = (policies.session_is_called,)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Ask for the time of each stop."""
        agenda = self.subject.agenda.select_related("filing").order_by("order")
        return {**super().get_form_kwargs(), "agenda": agenda}

    def form_valid(self, form: Any) -> Any:
        """Keep the stops in the order of their times."""
        self.stops = form.stops()
        return super().form_valid(form)

    def perform(self, data: dict[str, Any]) -> str:
        """Plan the route."""
        services.plan_route(
            self.subject, order=[item for item, _when in self.stops], times=[when for _item, when in self.stops],
            by=self.acting, at=self.now(),
        )  # fmt: skip
        return outcome(_("路线已安排。"), _("各部门已收到告知；路线可以在会次页面打印。"))
