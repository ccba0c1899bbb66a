"""Whose calendar it is: an address is drawn and withdrawn by its holder and nobody else."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from accounts.stages import Role
from core.steps.reasons import because

if TYPE_CHECKING:
    from accounts.models import Membership
    from prereview.models import CalendarFeed


def keeps_a_calendar(_thing: Any, by: "Membership") -> bool:
    """Who attends sessions, convenes or records them."""
    return by.role in keeps_a_calendar.roles  # type: ignore[attr-defined]


keeps_a_calendar.roles = (Role.CLERK, Role.HEAD, Role.WINDOW, Role.CONVENOR)  # type: ignore[attr-defined]


def own_calendar_feed(feed: "CalendarFeed", by: "Membership") -> bool:
    """The person who drew it, in whatever office."""
    return feed.holder.user_id == by.user_id


@because(_("这个订阅地址已经停用。"))
def feed_holds(feed: "CalendarFeed") -> bool:
    """It was not withdrawn."""
    return feed.withdrawn_at is None
