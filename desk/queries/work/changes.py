"""What waits of the changes a pre-review wants: to be made by the enterprise, to be checked by one department."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from approvals.models import Change
from approvals.stages import ENDS
from core.deadlines.queries import end_of
from core.steps.templatetags.look import date_long
from desk.queries.work.rows import Row, Seen, case_url


def _open(**which: Any) -> QuerySet[Change]:
    found = Change.objects.filter(done_at=None, **which).exclude(filing__stage__in=ENDS)
    return found.select_related("filing__enterprise")


def _row(change: Change, title: str, address: str, seen: Seen) -> Row:
    url = reverse(address, args=[change.filing.public_id, change.pk])
    row = Row(title, url, f"{change.filing} · {change.text}", change.filing.get_stage_display())
    row.due_at = end_of(change.due_on)
    late = row.due_at <= seen.at and change.handed_at is None
    row.due = {
        "light": "red" if late else "grey",
        "text": (_("%(until)s已过") if late else _("%(until)s前"))
        % {"until": date_long(change.due_on)},
    }
    row.silence = _("没有核对完成的，不能开工；没有回应不等于核对完成。")
    return row


def to_make(seen: Seen) -> Iterator[Row]:
    """Yield the changes an enterprise has not handed in."""
    for change in _open(handed_at=None, filing__in=seen.cases()):
        yield _row(change, _("交来预审要求的修改"), "approvals:hand_in_change", seen)


def to_check(seen: Seen) -> Iterator[Row]:
    """Yield the changes handed in that come from an item of the department."""
    for change in _open(handed_at__isnull=False, item__department=seen.by.organisation_id):
        yield _row(change, _("核对企业交来的修改"), "approvals:finish_change", seen)


def to_check_at_the_window(seen: Seen) -> Iterator[Row]:
    """Yield the changes handed in that come from no item."""
    for change in _open(handed_at__isnull=False, item=None):
        yield _row(change, _("核对企业交来的修改"), "approvals:finish_change", seen)


def overdue(seen: Seen) -> Iterator[Row]:
    """Yield the changes whose day is past and which nobody has handed in: a day that passes says nothing by itself."""
    today = timezone.localdate(seen.at)
    for change in _open(handed_at=None, due_on__lt=today).exclude(
        filing__suspended_at__isnull=False
    ):
        row = _row(change, _("修改逾期未交，请催办"), "approvals:hand_in_change", seen)
        row.url, row.who = case_url(change.filing), str(change.filing.enterprise)
        yield row


ENTERPRISE = (to_make,)
DEPARTMENT = (to_check,)
WINDOW = (to_check_at_the_window, overdue)
