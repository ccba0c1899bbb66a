"""The enterprise on its site: it reports, mends what was found wanting, applies for acceptance, and may leave."""

from datetime import date, timedelta

from django.utils import timezone

from approvals import services as filings
from approvals.models import Filing
from approvals.stages import MAY_EXIT, WORKS, MaterialState, NeededBy, Stage
from desk.services.replay.world import World, paper
from inspection import services
from inspection.models import Finding, Measure, Report
from inspection.queries.acceptance import to_mend
from inspection.queries.nodes import nodes_to_promise, not_in
from inspection.stages import FindingState, MeasureState, ReportKind

REPORT_EVERY = 60  # natural days between two progress reports: before the limit, not at it
SHORTEST, LONGEST = 60, 140  # natural days an invented project takes to build


def day(world: World) -> None:
    """What an enterprise that builds does when it looks at its cases."""
    for filing in world.filings(Stage.START_NOTIFIED):
        _begin(world, filing)
    building = list(world.filings(Stage.BUILDING))
    last = _last_reports(building)
    for filing in building:
        _build(world, filing, last.get(filing.pk))
    if world.anyone_at(*WORKS):
        for finding in _findings(world):
            _mend(world, finding)
    for filing in world.filings(Stage.AMENDING):
        _amend(world, filing)
    if world.anyone_at(*MAY_EXIT):
        intended = Measure.objects.filter(
            filing_id__in=world.live, state=MeasureState.INTENDED, views_at=None
        )
        for measure in intended.select_related("filing"):
            _speak(world, measure)


def _begin(world: World, filing: Filing) -> None:
    if world.stops(filing, "begin") or filing.stopped_at:
        return
    if (event := world.event(filing, "exit")) and world.waited(filing.start_notified_at, 2):
        if not filing.measures.exists():
            by = world.of(filing)
            world.do(services.request_exit, filing, reason=event.text, by=by)
        return
    if world.waited(filing.start_notified_at, world.dice(filing, "begin", 3, 12)):
        world.do(
            services.report_start, filing, happened_on=timezone.localdate(world.now),
            text="施工单位、监理单位已进场，基础开始施工。", nodes=_plan(world, filing),
            by=world.of(filing),
        )  # fmt: skip


def _plan(world: World, filing: Filing) -> dict[str, date]:
    """Promise each node on its share of the time that the works will take, and a week on top."""
    takes = world.dice(filing, "build", SHORTEST, LONGEST)
    nodes, today = nodes_to_promise(filing), timezone.localdate(world.now)
    share = takes / (len(nodes) + 1)
    return {
        node.code: today + timedelta(days=round(share * place) + 7)
        for place, node in enumerate(nodes, start=1)
    }


def _node(world: World, filing: Filing, *, all_of_them: bool) -> bool:
    """Report the nodes that are due, or before the completion all that are left; return whether one was."""
    today = timezone.localdate(world.now)
    left = not_in(filing) if all_of_them else not_in(filing).filter(promised_on__lte=today)
    for node in left:
        world.do(
            services.report_progress, filing, happened_on=today, percent=95 if all_of_them else 20 * node.node.order,
            text=f"{node.node.name}，承诺的各项措施同步落实。", node=node.node.code,
            upload=paper(node.node.name), by=world.of(filing),
        )  # fmt: skip
    return bool(left)


def _last_reports(building: list[Filing]) -> dict[int, Report]:
    """Return the last report of each case, in one statement for all of them."""
    told = Report.objects.filter(filing__in=building).order_by("pk") if building else ()
    return {report.filing_id: report for report in told}


def _build(world: World, filing: Filing, last: Report | None) -> None:
    if filing.stopped_at or filing.started_at is None:
        return
    today, by = timezone.localdate(world.now), world.of(filing)
    begun = timezone.localdate(filing.started_at)
    takes = world.dice(filing, "build", SHORTEST, LONGEST)
    finished = world.on_its_day(filing, "finish")
    if finished is None:
        finished = today >= begun + timedelta(days=takes)
    if last is not None and last.kind == ReportKind.COMPLETION:
        _apply(world, filing, last)
    elif finished and not world.stops(filing, "finish"):
        _node(world, filing, all_of_them=True)
        text = "建设内容全部完成，竣工资料已整理。"
        world.do(services.report_completion, filing, happened_on=today, text=text, by=by)
    elif _node(world, filing, all_of_them=False):
        return
    elif last is not None and (today - last.happened_on).days >= REPORT_EVERY:
        percent = min(95, (today - begun).days * 100 // takes)
        text = "主体工程按计划进行，承诺的各项措施同步落实。"
        world.do(
            services.report_progress, filing, happened_on=today, percent=percent, text=text, by=by
        )


def _apply(world: World, filing: Filing, done: Report) -> None:
    if world.stops(filing, "apply") or not world.waited(done.reported_at, 2):
        return
    by = world.of(filing)
    wanted = filing.materials.filter(needed_by=NeededBy.ACCEPTANCE, state=MaterialState.WANTED)
    if uploads := [(material, paper(material.name)) for material in wanted]:
        world.do(filings.upload_materials, filing, uploads=uploads, by=by)
    if filing.findings.exclude(state=FindingState.CLOSED).exists():
        return
    text = "工程已按承诺建成，申请联合验收。"
    world.do(services.apply_acceptance, filing, text=text, by=by)


def _findings(world: World) -> list[Finding]:
    wanting = Finding.objects.filter(
        filing_id__in=world.live, state__in=(FindingState.OPEN, FindingState.FAILED)
    )
    return list(wanting.select_related("filing", "clause"))


def _mend(world: World, finding: Finding) -> None:
    """Within the days, unless it never mends by itself: then once the works stand still."""
    filing = finding.filing
    if world.stops(filing, "mend"):
        return
    if world.event(filing, "unmended"):
        if filing.stopped_at is None or not world.waited(filing.stopped_at, 3):
            return
    elif finding.state == FindingState.FAILED or not world.waited(finding.started_at, 3):
        return
    text = "已按要求整改，整改前后的照片和记录附后。"
    world.do(
        services.report_rectified, finding, text=text, upload=paper("整改资料"), by=world.of(filing)
    )


def _amend(world: World, filing: Filing) -> None:
    if world.stops(filing, "amend") or not world.waited(filing.stage_since, 6):
        return
    by = world.of(filing)
    for verdict in to_mend(filing):
        text, upload = "已逐项整改。", paper("验收整改资料")
        world.do(services.report_amendment, verdict, text=text, upload=upload, by=by)
    text = "整改清单所列各项已整改完成，申请复验。"
    world.do(services.hand_in_amendment, filing, text=text, by=by)


def _speak(world: World, measure: Measure) -> None:
    """An enterprise with something to say says it on the second day; the others let the days pass."""
    event = world.event(measure.filing, "views")
    if event and world.waited(measure.proposed_at, 2):
        world.do(services.give_views, measure, text=event.text, by=world.of(measure.filing))
