"""By what a list of filings can be narrowed."""

from typing import Any

import django_filters as filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.stages import Role
from approvals.models import Filing, LaterRequest, Material, Standing
from approvals.stages import LaterState, MaterialState, NeededBy, S, Stage
from core.deadlines.queries import end_of, start_of

DEPARTMENTS = (S.SURVEYING, S.PREREVIEWING, S.CLEARED)
WINDOW = (S.SUBMITTED, S.RECEIVED, S.COMMITTED, S.CLEARED)
# In which stages the next move is a role's own.
MOVES = {
    Role.ENTERPRISE: (S.DRAFT, S.LISTED, S.CORRECTING, S.COMMITTING),
    Role.WINDOW: WINDOW,
    Role.CONVENOR: (*WINDOW, S.ACCEPTED, S.PREREVIEWING),
    Role.CLERK: DEPARTMENTS,
    Role.HEAD: DEPARTMENTS,
}


class FilingFilter(filters.FilterSet):
    """Filings by stage, enterprise, department, site, day of submission, words, and whose move it is."""

    stage = filters.MultipleChoiceFilter(choices=Stage.choices, label=_("阶段，可以有几个"))
    enterprise = filters.CharFilter("enterprise__code", label=_("企业代码"))
    department = filters.CharFilter(method="of_department", label=_("部门代码"))
    site = filters.CharFilter("site__code", label=_("乡镇代码"))
    submitted_from = filters.DateFilter(method="not_before", label=_("申报日不早于"))
    submitted_to = filters.DateFilter(method="not_after", label=_("申报日不晚于"))
    q = filters.CharFilter(method="holds", label=_("项目、企业、编号中的字词"))
    mine = filters.BooleanFilter(method="own", label=_("我建立的"))
    waiting = filters.BooleanFilter(method="move", label=_("轮到我的角色办理的"))

    class Meta:
        model = Filing
        fields: list[str] = []

    def of_department(self, rows: Any, name: str, code: str) -> Any:
        """Keep those with an item of a department."""
        beside = Q(items__department__code=code) | Q(items__item__co_departments__code=code)
        return rows.filter(pk__in=Filing.objects.filter(beside).values("pk"))

    def not_before(self, rows: Any, name: str, day: Any) -> Any:
        """Keep those submitted on a day or later."""
        return rows.filter(submitted_at__gte=start_of(day))

    def not_after(self, rows: Any, name: str, day: Any) -> Any:
        """Keep those submitted on a day or earlier."""
        return rows.filter(submitted_at__lt=end_of(day))

    def holds(self, rows: Any, name: str, words: str) -> Any:
        """Keep those that hold the words."""
        return rows.filter(
            Q(project_name__icontains=words)
            | Q(enterprise__name__icontains=words)
            | Q(number__icontains=words)
            | Q(project_code__icontains=words)
        )

    def own(self, rows: Any, name: str, yes: bool) -> Any:
        """Keep those the person opened, or those somebody else did."""
        own = Q(created_by=self.request.parser_context["view"].by)
        return rows.filter(own if yes else ~own)

    def move(self, rows: Any, name: str, yes: bool) -> Any:
        """Keep those in which the next move is the person's role's, or the others."""
        stages = Q(stage__in=MOVES.get(self.request.parser_context["view"].by.role, ()))
        return rows.filter(stages if yes else ~stages)


class MaterialFilter(filters.FilterSet):
    """Materials of one filing, by how they stand and when they are needed."""

    filing = filters.CharFilter("filing__public_id", label=_("申报件"))
    state = filters.MultipleChoiceFilter(choices=MaterialState.choices, label=_("状态"))
    needed_by = filters.MultipleChoiceFilter(choices=NeededBy.choices, label=_("何时需要"))

    class Meta:
        model = Material
        fields: list[str] = []


class LaterFilter(filters.FilterSet):
    """What was asked for outside the list, by filing, department and how it stands."""

    filing = filters.CharFilter("filing__public_id", label=_("申报件"))
    department = filters.CharFilter("department__code", label=_("部门代码"))
    state = filters.MultipleChoiceFilter(choices=LaterState.choices, label=_("状态"))

    class Meta:
        model = LaterRequest
        fields: list[str] = []


class StandingFilter(filters.FilterSet):
    """Kept papers by enterprise, kind and day."""

    enterprise = filters.CharFilter("enterprise__code", label=_("企业代码"))
    kind = filters.CharFilter(label=_("种类"))
    on = filters.DateFilter(method="valid", label=_("在这一天有效"))

    class Meta:
        model = Standing
        fields: list[str] = []

    def valid(self, rows: Any, name: str, day: Any) -> Any:
        """Keep those valid on a day."""
        open_end = Q(valid_to__isnull=True) | Q(valid_to__gte=day)
        return rows.filter(open_end, valid_from__lte=day)
