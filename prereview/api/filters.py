"""By what sessions, summons and opinions can be narrowed."""

from typing import Any

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from core.deadlines.queries import end_of, start_of
from prereview.models import (
    ActionPoint,
    Away,
    Countersign,
    DayAway,
    Dispatch,
    Invitation,
    Opinion,
    PartRequest,
    Question,
    Recusal,
    SecondVisit,
    Session,
    Slot,
)
from prereview.stages import (
    DEEMED,
    Answer,
    Position,
    RequestState,
    SessionKind,
    SessionStage,
    SignState,
    SlotState,
)


class SessionFilter(filters.FilterSet):
    """Sessions by kind, stage, filing and day."""

    kind = filters.ChoiceFilter(choices=SessionKind.choices, label=_("类别"))
    stage = filters.MultipleChoiceFilter(choices=SessionStage.choices, label=_("阶段"))
    filing = filters.CharFilter(method="on_agenda", label=_("申报件"))
    opens_from = filters.DateFilter(method="not_before", label=_("开始日不早于"))
    opens_to = filters.DateFilter(method="not_after", label=_("开始日不晚于"))

    class Meta:
        model = Session
        fields: list[str] = []

    def on_agenda(self, rows: Any, name: str, public_id: str) -> Any:
        """Keep those with a filing on the agenda."""
        heard = Session.objects.filter(agenda__filing__public_id=public_id)
        return rows.filter(pk__in=heard.values("pk"))

    def not_before(self, rows: Any, name: str, day: Any) -> Any:
        """Keep those that open on a day or later."""
        return rows.filter(opens_at__gte=start_of(day))

    def not_after(self, rows: Any, name: str, day: Any) -> Any:
        """Keep those that open on a day or earlier."""
        return rows.filter(opens_at__lt=end_of(day))


class SummonsFilter(filters.FilterSet):
    """Summons by session, department, answer, and whether they were signed for."""

    session = filters.CharFilter("session__public_id", label=_("会次"))
    department = filters.CharFilter("department__code", label=_("部门代码"))
    answer = filters.MultipleChoiceFilter(choices=Answer.choices, label=_("答复"))
    signed = filters.BooleanFilter(
        "acknowledged_at", lookup_expr="isnull", exclude=True, label=_("已签收")
    )

    class Meta:
        model = Invitation
        fields: list[str] = []


class DispatchFilter(filters.FilterSet):
    """Dispatches by filing, department, and whether they were signed for; `waiting`: somebody still has to."""

    filing = filters.CharFilter("filing__public_id", label=_("申报件"))
    department = filters.CharFilter("department__code", label=_("部门代码"))
    signed = filters.BooleanFilter(
        "acknowledged_at", lookup_expr="isnull", exclude=True, label=_("已签收")
    )
    waiting = filters.BooleanFilter(method="still", label=_("待签收"))

    class Meta:
        model = Dispatch
        fields: list[str] = []

    def still(self, rows: Any, name: str, yes: bool) -> Any:
        """Keep what waits, or what does not."""
        waiting = Dispatch.objects.waiting().values("pk")
        return rows.filter(pk__in=waiting) if yes else rows.exclude(pk__in=waiting)


class SlotFilter(filters.FilterSet):
    """Opinions by filing, session, department, item, round and state; `waiting`: somebody has to see to it."""

    filing = filters.CharFilter("filing__public_id", label=_("申报件"))
    session = filters.CharFilter("agenda__session__public_id", label=_("会次"))
    department = filters.CharFilter("department__code", label=_("部门代码"))
    item = filters.CharFilter("item__code", label=_("事项编号"))
    kind = filters.ChoiceFilter(choices=SessionKind.choices, label=_("类别"))
    state = filters.MultipleChoiceFilter(choices=SlotState.choices, label=_("状态"))
    waiting = filters.BooleanFilter(method="still", label=_("尚无结果"))

    class Meta:
        model = Slot
        fields: list[str] = []

    def still(self, rows: Any, name: str, yes: bool) -> Any:
        """Keep what waits, or what does not."""
        waiting = Slot.objects.waiting().values("pk")
        return rows.filter(pk__in=waiting) if yes else rows.exclude(pk__in=waiting)


