"""Enterprises and the public: they file, hand in, promise, sign, withdraw and object."""

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from accounts.models import Membership
from approvals import services
from approvals.models import Filing, Gap, Industry, Material, Region
from approvals.stages import GapState, MaterialState, NeededBy, Stage
from desk.services.replay.read import Project
from desk.services.replay.world import IN_SESSION, World, paper
from public_notice.models import Notice
from public_notice.services import lodge_objection
from public_notice.stages import NoticeStage


def file(world: World, project: Project) -> None:
    """申报: the draft, the questionnaire, the project, and the filing of it."""
    by: Membership = world.enterprises[project.enterprise]
    filing = world.do(services.open_draft, by=by, demonstration=True)
    world.cases[filing.pk] = project
    world.live.add(filing.pk)
    world.do(services.save_answers, filing, answers=project.answers, by=by)
    start = timezone.localdate(world.now).replace(day=1)
    world.do(
        services.save_project,
        filing,
        by=by,
        industry=Industry.objects.get(section=project.industry),
        site=Region.objects.get(code=project.town),
        planned_start=_month(start, 4),
        planned_completion=_month(start, 16),
        planned_production=_month(start, 18),
        **project.fields,
    )
    if not world.stops(filing, "submit"):
        world.do(services.submit, filing, by=by)


def _month(day: date, months: int) -> date:
    place = day.month - 1 + months
    return day.replace(year=day.year + place // 12, month=place % 12 + 1)


def day(world: World) -> None:
    """What an enterprise does when it looks at its cases."""
    for filing in world.filings(Stage.LISTED):
        _after_the_list(world, filing)
    for filing in world.filings(Stage.CORRECTING):
        _correct(world, filing)
    for filing in world.filings(*IN_SESSION):
        _technical_papers(world, filing)
    for gap in Gap.objects.filter(filing_id__in=world.live, ended_at=None).select_related(
        "filing", "material"
    ):
        _fill(world, gap)
    for filing in world.filings(Stage.COMMITTING):
        _sign(world, filing)
    _withdraw(world)
    _object(world)


def _after_the_list(world: World, filing: Filing) -> None:
    by = world.of(filing)
    if filing.acknowledged_at is None:
        if not world.stops(filing, "acknowledge"):
            world.do(services.acknowledge_checklist, filing, by=by)
        return
    pace = world.event(filing, "hand_in")
    days = int(pace.value) if pace else world.dice(filing, "hand_in", 1, 3)
    if world.stops(filing, "hand_in") or not world.waited(filing.served_at, days):
        return
    promised = next(
        filter(None, (world.event(filing, w) for w in ("gap", "gap_late", "gap_never"))), None
    )
    missing = world.event(filing, "correction") or world.event(filing, "uncorrected")
    ready = []
    for material in filing.intake_open():
        if promised and material.name == promised.value:
            world.do(services.promise_gap, material, signed=True, reason=promised.text, by=by)
        elif not (missing and material.name == missing.value):
            ready.append(material)
    _upload(world, filing, ready)
    world.do(services.hand_in, filing, by=by)


def _upload(world: World, filing: Filing, materials: Iterable[Material]) -> None:
    """Hand in some papers at one go."""
    if uploads := [(material, paper(material.name)) for material in materials]:
        world.do(services.upload_materials, filing, uploads=uploads, by=world.of(filing))


def _correct(world: World, filing: Filing) -> None:
    if world.stops(filing, "correct") or world.event(filing, "uncorrected"):
        return
    if world.waited(filing.stage_since, world.dice(filing, "correct", 2, 4)):
        by = world.of(filing)
        _upload(world, filing, filing.materials.returned())
        world.do(services.hand_in_correction, filing, by=by)


def _technical_papers(world: World, filing: Filing) -> None:
    """The technical papers that the meeting looks at."""
    wanted = filing.materials.filter(needed_by=NeededBy.PREREVIEW, state=MaterialState.WANTED)
    _upload(world, filing, wanted)


def _fill(world: World, gap: Gap) -> None:
    filing = gap.filing
    late, never = world.event(filing, "gap_late"), world.event(filing, "gap_never")
    if never or world.stops(filing, "gap") or gap.state not in (GapState.OPEN, GapState.SUSPENDED):
        return
    if late and gap.state == GapState.OPEN:
        return
    since = filing.suspended_at if gap.state == GapState.SUSPENDED else gap.started_at
    if world.waited(since, world.dice(filing, "gap", 2, 3)):
        upload = paper(gap.material.name)
        world.do(services.upload_material, gap.material, upload=upload, by=world.of(filing))


def _sign(world: World, filing: Filing) -> None:
    letter = filing.letter()
    if (
        letter is None
        or letter.signed_at
        or world.stops(filing, "sign")
        or world.event(filing, "lapse")
    ):
        return
    by = world.of(filing)
    if (declines := world.event(filing, "declines")) and not filing.items.filter(
        declined=True
    ).exists():
        world.do(services.decline_items, filing, codes=declines.value.split(","), by=by)
    pace = world.event(filing, "sign")
    days = int(pace.value) if pace else world.dice(filing, "sign", 1, 4)
    if world.waited(letter.offered_at, days):
        world.do(services.sign_letter, filing, upload=paper("承诺书签章扫描件"), by=by)


def _withdraw(world: World) -> None:
    for case, events in world.plan.events.items():
        for event in events:
            if event.what == "withdrawn":
                for filing in world.filings(event.value):
                    if world.cases[filing.pk].case == case and world.waited(filing.stage_since, 1):
                        world.do(services.withdraw, filing, reason=event.text, by=world.of(filing))


def _soon(world: World) -> int:
    """After how many working days somebody objects: sooner where the notice is to run on when the play stops."""
    return 3 if world.until is None else 1


def _object(world: World) -> None:
    """Somebody of the neighbourhood objects, on the third day of a notice; to one notice of a case once."""
    running = Notice.objects.filter(
        filing_id__in=world.live, stage=NoticeStage.RUNNING, objections=None
    )
    for notice in running.select_related("filing"):
        event = world.event(notice.filing, "objection")
        again = notice.filing.notices.count() > 1
        if event and not again and world.waited(notice.published_at, _soon(world)):
            world.do(
                lodge_objection,
                notice,
                name="刘示例",
                contact="示例路1号（示例）",
                interest="项目相邻的村民",
                text=event.text,
            )
