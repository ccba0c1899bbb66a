"""What this desk offers on a case: each act with its verb, its page, its stages, whose it is, and what silence does."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from approvals.models import Filing
from approvals.policies import works_go_on
from approvals.queries import FILES_WITHHELD
from approvals.rules import limits
from approvals.stages import AT_ACCEPTANCE, BEFORE_START, WORKS, Stage
from approvals.views.deadlines import silence, silences
from core import clock
from core.steps.offers import Offer, offer
from core.steps.reasons import because
from inspection import policies
from inspection.models import Archive
from inspection.queries.checks import next_to_mend
from inspection.queries.nodes import not_in, open_nodes, why_not_accepted_yet
from inspection.queries.onsite import withholds_site_file
from inspection.services.acceptance import MAY_APPLY
from inspection.services.plan import LEAST_DEPARTMENTS, to_be_merged
from inspection.views.measure_case import MEASURES

S = Stage
ON = (S.BUILDING, S.ACCEPTING, S.AMENDING)
ACCEPTED_OR_LATER = (*AT_ACCEPTANCE, S.ORDINARY, S.REVOKED)


def _after(*codes: str) -> Any:
    """Return the sentence of the running limits of these rules."""

    def said(filing: Filing) -> str:
        return silences(filing, *codes)

    return said


@because(_("有建设节点还没有报告：到“报告进度”里逐个报告以后，再申请联合验收。"))
def nodes_are_in(filing: Filing) -> bool:
    """Whether no node that was promised keeps the acceptance waiting (P154)."""
    return not why_not_accepted_yet(filing, clock.now())


def _is_reported_on(filing: Filing) -> bool:
    """Whether a progress report may come: until the completion, and for a node that was left out after it."""
    return policies.completion_is_not_reported(filing) or not_in(filing).exists()


def _has_a_node_to_change(filing: Filing) -> bool:
    return policies.completion_is_not_reported(filing) and open_nodes(filing).exists()


def _has_a_node_to_strike(filing: Filing) -> bool:
    return not_in(filing).exists()


REPORTS = (
    Offer(
        "report_start", _("报告开工"), "inspection:report_start", (S.START_NOTIFIED,),
        policies.own_enterprise, transition="report_start", silence=_after(limits.START_REPORT.code),
    ),
    Offer(
        "report_progress", _("报告进度"), "inspection:report_progress", (S.BUILDING,),
        policies.own_enterprise, silence=_after(limits.PROGRESS_REPORT.code),
        shown=_is_reported_on,
    ),
    Offer(
        "change_node", _("变更节点日期"), "inspection:change_node", (S.BUILDING,),
        policies.own_enterprise, conditions=(works_go_on,), shown=_has_a_node_to_change, primary=False,
    ),
    Offer(
        "strike_node", _("核减建设节点"), "inspection:strike_node", (S.BUILDING,),
        policies.convenor, shown=_has_a_node_to_strike, primary=False,
    ),
    Offer(
        "report_completion", _("报告竣工"), "inspection:report_completion", (S.BUILDING,),
        policies.own_enterprise, conditions=(works_go_on,),
        shown=policies.completion_is_not_reported, primary=False,
    ),
)  # fmt: skip


def _was_applied_for(filing: Filing) -> bool:
    return filing.acceptances.exists()


def _was_started(filing: Filing) -> bool:
    return filing.start_notified_at is not None


def _bundle_is_made(filing: Filing) -> bool:
    return Archive.objects.filter(filing=filing).exclude(made_at=None).exists()


ROUND = _after(limits.JOINT_ACCEPTANCE.code)
ACCEPTANCE = (
    Offer(
        "apply_acceptance", _("申请联合验收"), "inspection:apply_acceptance", (S.BUILDING,),
        policies.own_enterprise, transition="apply_acceptance",
        conditions=(*MAY_APPLY, nodes_are_in),
    ),
    Offer(
        "verdicts", _("提出验收意见"), "inspection:verdicts", (S.ACCEPTING,), policies.accepts,
        silence=ROUND,
    ),
    Offer(
        "conclude_acceptance", _("作出联合验收结论"), "inspection:conclude_acceptance", (S.ACCEPTING,),
        policies.acceptance_lead, conditions=(policies.verdicts_are_in,), silence=ROUND,
    ),
    Offer(
        "call_visit", _("通知现场验收"), "inspection:call_visit", (S.ACCEPTING,),
        policies.acceptance_lead, primary=False,
    ),
    Offer(
        "amendment", _("按清单整改，申请复验"), "inspection:amendment", (S.AMENDING,),
        policies.own_enterprise, silence=_after(limits.AMENDMENT.code),
    ),
    Offer(
        "acceptance", _("联合验收一览"), "inspection:acceptance", ACCEPTED_OR_LATER, policies.sees,
        shown=_was_applied_for, primary=False,
    ),
    Offer(
        "closing", _("承诺与实际"), "inspection:closing", (*WORKS, S.COMPLETED, S.ORDINARY, S.REVOKED),
        policies.sees, shown=_was_started, primary=False,
    ),
    Offer(
        "archive", _("下载归档包"), "inspection:archive", (S.COMPLETED, S.REVOKED), policies.sees,
        shown=_bundle_is_made, primary=False,
    ),
)  # fmt: skip


def _mending(filing: Filing) -> str:
    found = next_to_mend(filing)
    return silence(found) if found else ""


def _may_be_merged(filing: Filing) -> bool:
    return len(to_be_merged(filing)) >= LEAST_DEPARTMENTS


SHUT = tuple(stage for stage in BEFORE_START if stage != S.SUBMITTED)
PLANNED = (S.CLEARED, S.START_NOTIFIED, *ON)
CHECKS = (
    Offer(
        "to_mend", _("整改并报告"), "inspection:to_mend", ON, policies.mends, silence=_mending
    ),
    Offer("to_hold", _("进行检查"), "inspection:to_hold", ON, policies.holds),
    Offer("to_recheck", _("复查整改"), "inspection:to_recheck", ON, policies.rechecks),
    Offer(
        "plan_check", _("安排检查"), "inspection:plan_check", ON, policies.plans_own_or_any,
        silence=_after(limits.FIRST_CHECK.code), primary=False,
    ),
    Offer(
        "joint_check", _("安排合并检查"), "inspection:joint_check", ON, policies.window, primary=False,
        shown=_may_be_merged,
    ),
    Offer(
        "record_early_start", _("记录先行施工"), "inspection:record_early_start", SHUT,
        policies.records_early_start, primary=False,
    ),
    Offer(
        "record_use", _("记录验收合格前投入使用"), "inspection:record_use", ON,
        policies.looks_at_clauses, primary=False,
    ),
    Offer(
        "plan", _("监管计划"), "inspection:plan", (*PLANNED, S.COMPLETED), policies.sees, primary=False,
    ),
    Offer(
        "clauses", _("承诺条款的核查"), "inspection:clauses", (*ON, S.COMPLETED), policies.sees,
        primary=False,
    ),
)  # fmt: skip

FILES_WITHHELD.append(withholds_site_file)
offer("approvals.Filing", *REPORTS, *CHECKS, *ACCEPTANCE, *MEASURES)
