"""Departments on the site: they check, look again, propose what must follow, and accept; the convenor decides."""

from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.models import Membership, Organisation
from approvals import services as filings
from approvals.models import Filing, Material
from approvals.policies import acceptance_lead
from approvals.stages import AT_ACCEPTANCE, MAY_EXIT, MaterialState, NeededBy, Stage
from core.deadlines.services import local
from core.steps.reasons import NotNow
from desk.services.replay.read import Event
from desk.services.replay.world import ReplayError, World
from inspection import services
from inspection.models import Acceptance, Check, Finding, Measure, PlannedVisit
from inspection.queries.works import checking_departments, clauses_of
from inspection.services.breaches import Breach, Looked
from inspection.stages import (
    FindingState,
    Ground,
    Kept,
    MeasureKind,
    MeasureState,
    Severity,
    Verdict,
    VisitPurpose,
)

MEND_IN = 10  # working days
FIRST = "开工后首次检查"
BASIS = "企业投资项目承诺书；企业投资项目核准和备案管理条例第十六条"


def day(world: World) -> None:
    """What those who inspect do when they look at their desks."""
    checked = Check.objects.filter(filing=OuterRef("pk"), why=FIRST)
    for filing in world.filings(Stage.BUILDING).filter(~Exists(checked)):
        _plan(world, filing)
    if not world.anyone_at(*MAY_EXIT):
        return
    if world.until is not None:
        _plan_what_is_owed(world)
    for check in Check.objects.filter(
        filing_id__in=world.live, held_at=None, called_off_at=None
    ).select_related("filing", "department"):
        _hold(world, check)
    for finding in Finding.objects.filter(
        filing_id__in=world.live, state__in=(FindingState.REPORTED, FindingState.FAILED)
    ).select_related("filing", "department", "clause"):
        _look_again(world, finding)
    _decide(world)
    _accept(world)


def _plan(world: World, filing: Filing) -> None:
    """The first check of a project, by the department with most to check; later ones are drawn."""
    if world.stops(filing, "check"):
        return
    its_day = world.on_its_day(filing, "check")
    if its_day is None:
        its_day = world.waited(filing.started_at, world.dice(filing, "check", 5, 12))
    if not its_day:
        return
    event = world.event(filing, "broken") or world.event(filing, "unmended")
    if event is None and filing.checks.exists():
        return
    wanted = list(clauses_of(filing).select_related("checked_by"))
    first = next((c for c in wanted if event and c.number == event.value), None)
    departments = checking_departments(filing)
    department = first.checked_by if first else (departments[0] if departments else None)
    if department is None:
        return
    world.do(
        services.plan_check, filing, department=department, why=FIRST,
        planned_on=world.calendar.add_working(timezone.localdate(world.now), 2),
        by=world.people.clerks[department.code],
    )  # fmt: skip


def _plan_what_is_owed(world: World) -> None:
    """The visits of the plan in time, where a play stops: nothing old lies there. The year counts its checks without.

    Where a case has a breach in store, its department comes on the day that the case names.
    """
    owed = PlannedVisit.objects.filter(
        filing_id__in=world.live, ended_at=None, purpose=VisitPurpose.FULL
    )
    for visit in owed.select_related("filing", "department").order_by("pk"):
        filing, code = visit.filing, visit.department.code
        if not world.waited(visit.started_at, world.dice(filing, f"visit:{code}", 3, 8)):
            continue
        if _has_in_store(world, filing, code) or _planned(filing, visit.department):
            continue
        world.do(
            services.plan_check, filing, department=visit.department, why="安全和健康条款全覆盖检查",
            planned_on=world.calendar.add_working(timezone.localdate(world.now), 2),
            by=world.people.clerks[code],
        )  # fmt: skip


def _planned(filing: Filing, department: Organisation) -> bool:
    open_checks = filing.checks.filter(held_at=None, called_off_at=None)
    return bool(open_checks.filter(department=department).exists())


def _has_in_store(world: World, filing: Filing, code: str) -> bool:
    event = world.event(filing, "broken") or world.event(filing, "unmended")
    if event is None or filing.findings.exists():
        return False
    return bool(clauses_of(filing).filter(number=event.value, checked_by__code=code).exists())


def _officers(world: World, code: str) -> list[dict[str, str]]:
    """The department's clerk, and a colleague who is as invented as the numbers of their cards."""
    return [
        {"name": world.people.clerks[code].user.name, "card": "示例001"},
        {"name": "检查员示例乙", "card": "示例002"},
    ]


def _hold(world: World, check: Check) -> None:
    filing, code = check.filing, check.department.code
    if timezone.localdate(world.now) < check.planned_on or world.stops(filing, "hold"):
        return
    if filing.stage not in (Stage.BUILDING, Stage.ACCEPTING, Stage.AMENDING):
        return
    looked = []
    for clause in clauses_of(filing).filter(checked_by=check.department):
        event = _breach(world, filing, clause.number)
        if event:
            grade = clause.severity or Severity.GENERAL
            breach = Breach(event.text, BASIS, event.answer, MEND_IN, grade)
            looked.append(Looked(clause, Kept.BROKEN, breach=breach))
        else:
            later = clause.checked_when == "acceptance"
            looked.append(Looked(clause, Kept.NOT_YET if later else Kept.KEPT))
    world.do(
        services.hold_check, check, officers=_officers(world, code), results=looked,
        text="现场查看施工情况和资料，逐条核对承诺。", statement="情况属实。",
        by=world.people.clerks[code],
    )  # fmt: skip


