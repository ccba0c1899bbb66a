"""What happens, as 系统, when a limit of this desk passes in silence: it never accepts works nor breaks a promise."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.queries import holders
from accounts.services import system_actor
from accounts.stages import Role
from approvals.models import Filing, StageLimit
from approvals.rules import limits
from approvals.services import leaving
from approvals.services.telling import tell_departments as tell_listed
from approvals.services.telling import tell_enterprise
from approvals.services.timeouts import escalate as escalate_limit
from approvals.services.timeouts import tell_overdue
from core.deadlines.queries import value_of
from core.deadlines.rules import on_silence
from core.deadlines.services import end, start
from core.ledger.services import record
from core.notify.services import tell
from core.notify.words import said as _
from core.steps.moves import move
from inspection import rules
from inspection.models import Finding, Measure, SiteNode
from inspection.queries.acceptance import awaited_departments, present_round
from inspection.services.effects import close_books, owed_again
from inspection.services.plan import visit_for_report
from inspection.services.telling import tell_departments, tell_lead
from inspection.stages import FindingState, MeasureState

TICK = timedelta(microseconds=1)


@on_silence(rules.RECTIFY)
def not_mended(finding: Finding, now: datetime) -> None:
    """逾期未整改: it has failed as of the last instant to mend it; what is reported later is taken, and late."""
    ended = finding.expires_at
    if _left_before(finding):
        return
    finding.state, finding.failed_at = FindingState.FAILED, finding.failed_at or ended
    finding.mend_by = ended
    escalate(finding, now)


@on_silence(rules.RECHECK)
def not_rechecked(finding: Finding, now: datetime) -> None:
    """逾期未复查: the department's delay; it changes nothing for the enterprise."""
    if not _left_before(finding):
        escalate(finding, now)


def _left_before(finding: Finding) -> bool:
    """End the limit of a case that has left the road before the limit's end, and tell whether it had."""
    filing = finding.filing
    if not filing.ended or filing.stage_since > finding.expires_at:
        return False
    end(finding, at=filing.stage_since)
    return True


@on_silence(rules.DECIDE, rules.REPAIR, rules.VISIT_FULL, rules.VISIT_NODE, rules.VISIT_REPORT)
def escalate(thing: Any, now: datetime) -> None:
    """转督办: the supervisor and the department learn of it; the limit stays open and red."""
    thing.escalated_at, thing.act_at = thing.expires_at, None
    thing.save()
    record(
        thing.book, "escalate", by=system_actor(), at=thing.expires_at, rule=thing.rule, of=thing
    )
    department = getattr(thing, "department", None)
    tell_overdue(thing, department.pk if department else None, now)


@on_silence(limits.START_REPORT)
def start_missing(limit: StageLimit, now: datetime) -> None:
    """逾期未报告开工: the supervisor hears of it, and who can be reached is reminded: a second limit runs beside."""
    escalate_limit(limit, now)
    filing, ended = limit.filing, limit.expires_at
    if filing.unreached(ended - TICK) or not _reminds(filing):
        return
    second = StageLimit(filing=filing, book=filing.book)
    start(second, limits.START_AFTER_REMINDER, at=ended, rulebook=filing.rulebook)
    record(filing.book, "remind_to_start", by=system_actor(), at=ended)
    tell_enterprise(filing, _("请报告开工：逾期未报，承诺程序失效"), "start", now)


def _reminds(filing: Filing) -> bool:
    """Whether the case's rulebook has the second limit; an older one has not, and nothing lapses by it."""
    try:
        return bool(value_of(filing.pinned_rulebook, limits.START_AFTER_REMINDER.code).number)
    except KeyError:
        return False


@limits.holds_back(limits.START_AFTER_REMINDER)
def seen_at_work(filing: Filing, at: datetime) -> bool:
    """Whether works may have begun, or a person is deciding on the case, by what is on record: then nothing lapses."""
    return (
        filing.unreached(at - TICK)
        or filing.early_starts.filter(recorded_at__lte=at).exists()
        or filing.measures.filter(proposed_at__lte=at).exists()
    )


@on_silence(limits.START_AFTER_REMINDER)
def start_lapsed(limit: StageLimit, now: datetime) -> None:
    """失效: nobody reported the start after the reminder. What the commitment replaced is owed again; no mark."""
    filing, ended = limit.filing, limit.expires_at
    if filing.spared(limit):
        escalate_limit(limit, now)
        return
    reason = _("催报后仍未报告开工")
    move(filing.lapse, by=system_actor(), at=ended, reason=reason)
    leaving.start_lapsed(filing, reason=reason, begun=limit.begun_at, at=ended, now=now)
    owed_again(filing)
    close_books(filing, ended)
    tell_enterprise(filing, _("开工告知失效；可以重新申报"), "start_lapsed", ended)
    tell_listed(filing, _("开工告知失效，承诺不再替代事前审批"), "start_lapsed", now)


@on_silence(limits.PROGRESS_REPORT)
def report_missing(limit: StageLimit, now: datetime) -> None:
    """逾期未报告进度: the supervisor hears of it, and a department goes and looks for itself."""
    escalate_limit(limit, now)
    filing = limit.filing
    if not filing.ended:
        visit_for_report(filing, limit.expires_at)


@on_silence(rules.NODE)
def node_missing(node: SiteNode, now: datetime) -> None:
    """节点逾期未报告: the supervisor hears of it, and a department goes and looks for itself; nothing is deemed."""
    escalate(node, now)
    if not node.filing.ended:
        visit_for_report(node.filing, node.expires_at)


@on_silence(limits.JOINT_ACCEPTANCE)
def acceptance_overdue(limit: StageLimit, now: datetime) -> None:
    """转督办: the lead and every awaited department hear of it; silence neither accepts nor rejects."""
    limit.escalated_at, limit.act_at = limit.expires_at, None
    limit.save()
    record(limit.book, "escalate", by=system_actor(), at=limit.expires_at, rule=limit.rule)
    tell_overdue(limit, None, now)
    acceptance = present_round(limit.filing)
    awaited = awaited_departments(acceptance) if acceptance else []
    about = f"acceptance-overdue:{limit.pk}"
    tell_lead(limit.filing, _("联合验收逾期，已转督办"), f"{about}:lead", now)
    tell_departments(limit.filing, awaited, _("验收意见逾期未提，已转督办"), about, now)


@on_silence(rules.VIEWS)
def unheard(measure: Measure, now: datetime) -> None:
    """未陈述、申辩: the days to be heard are over; the decision may be taken, by its own limit.

    A danger stop is decided already: there only the hearing ends.
    """
    ended = measure.expires_at
    measure.views_until = ended
    record(measure.book, "views_not_given", by=system_actor(), at=ended, measure=measure)
    if measure.state != MeasureState.INTENDED:
        end(measure, at=ended)
        return
    measure.state = MeasureState.HEARD
    start(measure, rules.DECIDE, at=ended, rulebook=measure.filing.rulebook)
    tell(
        holders(Role.CONVENOR, timezone.localdate(now)),
        _("%(project)s：企业未陈述、申辩，可以作出决定") % {"project": measure.filing},
        about=f"unheard:{measure.pk}",
        at=now,
        link=f"/cases/{measure.filing.public_id}/",
    )
