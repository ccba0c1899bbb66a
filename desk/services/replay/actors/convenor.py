"""The convenor calls, holds and concludes; the supervisor presses; what is doubtful is decided."""

from datetime import datetime, timedelta

from django.db.models import Max
from django.utils import timezone

from approvals.models import Filing
from approvals.stages import Stage
from core.deadlines.services import local
from desk.services.replay.actors import departments, visits
from desk.services.replay.read import Conduct, Meeting
from desk.services.replay.world import IN_SESSION, ReplayError, World
from prereview import services
from prereview.models import AgendaItem, Invitation, Session, Slot
from prereview.queries import earliest_opening, ready_for
from prereview.stages import Answer, Conclusion, Position, SessionKind, SessionStage, SlotState

AHEAD = 4  # working days between the summons and a meeting
TOGETHER = 3  # sites that one survey visits
AWAY = ("absent", "excuse_granted", "excuse_refused", "unproven")


def day(world: World) -> None:
    """What the convenor does when the desk is open."""
    if not world.anyone_at(*IN_SESSION):
        _call_meeting(world)
        return
    _decide_excuses(world)
    _call_meeting(world)
    _call_survey(world)
    _settle_doubts(world)
    _conclude(world)


def sessions(world: World, until: datetime) -> None:
    """Hold the sessions that open before an instant."""
    if not world.anyone_at(*IN_SESSION):
        return
    called = Session.objects.filter(
        stage=SessionStage.CALLED, opens_at__lt=until, agenda__filing_id__in=world.live
    )
    for session in called.distinct().order_by("opens_at"):
        if not _goes_on(world, session):
            _hold(world, session)


def _goes_on(world: World, session: Session) -> bool:
    """Whether it is the meeting that is still held when the play stops (actors/room.py)."""
    cases = Filing.objects.filter(agenda_items__session=session, pk__in=world.live)
    return not session.is_survey and any(world.event(filing, "room") for filing in cases)


def _call_meeting(world: World) -> None:
    today = timezone.localdate(world.now)
    for meeting in world.plan.meetings:
        if world.calendar.add_working(today, AHEAD) == timezone.localdate(meeting.opens_at):
            _summon(world, meeting)


def _summon(world: World, meeting: Meeting) -> None:
    ready = [
        f
        for f in ready_for(SessionKind.MEETING).filter(pk__in=world.live)
        if not world.stops(f, "meeting") and not world.event(f, "room")
    ]
    if not ready:
        day_text = timezone.localdate(meeting.opens_at)
        raise ReplayError(f"no case is ready for the meeting of {day_text}")
    world.do(
        services.call_session,
        kind=SessionKind.MEETING,
        filings=ready,
        opens_at=meeting.opens_at,
        place=meeting.place,
        by=world.people.convenor,
    )


def _call_survey(world: World) -> None:
    ready = []
    for filing in ready_for(SessionKind.SURVEY).filter(pk__in=world.live).order_by("pk"):
        if skipped := world.event(filing, "no_survey"):
            world.do(services.skip_survey, filing, reason=skipped.text, by=world.people.convenor)
        elif not world.stops(filing, "survey"):
            ready.append(filing)
    for place in range(0, len(ready), TOGETHER):
        visited = ready[place : place + TOGETHER]
        soonest = earliest_opening(SessionKind.SURVEY, world.now)
        latest = world.event(visited[0], "survey")
        more = int(latest.value) if latest else world.dice(visited[0], "survey", 0, 1)
        opens = world.calendar.add_working(soonest, more) if more else soonest
        world.do(
            services.call_session,
            kind=SessionKind.SURVEY,
            filings=visited,
            opens_at=local(opens, 9, 30) + timedelta(hours=place),
            place=f"{visited[0].site}{visited[0].site_detail}",
            by=world.people.convenor,
        )


def _hold(world: World, session: Session) -> None:
    by = world.people.convenor
    world.go(session.opens_at)
    world.do(services.open_session, session, by=by)
    cases = list(session.agenda.values_list("filing_id", flat=True))
    for summons in session.invitations.select_related("department"):
        code = summons.department.code
        rows = [world.conduct(pk, session.kind, code) for pk in cases]
        if not any(row and row.what in AWAY for row in rows):
            world.do(services.check_in, summons, by=world.people.clerks[code])
    for agenda in session.agenda.order_by("order"):
        world.do(services.open_item, agenda, by=by)
        here = session.invitations.exclude(checked_in_at=None).filter(left_at=None)
        for summons in here.select_related("department"):
            row = world.conduct(agenda.filing_id, session.kind, summons.department.code)
            if row and row.what == "leaves":
                world.do(services.leave, summons, by=by)
        if session.is_survey:
            visits.enter(world, agenda)
        world.go(world.now + timedelta(minutes=25))
        world.do(services.close_item, agenda, by=by)
    world.do(services.close_session, session, by=by)
    departments.in_the_room(world, session)


