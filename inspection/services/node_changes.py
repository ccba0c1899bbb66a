"""变更节点日期: the enterprise reports another promised day with its reason; the day before stays on record."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership
from approvals.models import Filing
from approvals.policies import own_enterprise, works_go_on
from core.documents.services import keep
from core.notify.words import said as _
from core.steps.moves import act, locked, permit
from core.steps.reasons import NotNow, need_words, require
from core.steps.templatetags.look import date_long
from inspection import policies
from inspection.models import NodeChange, SiteNode
from inspection.queries.nodes import why_not_changed
from inspection.queries.works import checking_departments, started_on
from inspection.services.nodes import run_node, too_far
from inspection.services.telling import tell_departments


@transaction.atomic
def change_node(
    filing: Filing,
    *,
    node: str,
    promised_on: date,
    reason: str,
    by: Membership,
    at: datetime,
    upload: UploadedFile | None = None,
) -> SiteNode:
    """变更一个节点的承诺日期: as often and as late as the county allows (P145, P146); its clock runs to the new day.

    `node` is the code of a node of the plan, also of one that the works were said not to have. Raises NotNow where the
    works stand still, are reported as done, or the node is in or past its day; ValidationError, by field, for a day
    that is over or the same, and without a reason.
    """
    filing = locked(filing)
    permit(filing, own_enterprise, by=by, at=at)
    require(filing, policies.is_building, works_go_on, policies.completion_is_not_reported)
    found = _named(filing, node)
    if reasons := why_not_changed(found, at):
        raise NotNow(reasons)
    need_words(reason)
    _check(found, promised_on, at)
    made = NodeChange.objects.create(
        node=found, turn=found.changes.count() + 1, promised_before=found.promised_on,
        promised_on=promised_on, reason=reason.strip(), changed_by=by, changed_at=at,
        attachment=keep(upload, book=filing.book, by=by, at=at) if upload else None,
    )  # fmt: skip
    found.promised_on = promised_on
    found.save(update_fields=["promised_on"])
    run_node(found, promised_on, at)
    days = f"{found.node.name} {made.promised_before or '—'} → {promised_on}"
    act(
        filing, "change_node", policy=own_enterprise, by=by, at=at, node=node, turn=made.turn,
        before=made.promised_before, promised_on=promised_on, note=days, reason=made.reason, due_at=found.due_at,
    )  # fmt: skip
    told = _("“%(node)s”的承诺日期变更为%(day)s") % {"node": found, "day": date_long(promised_on)}
    tell_departments(filing, checking_departments(filing), told, f"node-change:{made.pk}", at)
    return found


def _named(filing: Filing, code: str) -> SiteNode:
    found = filing.site_nodes.select_related("node", "filing", "report").filter(node__code=code)
    if (node := found.first()) is None:
        raise NotNow([_("计划里没有这个节点。")])
    return node


def _check(node: SiteNode, day: date, at: datetime) -> None:
    """Raise ValidationError for a new day that is over, the same as before, or in a mistyped year."""
    fault = None
    if day < timezone.localdate(at):
        fault = _("新的承诺日期不能早于今天。")
    elif day == node.promised_on:
        fault = _("与现在的承诺日期相同。")
    elif begun := started_on(node.filing):
        fault = too_far(day, begun)
    if fault:
        raise ValidationError({"promised_on": fault})
