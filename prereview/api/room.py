"""The meeting room for programs: what it shows, the code on its wall, minutes by two persons, things to be done."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import path
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.response import Response

from accounts.models import Membership, Organisation
from accounts.stages import Role
from approvals.api.bodies import Reason
from core import clock
from core.steps.api import Listing, One, Step, Things, addresses
from core.steps.api.named import Key
from core.steps.reasons import NotNow, require
from prereview import policies, services
from prereview.api import bodies, shown
from prereview.api.filters import ActionFilter
from prereview.api.opinions import SLOTS
from prereview.api.room_shown import (
    ActionShown,
    MinutesDraftShown,
    RoomShown,
    SettlementShown,
)
from prereview.api.sessions import AGENDA, SESSIONS, SUMMONS
from prereview.models import ActionPoint, AgendaItem, Session
from prereview.policies.session import NO_RECORDER
from prereview.queries.board import room_of
from prereview.queries.room import books_of, current, pulse, recorders
from prereview.rules.room import until_of
from prereview.services.countersigning import waiting_for_the_head
from prereview.services.facts import takes_opinion
from prereview.stages import SlotState

LABEL = gettext_lazy("会议室")


class OpenBody(serializers.Serializer):
    """Who keeps the record beside the convenor, by name of account; without one the convenor answers alone."""

    recorder = serializers.CharField(max_length=150, required=False, allow_blank=True, default="")


def opening(session: Session, data: dict[str, Any], by: Membership) -> dict[str, Any]:
    """Find the recorder among those who may keep the record."""
    name = data["recorder"]
    if not name:
        return {}
    if session.is_survey:
        raise ValidationError({"recorder": NO_RECORDER})
    found = recorders(session, clock.now(), by).filter(user__username=name).first()
    if found is None:
        raise ValidationError(
            {"recorder": _("记录人须是审批服务部门的在任人员，且不是召集人或者宣布开始的人本人。")}
        )
    return {"recorder": found}


class RecorderBody(serializers.Serializer):
    """Who keeps the record instead, by name of account, and why."""

    recorder = serializers.CharField(max_length=150)
    reason = serializers.CharField(max_length=300)


def replacing(session: Session, data: dict[str, Any], by: Membership) -> dict[str, Any]:
    """Find who keeps the record instead, once there is somebody to replace."""
    require(session, policies.recorder_can_be_replaced)
    return {**opening(session, data, by), "reason": data["reason"]}


class CodeBody(serializers.Serializer):
    """The code on the wall, and who comes."""

    code = serializers.CharField(max_length=20)
    representative = serializers.CharField(
        max_length=60, required=False, allow_blank=True, default=""
    )


class ListedBody(serializers.Serializer):
    """The opinions, by id, that a department agrees to in one move."""

    opinions = serializers.ListField(child=Key(), min_length=1, max_length=bodies.MANY)


class SettleBody(serializers.Serializer):
    """How a contradiction on an item, by its code, is settled."""

    item = serializers.CharField(max_length=20)
    reasons = serializers.CharField(max_length=2000)


class ActionBody(serializers.Serializer):
    """Who, by the code of a department or a credit code, does what until when."""

    text = serializers.CharField(max_length=300)
    owner = serializers.CharField(max_length=40)
    due_on = serializers.DateField()


def charged(agenda: AgendaItem, data: dict[str, Any], _by: Membership) -> dict[str, Any]:
    """Find whose it is."""
    name = data["owner"]
    named = Organisation.objects.filter(code=name).first()
    found = named or Organisation.objects.filter(uscc=name).first()
    if found is None:
        raise ValidationError({"owner": _("责任单位须是到会部门、召集单位或者申报企业。")})
    return {**data, "owner": found}


class NoteBody(serializers.Serializer):
    """What was done."""

    note = serializers.CharField(max_length=300)


class OneRoom(One):
    """The room of a session."""

    things = SESSIONS
    title = gettext_lazy("会议室现在的样子")
    explain = gettext_lazy("带上一次的 ETag（If-None-Match）再问，没有变化的回答304。")
    operation = "session_room"
    serializer_class = RoomShown

    def get(self, request: Any, **named: Any) -> Response:
        """Return the room, or 304 where it is as the program has seen it."""
        session = self.things.find(self.by, **named)
        at = clock.now()
        agenda = list(session.agenda.select_related("filing").order_by("order"))
        books, item = books_of(session, agenda), current(agenda)
        # What is answered is for this person and in this language: no cache hands it to anybody else.
        state = f"{pulse(books)}-{until_of(at)}-{item.pk if item else 0}"
        tag = f'"{state}-{self.by and self.by.pk}-{get_language()}"'
        headers = {"ETag": tag, "Cache-Control": "private, no-store"}
        if request.headers.get("If-None-Match") == tag:
            return Response(status=304, headers=headers)
        context = {**self.get_serializer_context(), "at": at}
        return Response(RoomShown(room_of(session, at), context=context).data, headers=headers)


def _summoned(_session: Session, by: Membership) -> bool:
    return by.role in (Role.CLERK, Role.HEAD)


def listed(session: Session, data: dict[str, Any], by: Membership) -> dict[str, Any]:
    """Find the department's own opinions of the list that can still be agreed to; say why where there is none."""
    own = SLOTS.seen(by).filter(
        agenda__session=session, department_id=by.organisation_id, pk__in=data["opinions"]
    )
    at = clock.now()
    open_ones = [
        slot
        for slot in own.exclude(state=SlotState.SETTLED)
        if not slot.not_ours_reason and takes_opinion(slot, at)
    ]
    waits = waiting_for_the_head(open_ones)
    if open_ones and len(waits) == len(open_ones):
        raise NotNow([_("没有可以同意的事项：都已提交负责人会签，还没有提出；期限照常计算。")])
    if not open_ones:
        raise NotNow([_("没有可以同意的事项：都已有结果，或者期限已过，只能提出迟到意见。")])
    return {"agenda_slots": [slot for slot in open_ones if slot.pk not in waits]}


