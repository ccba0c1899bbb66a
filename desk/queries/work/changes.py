"""What waits of the changes a pre-review wants: to be made by the enterprise, to be checked by one department."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from approvals.models import Change
from approvals.stages import ENDS
from desk.queries.work.rows import Row, Seen


def _open(**which: Any) -> QuerySet[Change]:
    found = Change.objects.filter(done_at=None, **which).exclude(filing__stage__in=ENDS)
    return found.select_related("filing__enterprise")


def _row(change: Change, title: str, address: str) -> Row:
    url = reverse(address, args=[change.filing.public_id, change.pk])
    row = Row(title, url, f"{change.filing} · {change.text}", change.filing.get_stage_display())
    row.silence = _("没有核对完成的，不能开工；没有回应不等于核对完成。")
    return row


def to_make(seen: Seen) -> Iterator[Row]:
    """Yield the changes an enterprise has not handed in."""
    for change in _open(handed_at=None, filing__in=seen.cases()):
        yield _row(change, _("交来预审要求的修改"), "approvals:hand_in_change")


def to_check(seen: Seen) -> Iterator[Row]:
    """Yield the changes handed in that come from an item of the department."""
    for change in _open(handed_at__isnull=False, item__department=seen.by.organisation_id):
        yield _row(change, _("核对企业交来的修改"), "approvals:finish_change")


def to_check_at_the_window(seen: Seen) -> Iterator[Row]:
    """Yield the changes handed in that come from no item."""
    for change in _open(handed_at__isnull=False, item=None):
        yield _row(change, _("核对企业交来的修改"), "approvals:finish_change")


ENTERPRISE = (to_make,)
DEPARTMENT = (to_check,)
WINDOW = (to_check_at_the_window,)
