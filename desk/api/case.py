"""One filing in full: what a case page shows, with every step offered to the person and why it is not open yet."""

from typing import Any

from django.conf import settings
from django.db.models import Prefetch
from django.urls import NoReverseMatch, path, reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from approvals.api import shown
from approvals.api.filings import FILINGS
from approvals.api.limits import LimitExplained
from approvals.models import Change, ChecklistItem, Filing, Gap, Material, StageLimit
from approvals.policies import follows
from approvals.queries.edits import draft_number
from approvals.services.papers.parts import late_times
from approvals.stages import AFTER_LIST
from core.documents.models import Paper
from core.steps.api import One
from core.steps.offers import offered
from desk.queries.timeline import timeline
from prereview.api.dispatches import DispatchShown
from prereview.api.shown import SlotShown
from prereview.models import Slot
from prereview.queries.dispatches import dispatches_of
from public_notice.api.shown import NoticeShown
from public_notice.models import Notice


class StepOffered(serializers.Serializer):
    """A step as it stands for the person now: `reasons` are the sentences that stand against it."""

    name = serializers.CharField()
    label = serializers.CharField()
    allowed = serializers.BooleanField()
    reasons = serializers.ListField(child=serializers.CharField())
    silence = serializers.CharField()
    page = serializers.SerializerMethodField()
    api = serializers.SerializerMethodField()

    def get_page(self, offer: Any) -> str:
        """Return where a person would do it."""
        return f"{settings.SITE_URL}{offer.url}"

    def get_api(self, offer: Any) -> str | None:
        """Return where a program takes the step; null where it is several steps on the parts of the case."""
        try:
            named = {"public_id": self.context["filing"].public_id}
            return f"{settings.SITE_URL}{reverse(f'api:filing_{offer.name}', kwargs=named)}"
        except NoReverseMatch:
            return None


class Happened(serializers.Serializer):
    """One act of the ledger in words; `entered_late` marks one written down long after it happened."""

    at = serializers.DateTimeField()
    entered_at = serializers.DateTimeField()
    actor = serializers.CharField()
    organisation = serializers.CharField()
    act = serializers.CharField()
    text = serializers.CharField()
    entered_late = serializers.BooleanField(source="late")


