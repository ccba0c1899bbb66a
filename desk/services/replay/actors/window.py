"""The window: licences, the list, acceptance, letters, notices, start notifications; service on paper."""

from approvals import services
from approvals.models import Change, CorrectionCase, Filing, Gap
from approvals.stages import Channel, GapState, MaterialState, Stage
from desk.services.replay.world import IN_SESSION, World, paper
from prereview import services as sessions
from prereview.models import Dispatch, Invitation
from prereview.stages import SessionStage
from public_notice.models import Objection
from public_notice.services import publish_notice, reply_objection
from public_notice.stages import Finding


def day(world: World) -> None:
    """What the window does when it looks at its desk."""
    for filing in world.filings(Stage.SUBMITTED):
        _decide(world, filing)
    for filing in world.filings(Stage.RECEIVED):
        _take_in(world, filing)
    for gap in Gap.objects.filter(filing_id__in=world.live, state=GapState.SUPPLIED).select_related(
        "filing"
    ):
        if world.waited(gap.material.handed_in_at, 0) and not gap.filing.ended:
            world.do(services.check_gap, gap, fine=True, by=world.people.window)
    _letters_and_notices(world)
    _answers(world)
    _starts(world)
    _second_channel(world)
    _files_left_lying(world)


def _decide(world: World, filing: Filing) -> None:
    by = world.people.window
    if filing.enterprise.licence_confirmed_at is None:
        if world.stops(filing, "licence"):
            return
        world.do(services.confirm_licence, filing.enterprise, by=by)
    if world.stops(filing, "decide"):
        return
    if event := world.event(filing, "ineligible"):
        world.do(services.send_to_ordinary, filing, reason=event.text, by=by)
        return
    if (slow := world.event(filing, "slow_list")) and not world.waited(
        filing.submitted_at, int(slow.value)
    ):
        return
    world.do(services.decide_eligible, filing, by=by)
    world.do(services.serve_checklist, filing, by=by)
    for item in Filing.objects.get(pk=filing.pk).items.filter(applies=None):
        world.do(services.strike_item, item, reason="现场核对，不涉及该情形", by=by)


def _take_in(world: World, filing: Filing) -> None:
    by = world.people.window
    if world.event(filing, "deemed") or world.stops(filing, "accept"):
        return
    if filing.materials.filter(state=MaterialState.RECEIVED).exists():
        world.do(services.check_all_fine, filing, by=by)
    if event := world.event(filing, "refused"):
        world.do(services.refuse, filing, reason=event.text, by=by)
        return
    missing = world.event(filing, "correction") or world.event(filing, "uncorrected")
    if missing and filing.materials.filter(name=missing.value, state=MaterialState.WANTED).exists():
        material = filing.materials.get(name=missing.value)
        world.do(services.check_material, material, fine=False, reason=missing.text, by=by)
        world.do(services.ask_correction, filing, by=by)
        return
    world.do(services.accept, filing, by=by)


def _letters_and_notices(world: World) -> None:
    by = world.people.window
    for filing in world.filings(Stage.COMMITTING):
        letter = filing.letter()
        if letter is None or letter.signed_at is None or world.stops(filing, "verify"):
            continue
        rejected = world.event(filing, "scan_rejected")
        if rejected and not filing.book.entries.filter(act="reject_scan").exists():
            world.do(services.reject_scan, filing, reason=rejected.text, by=by)
        elif filing.suspended_at is None:
            world.do(services.verify_letter, filing, by=by)
    for filing in world.filings(Stage.COMMITTED):
        if filing.suspended_at is None and not world.stops(filing, "publish"):
            world.do(publish_notice, filing, by=by)


def _answers(world: World) -> None:
    by = world.people.window
    for objection in Objection.objects.filter(
        notice__filing_id__in=world.live, finding=Finding.OPEN
    ):
        filing = objection.notice.filing
        event = world.event(filing, "objection")
        days = 4 if event and event.value == Finding.PARTLY else 2
        if event and not world.stops(filing, "reply") and world.waited(objection.received_at, days):
            world.do(reply_objection, objection, finding=event.value, reply=event.answer, by=by)
    for case in CorrectionCase.objects.filter(filing_id__in=world.live, closed_at=None):
        if world.waited(case.opened_at, 6):
            said = "经现场核对，所提意见转建设期间核查事项；原认定不变。"
            world.do(services.close_case, case, outcome=said, by=by)


def _starts(world: World) -> None:
    by = world.people.window
    for change in Change.objects.filter(filing_id__in=world.live, done_at=None).select_related(
        "filing"
    ):
        if change.filing.stage == Stage.CLEARED and world.waited(change.filing.cleared_at, 1):
            world.do(services.finish_change, change, note="已核对修改后的图纸", by=by)
    for filing in world.filings(Stage.CLEARED):
        if (
            not filing.suspended_at
            and not world.stops(filing, "start")
            and not filing.gate_missing()
        ):
            world.do(services.notify_start, filing, by=by)


def _second_channel(world: World) -> None:
    """Whom the system did not reach is served on paper, with the slip signed for."""
    waiting = Invitation.objects.filter(
        session__agenda__filing_id__in=world.live,
        second_channel_at__isnull=False,
        acknowledged_at=None,
    ).exclude(session__stage=SessionStage.CANCELLED)
    for summons in waiting.select_related("session", "department").distinct():
        cases = list(summons.session.agenda.values_list("filing_id", flat=True))
        said = [world.conduct(pk, summons.session.kind, summons.department.code) for pk in cases]
        unproven = any(row and row.what == "unproven" for row in said)
        closed = summons.session.stage == SessionStage.CLOSED
        left_open = any(world.stops(f, "serve_again") for f in Filing.objects.filter(pk__in=cases))
        if left_open or (unproven and not (closed and world.waited(summons.session.closed_at, 2))):
            continue
        clerk = world.people.clerks[summons.department.code]
        world.do(
            sessions.serve_by_second_channel,
            summons,
            channel=Channel.PAPER,
            received_by=clerk.user.name,
            upload=paper("送达签收单"),
            by=world.people.window,
        )


def _files_left_lying(world: World) -> None:
    """Whoever has not signed for a file in time is brought it on paper."""
    if not world.anyone_at(*IN_SESSION):
        return
    late = Dispatch.objects.filter(filing_id__in=world.live, second_channel_at__isnull=False)
    for one in late.waiting().select_related("department").order_by("pk"):
        clerk = world.people.clerks.get(one.department.code)
        world.do(
            sessions.serve_dispatch_by_second_channel,
            one,
            channel=Channel.PAPER,
            received_by=clerk.user.name if clerk else one.department.name,
            upload=paper("分送签收单"),
            by=world.people.window,
        )
