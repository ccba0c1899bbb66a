"""What waits of requests for disclosure: to confirm, to answer, to approve; what is late for those who watch."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from desk.queries.work.rows import Row, Seen, dated
from public_notice.models import Disclosure
from public_notice.queries.disclosures import waiting
from public_notice.stages import DisclosureStage


def _row(what: str, one: Disclosure, seen: Seen, name: str = "disclosure") -> Row:
    url = reverse(f"public_notice:{name}", args=[one.pk])
    return dated(Row(what, url, one.number, one.get_stage_display()), one, seen)


def disclosures_to_answer(seen: Seen) -> Iterator[Row]:
    """Yield the requests that wait for the office."""
    for one in waiting():
        confirm = one.stage == DisclosureStage.SUBMITTED
        yield _row(_("与申请人确认收到公开申请") if confirm else _("答复公开申请"), one, seen)


def extensions_to_approve(seen: Seen) -> Iterator[Row]:
    """Yield the extensions that another person has asked for."""
    asked = waiting().filter(longer_by__isnull=False, extended_at=None)
    for one in asked.exclude(longer_by__user=seen.by.user_id):
        yield _row(_("审批延长公开申请的答复期限"), one, seen, "disclosure_approve")


def disclosures_overdue(seen: Seen) -> Iterator[Row]:
    """Yield the requests nobody has answered in time."""
    for one in waiting().filter(escalated_at__isnull=False):
        yield _row(_("逾期：公开申请"), one, seen)


def disclosures_long_overdue(seen: Seen) -> Iterator[Row]:
    """Yield those that have come up the ladder."""
    for one in waiting().filter(leaders_at__isnull=False):
        yield _row(_("逾期：公开申请"), one, seen)


WINDOW = (disclosures_to_answer,)
CONVENOR = (disclosures_to_answer, extensions_to_approve)
SUPERVISOR = (disclosures_overdue,)
ADMINISTRATOR = (disclosures_long_overdue,)