class FilingFull(shown.FilingShown):
    """A filing with all that belongs to it; opinion and statutory approval of an item are two facts."""

    industry = serializers.CharField(source="industry.section", default=None, allow_null=True)
    answers = serializers.DictField()
    unanswered = serializers.ListField(child=serializers.CharField())
    draft_number = serializers.SerializerMethodField()
    received_late = serializers.SerializerMethodField()
    query_code = serializers.SerializerMethodField()
    limits = LimitExplained(many=True)
    items = serializers.SerializerMethodField()
    materials = serializers.SerializerMethodField()
    gaps = serializers.SerializerMethodField()
    dispatches = serializers.SerializerMethodField()
    opinions = serializers.SerializerMethodField()
    changes = serializers.SerializerMethodField()
    correction_cases = serializers.SerializerMethodField()
    letter = serializers.SerializerMethodField()
    notices = serializers.SerializerMethodField()
    papers = serializers.SerializerMethodField()
    timeline = serializers.SerializerMethodField()
    steps = serializers.SerializerMethodField()

    class Meta(shown.FilingShown.Meta):
        fields = (
            *shown.FilingShown.Meta.fields, "industry", "industry_code", "industry_edition", "construction_nature",
            "works_kind", "site_detail", "longitude", "latitude", "datum", "scale", "investment_wan", "funding",
            "land_mu", "land_with_design", "floor_area_m2", "planned_start", "planned_completion",
            "planned_production", "answers", "unanswered", "draft_number", "query_code", "round",
            "eligible_at", "served_at", "acknowledged_at", "received_at", "received_late", "accepted_at",
            "accepted_by_silence", "survey_skipped", "concluded_at", "cleared_at", "start_notified_at",
            "steps", "items", "materials", "gaps", "dispatches", "opinions", "changes", "correction_cases", "letter",
            "notices", "papers", "timeline",
        )  # fmt: skip

    def get_received_late(self, filing: Filing) -> bool:
        """Return whether the time of the receipt was entered late, from paper."""
        return filing.received_at in late_times(filing)

    def get_draft_number(self, filing: Filing) -> int:
        """Return the number of the last change of the draft, to be sent back as `base` with the next."""
        return draft_number(filing)

    def get_query_code(self, filing: Filing) -> str | None:
        """Return the word by which the case is followed without an account; null for all but whose it is."""
        own = follows(filing, self.context["by"])
        return filing.query_code if own and filing.number else None

    def _many(self, kind: Any, rows: Any) -> Any:
        return kind(rows, many=True, context=self.context).data

    def _listed(self, filing: Filing, kind: Any, rows: Any) -> Any:
        """Show what belongs to the list once the list is out."""
        return self._many(kind, rows) if filing.stage in AFTER_LIST else []

    @extend_schema_field(shown.ItemShown(many=True))
    def get_items(self, filing: Filing) -> Any:
        """Return the list."""
        return self._listed(filing, shown.ItemShown, filing.items.all())

    @extend_schema_field(shown.MaterialShown(many=True))
    def get_materials(self, filing: Filing) -> Any:
        """Return the materials."""
        return self._listed(filing, shown.MaterialShown, filing.materials.all())

    @extend_schema_field(shown.GapShown(many=True))
    def get_gaps(self, filing: Filing) -> Any:
        """Return the tolerated gaps."""
        return self._many(shown.GapShown, filing.gaps.all())

    @extend_schema_field(DispatchShown(many=True))
    def get_dispatches(self, filing: Filing) -> Any:
        """Return to which departments the file was sent, as far as the person may see it."""
        sent = dispatches_of(filing, self.context["by"]).select_related("filing")
        return self._listed(filing, DispatchShown, sent)

    @extend_schema_field(SlotShown(many=True))
    def get_opinions(self, filing: Filing) -> Any:
        """Return every opinion that is asked or was given, all rounds; what was struck before is asked no more."""
        slots = filing.slots.all()  # fetched with the case: nothing is asked anew
        in_play = [slot for slot in slots if filing.ended or not slot.asked_no_more]
        return self._listed(filing, SlotShown, in_play)

    @extend_schema_field(shown.ChangeShown(many=True))
    def get_changes(self, filing: Filing) -> Any:
        """Return the changes a pre-review asked for."""
        return self._listed(filing, shown.ChangeShown, filing.changes.all())

    @extend_schema_field(shown.CaseShown(many=True))
    def get_correction_cases(self, filing: Filing) -> Any:
        """Return the correction cases."""
        return self._listed(filing, shown.CaseShown, filing.correction_cases.all())

    @extend_schema_field(shown.LetterShown(allow_null=True))
    def get_letter(self, filing: Filing) -> Any:
        """Return the present letter."""
        letters = filing.letters.filter(withdrawn_at=None).select_related("paper", "scan")
        letter = letters.prefetch_related("clauses__item", "clauses__checked_by").last()
        return shown.LetterShown(letter, context=self.context).data if letter else None

    @extend_schema_field(NoticeShown(many=True))
    def get_notices(self, filing: Filing) -> Any:
        """Return the notices."""
        return self._listed(filing, NoticeShown, filing.notices.all())

    @extend_schema_field(shown.PaperFull(many=True))
    def get_papers(self, filing: Filing) -> Any:
        """Return the papers, newest first."""
        found = Paper.objects.filter(book_id=filing.book_id).order_by("-pk")
        found = found.select_related("corrects", "correction").defer(
            "content", "corrects__content", "correction__content"
        )
        return self._many(shown.PaperFull, found)

    @extend_schema_field(Happened(many=True))
    def get_timeline(self, filing: Filing) -> Any:
        """Return the newest acts of the ledger."""
        asked, items = filing.slots.all(), filing.items.all()
        names = {slot.department.code: slot.department.label for slot in asked}
        names |= {item.department.code: item.department.label for item in items}
        names |= {item.code: item.label for item in items}
        return self._many(Happened, timeline(filing, names, self.context["by"]))

    @extend_schema_field(StepOffered(many=True))
    def get_steps(self, filing: Filing) -> Any:
        """Return the steps that are offered to the person."""
        found = offered(filing, self.context["by"])
        return StepOffered(found, many=True, context={"filing": filing}).data


def _whole(by: Any) -> Any:
    slots = Slot.objects.select_related(
        "filing__rulebook",
        "agenda__session",
        "department",
        "item__item",
        "calendar",
        "opinion__paper",
    ).prefetch_related("agenda__session__invitations")
    limits = StageLimit.objects.select_related("calendar", "item__item", "filing__rulebook")
    return (
        Filing.objects.visible_to(by)
        .select_related("enterprise", "site", "industry", "book", "rulebook", "catalogue")
        .prefetch_related(
            Prefetch("limits", limits),
            Prefetch("gaps", Gap.objects.select_related("material", "calendar")),
            Prefetch("materials", Material.objects.select_related("filing")),
            "materials__files__attachment",
            "materials__files__standing",
            Prefetch("items", ChecklistItem.objects.select_related("item", "department", "filing")),
            Prefetch("slots", slots),
            Prefetch("notices", Notice.objects.select_related("filing__site", "calendar")),
            Prefetch("changes", Change.objects.select_related("item__department")),
            "correction_cases",
        )
    )


class OneFiling(One):
    """申报件全貌."""

    things = FILINGS
    title = _("一个申报件的全貌")
    explain = _("意见和法定审批分开列出；每个环节附现在不能办理的理由；每个时限附逐日计算。")
    serializer_class = FilingFull

    def whole(self) -> Any:
        """Add all that belongs to a filing."""
        return _whole(self.by)


ADDRESSES = [path("filings/<slug:public_id>/", OneFiling.as_view(), name="filing_read")]
