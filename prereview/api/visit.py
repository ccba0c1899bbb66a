"""现场: a visit for programs, and for the telephone's own page: what is asked, what was entered, and entering it."""

from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from approvals.api.bodies import Reason
from approvals.api.device import EntryBody, EntryShown, PlacedBody, marked
from approvals.api.shown import Body
from core import clock
from core.documents.sheets import Sheet
from core.steps.api import Export, Listing, One, Step, Things, addresses
from prereview import policies, services
from prereview.api.filters import SecondVisitFilter
from prereview.api.sessions import AGENDA
from prereview.models import SecondVisit, SiteFinding
from prereview.queries.second_visits import second_visits
from prereview.queries.sheets import sheet_of_second_visits
from prereview.queries.visit import Visit
from prereview.stages import FindingResult

MOST_ENTRIES = 500


class PresenceBody(EntryBody):
    """A person on the site; where the law wants two, each shows a card and its number is named."""

    name = serializers.CharField(max_length=60)
    card = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")


class FindingBody(PlacedBody):
    """What was found at a point; what is not fine is said in words."""

    topic = serializers.SlugField(max_length=20)
    result = serializers.ChoiceField(FindingResult.choices)
    text = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class PhotoBody(PlacedBody):
    """A photograph as the camera made it, and the digest that the device reckoned: another one is refused."""

    upload = serializers.FileField(max_length=200)
    topic = serializers.SlugField(max_length=20, required=False, allow_blank=True, default="")
    sha256 = serializers.RegexField(
        r"^[0-9a-fA-F]{64}$", required=False, allow_blank=True, default=""
    )


class SignBody(EntryBody):
    """The findings and photographs that are signed for, by their names."""

    covers = serializers.ListField(
        child=serializers.UUIDField(), min_length=1, max_length=MOST_ENTRIES
    )


class SettleFindingsBody(serializers.Serializer):
    """What the record says on a point where departments contradict one another, and why."""

    topic = serializers.SlugField(max_length=20)
    result = serializers.ChoiceField(FindingResult.choices)
    reasons = serializers.CharField(max_length=1000)


class DecideVisitBody(serializers.Serializer):
    """Granted, with day and place, or refused; with reasons either way."""

    granted = serializers.BooleanField()
    decision = serializers.CharField(max_length=300)
    opens_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    place = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")


class SiteFindingShown(serializers.ModelSerializer):
    """A finding as it was entered."""

    department = Body()

    class Meta:
        model = SiteFinding
        fields = (
            "uid", "department", "topic", "result", "text", "position", "made_at", "happened_at",
            "received_at", "late", "counted",
        )  # fmt: skip


class PointShown(serializers.Serializer):
    """One point of the merged checklist: who asks it, whose check wants two persons, and what stands on it."""

    topic = serializers.CharField()
    words = serializers.CharField()
    askers = serializers.ListField(child=serializers.CharField())
    two_from = serializers.ListField(child=serializers.CharField())
    conflict = serializers.BooleanField()
    settled_as = serializers.CharField(allow_null=True)
    reasons = serializers.CharField(allow_null=True)
    findings = SiteFindingShown(many=True)


class PhotoShown(serializers.Serializer):
    """A photograph by its digest; the picture itself is at `/attachments/{file}/file/`."""

    uid = serializers.UUIDField()
    department = Body()
    topic = serializers.CharField()
    file = serializers.IntegerField(source="file_id")
    sha256 = serializers.CharField()
    digested_on_device = serializers.BooleanField()
    position = serializers.CharField()
    happened_at = serializers.DateTimeField()
    late = serializers.BooleanField()
    counted = serializers.BooleanField()


class VisitPartShown(serializers.Serializer):
    """One department: how many persons it must have there and has, and whether all that it entered is signed for."""

    department = Body()
    wanted = serializers.IntegerField()
    people = serializers.IntegerField()
    signed = serializers.BooleanField()
    unsigned = serializers.ListField(child=serializers.CharField())


