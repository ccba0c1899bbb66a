"""Standing in, for programs of the department itself: roster, absences, own rules, recusals, signing, parts."""

from typing import Any

import django_filters as filters
from django.core.exceptions import ValidationError
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organisation
from approvals.api.bodies import Reason
from core import clock
from core.steps.api import Listing, Step, Things, addresses
from prereview import policies, services
from prereview.api.dispatches import DISPATCHES
from prereview.api.filters import AwayFilter, CountersignFilter, PartFilter, RecusalFilter
from prereview.api.opinions import SLOTS
from prereview.api.sessions import SUMMONS
from prereview.api.standing_shown import (
    AwayBody,
    AwayShown,
    CountersignBody,
    CountersignShown,
    DepartmentRuleShown,
    MandateBody,
    MandateShown,
    PartAnswerBody,
    PartBody,
    PartShown,
    ReassignBody,
    ReassignmentShown,
    RecusalShown,
    RecuseBody,
    RuleBody,
)
from prereview.models import Away, Countersign, Mandate, PartRequest, Recusal
from prereview.queries.standing import colleagues, filing_of

LABEL = _("部门办理人员")


def _people(*names: str) -> Any:
    """Return how people of one's own department are put in the place of their login names."""

    def take(thing: Any, data: dict[str, Any], by: Membership) -> dict[str, Any]:
        own = colleagues(by, timezone.localdate(clock.received()), filing=filing_of(thing))
        found = {one.user.username: one for one in own}
        given = dict(data)
        for name in names:
            wanted = given.pop(name, "")
            if wanted and wanted not in found:
                raise ValidationError({name: gettext("本单位没有这个在任的人。")})
            given[name] = found.get(wanted)
        if "duties" in given:
            given["duties"] = tuple(given["duties"])
        return given

    return take


def _own(by: Any) -> Any:
    if not policies.department(None, by):
        return Organisation.objects.none()
    found = Organisation.objects.filter(pk=by.organisation_id)
    return found.select_related("department_rule").order_by("pk")


def _of(model: Any, place: str, *related: str) -> Any:
    def seen(by: Any) -> Any:
        if not policies.department(None, by):
            return model._default_manager.none()
        return model._default_manager.filter(**{place: by.organisation_id}).select_related(*related)

    return seen


MANDATES = Things(
    "mandates", "mandate", LABEL, Mandate,
    _of(Mandate, "department", "department", "person__user", "person__organisation", "covers__user",
        "covers__organisation", "scan"),
    MandateShown,
)  # fmt: skip
AWAYS = Things(
    "aways", "away", LABEL, Away, _of(Away, "person__organisation", "person__user", "person__organisation"), AwayShown
)  # fmt: skip
RULES = Things(
    "department-rules", "department_rule", LABEL, Organisation, _own, DepartmentRuleShown
)
RECUSALS = Things(
    "recusals", "recusal", LABEL, Recusal,
    _of(Recusal, "department", "filing__book", "department", "person__user", "person__organisation"), RecusalShown,
)  # fmt: skip
COUNTERSIGNS = Things(
    "countersigns", "countersign", LABEL, Countersign,
    _of(Countersign, "slot__department", "drafted_by__user", "drafted_by__organisation"), CountersignShown,
)  # fmt: skip
PARTS = Things(
    "parts", "part", LABEL, PartRequest,
    _of(PartRequest, "slot__department", "slot__department", "slot__item", "asked__user", "asked__organisation"),
    PartShown,
)  # fmt: skip


def _granted(nothing: None, data: dict[str, Any], by: Membership) -> dict[str, Any]:
    """Return what the service takes: the department is one's own, people stand in the place of their login names."""
    return {**_people("person", "covers")(nothing, data, by), "department": by.organisation}


def _heads_own(_nothing: Any, by: Membership) -> bool:
    return policies.heads_department(by.organisation, by)


