"""节点计划: the promised days are said with the start report; each node's clock ends with the report that names it."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from accounts.models import Membership
from approvals.models import CatalogueNode, Filing
from approvals.policies import own_enterprise
from approvals.queries import rule_value
from core.deadlines.models import Unit
from core.deadlines.services import end, start
from core.notify.words import said as _
from core.steps.moves import act
from core.steps.reasons import NotNow
from core.steps.templatetags.look import date_long
from inspection import rules
from inspection.models import SiteNode
from inspection.queries.nodes import nodes_to_promise, not_in
from inspection.services.telling import tell_lead

Plan = Mapping[str, date | None]  # by the node's code; None: these works have no such node
LONGEST = 3650  # days from the start to a node, beyond which a year was mistyped


def checked_plan(filing: Filing, plan: Plan, begun: date) -> dict[CatalogueNode, date | None]:
    """Return the promised day of each node between start and completion; ValidationError by node for what is wrong.

    Every node is answered for: with a day, or by saying that the works have none.
    """
    nodes = {node.code: node for node in nodes_to_promise(filing)}
    wrong: dict[str, Any] = {}
    for code in sorted(set(plan) - set(nodes)):
        wrong["nodes"] = _("没有这个建设节点：%(code)s") % {"code": code}
    for code, node in nodes.items():
        if fault := _fault(code in plan, plan.get(code), begun):
            wrong[f"node_{code}"] = _("%(node)s：%(fault)s") % {"node": node, "fault": fault}
    if wrong:
        raise ValidationError(wrong)
    return {node: plan[code] for code, node in nodes.items()}


def _fault(answered: bool, day: date | None, begun: date) -> Any:
    if not answered:
        return _("请写明承诺完成的日期；工程没有这个节点的，说明没有。")
    if day is not None and day < begun:
        return _("不能早于开工日期（%(day)s）。") % {"day": date_long(begun)}
    return too_far(day, begun) if day is not None else ""


def too_far(day: date, begun: date) -> Any:
    """Say that a promised day is so far from the start that its year was mistyped; empty where it is not."""
    return _("离开工超过十年，请核对年份。") if (day - begun).days > LONGEST else ""


def promise_nodes(
    filing: Filing, plan: Mapping[CatalogueNode, date | None], at: datetime
) -> list[dict[str, Any]]:
    """Write the plan down and let its clocks run; return it as the ledger says it. Called under the case's lock."""
    for node, day in plan.items():
        made = SiteNode.objects.create(
            filing=filing, book=filing.book, node=node, promised_on=day, promised_at=at, rule=rules.NODE.code,
        )  # fmt: skip
        if day is not None:
            run_node(made, day, at)
    return [{"node": node.code, "promised_on": day} for node, day in plan.items()]


def run_node(made: SiteNode, day: date, at: datetime) -> None:
    """Start a node's clock: until its promised day and the days of P153; without the row it has no clock."""
    found = rule_value(made.filing, rules.NODE.code, at)
    if found is None:
        return
    made.unit = Unit.NATURAL_DAY
    left = day + timedelta(days=found[1].number) - timezone.localdate(at)
    start(made, rules.NODE, at=at, rulebook=found[0], length=max(1, left.days))


def node_to_report(filing: Filing, code: str, upload: UploadedFile | None) -> SiteNode:
    """Return the promised node that a report names; NotNow where it is none of the plan or was reported before."""
    found = not_in(filing).filter(node__code=code).first()
    if found is None:
        raise NotNow([_("计划里没有这个节点，或者已经报告过。")])
    if upload is None and found.node.evidence:
        said = _("节点报告要附证据：%(what)s。") % {"what": found.node.evidence_words}
        raise ValidationError({"upload": said})
    return found


def node_is_reached(node: SiteNode, at: datetime) -> None:
    """End a node's clock: the report that names it has come."""
    if node.running:
        end(node, at=at)


def note_nodes_missing(filing: Filing, *, by: Membership, at: datetime) -> None:
    """Write down with an application for acceptance which nodes are not in, and tell who leads."""
    missing = list(not_in(filing))
    if not missing:
        return
    act(
        filing, "note_nodes_missing", policy=own_enterprise, by=by, at=at,
        nodes=[node.node.code for node in missing],
    )  # fmt: skip
    names = "、".join(node.node.name for node in missing)
    said = _("申请联合验收时还没有报告的建设节点：%(nodes)s") % {"nodes": names}
    tell_lead(filing, said, "nodes-missing", at)


def end_nodes(filing: Filing, at: datetime) -> None:
    """End the clocks of a case past its works: nothing can be reported any more; what was promised stays as it is."""
    for node in filing.site_nodes.filter(ended_at=None, started_at__isnull=False):
        end(node, at=at)
