"""Who may do what after the start, and what must be true first, each with its sentence."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.policies import administrator, convenor, supervisor, system, window
from accounts.stages import Role
from approvals.policies import acceptance_lead, disposes, own_enterprise, sees, works_go_on
from approvals.stages import BEFORE_START, NeededBy, Stage
from core.steps.reasons import because
from inspection.stages import (
    CheckMode,
    FindingState,
    Ground,
    MeasureKind,
    MeasureState,
    ReportKind,
    Verdict,
)

__all__ = [
    "acceptance_lead",
    "concerned_department",
    "convenor",
    "disposes",
    "disposes_of",
    "own_department",
    "own_enterprise",
    "own_enterprise_of",
    "sees",
    "supervisor",
    "system",
    "window",
    "works_go_on",
]


def own_enterprise_of(thing: Any, by: Any) -> bool:
    """The enterprise of the case a thing belongs to."""
    return own_enterprise(thing.filing, by)


def disposes_of(thing: Any, by: Any) -> bool:
    """The enterprise of the case a thing belongs to, or an agent with the express power to sign for it."""
    return disposes(thing.filing, by)


def own_department(thing: Any, by: Any) -> bool:
    """A person of the department that a check, a finding or a verdict belongs to."""
    return by.role in (Role.CLERK, Role.HEAD) and by.organisation_id == thing.department_id


def concerned_department(filing: Any, by: Any) -> bool:
    """A person of a department that has an item, or a clause to check, in the case."""
    return by.role in (Role.CLERK, Role.HEAD) and filing.concerns(by.organisation_id)


# — reports and checks ———————————————————————————————————————————————————————————


@because(_("项目不在建设中：开工报告以后、申请联合验收以前才能办理。"))
def is_building(filing: Any) -> bool:
    """The works have begun and the acceptance has not been applied for."""
    return bool(filing.stage == Stage.BUILDING)


@because(_("已经报告竣工：接下来申请联合验收。"))
def completion_is_not_reported(filing: Any) -> bool:
    """The enterprise has not said that the works are done."""
    return not filing.reports.filter(kind=ReportKind.COMPLETION).exists()


def plans_checks(filing: Any, by: Any) -> bool:
    """A department of the case for itself; the window and the convenor for it."""
    return window(filing, by) or concerned_department(filing, by)


def plans_own_or_any(filing: Any, by: Any) -> bool:
    """Whom the step is offered to: who has a clause to check, or plans for those who have."""
    if not plans_checks(filing, by):
        return False
    return by.role not in (Role.CLERK, Role.HEAD) or looks_at_clauses(filing, by)


def looks_at_clauses(filing: Any, by: Any) -> bool:
    """A person of a department that has a clause of the present letter to look at."""
    if by.role not in (Role.CLERK, Role.HEAD):
        return False
    letter = filing.letter()
    return letter is not None and letter.clauses.filter(checked_by=by.organisation_id).exists()


def mends(filing: Any, by: Any) -> bool:
    """The enterprise of the case, while something that was found waits for it."""
    waits = (FindingState.OPEN, FindingState.FAILED)
    return own_enterprise(filing, by) and filing.findings.filter(state__in=waits).exists()


def rechecks(filing: Any, by: Any) -> bool:
    """A department, while something that it found was reported as mended."""
    mine = filing.findings.filter(department_id=by.organisation_id, state=FindingState.REPORTED)
    return by.role in (Role.CLERK, Role.HEAD) and mine.exists()


def holds(filing: Any, by: Any) -> bool:
    """A department, while a check of its own is still to be held."""
    mine = filing.checks.filter(department_id=by.organisation_id, held_at=None, called_off_at=None)
    return by.role in (Role.CLERK, Role.HEAD) and mine.exists()


def records_early_start(filing: Any, by: Any) -> bool:
    """A department of the case, or the window."""
    return window(filing, by) or concerned_department(filing, by)


@because(_("开工条件没有关上：只有清单送达以后、开工告知书发出以前的施工，才记为先行施工。"))
def gate_was_shut(filing: Any) -> bool:
    """The list was served and the start was not notified: building now is building without the gate."""
    return filing.stage in BEFORE_START and filing.stage != Stage.SUBMITTED


def draws(thing: Any, by: Any) -> bool:
    """Who has the random checks of a quarter drawn: the convenor or the county's administrator."""
    return convenor(thing, by) or administrator(thing, by)


def plans_or_draws(filing: Any, by: Any) -> bool:
    """Whoever may put a check down or take it back."""
    return plans_checks(filing, by) or draws(filing, by)


def calls_off(check: Any, by: Any) -> bool:
    """The department its own and the convenor any; a drawn check only the convenor."""
    return convenor(check, by) or (check.mode != CheckMode.RANDOM and own_department(check, by))


def checks(filing: Any, by: Any) -> bool:
    """A person of a department that checks a clause of the case."""
    return concerned_department(filing, by)


@because(_("项目不在建设或验收中：开工报告以后、办结以前才能检查和整改。"))
def works_are_on(filing: Any) -> bool:
    """The works have begun and the case has not come to its end."""
    return filing.stage in (Stage.BUILDING, Stage.ACCEPTING, Stage.AMENDING)