def _decide_excuses(world: World) -> None:
    waiting = Invitation.objects.filter(
        session__agenda__filing_id__in=world.live, answer=Answer.EXCUSE
    )
    for summons in waiting.select_related("session", "department").distinct():
        cases = summons.session.agenda.values_list("filing_id", flat=True)
        rows = [world.conduct(pk, summons.session.kind, summons.department.code) for pk in cases]
        granted = any(row and row.what == "excuse_granted" for row in rows)
        reason = (
            "事由属实，准假；请在期限内提出书面意见。"
            if granted
            else "不属于规定的事由，请另派人员到会。"
        )
        world.do(
            services.decide_excuse,
            summons,
            granted=granted,
            reason=reason,
            by=world.people.convenor,
        )


def _settle_doubts(world: World) -> None:
    by = world.people.convenor
    open_slots = Slot.objects.filter(filing_id__in=world.live).unsettled()
    for slot in open_slots.exclude(not_ours_reason="").select_related(
        "department", "item", "filing"
    ):
        row = _said(world, slot)
        accepted = row is not None and row.what == "not_ours"
        reason = "职责已调整，意见由牵头部门提出。" if accepted else "按职责分工由贵单位提出意见。"
        world.do(services.decide_not_ours, slot, accepted=accepted, reason=reason, by=by)
    for slot in open_slots.filter(state=SlotState.CANDIDATE).select_related(
        "department", "item", "filing"
    ):
        row = _said(world, slot)
        if row and row.what == "confirmed":
            world.do(services.confirm_default, slot, by=by)
        elif row and row.what == "dismissed" and slot.served_again_at is None:
            world.do(services.dismiss_default, slot, reason=row.text, by=by)
    for slot in open_slots.filter(state=SlotState.HELD).select_related(
        "department", "item", "filing"
    ):
        if slot.invitation.proven and not world.stops(slot.filing, "serve_again"):
            world.do(services.serve_slot_again, slot, by=by)


def _said(world: World, slot: Slot) -> Conduct | None:
    return world.conduct(
        slot.filing_id, slot.kind, slot.department.code, slot.item.code if slot.item else ""
    )


def _conclude(world: World) -> None:
    waiting = AgendaItem.objects.filter(
        filing_id__in=world.live, session__kind=SessionKind.MEETING, conclusion="", closed_at__isnull=False,
        filing__stage=Stage.PREREVIEWING, filing__suspended_at=None,
    )  # fmt: skip
    for agenda in waiting.select_related("filing", "session"):
        filing = agenda.filing
        slow = world.event(filing, "slow_minutes")
        if agenda.open_slots().exists() or world.stops(filing, "conclude"):
            continue
        if world.waited(_last_settled(agenda), int(slow.value) if slow else 1):
            decision = _decision(world, agenda, filing)
            world.do(services.conclude, agenda, decision=decision, by=world.people.convenor)


def _last_settled(agenda: AgendaItem) -> datetime | None:
    last = agenda.slots.aggregate(last=Max("opinion__recorded_at"))["last"]
    return max(filter(None, (last, agenda.closed_at)), default=None)


def _decision(world: World, agenda: AgendaItem, filing: Filing) -> services.Decision:
    against = agenda.slots.filter(opinion__position=Position.DISAGREE)
    if event := world.event(filing, "not_passed"):
        return services.Decision(Conclusion.FAIL, reasons=event.text)
    if (event := world.event(filing, "again")) and filing.round == 1:
        return services.Decision(Conclusion.AGAIN, reasons=event.text)
    if event := world.event(filing, "changes"):
        due = world.calendar.add_working(timezone.localdate(world.now), 15)
        return services.Decision(
            Conclusion.CHANGES, changes=event.text.split("；"), changes_due=due
        )
    if against.exists():
        reasons = (
            "不同意见所涉标准已列入承诺条款，建设期间核查，会议决定予以通过；理由书面送该部门。"
        )
        return services.Decision(Conclusion.PASS, reasons=reasons)
    return services.Decision(Conclusion.PASS)
