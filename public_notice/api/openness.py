"""主动公开 for programs: catalogue, guides and powers for everybody; writing and publishing for their owners."""

from typing import Any

import django_filters as filters
from django.urls import path
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.models import Organisation
from accounts.stages import Kind
from approvals.models import CatalogueItem, CatalogueMaterial
from core import clock
from core.documents.sheets import Sheet
from core.steps.api import Export, Listing, One, Step, Things, addresses
from public_notice import policies, services
from public_notice.api.notices import LABEL
from public_notice.models import OpenMatter, Publication
from public_notice.queries.guides import edition_or_none
from public_notice.queries.openness import publications, sheet_of_matters, standing_matters
from public_notice.rules.written import CERTAINTIES
from public_notice.stages import Matter, OpenEvent


class OpenMatterShown(serializers.ModelSerializer):
    """A matter of the catalogue of publicity, or of the negative list (`withheld`); `rule` is its time limit's row."""

    publisher = serializers.CharField(source="publisher.code")

    class Meta:
        model = OpenMatter
        fields = (
            "id", "code", "version", "kind", "name", "name_en", "content", "content_en", "publisher", "form", "form_en",
            "event", "rule", "address", "basis", "certainty", "struck", "written_at",
        )  # fmt: skip


class GuideMaterialShown(serializers.ModelSerializer):
    """A paper that an item wants."""

    class Meta:
        model = CatalogueMaterial
        fields = ("name", "name_en", "form", "copies", "tolerable", "needed_by", "produced_by", "only_if")  # fmt: skip


class GuideShown(serializers.ModelSerializer):
    """办事指南: an item of the edition in force, as its page says it."""

    edition = serializers.IntegerField(source="edition.number")
    department = serializers.CharField(source="department.code")
    materials = GuideMaterialShown(many=True)

    class Meta:
        model = CatalogueItem
        fields = (
            "id", "code", "edition", "name", "name_en", "item_class", "department", "legal_basis", "applies_if",
            "statutory_days", "statutory_unit", "promised_days", "red_line", "red_line_basis", "opinion_default",
            "start_gate", "materials",
        )  # fmt: skip


class PublicationShown(serializers.ModelSerializer):
    """Something that is to be published: since when, until when, and where it stands once it is."""

    matter = serializers.CharField(source="matter.code")
    department = serializers.CharField(source="department.code")
    published_at = serializers.DateTimeField(source="ended_at", allow_null=True)

    class Meta:
        model = Publication
        fields = (
            "id", "matter", "department", "title", "arose_on", "rule", "due_at", "published_at", "address",
        )  # fmt: skip


class MatterWritten(serializers.Serializer):
    """A matter as it is to stand from now."""

    code = serializers.RegexField(r"^[A-Z][0-9]{1,3}$", max_length=8)
    kind = serializers.ChoiceField(Matter.choices)
    name = serializers.CharField(max_length=120)
    name_en = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    content = serializers.CharField(max_length=500)
    content_en = serializers.CharField(max_length=800, required=False, allow_blank=True, default="")
    publisher = serializers.SlugRelatedField(
        "code", queryset=Organisation.objects.filter(kind=Kind.DEPARTMENT)
    )
    form = serializers.CharField(max_length=120)
    form_en = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    event = serializers.ChoiceField(OpenEvent.choices, required=False, allow_blank=True, default="")
    rule = serializers.CharField(max_length=8, required=False, allow_blank=True, default="")
    address = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    basis = serializers.CharField(max_length=200)
    certainty = serializers.ChoiceField([(one, one) for one in CERTAINTIES])
    reason = serializers.CharField(max_length=300)


class Why(serializers.Serializer):
    """Why a matter is taken down."""

    reason = serializers.CharField(max_length=300)


class Noted(serializers.Serializer):
    """What arose, of which matter, on which day."""

    matter = serializers.SlugRelatedField("code", queryset=standing_matters())
    title = serializers.CharField(max_length=200)
    arose_on = serializers.DateField()


class Where(serializers.Serializer):
    """Where it stands."""

    address = serializers.CharField(max_length=300)


def _matters(_by: Any) -> Any:
    return standing_matters()


def _versions(by: Any) -> Any:
    found = OpenMatter.objects.select_related("publisher")
    return found if policies.administrator(None, by) else found.none()


