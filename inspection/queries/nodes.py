"""The nodes of the works: which a case may have, what was promised for each, and what is not in."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from approvals.models import CatalogueNode, Filing
from approvals.queries import rule_value
from inspection import rules
from inspection.models import SiteNode
from inspection.stages import ReportKind


def nodes_to_promise(filing: Filing) -> list[CatalogueNode]:
    """Return the nodes between start and completion in the catalogue pinned to a case; none in one older than nodes."""
    return list(filing.pinned_catalogue.nodes.filter(reported_by=ReportKind.PROGRESS))


def nodes_of(filing: Filing) -> QuerySet[SiteNode]:
    """Return the plan of a case in the order of the works, each node with its report: one query."""
    return filing.site_nodes.select_related("node", "report", "calendar")


def not_in(filing: Filing) -> QuerySet[SiteNode]:
    """Return the nodes that were promised and not reported yet."""
    found = filing.site_nodes.filter(promised_on__isnull=False, report=None)
    return found.select_related("node", "calendar")


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
