"""停工和节点: a stop order lets the clocks of the nodes stand, its lifting gives back exactly the rest."""

from datetime import datetime
from typing import Any

from accounts.models import Membership
from approvals.models import Filing
from approvals.queries import rule_value
from approvals.rules.stoppages import why_not_stopped
from approvals.services import words
from approvals.services.stoppages import days_counted
from core.deadlines.counting import interruptions
from core.deadlines.rules import STOP_RULES, StopKind
from core.deadlines.services import go_on, stand_still
from core.steps.moves import act
from inspection.models import Measure, SiteNode

UNKNOWN = 0  # working days: nobody knows for how long the works stand still
REASON_LENGTH = 400


def nodes_to_halt(filing: Filing, at: datetime) -> list[SiteNode]:
    """Return the nodes whose clock a stop order lets stand at an instant: those whose days are not over.

    None where the county lets them run on (P144). A node that is overdue stays what it is.
    """
    found = rule_value(filing, STOP_RULES[StopKind.STOP_ORDER], at)
    if found is None or found[1].value != "yes":
        return []
    running = filing.site_nodes.filter(started_at__isnull=False, ended_at=None)
    return [
        node for node in running.select_related("node", "calendar") if not why_not_stopped(node, at)
    ]


def halt_nodes(measure: Measure, nodes: list[SiteNode], *, by: Membership, at: datetime) -> None:
    """Let the clocks of nodes stand from a stop order on; the caller holds the lock, its paper is issued."""
    if not nodes:
        return
    assert measure.paper is not None
    found = rule_value(measure.filing, STOP_RULES[StopKind.STOP_ORDER], at)
    assert found is not None
    for node in nodes:
        stop = stand_still(
            node, since=at, kind=StopKind.STOP_ORDER, reason=measure.decision[:REASON_LENGTH],
            expected_days=UNKNOWN, paper_number=measure.paper.number, notice=measure.paper, by=by,
            basis=words.stop_basis(*found, ""), certainty=found[1].certainty,
        )  # fmt: skip
        _write(
            "suspend_limit", measure, node, by=by, at=at, reason=stop.reason, basis=stop.basis,
            paper_number=stop.paper_number, expected_days=UNKNOWN,
        )  # fmt: skip


def halted(filing: Filing) -> list[SiteNode]:
    """Return the nodes whose clock stands by a stop order."""
    running = filing.site_nodes.filter(ended_at=None, interrupted=True)
    return [node for node in running.select_related("node", "calendar") if _stop_of(node)]


def _stop_of(node: SiteNode) -> Any:
    standing = interruptions(node).standing
    return next((one for one in standing if one.kind == StopKind.STOP_ORDER), None)


def resume_nodes(
    measure: Measure, nodes: list[SiteNode], *, reasons: str, by: Membership, at: datetime
) -> None:
    """Let the clocks go on when the stop is lifted; what stands for another reason too goes on standing."""
    for node in nodes:
        stop = _stop_of(node)
        go_on(
            node, stop, until=at, resumed_by=by, resumed_because=reasons.strip()[:REASON_LENGTH],
            resumed_notice=measure.lifting_paper,
        )  # fmt: skip
        _write(
            "resume_limit", measure, node, by=by, at=at, reason=stop.resumed_because, since=stop.since,
            due_at=node.due_at,
        )  # fmt: skip


def _write(
    name: str, measure: Measure, node: SiteNode, *, by: Membership, at: datetime, **evidence: Any
) -> None:
    counted: dict[str, Any] = {**evidence, **days_counted(node, at)}
    act(
        measure.filing, name, policy=lambda _thing, _by: True, by=by, at=at, limit=node, rule=node.rule, item=None,
        kind=StopKind.STOP_ORDER.value, node=node.node.code, **counted,
    )  # fmt: skip