@because(_("这次检查已经进行或已经取消。"))
def check_is_open(check: Any) -> bool:
    """The check is still to be held."""
    return bool(check.open)


@because(_("这次检查已经取消，不再收现场记录。"))
def check_was_not_called_off(check: Any) -> bool:
    """The check was held or is still to be."""
    return check.called_off_at is None


@because(_("这个问题不在整改中：已报整改的等待复查，复查合格的已经结束。"))
def finding_is_to_be_mended(finding: Any) -> bool:
    """It waits for the enterprise, in time or after it: what was not mended can always still be."""
    return finding.state in (FindingState.OPEN, FindingState.FAILED)


@because(_("企业还没有报整改：报整改后才复查。"))
def finding_is_reported(finding: Any) -> bool:
    """The enterprise says it has been mended and nobody has looked yet."""
    return bool(finding.state == FindingState.REPORTED)


# — the joint acceptance —————————————————————————————————————————————————————————


@because(_("竣工报告还没有提交：请先报告竣工。"))
def completion_is_reported(filing: Any) -> bool:
    """The enterprise has said that the works are done."""
    return bool(filing.reports.filter(kind=ReportKind.COMPLETION).exists())


@because(_("还有检查发现的问题没有整改完成：复查合格后才能验收。"))
def findings_are_closed(filing: Any) -> bool:
    """Nothing that a check found broken is still to be mended."""
    return not filing.findings.exclude(state=FindingState.CLOSED).exists()


@because(_("验收时要的材料还没有交齐：请在“申报材料”里逐件上传。"))
def acceptance_materials_are_in(filing: Any) -> bool:
    """What is needed at the acceptance is handed in, or looked up by its number."""
    return not filing.materials.wanted().filter(needed_by=NeededBy.ACCEPTANCE).exists()


@because(_("整改清单里还有项目没有写明整改情况：逐项写明后才能申请复验。"))
def amendments_are_reported(filing: Any) -> bool:
    """The enterprise has said of each failed verdict what was done."""
    last = filing.acceptances.order_by("-round").first()
    return last is not None and not last.verdicts.filter(verdict=Verdict.FAILED, mended="").exists()


@because(_("这一轮联合验收已经有结论：验收意见不再改动。"))
def round_is_open(acceptance: Any) -> bool:
    """Nobody has concluded the round yet."""
    return acceptance.concluded_at is None


@because(_("本件现在不在联合验收中。"))
def round_is_under_way(acceptance: Any) -> bool:
    """The case stands where the round can be worked on; it has not been revoked, stopped short or closed."""
    return bool(acceptance.filing.stage == Stage.ACCEPTING)


def own_acceptance(acceptance: Any, by: Any) -> bool:
    """A person of a department that has something to find in this round."""
    return (
        by.role in (Role.CLERK, Role.HEAD)
        and acceptance.verdicts.filter(department_id=by.organisation_id).exists()
    )


@because(_("还有部门没有提出验收意见：沉默和缺席不产生验收意见，意见齐了才能作出结论。"))
def verdicts_are_in(filing: Any) -> bool:
    """Every department has spoken on everything that is its own in the present round."""
    last = filing.acceptances.order_by("-round").first()
    return last is not None and not last.verdicts.filter(verdict=Verdict.AWAITED).exists()


def accepts(filing: Any, by: Any) -> bool:
    """A person of a department that has something to find in the present round."""
    last = filing.acceptances.order_by("-round").first()
    return last is not None and own_acceptance(last, by)


# — measures ———————————————————————————————————————————————————————————————————


def proposes_measures(filing: Any, by: Any) -> bool:
    """A department of the case, the window or the convenor."""
    return window(filing, by) or concerned_department(filing, by)


def convenor_of(thing: Any, by: Any) -> bool:
    """The convenor, whatever thing of a case it is."""
    return convenor(thing, by)


def decides_measure(measure: Any, by: Any) -> bool:
    """A convenor who is another person than the proposer, under whatever membership either acts."""
    return convenor(measure, by) and by.user_id != measure.proposed_by.user_id


def decides_repair(repair: Any, by: Any) -> bool:
    """The convenor, or the organisation that proposed the mark."""
    own = by.role in (Role.CLERK, Role.HEAD) and by.organisation_id == repair.department.pk
    return convenor(repair, by) or own


def still_to_be_heard(measure: Any, at: datetime) -> list[str]:
    """Return why a measure is not decided yet at an instant: by the limit itself, not by any sweep."""
    heard = measure.state != MeasureState.INTENDED or measure.late(at)
    if heard or measure.urgent:
        return []
    return [_now("还在听取企业意见：企业陈述、申辩以后，或者期限届满以后，才能作出决定。")]


@because(_("停工没有生效，或者已经解除。"))
def stop_is_in_force(measure: Any) -> bool:
    """The works are stopped by this order."""
    return measure.kind == MeasureKind.STOP and bool(measure.in_force) and not measure.filing.ended


@because(_("违反承诺的问题还没有复查合格：责任部门复查合格后才能解除。"))
def breach_is_mended(measure: Any) -> bool:
    """The breach it rests on was found mended; what rests on none is judged in words."""
    rests = measure.ground == Ground.NOT_MENDED and measure.finding is not None
    return not rests or measure.finding.state == FindingState.CLOSED
