"""公示处置 for programs: proposals and their decision, posting, hearings, and what came in a flood."""

from typing import Any

import django_filters as filters
from django.urls import path
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.policies import staff
from approvals.stages import Stage
from core.steps.api import Listing, Step, Things, addresses
from public_notice import policies, services
from public_notice.api.notices import LABEL, NOTICES, OBJECTIONS
from public_notice.models import Posting, Proposal
from public_notice.stages import ProposalKind, ProposalState

BACK = (Stage.COMMITTING, Stage.PREREVIEWING)


class NoticeProposalShown(serializers.ModelSerializer):
    """A proposal for the county's staff: what, why, by whom, and what was decided."""

    notice = serializers.CharField(source="notice.public_id")
    kind_label = serializers.CharField(source="get_kind_display")
    state_label = serializers.CharField(source="get_state_display")
    objection = serializers.CharField(source="objection.number", default=None, allow_null=True)
    day = serializers.DateField(source="lost_day.day", default=None, allow_null=True)

    class Meta:
        model = Proposal
        fields = (
            "id", "notice", "kind", "kind_label", "objection", "day", "back_to", "reason", "asked_at",
            "state", "state_label", "decided_at", "note",
        )  # fmt: skip


class PostingShown(serializers.ModelSerializer):
    """A paper on the wall; `sha256` is the digest of its photograph."""

    sha256 = serializers.CharField(source="photo.sha256")

    class Meta:
        model = Posting
        fields = ("place", "posted_on", "seen_on", "sha256", "entered_at")


class ProposalBody(serializers.Serializer):
    """`back_to` for taking down, the number of the `objection` for hiding, the `day` for counting it after all."""

    kind = serializers.ChoiceField(ProposalKind.choices)
    reason = serializers.CharField(max_length=300)
    back_to = serializers.ChoiceField([(s.value, s.label) for s in BACK], required=False)
    objection = serializers.CharField(max_length=40, required=False)
    day = serializers.DateField(required=False)


class Decision(serializers.Serializer):
    """Whether it is done; a refusal says why."""

    granted = serializers.BooleanField()
    note = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class PostingBody(serializers.Serializer):
    """Where and when, and the photograph."""

    place = serializers.CharField(max_length=120)
    posted_on = serializers.DateField()
    seen_on = serializers.DateField()
    upload = serializers.FileField(max_length=200)


class HearingBody(serializers.Serializer):
    """The day of the hearing, or none; what came of it, or why none was held."""

    heard_on = serializers.DateField(required=False)
    note = serializers.CharField(max_length=2000)


def _proposals(by: Any) -> Any:
    found = Proposal.objects.select_related("notice", "objection", "lost_day", "asked_by")
    return found if staff(None, by) else found.none()


PROPOSALS = Things(
    "notice-proposals", "notice_proposal", LABEL, Proposal, _proposals, NoticeProposalShown
)


class ProposalFilter(filters.FilterSet):
    """Proposals by notice, kind and how they stand."""

    notice = filters.CharFilter("notice__public_id", label=_("承诺公示"))
    kind = filters.MultipleChoiceFilter(choices=ProposalKind.choices, label=_("种类"))
    state = filters.MultipleChoiceFilter(choices=ProposalState.choices, label=_("状态"))

    class Meta:
        model = Proposal
        fields: list[str] = []


class Proposals(Listing):
    """公示处置."""

    things = PROPOSALS
    title = _("公示处置清单")
    filterset_class = ProposalFilter


PROPOSE = Step(
    "propose", services.propose, policies.window, _("提出公示处置"), ProposalBody,
    _("由召集人或者效能监督人员中的另一个人决定。"), opens=True, shown=NoticeProposalShown,
)  # fmt: skip
POSTING = Step(
    "posting", services.prove_posting, policies.window, _("登记纸质张贴"), PostingBody, opens=True,
    shown=PostingShown,
)  # fmt: skip
DECIDE = Step(
    "decide", services.decide_proposal, policies.decides_proposals, _("决定公示处置"), Decision
)
HEARING = Step("hearing", services.settle_hearing, policies.window, _("记录听证"), HearingBody)
ADMIT = Step("admit", services.admit_objection, policies.window, _("查看后公开异议"))

ADDRESSES = [
    path("notice-proposals/", Proposals.as_view(), name="notice_proposal_list"),
    *addresses(NOTICES, PROPOSE, POSTING),
    *addresses(PROPOSALS, DECIDE),
    *addresses(OBJECTIONS, HEARING, ADMIT),
]
