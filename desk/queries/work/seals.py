"""What waits for a second person: scans of sealed papers that another has uploaded."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.policies import window
from core.steps.models import Seal
from core.steps.stages import SealState
from desk.queries.work.rows import Row, Seen


def scans_to_compare(seen: Seen) -> Iterator[Row]:
    """Yield the scans that somebody else of one's office has uploaded, of papers that still stand."""
    waiting = Seal.objects.filter(
        state=SealState.WAITING, paper__voided_at=None, paper__correction=None
    ).exclude(made_by__user=seen.by.user_id)
    if window(None, seen.by):
        waiting = waiting.filter(made_by__role__in=window.roles)  # type: ignore[attr-defined]
    else:
        waiting = waiting.filter(made_by__organisation=seen.by.organisation_id)
    for seal in waiting.select_related("paper").defer("paper__content"):
        title = _("核对盖章扫描件：%(number)s") % {"number": seal.paper.number}
        row = Row(title, reverse("approvals:paper_scan", args=[seal.paper.code]), seal.paper.label)
        row.silence = _("没有人核对的，扫描件不算数，文书一直是未签章；没有期限，也不会自动确认。")
        yield row


OFFICES = (scans_to_compare,)
