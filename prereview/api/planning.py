"""Planning sessions: what is ready and the earliest time, days departments cannot come, dossiers and questions."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.base import File as Stored
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from accounts.stages import Role
from approvals.api.shown import Body
from core import clock
from core.steps.api import Listing, Step, Table, Things, addresses
from core.steps.api.files import Download
from core.steps.reasons import not_yours
from prereview import policies, services
from prereview.api import bodies
from prereview.api.filters import DayAwayFilter, QuestionFilter
from prereview.api.sessions import LABEL, SUMMONS
from prereview.models import DayAway, Question, Session
from prereview.queries.dossier import bundle
from prereview.queries.planning import (
    Plan,
    clashes_at,
    days_away,
    plan_for,
    ready_filings,
    rooms,
    shown,
)
from prereview.rules.proposal import Passed, propose
from prereview.services.calendar_entries import calendar_of
from prereview.stages import SessionKind


class ReadyShown(serializers.Serializer):
    """A filing that waits for its session: since when, until when by its own limit, and whom it concerns."""

    filing = serializers.CharField(source="filing.public_id")
    project_name = serializers.CharField(source="filing.project_name")
    site = serializers.CharField(source="filing.site.name", default=None, allow_null=True)
    since = serializers.DateTimeField()
    due_at = serializers.DateTimeField(source="limit.due_at", default=None, allow_null=True)
    departments = Body(many=True)


class PlanRoomShown(serializers.Serializer):
    """A meeting room of the county's list."""

    code = serializers.CharField()
    name = serializers.CharField()
    seats = serializers.IntegerField()


class PassedShown(serializers.Serializer):
    """Why a time was passed over: the whole day, or from the first start to the last one."""

    day = serializers.DateField()
    why = serializers.CharField()
    who = serializers.CharField(help_text=_("部门代码"))
    what = serializers.CharField()
    starts = serializers.DateTimeField(allow_null=True)
    until = serializers.DateTimeField(allow_null=True)


class TimeProposed(serializers.Serializer):
    """The earliest start that keeps every notice, with its room; none with the reason, and why none is earlier."""

    starts = serializers.DateTimeField(allow_null=True)
    room = serializers.CharField()
    why_none = serializers.CharField()
    passed = PassedShown(many=True)


class PlanShown(serializers.Serializer):
    """What a session can be planned by, a proposal for the filings asked about, and whom a time would meet."""

    ready = ReadyShown(many=True)
    rooms = PlanRoomShown(many=True)
    proposal = TimeProposed(allow_null=True)
    clashes = PassedShown(many=True)


KIND = OpenApiParameter(
    "kind", {"type": "string", "enum": list(SessionKind.values), "default": "meeting"},
    OpenApiParameter.QUERY, description=_("勘察还是预审会"),
)  # fmt: skip
FILINGS = OpenApiParameter(
    "filings", {"type": "string"}, OpenApiParameter.QUERY, description=_("申报件标识，以逗号分开：为它们推算时间")
)  # fmt: skip
OPENS_AT = OpenApiParameter(
    "opens_at", {"type": "string", "format": "date-time"}, OpenApiParameter.QUERY,
    description=_("拟定的时间：列出那时不能到的部门"),
)  # fmt: skip


class PlanTable(Table):
    """安排会次."""

    tag, title, operation = LABEL, _("可以上会的申报件和最早时间"), "session_plan"
    serializer_class = PlanShown
    asks = (KIND, FILINGS, OPENS_AT)
    also = (409, 422)

    def table(self, by: Any) -> Any:
        """Return what is ready, the rooms, and the proposal for what was chosen."""
        if not policies.convenor(None, by):
            raise not_yours(None, by)
        asked = self.request.query_params
        kind = asked.get("kind", SessionKind.MEETING.value)
        if kind not in SessionKind.values:
            raise ValidationError({"kind": gettext("请选择勘察或者预审会。")})
        ready = shown(ready_filings(kind, by))
        wanted = [name for name in asked.get("filings", "").split(",") if name]
        known = {row.filing.public_id: row for row in ready}
        if strange := [name for name in wanted if name not in known]:
            said = {"ids": "、".join(strange)}
            raise ValidationError({"filings": gettext("没有找到申报件：%(ids)s。") % said})
        chosen = [known[name] for name in wanted]
        plan = plan_for(kind, chosen, clock.now()) if chosen else None
        return {
            "ready": ready,
            "rooms": rooms(),
            "proposal": propose(plan.wish) if plan else None,
            "clashes": self._clashes(plan, asked.get("opens_at", "")) if plan else [],
        }

    def _clashes(self, plan: Plan, said: str) -> list[Passed]:
        """Return whom a time would meet elsewhere; nothing where none was asked about."""
        opens_at = serializers.DateTimeField().to_internal_value(said) if said else None
        return clashes_at(plan.departments, opens_at, plan.minutes) if opens_at else []


