"""代办、移交、纸质收件 for programs: by the services of the pages, with the same refusals."""

from typing import Any

import django_filters as filters
from django.core.exceptions import ValidationError
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.models import Membership
from approvals import policies, services
from approvals.api.bodies import Reason
from approvals.api.filings import FILINGS
from approvals.api.parts import of_case
from approvals.api.shown import Body, File, FilingShown
from approvals.models import Authority, Filing, HandOver, PaperIntake
from approvals.queries.people import agent_named, may_receive_case
from approvals.services.drafts import is_enterprise
from approvals.services.hand_over import side_of
from approvals.stages import Power
from core import clock
from core.steps.api import Listing, Step, Things, addresses
from core.steps.api.named import Key

LABEL = _("代办、移交与纸质收件")
MOST = 500  # more papers than a list ever has


class PersonShown(serializers.ModelSerializer):
    """A person in an office."""

    name = serializers.CharField(source="user.name")
    organisation = Body()

    class Meta:
        model = Membership
        fields = ("name", "organisation")


class AuthorityShown(serializers.ModelSerializer):
    """An authority with its days, both included, and what it is for; `holds` says whether it does now.

    `filing` null: for all filings of the `enterprise`, those to come too.
    """

    filing = serializers.CharField(source="filing.public_id", allow_null=True, default=None)
    enterprise = serializers.CharField(source="principal.uscc")
    agent = PersonShown()
    powers = serializers.SerializerMethodField()
    scan = File(allow_null=True)  # a department hears of it and does not open it
    holds = serializers.SerializerMethodField()

    class Meta:
        model = Authority
        fields = (
            "id", "filing", "enterprise", "agent", "valid_from", "valid_to", "powers", "scan", "granted_at", "ended_at",
            "ended_because", "holds",
        )  # fmt: skip

    def get_powers(self, one: Authority) -> list[str]:
        """Return what it is for."""
        return sorted(one.powers)

    def get_holds(self, one: Authority) -> bool:
        """Return whether the agent may act now."""
        return one.holds(clock.received())


class HandOverShown(serializers.ModelSerializer):
    """A hand-over of a case: from whom, to whom, why."""

    filing = serializers.CharField(source="filing.public_id")
    giver = PersonShown(allow_null=True)
    receiver = PersonShown()
    reason = serializers.SerializerMethodField()

    class Meta:
        model = HandOver
        fields = ("id", "filing", "side", "giver", "receiver", "reason", "handed_at")

    def get_reason(self, one: HandOver) -> str:
        """Return why, for the same side; empty for the other."""
        return one.reason_for(self.context["by"])


class PaperShown(serializers.ModelSerializer):
    """What came on paper: a late entry, which counts once a second person has confirmed it."""

    filing = serializers.CharField(source="filing.public_id")
    scan = File()
    state_label = serializers.CharField(source="get_state_display")
    materials = serializers.ListField(child=serializers.IntegerField())
    doubles = serializers.SerializerMethodField()

    class Meta:
        model = PaperIntake
        ref_name = "PaperIntake"
        fields = (
            "id", "filing", "step", "paper_at", "bearer", "materials", "scan", "state", "state_label",
            "entered_at", "decided_at", "reason", "counted_from", "doubles",
        )  # fmt: skip

    def get_doubles(self, one: PaperIntake) -> list[str]:
        """Return other filings of the same project code, for the window; they are no business of the enterprise."""
        return one.doubles if policies.window(one, self.context["by"]) else []


class GrantBody(serializers.Serializer):
    """Whom, by login name and credit code of their office; from which day to which; for what."""

    username = serializers.CharField(max_length=150)
    uscc = serializers.CharField(max_length=18)
    valid_from = serializers.DateField()
    valid_to = serializers.DateField()
    powers = serializers.ListField(
        child=serializers.ChoiceField(Power.choices), max_length=len(Power.choices)
    )
    upload = serializers.FileField(max_length=200, required=False)


class HandOverBody(serializers.Serializer):
    """Who takes it over, by login name, and why."""

    username = serializers.CharField(max_length=150)
    reason = serializers.CharField(max_length=300)