GRANT = Step(
    "grant", services.grant_mandate, _heads_own, _("列入授权名册"), MandateBody, take=_granted, opens=True
)  # fmt: skip
LEAVE = Step(
    "enter",
    services.enter_away,
    policies.department,
    _("登记外出"),
    AwayBody,
    take=_people("person"),
    opens=True,
)
MANDATE_STEPS = (
    Step("end", services.end_mandate, policies.ends_mandate, _("终止名册授权"), Reason),
)
AWAY_STEPS = (Step("end", services.end_away, policies.ends_away, _("提前返回")),)
RULE_STEPS = (
    Step("set", services.set_rule, policies.heads_department, _("部门内部规定"), RuleBody),
)
RECUSAL_STEPS = (
    Step("lift", services.lift_recusal, policies.lifts_recusal, _("解除回避"), Reason),
)
PART_STEPS = (
    Step("answer", services.answer_part, policies.answers_part, _("内部答复"), PartAnswerBody),
)
OPINION_STEPS = (
    Step(
        "recuse", services.declare_recusal, policies.own_department, _("申请回避"), RecuseBody,
        take=_people("person", "successor"), shown=RecusalShown,
    ),
    Step("countersign", services.countersign, policies.head_of_department, _("会签意见"), CountersignBody),
    Step(
        "ask-part", services.ask_part, policies.own_department, _("请股室、站所提供意见"), PartBody,
        take=_people("asked"), shown=PartShown,
    ),
    Step(
        "reassign", services.reassign_opinion, policies.own_department, _("改派一项意见"), ReassignBody,
        take=_people("receiver"), shown=ReassignmentShown,
    ),
)  # fmt: skip
SUMMONS_STEPS = (
    Step(
        "reassign", services.reassign_summons, policies.own_department, _("改派一份通知"), ReassignBody,
        take=_people("receiver"), shown=ReassignmentShown,
    ),
)  # fmt: skip
DISPATCH_STEPS = (
    Step(
        "reassign", services.reassign_dispatch, policies.own_department, _("改派一份分送件"), ReassignBody,
        take=_people("receiver"), shown=ReassignmentShown,
    ),
)  # fmt: skip


class RosterFilter(filters.FilterSet):
    """Entries of the roster by person and day."""

    person = filters.CharFilter("person__user__username", label=_("登录名"))
    on = filters.DateFilter(method="holding", label=_("在这一天有效"))

    class Meta:
        model = Mandate
        fields: list[str] = []

    def holding(self, rows: Any, name: str, day: Any) -> Any:
        """Keep those in force on a day."""
        return rows.filter(valid_from__lte=day, valid_to__gte=day, ended_at=None)


class Roster(Listing):
    """授权名册."""

    things, step = MANDATES, GRANT
    title = _("授权名册")
    filterset_class = RosterFilter


class Aways(Listing):
    """外出."""

    things, step = AWAYS, LEAVE
    title = _("外出清单")
    filterset_class = AwayFilter


class Rules(Listing):
    """部门内部规定."""

    things = RULES
    title = _("部门内部规定")


class Recusals(Listing):
    """回避."""

    things = RECUSALS
    title = _("回避清单")
    filterset_class = RecusalFilter


class Countersigns(Listing):
    """待会签意见."""

    things = COUNTERSIGNS
    title = _("待会签意见清单")
    filterset_class = CountersignFilter


class Parts(Listing):
    """内部征求意见."""

    things = PARTS
    title = _("内部征求意见清单")
    filterset_class = PartFilter


ADDRESSES = [
    path("mandates/", Roster.as_view(), name="mandate_list"),
    path("aways/", Aways.as_view(), name="away_list"),
    path("department-rules/", Rules.as_view(), name="department_rule_list"),
    path("recusals/", Recusals.as_view(), name="recusal_list"),
    path("countersigns/", Countersigns.as_view(), name="countersign_list"),
    path("parts/", Parts.as_view(), name="part_list"),
    *addresses(MANDATES, *MANDATE_STEPS),
    *addresses(AWAYS, *AWAY_STEPS),
    *addresses(RULES, *RULE_STEPS),
    *addresses(RECUSALS, *RECUSAL_STEPS),
    *addresses(PARTS, *PART_STEPS),
    *addresses(SLOTS, *OPINION_STEPS),
    *addresses(SUMMONS, *SUMMONS_STEPS),
    *addresses(DISPATCHES, *DISPATCH_STEPS),
]