def agree_to_listed(session: Session, *, agenda_slots: Any, by: Membership, at: Any) -> int:
    """Agree to what is listed, of one session."""
    if any(slot.agenda.session_id != session.pk for slot in agenda_slots):
        raise PermissionDenied
    return services.agree_to_all(agenda_slots, by=by, at=at)


def _actions(by: Any) -> Any:
    found = ActionPoint.objects.visible_to(by).distinct()
    return found.select_related("agenda__session__recorder", "agenda__filing", "owner")


def _keeps_its_room(action: ActionPoint, by: Membership) -> bool:
    return policies.keeps_the_room(action.agenda, by)


ACTIONS = Things("actions", "action", LABEL, ActionPoint, _actions, ActionShown)
OPEN = Step(
    "open",
    services.open_session,
    policies.convenor,
    gettext_lazy("宣布开始"),
    OpenBody,
    take=opening,
)
SESSION_STEPS = (
    OPEN,
    Step("enter", services.enter_by_code, _summoned, gettext_lazy("凭动态码签到"), CodeBody, shown=shown.SummonsShown),
    Step("agree", agree_to_listed, _summoned, gettext_lazy("同意所列本单位事项"), ListedBody, take=listed),
    Step(
        "replace-recorder", services.replace_recorder, policies.convenor, gettext_lazy("更换记录人"), RecorderBody,
        take=replacing,
    ),
    Step("confirm-roll", services.confirm_roll, policies.recorder, gettext_lazy("确认到会名单")),
)  # fmt: skip
AGENDA_STEPS = (
    Step(
        "propose", services.propose_minutes, policies.convenor, gettext_lazy("提出纪要稿"), bodies.Conclude,
        take=bodies.decided, shown=MinutesDraftShown,
    ),
    Step("confirm", services.confirm_minutes, policies.recorder, gettext_lazy("确认纪要")),
    Step(
        "return", services.return_minutes, policies.keeps_the_room, gettext_lazy("退回或者收回纪要稿"), Reason,
        shown=MinutesDraftShown,
    ),
    Step(
        "settle-conflict", services.settle_conflict, policies.convenor, gettext_lazy("处理部门之间的分歧"), SettleBody,
        shown=SettlementShown,
    ),
    Step(
        "add-action", services.add_action, policies.keeps_the_room, gettext_lazy("列入行动清单"), ActionBody,
        take=charged, shown=ActionShown,
    ),
)  # fmt: skip
SUMMONS_STEPS = (
    Step(
        "admit-online",
        services.admit_online,
        policies.convenor,
        gettext_lazy("同意线上参加"),
        Reason,
    ),
)
ACTION_STEPS = (
    Step("finish", services.finish_action, policies.owes_the_action, gettext_lazy("办结行动事项"), NoteBody),
    Step("drop", services.drop_action, _keeps_its_room, gettext_lazy("从行动清单删去"), Reason),
)  # fmt: skip


class Actions(Listing):
    """行动清单."""

    things = ACTIONS
    title = gettext_lazy("行动清单")
    filterset_class = ActionFilter


ADDRESSES = [
    path("sessions/<slug:public_id>/room/", OneRoom.as_view(), name="session_room"),
    path("actions/", Actions.as_view(), name="action_list"),
    *addresses(SESSIONS, *SESSION_STEPS),
    *addresses(AGENDA, *AGENDA_STEPS),
    *addresses(SUMMONS, *SUMMONS_STEPS),
    *addresses(ACTIONS, *ACTION_STEPS),
]
