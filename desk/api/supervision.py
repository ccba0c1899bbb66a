"""效能监督: what is late, held, escalated and defaulted, and the same by department."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request

from accounts.policies import administrator, convenor, supervisor
from approvals.api.shown import Body
from core import clock
from core.documents.sheets import handed_out
from core.steps.api import Export, Table
from core.steps.api.exporting import FORM
from core.steps.watching import watch_of
from desk.queries import supervision as queries
from desk.queries.delays import Wanted, delays, fits
from desk.queries.sheets import LATE, LISTS, supervised
from prereview.api.shown import DefaultShown
from prereview.models import Slot
from prereview.stages import SlotState

LABEL = _("效能监督")


def _asked(name: str, said: Any, **more: Any) -> OpenApiParameter:
    kind = {"type": "string", **more}
    return OpenApiParameter(name, kind, OpenApiParameter.QUERY, description=said)


LIST = _asked("list", _("哪一份清单。"), enum=list(LISTS), default=LATE)
NARROWED = (
    _asked("department", _("部门代码")),
    _asked("rule", _("规则编号")),
    _asked("rung", _("升级层级")),
)


def watches(by: Any) -> bool:
    """Whether somebody supervises."""
    return any(may(None, by) for may in (supervisor, convenor, administrator))


class Late(serializers.Serializer):
    """A limit that has passed and is still open."""

    filing = serializers.CharField(source="filing.public_id")
    project_name = serializers.CharField(source="filing.project_name")
    item = serializers.CharField(source="item.code", default=None, allow_null=True)
    label = serializers.CharField()
    who = serializers.CharField()
    due_at = serializers.DateTimeField()
    left = serializers.CharField(source="days_left_text")
    rule = serializers.CharField()
    departments = Body(many=True)
    working_days_used = serializers.IntegerField(source="used", allow_null=True)
    working_days_late = serializers.IntegerField(source="days_late", allow_null=True)
    rung = serializers.CharField(allow_blank=True)


class SlotWaiting(serializers.ModelSerializer):
    """An opinion somebody has to look at."""

    filing = serializers.CharField(source="filing.public_id")
    project_name = serializers.CharField(source="filing.project_name")
    department = Body()
    item = serializers.CharField(source="item.code", default=None, allow_null=True)

    class Meta:
        model = Slot
        fields = (
            "id", "filing", "project_name", "department", "item", "kind", "round", "state", "held_because",
            "due_at",
        )  # fmt: skip


class ByDepartment(serializers.Serializer):
    """What was asked of a department and what came of it; deemed is counted apart from given."""

    department = Body()
    asked = serializers.IntegerField(source="department.asked")
    given = serializers.IntegerField(source="department.given")
    deemed_by_timeout = serializers.IntegerField(source="department.timeout")
    deemed_by_absence = serializers.IntegerField(source="department.absence")
    no_opinion = serializers.IntegerField(source="department.silent")
    waiting = serializers.IntegerField(source="department.waiting")
    make_up_overdue = serializers.IntegerField(source="make_up")
    defaults_withdrawn = serializers.IntegerField(source="withdrawn")
    average_working_days = serializers.FloatField(source="average", allow_null=True)
    late = serializers.IntegerField()
    working_days_late = serializers.IntegerField(source="days_late")


class Figures(serializers.Serializer):
    """The county's work in numbers."""

    accepted = serializers.IntegerField()
    started = serializers.IntegerField()
    suspended = serializers.IntegerField()
    accepted_by_silence = serializers.IntegerField(source="by_silence")
    ledger_entries = serializers.IntegerField(source="entries")


class SupervisionShown(serializers.Serializer):
    """The supervisor's lists."""

    figures = Figures()
    late = Late(many=True)
    held = SlotWaiting(many=True)
    escalated = SlotWaiting(many=True)
    candidates = SlotWaiting(many=True)
    defaults = DefaultShown(many=True)
    departments = ByDepartment(many=True)


class Supervision(Table):
    """效能监督."""

    tag, title, operation = LABEL, _("逾期、暂停、督办和默认"), "supervision"
    serializer_class = SupervisionShown
    explain = _(
        "可以用查询参数 department（部门代码）、rule（规则编号）、rung（升级层级）缩小范围；用时和逾期均为净工作日。"
    )

    def table(self, by: Any) -> Any:
        """Return the lists to those who supervise."""
        if not watches(by):
            raise PermissionDenied
        now, wanted = clock.now(), Wanted.of(self.request.query_params)
        late, of = delays(now), wanted.department
        return {
            "figures": queries.figures(),
            "late": [row for row in late if fits(row, wanted)],
            "held": queries.slots_in(SlotState.HELD, of),
            "escalated": queries.slots_in(SlotState.ESCALATED, of),
            "candidates": queries.slots_in(SlotState.CANDIDATE, of),
            "defaults": queries.defaults(department=of),
            "departments": queries.by_department(now, late),
        }


class SupervisionExport(Export):
    """One of the lists as a file."""

    tag, title, operation = LABEL, _("导出效能监督的一份清单"), "supervision_export"
    listed = False
    filter_backends: Any = ()
    also = (409, 422)
    asks = (LIST, *NARROWED, FORM)

    def get(self, request: Request) -> Any:
        """Hand the list out to those who supervise."""
        if not watches(self.by):
            raise PermissionDenied
        form, name = self.form(request), request.query_params.get("list", LATE)
        if name not in LISTS:
            raise ValidationError({"list": [gettext("没有这份清单。")]})
        at = clock.now()
        return handed_out(
            supervised(name, Wanted.of(request.query_params), at),
            form,
            at=at,
            watch=watch_of(request),
        )


ADDRESSES = [
    path("supervision/", Supervision.as_view(), name="supervision"),
    path("supervision/export/", SupervisionExport.as_view(), name="supervision_export"),
]
