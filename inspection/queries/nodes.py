"""The nodes of the works: which a case may have, what was promised, what is not in, and until when it changes."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from approvals.models import CatalogueNode, Filing
from approvals.queries import rule_value
from core.steps.templatetags.look import date_long
from inspection import rules
from inspection.models import NodeChange, NodeStrike, SiteNode
from inspection.queries.stood import days_stood
from inspection.stages import ReportKind


def nodes_to_promise(filing: Filing) -> list[CatalogueNode]:
    """Return the nodes between start and completion in the catalogue pinned to a case; none in one older than nodes."""
    return list(filing.pinned_catalogue.nodes.filter(reported_by=ReportKind.PROGRESS))


def nodes_of(filing: Filing) -> QuerySet[SiteNode]:
    """Return the plan of a case in the order of the works, each with its report and what changed: three queries."""
    found = filing.site_nodes.select_related("node", "report", "calendar")
    return found.prefetch_related(
        Prefetch("changes", NodeChange.objects.select_related("attachment")),
        Prefetch("strikes", NodeStrike.objects.select_related("attachment")),
    )


def not_in(filing: Filing) -> QuerySet[SiteNode]:
    """Return the nodes that were promised and not reported yet."""
    return nodes_left([filing])


def nodes_left(filings: Sequence[Filing]) -> QuerySet[SiteNode]:
    """Return the nodes of some cases that were promised and not reported yet: one query."""
    found = SiteNode.objects.filter(filing__in=filings, promised_on__isnull=False, report=None)
    return found.select_related("node", "calendar")


def open_nodes(filing: Filing) -> QuerySet[SiteNode]:
    """Return the nodes of a plan that were not reported, also those that the works were said not to have."""
    found = filing.site_nodes.filter(report=None)
    found = found.select_related("node", "filing__rulebook", "calendar", "report")
    return found.prefetch_related("changes")


def nodes_missing(filing: Filing) -> str:
    """Say which nodes are not in; empty where all are."""
    names = _("、").join(str(node) for node in not_in(filing))
    return _("这些建设节点还没有报告：%(nodes)s。") % {"nodes": names} if names else ""


def waits_for_nodes(filing: Filing, at: datetime) -> bool:
    """Whether the joint acceptance waits for the nodes, by the rulebook (P154); without the row it does not."""
    found = rule_value(filing, rules.ALL_NODES_FIRST, at)
    return found is not None and found[1].value == "yes"


def why_not_accepted_yet(filing: Filing, at: datetime) -> list[str]:
    """Return what stands against the joint acceptance for a node that is not in; nothing where the county waits not."""
    missing = nodes_missing(filing)
    if not missing or not waits_for_nodes(filing, at):
        return []
    rule = _("到“报告进度”里逐个报告，再申请联合验收（规则%(code)s）。")
    return [missing + rule % {"code": rules.ALL_NODES_FIRST}]


def _number(filing: Filing, code: str, at: datetime) -> int:
    """Return a number of the county; 0 where no rulebook has the row: then nothing is allowed by it."""
    found = rule_value(filing, code, at)
    return found[1].number if found else 0


def most_changes(filing: Filing, at: datetime) -> int:
    """Return how often the day of one node may be changed (P145)."""
    return _number(filing, rules.NODE_CHANGES, at)


def last_day_to_change(node: SiteNode, at: datetime) -> date | None:
    """Return the last day on which a promised day may be changed (P146); None where none was promised.

    The days for which the works were stopped by order are given back here as they are to the limit.
    """
    if node.promised_on is None:
        return None
    before = _number(node.filing, rules.NODE_CHANGE_BY, at)
    return node.promised_on + timedelta(days=days_stood(node) - before)


def why_not_changed(node: SiteNode, at: datetime) -> list[str]:
    """Return what stands against changing the day of a node at an instant."""
    if node.reached_on is not None:
        return [_("“%(node)s”已经报告，承诺日期不再变更。") % {"node": node}]
    if node.suspended:
        return [_("“%(node)s”的期限正在中止，恢复以后再变更。") % {"node": node}]
    most = most_changes(node.filing, at)
    if len(node.changes.all()) >= most:
        said = {"node": node, "n": most, "code": rules.NODE_CHANGES}
        return [_("“%(node)s”的承诺日期最多变更%(n)d次（规则%(code)s），不能再变更。") % said]
    last = last_day_to_change(node, at)
    if last is not None and timezone.localdate(at) > last:
        said = {"node": node, "day": date_long(last), "code": rules.NODE_CHANGE_BY}
        return [
            _("“%(node)s”最迟应在%(day)s变更（规则%(code)s），现在不能再变更：到达后请报告节点。")
            % said
        ]
    return []
