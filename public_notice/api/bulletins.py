"""默认情况通报 for programs: everybody reads what is published; drafting and reviewing is the supervisors'."""

from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from core.documents.sheets import Sheet
from core.steps.api import Export, Listing, One, Step, Things, addresses
from public_notice import policies, services
from public_notice.api import shown
from public_notice.api.notices import LABEL
from public_notice.models import Bulletin
from public_notice.queries.bulletins import published
from public_notice.queries.sheets import sheet_of_bulletins


def _published(_by: Any) -> Any:
    return published()


def _drafts(by: Any) -> Any:
    found = Bulletin.objects.select_related("drafter", "reviewer", "paper")
    return found if policies.reviews_bulletins(None, by) else found.none()


class Month(serializers.Serializer):
    """A month that is over: 2018-06."""

    period = serializers.RegexField(r"^[0-9]{4}-(0[1-9]|1[0-2])$")


class Review(serializers.Serializer):
    """Whether a bulletin may leave the house; what is sent back says why."""

    approved = serializers.BooleanField()
    note = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


BULLETINS = Things(
    "bulletins", "bulletin", LABEL, Bulletin, _published, shown.BulletinShown, key="period"
)
DRAFTS = Things(
    "bulletin-drafts", "bulletin_draft", LABEL, Bulletin, _drafts, shown.BulletinDraftShown
)
DRAFT = Step(
    "draft", services.draft_bulletin, policies.supervisor, _("起草通报"), Month, opens=True
)
REVIEW = Step("review", services.review_bulletin, policies.reviews_bulletins, _("审核通报"), Review)


class Bulletins(Listing):
    """通报."""

    things = BULLETINS
    public = True
    title = _("默认情况通报清单")


class BulletinExport(Export):
    """通报 as a file."""

    things = BULLETINS
    public = True
    title = _("导出默认情况通报")

    def sheet(self, rows: Any) -> Sheet:
        """Return the table of the page."""
        return sheet_of_bulletins(rows)


class OneBulletin(One):
    """One month."""

    things = BULLETINS
    public = True
    title = _("一个月的默认情况通报")


class Drafts(Listing):
    """Bulletins with their drafts, for those who draft and review."""

    things = DRAFTS
    step = DRAFT
    title = _("通报草稿清单")


ADDRESSES = [
    path("bulletins/", Bulletins.as_view(), name="bulletin_list"),
    path("bulletins/export/", BulletinExport.as_view(), name="bulletin_export"),
    path("bulletins/<slug:period>/", OneBulletin.as_view(), name="bulletin_read"),
    path("bulletin-drafts/", Drafts.as_view(), name="bulletin_draft_list"),
    *addresses(DRAFTS, REVIEW),
]
