"""Notices for everybody, objections by anybody, replies by the window."""

from typing import Any

import django_filters as filters
from django.core.exceptions import PermissionDenied
from django.urls import path
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.policies import staff
from approvals.api.filings import FILINGS
from approvals.policies import own_enterprise
from approvals.stages import Stage
from core import clock
from core.documents.sheets import Sheet
from core.steps.api import Export, Listing, One, OriginThrottle, Step, Things, addresses
from public_notice import policies, services
from public_notice.api import shown
from public_notice.api.mailbox_shown import SheetBody
from public_notice.models import Notice, Objection
from public_notice.queries import notices, running
from public_notice.queries.register import PROJECTS, Asked, narrowed, search
from public_notice.queries.sheets import sheet_of_notices, sheet_of_objections
from public_notice.stages import Finding, NoticeStage

LABEL = _("公示与异议")
DECIDED = (Finding.NOT_UPHELD, Finding.PARTLY, Finding.UPHELD, Finding.SET_ASIDE)
BACK = (Stage.COMMITTING, Stage.PREREVIEWING)


def _notices(_by: Any) -> Any:
    return notices()


def _objections(by: Any) -> Any:
    found = Objection.objects.select_related("notice__filing", "calendar")
    return found if staff(None, by) else found.none()


NOTICES = Things("notices", "notice", LABEL, Notice, _notices, shown.NoticeShown, key="public_id")
OBJECTIONS = Things("objections", "objection", LABEL, Objection, _objections, shown.ObjectionShown)


class ObjectionBody(serializers.Serializer):
    """What somebody has to say against a notice; name and contact are not published, and left out with `anonymous`."""

    name = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")
    contact = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    anonymous = serializers.BooleanField(required=False, default=False)
    hearing = serializers.BooleanField(required=False, default=False)
    interest = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    text = serializers.CharField(max_length=2000)


class Reply(serializers.Serializer):
    """What the window found, why, and where an upheld objection sends the case."""

    finding = serializers.ChoiceField([(f.value, f.label) for f in DECIDED])
    reply = serializers.CharField(max_length=2000)
    back_to = serializers.ChoiceField([(s.value, s.label) for s in BACK], required=False)

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        """Want to know where the case goes when the objection is upheld; it matters only then."""
        if data["finding"] != Finding.UPHELD:
            data.pop("back_to", None)
        elif "back_to" not in data:
            raise serializers.ValidationError(
                {"back_to": [_("认定异议成立的，请选择退回到哪一步。")]}
            )
        return data


STATES = [("running", _("公示中")), ("ended", _("已结束"))]
STATES += [(stage.value, stage.label) for stage in NoticeStage if stage != NoticeStage.RUNNING]


class NoticeFilter(filters.FilterSet):
    """Notices by words, year, town, whether one may still object, and all that the register of the page asks by."""

    q = filters.CharFilter(method="holds", label=_("标题、企业、项目代码、文号中的字词"))
    year = filters.NumberFilter("starts_on__year", min_value=2000, max_value=2999, label=_("年份"))
    site = filters.CharFilter("filing__site__code", label=_("乡镇代码"))
    open = filters.BooleanFilter(method="still", label=_("仍可提出异议"))
    state = filters.ChoiceFilter(method="asked", choices=STATES, label=_("状态"))
    view = filters.ChoiceFilter(
        method="asked", choices=[(PROJECTS, _("项目"))], label=_("每个项目只列最近一次公示")
    )
    industry = filters.CharFilter(method="asked", label=_("行业门类"))
    department = filters.CharFilter(method="asked", label=_("检查部门"))
    item = filters.CharFilter(method="asked", label=_("事项"))
    since = filters.DateFilter(method="asked", label=_("公示期不早于"))
    until = filters.DateFilter(method="asked", label=_("公示期不晚于"))

    class Meta:
        model = Notice
        fields: list[str] = []

    def holds(self, rows: Any, name: str, words: str) -> Any:
        """Keep those that hold each of the words."""
        return search(rows, words)

    def asked(self, rows: Any, name: str, value: Any) -> Any:
        """Narrow as the register of the page is narrowed by the parameter of the same name."""
        return narrowed(rows, Asked(**{name: str(value)}), clock.now())

    def still(self, rows: Any, name: str, yes: bool) -> Any:
        """Keep those whose period runs, or the others."""
        runs = running(clock.now())
        return rows.filter(runs if yes else ~runs)


class ObjectionFilter(filters.FilterSet):
    """Objections by notice, filing and finding."""

    notice = filters.CharFilter("notice__public_id", label=_("公示"))
    filing = filters.CharFilter("notice__filing__public_id", label=_("申报件"))
    finding = filters.MultipleChoiceFilter(choices=Finding.choices, label=_("认定"))

    class Meta:
        model = Objection
        fields: list[str] = []


class Notices(Listing):
    """承诺公示."""

    things = NOTICES
    public = True
    title = _("公示清单")
    filterset_class = NoticeFilter


class OneNotice(One):
    """One notice in full."""

    things = NOTICES
    public = True
    title = _("一份公示")
    serializer_class = shown.NoticeFull


class Objections(Listing):
    """公示异议."""

    things = OBJECTIONS
    title = _("异议清单")
    filterset_class = ObjectionFilter


class NoticeExport(Export):
    """The register as a file."""

    things = NOTICES
    public = True
    title = _("导出公示清单")
    filterset_class = NoticeFilter

    def sheet(self, rows: Any) -> Sheet:
        """Return what was published."""
        return sheet_of_notices(rows, clock.now())


class ObjectionExport(Export):
    """公示异议 as a file; who it was only for the window."""

    things = OBJECTIONS
    title = _("导出异议清单")
    filterset_class = ObjectionFilter

    def rows(self, seen: Any) -> Any:
        """Refuse whoever sees none of them."""
        if not staff(None, self.by):
            raise PermissionDenied
        return seen

    def sheet(self, rows: Any) -> Sheet:
        """Return them as the list shows them to this person."""
        return sheet_of_objections(rows, whole=policies.window(None, self.by))


def _anybody(_notice: Notice, _by: None) -> bool:
    return True


OBJECT = Step(
    "object", services.lodge_objection, _anybody, _("提出异议"), ObjectionBody,
    _("任何人都可以提出，不需要令牌；姓名只公开姓氏，联系方式不公开。"), opens=True, shown=shown.ReceiptShown,
)  # fmt: skip
REPLY = Step("reply", services.reply_objection, policies.window, _("答复异议"), Reply)
PUBLISH = Step(
    "publish", services.publish_notice, policies.window, _("发布承诺公示"), shown=shown.NoticeShown
)


SATISFACTION = Step(
    "satisfaction", services.answer_satisfaction, own_enterprise, _("评价办理情况"), SheetBody,
    _("办结以后，每件一次；与本件分开保存。"), secret=True,
)  # fmt: skip

ADDRESSES = [
    path("notices/", Notices.as_view(), name="notice_list"),
    path("notices/export/", NoticeExport.as_view(), name="notice_export"),
    path("notices/<slug:public_id>/", OneNotice.as_view(), name="notice_read"),
    path("objections/", Objections.as_view(), name="objection_list"),
    path("objections/export/", ObjectionExport.as_view(), name="objection_export"),
    *addresses(
        NOTICES,
        OBJECT,
        public=True,
        throttle_classes=(OriginThrottle,),
        throttle_scope="objections",
    ),
    *addresses(OBJECTIONS, REPLY),
    *addresses(FILINGS, PUBLISH, SATISFACTION),
]