class VisitShown(serializers.Serializer):
    """A stop of a survey: checklist with what stands, departments, photographs, and what came after the close."""

    agenda = serializers.IntegerField(source="agenda.pk")
    points = serializers.SerializerMethodField()
    departments = VisitPartShown(source="parts", many=True)
    photos = PhotoShown(many=True)
    after_close = EntryShown(many=True)

    @extend_schema_field(PointShown(many=True))
    def get_points(self, visit: Visit) -> list[dict[str, Any]]:
        """Return the points with what stands on them."""
        return PointShown([shown_point(visit, one) for one in visit.points], many=True).data  # type: ignore[return-value]


def shown_point(visit: Visit, point: Any) -> dict[str, Any]:
    """Return a point with its findings, and with the convenor's word where they contradict one another."""
    stand = [one for (topic, _owner), one in sorted(visit.stand.items()) if topic == point.topic]
    clash = next((one for one in visit.conflicts if one.clash.topic == point.topic), None)
    said = clash.settlement if clash else None
    return {
        "topic": point.topic, "words": point.words, "askers": point.askers, "two_from": sorted(point.two_from),
        "conflict": clash is not None, "settled_as": said.result if said else None,
        "reasons": said.reasons if said else None, "findings": stand,
    }  # fmt: skip


class SecondVisitShown(serializers.ModelSerializer):
    """A request for a second visit: who and why, what was decided, and the session it led to."""

    agenda = serializers.IntegerField(source="agenda_id")
    department = Body()
    session = serializers.CharField(source="session.public_id", default=None, allow_null=True)

    class Meta:
        model = SecondVisit
        fields = (
            "id", "agenda", "department", "asked_at", "reason", "state", "decided_at", "decision", "session",
        )  # fmt: skip


LABEL = _("现场勘察")
SECOND_VISITS = Things(
    "second-visits", "second_visit", LABEL, SecondVisit, second_visits, SecondVisitShown
)
STEPS = (
    Step("site-presence", services.enter_presence, policies.summoned, _("登记到场人员"), PresenceBody,
         take=marked, shown=EntryShown),
    Step("site-finding", services.enter_finding, policies.summoned, _("记录一个勘察要点"), FindingBody,
         take=marked, shown=EntryShown),
    Step("site-photo", services.enter_photo, policies.summoned, _("上传一张现场照片"), PhotoBody,
         take=marked, shown=EntryShown),
    Step("site-signature", services.sign_site, policies.summoned, _("签字确认本部门的现场记录"), SignBody,
         take=marked, shown=EntryShown),
    Step("site-settle", services.settle_findings, policies.convenor, _("裁定部门记录的分歧"), SettleFindingsBody),
    Step("second-visit", services.ask_second_visit, policies.summoned, _("申请再次勘察"), Reason,
         shown=SecondVisitShown),
)  # fmt: skip
DECIDE = Step(
    "decide",
    services.decide_second_visit,
    policies.convenor,
    _("决定再次勘察申请"),
    DecideVisitBody,
)


class OneVisit(One):
    """One stop of a survey."""

    things = AGENDA
    operation = "site_read"
    title = _("一处现场的勘察清单和记录")
    serializer_class = VisitShown

    def get(self, request: Any, **named: Any) -> Any:
        """Return the visit of an item of an agenda."""
        found = self.things.find(self.by, **named)
        visit = Visit(found, clock.now())
        return Response(VisitShown(visit, context=self.get_serializer_context()).data)


class SecondVisits(Listing):
    """再次勘察申请."""

    things = SECOND_VISITS
    title = _("再次勘察申请清单")
    filterset_class = SecondVisitFilter


class SecondVisitExport(Export):
    """再次勘察申请 as a file."""

    things = SECOND_VISITS
    title = _("导出再次勘察申请")
    filterset_class = SecondVisitFilter

    def sheet(self, rows: Any) -> Sheet:
        """Return the table of the page."""
        return sheet_of_second_visits(rows)


ADDRESSES = [
    path("agenda/<int:pk>/site/", OneVisit.as_view(), name="site_read"),
    path("second-visits/", SecondVisits.as_view(), name="second_visit_list"),
    path("second-visits/export/", SecondVisitExport.as_view(), name="second_visit_export"),
    *addresses(AGENDA, *STEPS),
    *addresses(SECOND_VISITS, DECIDE),
]
