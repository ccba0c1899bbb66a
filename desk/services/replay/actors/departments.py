"""Departments: they sign for summons, ask to be excused, speak or keep silent, make up, and issue approvals."""

from typing import Any

from django.utils import timezone

from approvals import services as filings
from approvals.models import ChecklistItem
from approvals.queries.gaps import why_undecided
from approvals.stages import ENDS, Approval, Stage, StartGate
from desk.services.replay.read import Conduct
from desk.services.replay.world import IN_SESSION, World
from prereview import services
from prereview.models import Dispatch, Invitation, MakeUp, Session, Slot
from prereview.services.facts import takes_opinion
from prereview.stages import Answer, Position, SessionKind, SessionStage, SlotState

GROUND = "法定会议或紧急公务"  # of the county's list, excuses.csv
QUIET = ("silent", "absent", "confirmed", "late", "unproven", "leaves", "excuse_refused")
ISSUES_AFTER = (Stage.COMMITTING, Stage.COMMITTED, Stage.NOTICED, Stage.CLEARED)
LEFT_LYING = 40  # one file in so many
SEEN_WITH = (
    "department",
    "item__item",
    "filing__rulebook",
    "filing__catalogue",
    "agenda__session",
    "calendar",
)

# What the invented numbers of approvals begin with.
MARKS = {
    "R01": "示例预审", "R02": "示例供地", "R03": "示例地规", "R04": "示例规建", "R05": "示例环审", "R06": "示例施工",
    "C02": "示例水保", "C03": "示例雷审", "C04": "示例环审", "C06": "示例取水", "C07": "示例洪评", "C09": "示例消审",
    "C10": "示例抗震", "C11": "示例林审", "C12": "示例质安",
}  # fmt: skip


def day(world: World) -> None:
    """What the departments do when they look at their desks."""
    if world.anyone_at(*IN_SESSION):
        _files(world)
        _summons(world)
        _opinions(world)
    _make_up(world)
    _approvals(world)


def _files(world: World) -> None:
    """Each department signs for the files it was sent, the same day or the next; now and then one is left lying."""
    waiting = Dispatch.objects.filter(filing_id__in=world.live).waiting()
    found: dict[str, list[Dispatch]] = {}
    for one in waiting.select_related("department", "filing").order_by("department__code", "pk"):
        code, filing = one.department.code, one.filing
        left_lying = world.dice(filing, f"left_lying:{code}", 1, LEFT_LYING) == 1
        if not left_lying and world.waited(one.sent_at, world.dice(filing, f"sign:{code}", 0, 1)):
            found.setdefault(code, []).append(one)
    for code, files in found.items():
        if clerk := world.people.clerks.get(code):
            world.do(services.acknowledge_dispatches, files, by=clerk)


def _summons(world: World) -> None:
    waiting = Invitation.objects.filter(
        session__agenda__filing_id__in=world.live, session__stage=SessionStage.CALLED
    ).exclude(
        acknowledged_at__isnull=False,
        answer__in=(Answer.COMING, Answer.GRANTED, Answer.REFUSED, Answer.EXCUSE),
    )
    for summons in waiting.select_related("session", "department").distinct():
        code = summons.department.code
        cases = summons.session.agenda.values_list("filing_id", flat=True)
        rows = [row.what for pk in cases if (row := world.conduct(pk, summons.session.kind, code))]
        clerk = world.people.clerks[code]
        if {"unserved", "unproven"} & set(rows) and summons.acknowledged_at is None:
            continue
        if {"excuse_granted", "excuse_refused"} & set(rows):
            head = world.people.heads[code]
            text = "参加市局同日召开的会议，无法到会。"
            world.do(services.lodge_excuse, summons, ground=GROUND, text=text, by=head)
        elif "absent" in rows:
            if summons.acknowledged_at is None:
                world.do(services.acknowledge, summons, by=clerk)
        else:
            world.do(services.answer_coming, summons, representative=clerk.user.name, by=clerk)


def _opinions(world: World) -> None:
    open_slots = Slot.objects.filter(
        filing_id__in=world.live, agenda__closed_at__isnull=False
    ).unsettled()
    for slot in open_slots.exclude(filing__stage__in=ENDS).select_related(*SEEN_WITH):
        _speak(world, slot)


def in_the_room(world: World, session: Session) -> None:
    """Who has made up their mind by the end of a session says so there and then."""
    slots = Slot.objects.filter(agenda__session=session).unsettled()
    for slot in slots.select_related(*SEEN_WITH):
        _speak(world, slot)