class DefaultFilter(filters.FilterSet):
    """Defaults by filing, department and kind."""

    filing = filters.CharFilter("slot__filing__public_id", label=_("申报件"))
    department = filters.CharFilter("slot__department__code", label=_("部门代码"))
    position = filters.ChoiceFilter(
        choices=[(p.value, Position(p).label) for p in DEEMED], label=_("默认的种类")
    )
    withdrawn = filters.BooleanFilter(
        "withdrawn_at", lookup_expr="isnull", exclude=True, label=_("已撤回")
    )

    class Meta:
        model = Opinion
        fields: list[str] = []


class QuestionFilter(filters.FilterSet):
    """Questions before a session by session and department; `answered`: somebody has."""

    session = filters.CharFilter("invitation__session__public_id", label=_("会次"))
    department = filters.CharFilter("invitation__department__code", label=_("部门代码"))
    answered = filters.BooleanFilter(
        "answered_at", lookup_expr="isnull", exclude=True, label=_("已答复")
    )

    class Meta:
        model = Question
        fields: list[str] = []


class ActionFilter(filters.FilterSet):
    """Points of the action list by filing, session and who owes them; `waiting`: neither done nor dropped."""

    filing = filters.CharFilter("agenda__filing__public_id", label=_("申报件"))
    session = filters.CharFilter("agenda__session__public_id", label=_("会次"))
    department = filters.CharFilter("owner__code", label=_("部门代码"))
    waiting = filters.BooleanFilter(method="still", label=_("待完成"))

    class Meta:
        model = ActionPoint
        fields: list[str] = []

    def still(self, rows: Any, name: str, yes: bool) -> Any:
        """Keep what waits, or what does not."""
        waits = {"done_at": None, "dropped_at": None}
        return rows.filter(**waits) if yes else rows.exclude(**waits)


class SecondVisitFilter(filters.FilterSet):
    """Requests for a second visit by filing, department and how they stand."""

    filing = filters.CharFilter("agenda__filing__public_id", label=_("申报件"))
    department = filters.CharFilter("department__code", label=_("部门代码"))
    state = filters.MultipleChoiceFilter(choices=RequestState.choices, label=_("状态"))

    class Meta:
        model = SecondVisit
        fields: list[str] = []


class RecusalFilter(filters.FilterSet):
    """Recusals by filing, department and person; `lifted`: it holds no more."""

    filing = filters.CharFilter("filing__public_id", label=_("申报件"))
    department = filters.CharFilter("department__code", label=_("部门代码"))
    person = filters.CharFilter("user__username", label=_("登录名"))
    lifted = filters.BooleanFilter(
        "lifted_at", lookup_expr="isnull", exclude=True, label=_("已解除")
    )

    class Meta:
        model = Recusal
        fields: list[str] = []


class CountersignFilter(filters.FilterSet):
    """Opinions laid before a head by filing and how they stand."""

    filing = filters.CharFilter("slot__filing__public_id", label=_("申报件"))
    state = filters.MultipleChoiceFilter(choices=SignState.choices, label=_("状态"))

    class Meta:
        model = Countersign
        fields: list[str] = []


class PartFilter(filters.FilterSet):
    """What was asked inside a department by filing and who answers; `answered`: somebody has."""

    filing = filters.CharFilter("slot__filing__public_id", label=_("申报件"))
    person = filters.CharFilter("asked__user__username", label=_("登录名"))
    answered = filters.BooleanFilter(
        "answered_at", lookup_expr="isnull", exclude=True, label=_("已答复")
    )

    class Meta:
        model = PartRequest
        fields: list[str] = []


class AwayFilter(filters.FilterSet):
    """Absences by person and day."""

    person = filters.CharFilter("person__user__username", label=_("登录名"))
    on = filters.DateFilter(method="away", label=_("在这一天有效"))

    class Meta:
        model = Away
        fields: list[str] = []

    def away(self, rows: Any, name: str, day: Any) -> Any:
        """Keep those that hold on a day."""
        return rows.filter(from_on__lte=day, until_on__gte=day, ended_at=None)


class DayAwayFilter(filters.FilterSet):
    """Days on which a department cannot come, by department and day."""

    department = filters.CharFilter("department__code", label=_("部门代码"))
    day = filters.DateFilter(label=_("日期"))

    class Meta:
        model = DayAway
        fields: list[str] = []