def _breach(world: World, filing: Filing, number: str) -> Event | None:
    if filing.findings.exists():
        return None
    return world.event(filing, "broken", number) or world.event(filing, "unmended", number)


def _look_again(world: World, finding: Finding) -> None:
    filing, code = finding.filing, finding.department.code
    if finding.state == FindingState.FAILED and finding.reported_at is None:
        _propose_stop(world, finding)
        return
    if world.stops(filing, "recheck") or not world.waited(finding.reported_at, 2):
        return
    if finding.rechecks.filter(at__gte=finding.reported_at).exists():
        return
    world.do(
        services.recheck, finding, fine=True, officers=_officers(world, code),
        text="现场复查，问题已经整改到位。", by=world.people.clerks[code],
    )  # fmt: skip


def _propose_stop(world: World, finding: Finding) -> None:
    filing = finding.filing
    if filing.measures.filter(kind=MeasureKind.STOP).exists():
        return
    intention = services.Intention(
        kind=MeasureKind.STOP, ground=Ground.NOT_MENDED, finding=finding,
        text=f"{finding.text}逾期未整改。", legal_basis=BASIS, scope="问题所在的部位",
    )  # fmt: skip
    world.do(
        services.propose_measure, filing, intention=intention,
        by=world.people.clerks[finding.department.code],
    )  # fmt: skip


def _decide(world: World) -> None:
    by = world.people.convenor
    heard = Measure.objects.filter(filing_id__in=world.live, state=MeasureState.HEARD)
    for measure in heard.select_related("filing"):
        if not world.stops(measure.filing, "measure"):
            text = "事实清楚，企业意见已经听取，予以处理。"
            world.do(services.decide_measure, measure, imposed=True, reasons=text, by=by)
    stops = Measure.objects.filter(
        filing_id__in=world.live, kind=MeasureKind.STOP, state=MeasureState.IMPOSED
    )
    for stop in stops.select_related("filing", "finding"):
        if stop.finding and stop.finding.state == FindingState.CLOSED:
            text = "经复查，问题已经整改到位，可以恢复施工。"
            world.do(services.lift_stop, stop, reasons=text, by=by)


# — 联合验收 ————————————————————————————————————————————————————————————————————————


def _accept(world: World) -> None:
    _check_materials(world)
    rounds = Acceptance.objects.filter(filing_id__in=world.live, result="")
    for acceptance in rounds.select_related("filing"):
        filing = acceptance.filing
        if filing.stage != Stage.ACCEPTING or world.stops(filing, "accept_works"):
            continue
        if acceptance.visit_at is None:
            opens = world.calendar.add_working(timezone.localdate(world.now), 3)
            world.do(
                services.call_visit, acceptance, visit_at=local(opens, 9, 30),
                place=f"{filing.site}{filing.site_detail}", by=_lead(world, filing),
            )  # fmt: skip
        elif world.now >= acceptance.visit_at + timedelta(hours=2):
            _verdicts(world, acceptance)


def _check_materials(world: World) -> None:
    handed = Material.objects.filter(
        filing_id__in=world.live, filing__stage__in=(Stage.BUILDING, *AT_ACCEPTANCE),
        needed_by=NeededBy.ACCEPTANCE, state=MaterialState.RECEIVED,
    )  # fmt: skip
    for material in handed:
        world.do(filings.check_material, material, fine=True, by=world.people.window)


def _lead(world: World, filing: Filing) -> Membership:
    for clerk in world.people.clerks.values():
        if acceptance_lead(filing, clerk):
            return clerk
    raise ReplayError(f"no department leads the acceptance of {filing}")


def _verdicts(world: World, acceptance: Acceptance) -> None:
    filing = acceptance.filing
    fails = world.event(filing, "fails") if acceptance.round == 1 else None
    waiting = acceptance.verdicts.filter(verdict=Verdict.AWAITED)
    for verdict in waiting.select_related("department", "item", "clause", "acceptance"):
        if fails and verdict.number == fails.value:
            world.do(
                services.give_verdict, verdict, outcome=Verdict.FAILED, problem=fails.text,
                demand=fails.answer, by=world.people.clerks[verdict.department.code],
            )  # fmt: skip
    for code in sorted(set(waiting.values_list("department__code", flat=True))):
        if not (world.stops(filing, "verdict") and code == "ZJJ"):
            world.do(services.pass_all, acceptance, by=world.people.clerks[code])
    if not acceptance.verdicts.filter(verdict=Verdict.AWAITED).exists():
        try:
            world.do(services.conclude_acceptance, acceptance, by=_lead(world, filing))
        except NotNow:
            return  # a finding of a late check is still open: concluded once it is closed