def _speak(world: World, slot: Slot) -> None:
    code, item = slot.department.code, slot.item.code if slot.item else ""
    row = world.conduct(slot.filing_id, slot.kind, code, item)
    if slot.state == SlotState.ESCALATED:
        # The supervisor presses; whoever is determined to keep silent stays silent.
        pressed = row is None or row.what != "silent"
        if pressed and not world.stops(slot.filing, "press") and takes_opinion(slot, world.now):
            _give(world, slot, row)
        return
    if slot.not_ours_reason or (row and row.what in QUIET and slot.served_again_at is None):
        return
    if row and row.what == "dismissed" and slot.served_again_at is None:
        return
    since = slot.served_again_at or slot.agenda.closed_at
    days = (
        0 if slot.kind == SessionKind.SURVEY else world.dice(slot.filing, f"opinion:{code}", 0, 2)
    )
    if world.waited(since, days) and takes_opinion(slot, world.now):
        _give(world, slot, row)


def _give(world: World, slot: Slot, row: Conduct | None) -> None:
    by = world.people.clerks[slot.department.code]
    said: dict[str, Any]
    if row and row.what == "disagrees" and slot.round == 1:
        said = {"position": Position.DISAGREE, "reason": row.text, "clause": row.clause}
    elif row and row.what == "conditions":
        said = {"position": Position.CONDITIONS, "conditions": [row.text], "clause": row.clause}
    elif row and row.what in ("not_ours", "claims_not_ours") and not _claimed(slot):
        said = {"position": Position.NOT_OURS, "reason": row.text}
    elif row and row.what == "claims_not_ours":
        return
    else:
        said = {"position": Position.AGREE}
    world.do(services.give_opinion, slot, by=by, **said)


def _claimed(slot: Slot) -> bool:
    """Whether the department has said before that the matter is not its own, and was told that it is."""
    told = slot.book.entries.filter(act="decide_not_ours").values_list("payload", flat=True)
    return any(f'"department":"{slot.department.code}"' in payload for payload in told)


def _make_up(world: World) -> None:
    owed = MakeUp.objects.filter(slot__filing_id__in=world.live, ended_at=None)
    for make_up in owed.select_related("slot__department", "slot__item", "slot__filing"):
        slot = make_up.slot
        row = world.conduct(
            slot.filing_id, slot.kind, slot.department.code, slot.item.code if slot.item else ""
        )
        about = f"make_up:{slot.department.code}:{slot.item.code if slot.item else ''}"
        if not world.waited(make_up.started_at, world.dice(slot.filing, about, 0, 2)):
            continue
        late = row if row and row.what == "late" else None
        world.do(
            services.give_late_opinion,
            slot,
            position=Position.DISAGREE if late else Position.AGREE,
            reason=late.text if late else "补做意见：同意。",
            clause=late.clause if late else "",
            by=world.people.clerks[slot.department.code],
        )


def _approvals(world: World) -> None:
    owed = ChecklistItem.objects.filter(
        filing_id__in=world.live, filing__stage__in=ISSUES_AFTER, approval=Approval.OWED
    ).exclude(applies=False)
    for item in owed.select_related("filing", "item", "department").order_by("pk"):
        if item.start_gate != StartGate.COMMITMENT and _is_time(world, item):
            _issue(world, item)


def _is_time(world: World, item: ChecklistItem) -> bool:
    filing = item.filing
    if world.stops(filing, "approve") and not world.event(filing, "approve", item.code):
        return False
    if item.start_gate == StartGate.PAPER:
        slow = world.event(filing, "slow_paper", item.code)
        return world.waited(filing.cleared_at, 4 if slow else 0)
    promised = min(item.item.promised_days or 8, 12)
    return world.waited(filing.concluded_at, world.dice(filing, item.code, promised, promised + 6))


def _issue(world: World, item: ChecklistItem) -> None:
    if why_undecided(item):
        return  # a promised paper is still to come: decided when it is there (模式一)
    today = timezone.localdate(world.now)
    mark = MARKS.get(item.code, "示例服成")
    earlier = ChecklistItem.objects.filter(
        approval_number__startswith=f"{mark}〔{today.year}〕"
    ).count()
    world.do(
        filings.record_approval,
        item,
        number=f"{mark}〔{today.year}〕{earlier + 1}号",
        issued_on=today,
        by=world.people.clerks[item.department.code],
    )