class DayAwayShown(serializers.ModelSerializer):
    """A day on which a department cannot come."""

    department = Body()

    class Meta:
        model = DayAway
        fields = ("id", "department", "day", "reason", "entered_at")


class AskedShown(serializers.ModelSerializer):
    """A question before a session, and its answer."""

    session = serializers.CharField(source="invitation.session.public_id")
    summons = serializers.IntegerField(source="invitation_id")
    department = Body(source="invitation.department")

    class Meta:
        model = Question
        fields = (
            "id", "session", "summons", "department", "text", "asked_at", "answer", "answered_at", "to_all",
        )  # fmt: skip


def _away(by: Any) -> Any:
    if by.role == Role.ENTERPRISE:
        return DayAway.objects.none()
    return days_away(by, timezone.localdate(clock.now()))


def _questions(by: Any) -> Any:
    found = Question.objects.filter(invitation__session__in=Session.objects.visible_to(by))
    if by.role in (Role.CLERK, Role.HEAD):
        found = found.filter(invitation__department_id=by.organisation_id)
    return found.select_related("invitation__session__book", "invitation__department")


AWAY = Things("days-away", "day_away", LABEL, DayAway, _away, DayAwayShown)
QUESTIONS = Things("session-questions", "session_question", LABEL, Question, _questions, AskedShown)


class DaysAway(Listing):
    """不便日期."""

    things = AWAY
    title = _("不便日期清单")
    filterset_class = DayAwayFilter
    step = Step(
        "enter", services.enter_day_away, policies.department, _("登记不便日期"), bodies.Away, opens=True,
    )  # fmt: skip


class Questions(Listing):
    """会前提问."""

    things = QUESTIONS
    title = _("会前提问清单")
    filterset_class = QuestionFilter


class Dossier(Download):
    """卷宗: what a department was given with its summons, as one file."""

    things = SUMMONS
    title, operation = _("下载卷宗"), "summons_dossier"
    types = ("application/zip",)

    def kept(self, thing: Any) -> tuple[Any, str, str]:
        """Return the file."""
        whole = Stored(bundle(thing))
        return whole, f"{thing.session.number}.zip", "application/zip"


class Calendar(Download):
    """日历: the invitation as calendar programs take it."""

    things = SUMMONS
    title, operation = _("日历邀请"), "summons_calendar"
    types = ("text/calendar",)

    def kept(self, thing: Any) -> tuple[Any, str, str]:
        """Return the file."""
        text = calendar_of(thing, clock.now())
        return ContentFile(text.encode()), f"{thing.session.public_id}.ics", "text/calendar"


ADDRESSES = [
    path("sessions/plan/", PlanTable.as_view(), name="session_plan"),
    path("days-away/", DaysAway.as_view(), name="day_away_list"),
    path("session-questions/", Questions.as_view(), name="session_question_list"),
    path("summons/<int:pk>/dossier/", Dossier.as_view(), name="summons_dossier"),
    path("summons/<int:pk>/calendar/", Calendar.as_view(), name="summons_calendar"),
    *addresses(
        AWAY,
        Step(
            "withdraw", services.withdraw_day_away, policies.own_department, _("撤销不便日期"),
            shown=DayAwayShown,
        ),
    ),
    *addresses(
        SUMMONS,
        Step(
            "ask", services.ask_question, policies.own_department, _("会前提问"), bodies.QuestionBody,
            shown=AskedShown,
        ),
    ),
    *addresses(
        QUESTIONS,
        Step(
            "answer", services.answer_question, policies.convenor, _("答复会前提问"), bodies.AnswerBody,
        ),
    ),
]  # fmt: skip
