"""Sessions: calling them, the roll of departments, the agenda and its conclusions."""

from typing import Any

from django.db.models import Prefetch
from django.urls import path
from django.utils.translation import gettext_lazy as _

from accounts.stages import Role
from approvals.api.bodies import Reason
from approvals.api.filings import FILINGS
from core.documents.sheets import Sheet
from core.steps.api import Export, Listing, One, Step, Things, addresses
from prereview import policies, services
from prereview.api import bodies, shown
from prereview.api.filters import SessionFilter, SummonsFilter
from prereview.models import AgendaItem, Invitation, Session
from prereview.queries import sessions_of, tries
from prereview.queries.sheets import sheet_of_sessions

convenor, department = policies.convenor, policies.own_department
LABEL = _("勘察与会议")


def _sessions(by: Any) -> Any:
    return Session.objects.visible_to(by).select_related(
        "convenor__user", "recorder__user", "moves", "moved_to", "notice"
    )


def _agenda(by: Any) -> Any:
    return AgendaItem.objects.filter(session__in=Session.objects.visible_to(by)).select_related(
        "session__book", "session__recorder", "filing", "minutes"
    )


def summons(by: Any) -> Any:
    """Return the summons a person may see: a department its own, the county's staff all."""
    found = Invitation.objects.filter(session__in=Session.objects.visible_to(by))
    if by.role in (Role.CLERK, Role.HEAD):
        found = found.filter(department_id=by.organisation_id)
    return found.select_related(
        "session", "department", "proof", "authority_file", "excuse_file", "calendar"
    ).prefetch_related(tries())


SESSIONS = Things(
    "sessions", "session", LABEL, Session, _sessions, shown.SessionShown, key="public_id"
)
AGENDA = Things("agenda", "agenda_item", LABEL, AgendaItem, _agenda, shown.AgendaShown)
SUMMONS = Things("summons", "summons", LABEL, Invitation, summons, shown.SummonsShown)

CALL = Step(
    "call", services.call_session, convenor, _("召集联合勘察或者联合预审会"), bodies.Call,
    take=bodies.chosen, opens=True,
)  # fmt: skip
SESSION_STEPS = (
    Step("close", services.close_session, convenor, _("宣布结束")),
    Step("cancel", services.cancel_session, convenor, _("取消会次"), Reason),
    Step("move", services.move_session, convenor, _("改期"), bodies.Move, shown=shown.SessionShown),
    Step(
        "add-department",
        services.add_department,
        convenor,
        _("增加部门"),
        bodies.AddDepartment,
        take=bodies.added,
        shown=shown.SummonsShown,
    ),
    Step(
        "route", services.plan_route, convenor, _("安排勘察路线"), bodies.Route, take=bodies.routed
    ),
)
AGENDA_STEPS = (
    Step("open", services.open_item, convenor, _("开始审议")),
    Step("close", services.close_item, convenor, _("结束本议程")),
    Step("conclude", services.conclude, convenor, _("作出结论"), bodies.Conclude, take=bodies.decided),
)  # fmt: skip
SUMMONS_STEPS = (
    Step("acknowledge", services.acknowledge, department, _("签收通知")),
    Step("coming", services.answer_coming, department, _("答复到会"), bodies.Representative),
    Step("excuse", services.lodge_excuse, policies.head_of_department, _("请假"), bodies.Excuse),
    Step("decide-excuse", services.decide_excuse, convenor, _("决定请假"), bodies.DecideExcuse),
    Step("serve", services.serve_by_second_channel, policies.window, _("第二种方式送达"), bodies.SecondChannel),
    Step("check-in", services.check_in, policies.convenor_or_department, _("签到"), bodies.CheckIn),
    Step("leave", services.leave, policies.convenor_or_department, _("提前离开")),
    Step("put-back", services.put_back, policies.keeps_the_room, _("更正误登记的离开"), Reason),
)  # fmt: skip
FILING_STEPS = (Step("skip-survey", services.skip_survey, convenor, _("确认无须勘察"), Reason),)


class Sessions(Listing):
    """联合会次."""

    things = SESSIONS
    step = CALL
    title = _("会次清单")
    filterset_class = SessionFilter

    def rows(self, seen: Any) -> Any:
        """Add the agenda."""
        agenda = AgendaItem.objects.select_related("filing", "minutes", "session")
        return seen.prefetch_related(Prefetch("agenda", agenda))


class SessionExport(Export):
    """会次 as a file."""

    things = SESSIONS
    title = _("导出会次清单")
    filterset_class = SessionFilter

    def rows(self, seen: Any) -> Any:
        """Return the sessions with what the table shows of them."""
        assert self.by is not None  # nobody gets here without an office
        return sessions_of(self.by)

    def sheet(self, rows: Any) -> Sheet:
        """Return the table of the page."""
        return sheet_of_sessions(rows)


class OneSession(One):
    """One session in full."""

    things = SESSIONS
    title = _("一个会次")
    serializer_class = shown.SessionFull


class Summons(Listing):
    """会次通知."""

    things = SUMMONS
    title = _("通知清单")
    filterset_class = SummonsFilter


ADDRESSES = [
    path("sessions/", Sessions.as_view(), name="session_list"),
    path("sessions/export/", SessionExport.as_view(), name="session_export"),
    path("sessions/<slug:public_id>/", OneSession.as_view(), name="session_read"),
    path("summons/", Summons.as_view(), name="summons_list"),
    *addresses(SESSIONS, *SESSION_STEPS),
    *addresses(AGENDA, *AGENDA_STEPS),
    *addresses(SUMMONS, *SUMMONS_STEPS),
    *addresses(FILINGS, *FILING_STEPS),
]
