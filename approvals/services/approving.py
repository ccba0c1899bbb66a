"""受理审批: an item's own approval is taken up; what the statute and the county's promise give begins to run."""

from datetime import datetime

from django.db import transaction

from accounts.models import Membership
from approvals import policies
from approvals.models import ChecklistItem, StageLimit
from approvals.queries import rule_value
from approvals.queries.gaps import open_promises, why_undecided
from approvals.rules import limits
from approvals.rules.approving import why_not_taken_up
from approvals.services.telling import tell_enterprise
from core.deadlines.models import Unit
from core.deadlines.services import start
from core.notify.words import said as _
from core.steps.moves import act, locked, permit
from core.steps.reasons import NotNow


@transaction.atomic
def take_up_item(item: ChecklistItem, *, by: Membership, at: datetime) -> ChecklistItem:
    """受理审批: the application of one item is complete; its statutory limit, and a published promise, begin."""
    filing = locked(item.filing)
    item = ChecklistItem.objects.select_related("filing__rulebook", "item").get(pk=item.pk)
    permit(item, policies.records_approval, by=by, at=at)
    if reasons := why_not_begun(item):
        raise NotNow(reasons)
    start_approval(item, at)
    act(filing, "take_up_item", policy=lambda _thing, _by: True, by=by, at=at, item=item.code)
    what = _("已受理“%(item)s”的审批") % {"item": item.item.name}
    tell_enterprise(filing, what, f"taken-up{item.pk}", at)
    return item


def why_not_begun(item: ChecklistItem) -> list[str]:
    """Return why the limits of an item's approval cannot begin; they do not run while it waits for a promised paper.

    模式一: the decision is refused until the paper is there, so that a limit would pass without anybody's fault.
    """
    return why_not_taken_up(item, item.limits.filter(ended_at=None)) or why_undecided(item)


def decides_on_condition(item: ChecklistItem) -> bool:
    """Return whether a decision rests on a promise (模式二); NotNow where it waits for the paper (模式一)."""
    if reasons := why_undecided(item):
        raise NotNow(reasons)
    return bool(open_promises(item))


def start_approval(item: ChecklistItem, at: datetime) -> None:
    """Start the statutory limit of an approval, and beside it the promised one where the county has published it."""
    filing, listed = item.filing, item.item
    if listed.statutory_days:
        unit = Unit.WORKING_DAY if listed.statutory_unit == "working_day" else Unit.NATURAL_DAY
        start(
            StageLimit(filing=filing, book=filing.book, item=item, unit=unit),
            limits.STATUTORY_APPROVAL, at=at, rulebook=filing.rulebook, length=listed.statutory_days,
        )  # fmt: skip
    published = rule_value(filing, limits.PROMISES_PUBLISHED, at)
    most = rule_value(filing, limits.PROMISED_APPROVAL.code, at)
    if listed.promised_days and most and published and published[1].value == "yes":
        start(
            StageLimit(filing=filing, book=filing.book, item=item),
            limits.PROMISED_APPROVAL, at=at, rulebook=filing.rulebook,
            length=min(listed.promised_days, most[1].number),
        )  # fmt: skip
