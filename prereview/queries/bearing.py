"""What an absence comes to under one summons: one answer for the page, the desk, the card and the paper."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.deadlines.calendar import CalendarGap
from prereview.models import Invitation, Session
from prereview.queries import earliest_opening

SEEN_ONLY = _("再次勘察只作记录，不另提意见：不到场不产生默认，也不使程序停止。")
SHORT = _("通知时间不足规定的提前天数：不到会不产生缺席的后果，意见另行送达后计算期限。")


def short_notice(session: Session, at: datetime) -> bool:
    """Whether a summons of an instant leaves a department less than the minimum notice; in doubt it does."""
    try:
        return timezone.localdate(session.opens_at) < earliest_opening(session.kind, at)
    except CalendarGap:
        return True


def no_consequence(summons: Invitation, *, second: bool) -> Any:
    """Return why nothing comes of an absence, as its paper says it; empty where it has the usual consequence.

    `second` is whether it is a second visit. Only who was added afterwards is summoned with less than the notice.
    """
    if second:
        return SEEN_ONLY
    if summons.added_because and short_notice(summons.session, summons.served_at):
        return SHORT
    return ""
