"""The address of one's own calendar, for programs: drawn, shown once, withdrawn."""

from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from core.steps.api import Listing, Step, Things, addresses
from prereview import services
from prereview.api.sessions import LABEL
from prereview.models import CalendarFeed
from prereview.policies.feed import keeps_a_calendar, own_calendar_feed
from prereview.queries.feed import feeds_of


class CalendarFeedShown(serializers.Serializer):
    """A calendar to subscribe to; `address` is said once, in the first answer to its drawing, and empty ever after."""

    id = serializers.IntegerField(source="pk")
    drawn_at = serializers.DateTimeField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    address = serializers.SerializerMethodField()

    def get_address(self, _feed: CalendarFeed) -> str:
        """Say nothing: what is shown here is kept and shown again."""
        return ""


def _told_once(feed: CalendarFeed) -> dict[str, Any]:
    return {"address": feed.address}


FEEDS = Things("calendar-feeds", "calendar_feed", LABEL, CalendarFeed, feeds_of, CalendarFeedShown)
DRAW = Step(
    "draw", services.draw_calendar_feed, keeps_a_calendar, _("生成日历订阅地址"), opens=True, unkept=_told_once,
    explain=_("原地址立即失效。新地址只在第一次答复的 address 中，用同一个键再发也不再给出：没有收到的，另生成一个。"),
)  # fmt: skip
WITHDRAW = Step("withdraw", services.withdraw_calendar_feed, own_calendar_feed, _("停用日历订阅"))


class Feeds(Listing):
    """日历订阅."""

    things, step = FEEDS, DRAW
    title = _("本人的日历订阅")


ADDRESSES = [
    path("calendar-feeds/", Feeds.as_view(), name="calendar_feed_list"),
    *addresses(FEEDS, WITHDRAW),
]