def _items(_by: Any) -> Any:
    edition = edition_or_none(clock.now())
    found = CatalogueItem.objects.filter(edition=edition).select_related("edition", "department")
    return found.prefetch_related("materials")


def _owed(by: Any) -> Any:
    found = publications()
    return found if policies.sees_publications(None, by) else found.none()


MATTERS = Things(
    "open-matters", "open_matter", LABEL, OpenMatter, _matters, OpenMatterShown, key="code"
)
VERSIONS = Things(
    "open-matter-versions", "open_matter_version", LABEL, OpenMatter, _versions, OpenMatterShown
)
GUIDES = Things("guides", "guide", LABEL, CatalogueItem, _items, GuideShown, key="code")
PUBLICATIONS = Things("publications", "publication", LABEL, Publication, _owed, PublicationShown)
WRITE = Step(
    "write", services.write_matter, policies.administrator, _("写入公开事项"), MatterWritten, opens=True
)  # fmt: skip
STRIKE = Step("strike", services.strike_matter, policies.administrator, _("撤下公开事项"), Why)
NOTE = Step(
    "note", services.note_publication, policies.sees_publications, _("登记待公开信息"), Noted, opens=True
)  # fmt: skip
PUBLISH = Step("publish", services.publish_information, policies.publishes, _("登记已公开"), Where)


class MatterFilter(filters.FilterSet):
    """Matters by kind; `withheld` is the negative list."""

    class Meta:
        model = OpenMatter
        fields = ("kind",)


class Matters(Listing):
    """主动公开目录 with the negative list."""

    things = MATTERS
    public = True
    title = _("主动公开目录")
    filterset_class = MatterFilter


class MatterExport(Export):
    """The catalogue as a file."""

    things = MATTERS
    public = True
    title = _("导出主动公开目录")
    filterset_class = MatterFilter

    def sheet(self, rows: Any) -> Sheet:
        """Return the table of the page."""
        return sheet_of_matters(rows, clock.now())


class OneMatter(One):
    """One matter."""

    things = MATTERS
    public = True
    title = _("一个公开事项")


class VersionFilter(filters.FilterSet):
    """Versions of matters by code and kind."""

    code = filters.CharFilter(label=_("编号"))

    class Meta:
        model = OpenMatter
        fields = ("kind",)


class Versions(Listing):
    """Every version of every matter, for the administrator."""

    things = VERSIONS
    step = WRITE
    title = _("公开事项的各个版本")
    filterset_class = VersionFilter


class GuideFilter(filters.FilterSet):
    """Guides by department (权责清单) and class."""

    department = filters.CharFilter(field_name="department__code", label=_("责任部门"))

    class Meta:
        model = CatalogueItem
        fields = ("item_class",)


class Guides(Listing):
    """办事指南; by department they are its powers."""

    things = GUIDES
    public = True
    title = _("办事指南清单")
    filterset_class = GuideFilter


class OneGuide(One):
    """One guide."""

    things = GUIDES
    public = True
    title = _("一个事项的办事指南")


class PublicationFilter(filters.FilterSet):
    """Publications by office, and whether they are still owed."""

    department = filters.CharFilter(field_name="department__code", label=_("公开主体"))
    owed = filters.BooleanFilter(field_name="ended_at", lookup_expr="isnull", label=_("待公开"))

    class Meta:
        model = Publication
        fields: list[str] = []


class Publications(Listing):
    """What is owed and what was published, for those who publish."""

    things = PUBLICATIONS
    step = NOTE
    title = _("待公开和已公开的信息")
    filterset_class = PublicationFilter


ADDRESSES = [
    path("open-matters/", Matters.as_view(), name="open_matter_list"),
    path("open-matters/export/", MatterExport.as_view(), name="open_matter_export"),
    path("open-matters/<slug:code>/", OneMatter.as_view(), name="open_matter_read"),
    path("open-matter-versions/", Versions.as_view(), name="open_matter_version_list"),
    path("guides/", Guides.as_view(), name="guide_list"),
    path("guides/<slug:code>/", OneGuide.as_view(), name="guide_read"),
    path("publications/", Publications.as_view(), name="publication_list"),
    *addresses(MATTERS, STRIKE),
    *addresses(PUBLICATIONS, PUBLISH),
]