class PaperBody(serializers.Serializer):
    """When it came by the paper, who brought it, which papers, and the scan."""

    paper_at = serializers.DateTimeField()
    bearer = serializers.CharField(max_length=60)
    materials = serializers.ListField(child=Key(), max_length=MOST)
    upload = serializers.FileField(max_length=200)


def _granted(_filing: Filing | None, given: dict[str, Any], _by: Membership) -> dict[str, Any]:
    """Return what the service takes: the person instead of the names."""
    today = timezone.localdate(clock.received())
    agent = agent_named(given.pop("username"), given.pop("uscc"), today)
    return {**given, "powers": tuple(given["powers"]), "agent": agent}


def _handed(filing: Filing, given: dict[str, Any], by: Membership) -> dict[str, Any]:
    """Return what the service takes; who is not of the office is not found."""
    today = timezone.localdate(clock.received())
    found = may_receive_case(filing, side_of(filing, by), by, today)
    receiver = found.filter(user__username=given["username"]).first()
    if receiver is None:
        raise ValidationError({"username": gettext("本单位没有这个在任的人。")})
    return {"receiver": receiver, "reason": given["reason"]}


def _authorities(by: Membership) -> Any:
    """Return those of the filings a person may see, and those for all filings that are theirs."""
    named = ("filing__enterprise", "enterprise", "agent__user", "agent__organisation", "scan")
    return Authority.objects.seen_by(by).select_related(*named)


AUTHORITIES = Things(
    "authorities", "authority", LABEL, Authority,
    _authorities, AuthorityShown,
)  # fmt: skip
HAND_OVERS = Things(
    "hand-overs", "hand_over", LABEL, HandOver,
    of_case(HandOver, "giver__user", "giver__organisation", "receiver__user", "receiver__organisation"),
    HandOverShown,
)  # fmt: skip
PAPERS = Things(
    "paper-intakes", "paper_intake", LABEL, PaperIntake, of_case(PaperIntake, "scan", "entered_by"), PaperShown
)  # fmt: skip
FILING_STEPS = (
    Step(
        "grant", services.grant_authority, policies.enterprise_itself, _("授权他人代办"), GrantBody,
        take=_granted, shown=AuthorityShown,
    ),
    Step(
        "hand-over", services.hand_over, policies.hands_over, _("移交本件"), HandOverBody, take=_handed,
        shown=HandOverShown,
    ),
    Step("enter-paper", services.enter_paper, policies.window, _("登记纸质收件"), PaperBody, shown=PaperShown),
)  # fmt: skip
PAPER_STEPS = (
    Step("confirm", services.confirm_paper, policies.window, _("第二人确认纸质收件"), shown=FilingShown),
    Step("refuse", services.refuse_paper, policies.window, _("不予确认纸质收件"), Reason),
    Step("take-back", services.take_back_paper, policies.takes_back_paper, _("收回修改纸质收件"), Reason),
)  # fmt: skip
AUTHORITY_STEPS = (
    Step("end", services.end_authority, policies.ends_authority, _("终止代办授权"), Reason),
)


GRANT_FOR_ALL = Step(
    "grant-for-all", services.grant_for_all, is_enterprise, _("授权他人代办全部申报件"), GrantBody,
    take=_granted, opens=True, shown=AuthorityShown,
)  # fmt: skip


class OfCase(filters.FilterSet):
    """By filing."""

    filing = filters.CharFilter("filing__public_id", label=_("申报件"))


class Authorities(Listing):
    """代办授权."""

    things = AUTHORITIES
    step = GRANT_FOR_ALL
    title = _("代办授权清单")
    filterset_class = OfCase


class HandOvers(Listing):
    """移交."""

    things = HAND_OVERS
    title = _("移交清单")
    filterset_class = OfCase


class Papers(Listing):
    """纸质收件."""

    things = PAPERS
    title = _("纸质收件清单")
    filterset_class = OfCase


ADDRESSES = [
    *addresses(FILINGS, *FILING_STEPS),
    *addresses(AUTHORITIES, *AUTHORITY_STEPS),
    *addresses(PAPERS, *PAPER_STEPS),
    path("authorities/", Authorities.as_view(), name="authority_list"),
    path("hand-overs/", HandOvers.as_view(), name="hand_over_list"),
    path("paper-intakes/", Papers.as_view(), name="paper_intake_list"),
]
