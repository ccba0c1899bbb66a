"""What waits for a person: each role's list, sorted by due instant, with what happens if nothing is done."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership
from accounts.stages import Role
from approvals.models import Filing, Gap, Letter, StageLimit
from approvals.stages import GapState, Stage
from core.deadlines.calendar import Calendar
from core.deadlines.models import Timed
from core.deadlines.queries import calendar_or_none, left_in_words, light
from desk.queries.limits import silence_of
from prereview.models import AgendaItem, Invitation, MakeUp, Session, Slot
from prereview.queries import open_slots
from prereview.stages import Answer, SessionStage, SlotState
from public_notice.models import Objection
from public_notice.stages import Finding

FAR = 253402300799.0  # sorts behind every date


@dataclass
class Row:
    """One thing that waits."""

    title: str
    url: str
    sub: str = ""
    stage: str = ""
    silence: str = ""
    who: str = ""
    due_at: datetime | None = None
    due: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Seen:
    """For whom and as of when a list is drawn; the calendar is looked up once."""

    by: Membership
    at: datetime
    calendar: Calendar | None


def running_limits() -> Prefetch:
    """Return the prefetch of a filing's running limits, for lists."""
    return Prefetch(
        "limits", StageLimit.objects.filter(ended_at=None).order_by("due_at"), to_attr="open_limits"
    )


def case_url(filing: Filing) -> str:
    """Return the address of a case."""
    return reverse("desk:case", args=[filing.public_id])


def _dated(row: Row, limit: Timed | None, seen: Seen) -> Row:
    if limit is not None:
        row.due_at = limit.due_at
        row.due = {
            "light": light(limit, seen.at, seen.calendar),
            "text": left_in_words(limit, seen.at, seen.calendar),
        }
        row.silence = silence_of(limit)
    return row


def _of_filing(filing: Filing, what: str, seen: Seen, who: str = "") -> Row:
    limits = getattr(filing, "open_limits", [])
    row = Row(
        what, case_url(filing), f"{filing.project_name or _('未命名项目')} · {filing.enterprise}",
        filing.get_stage_display(), who=who,
    )  # fmt: skip
    return _dated(row, limits[0] if limits else None, seen)


def _filings(stages: Iterable[str]) -> QuerySet[Filing]:
    return (
        Filing.objects.filter(stage__in=tuple(stages))
        .select_related("enterprise")
        .prefetch_related(running_limits())
    )


WINDOW_TASKS = {
    Stage.SUBMITTED: gettext_lazy("核对执照，决定是否适用，送达一次性告知书"),
    Stage.RECEIVED: gettext_lazy("核收材料，作出受理决定"),
    Stage.COMMITTED: gettext_lazy("发布承诺公示"),
    Stage.CLEARED: gettext_lazy("核对开工条件"),
}
CONVENOR_TASKS = {
    Stage.ACCEPTED: gettext_lazy("召集联合勘察（或决定无须勘察）"),
    Stage.PREREVIEWING: gettext_lazy("召集联合预审会，形成结论"),
}
ENTERPRISE_TASKS = {
    Stage.DRAFT: gettext_lazy("补全并申报"),
    Stage.LISTED: gettext_lazy("签收告知书，提交材料"),
    Stage.CORRECTING: gettext_lazy("补正材料"),
    Stage.COMMITTING: gettext_lazy("签署承诺书"),
}


def _window(seen: Seen) -> Iterator[Row]:
    for filing in _filings(WINDOW_TASKS):
        yield _of_filing(filing, str(WINDOW_TASKS[Stage(filing.stage)]), seen)
    signed = Letter.objects.filter(
        withdrawn_at=None, verified_at=None, signed_at__isnull=False, filing__stage=Stage.COMMITTING
    ).select_related("filing__enterprise")
    for letter in signed:
        yield Row(
            _("核验承诺书盖章扫描件"),
            case_url(letter.filing),
            str(letter.filing),
            letter.filing.get_stage_display(),
        )
    for gap in Gap.objects.filter(state=GapState.SUPPLIED).select_related(
        "filing__enterprise", "material"
    ):
        yield _dated(
            Row(_("核验容缺补交材料"), case_url(gap.filing), str(gap.filing), str(gap.material)),
            gap,
            seen,
        )
    for objection in Objection.objects.filter(finding=Finding.OPEN).select_related(
        "notice__filing"
    ):
        filing = objection.notice.filing
        row = Row(_("答复公示异议"), case_url(filing), str(filing), objection.number)
        yield _dated(row, objection, seen)
    unreached = Invitation.objects.filter(
        second_channel_at__isnull=False, acknowledged_at=None, session__stage=SessionStage.CALLED
    ).select_related("session", "department")
    for invitation in unreached:
        yield _of_session(
            invitation.session, _("用第二种方式送达：%(who)s") % {"who": invitation.department}
        )


def _of_session(session: Session, what: str) -> Row:
    return Row(
        what, reverse("prereview:session", args=[session.public_id]), f"{session} · {session.place}",
        session.get_stage_display(), due_at=session.opens_at,
    )  # fmt: skip


def _convenor(seen: Seen) -> Iterator[Row]:
    busy = set(
        AgendaItem.objects.filter(
            conclusion="", session__stage__in=(SessionStage.CALLED, SessionStage.OPEN, SessionStage.CLOSED),
            session__kind="meeting",
        ).values_list("filing_id", flat=True)
    )  # fmt: skip
    for filing in _filings(CONVENOR_TASKS):
        if filing.pk not in busy:
            yield _of_filing(filing, str(CONVENOR_TASKS[Stage(filing.stage)]), seen)
    for session in Session.objects.filter(stage__in=(SessionStage.CALLED, SessionStage.OPEN)):
        yield _of_session(session, _("主持%(kind)s") % {"kind": session.get_kind_display()})
    excuses = Invitation.objects.filter(answer=Answer.EXCUSE).select_related(
        "session", "department"
    )
    for invitation in excuses:
        yield _of_session(
            invitation.session, _("决定请假：%(who)s") % {"who": invitation.department}
        )
    yield from _slots(
        Slot.objects.filter(state__in=(SlotState.CANDIDATE, SlotState.HELD)),
        seen,
        reverse_name="prereview:matrix",
    )
    settled = (
        AgendaItem.objects.filter(
            session__stage=SessionStage.CLOSED, session__kind="meeting", conclusion=""
        )
        .exclude(
            slots__state__in=(
                SlotState.AWAITED,
                SlotState.CANDIDATE,
                SlotState.HELD,
                SlotState.ESCALATED,
            )
        )
        .select_related("filing__enterprise", "session")
        .prefetch_related(
            Prefetch(
                "filing__limits", StageLimit.objects.filter(ended_at=None), to_attr="open_limits"
            )
        )
    )
    for agenda in settled:
        yield _of_filing(agenda.filing, _("作出预审结论"), seen)


def _slots(slots: QuerySet[Slot], seen: Seen, reverse_name: str) -> Iterator[Row]:
    for slot in slots.select_related("filing", "department", "item__item"):
        what = slot.item.label if slot.item else slot.get_kind_display()
        row = Row(
            f"{slot.get_state_display()}：{slot.department} · {what}",
            reverse(reverse_name, args=[slot.filing.public_id]), str(slot.filing), slot.held_because,
        )  # fmt: skip
        yield _dated(row, slot, seen)


def _department(seen: Seen) -> Iterator[Row]:
    summons = Invitation.objects.filter(
        department_id=seen.by.organisation_id,
        session__stage__in=(SessionStage.CALLED, SessionStage.OPEN),
    ).select_related("session")
    for invitation in summons:
        what = (
            _("签收并答复：%(kind)s") if invitation.acknowledged_at is None else _("参加%(kind)s")
        )
        row = _of_session(
            invitation.session, what % {"kind": invitation.session.get_kind_display()}
        )
        row.silence = _("无正当理由缺席的，除红线事项外视同无异议，程序继续。")
        yield row
    groups: dict[int, list[Slot]] = {}
    for slot in open_slots(seen.by).filter(agenda__closed_at__isnull=False):
        groups.setdefault(slot.filing_id, []).append(slot)
    for slots in groups.values():
        first = slots[0]
        row = Row(
            _("提出意见（%(count)s项）") % {"count": len(slots)},
            reverse("prereview:opinions", args=[first.filing.public_id]),
            f"{first.filing} · {first.filing.enterprise}", first.get_state_display(),
        )  # fmt: skip
        yield _dated(row, first, seen)
    papers = StageLimit.objects.filter(
        ended_at=None, item__department_id=seen.by.organisation_id
    ).select_related("filing", "item__item")
    for limit in papers:
        row = Row(
            _("凭承诺出具文书：%(item)s") % {"item": limit.item.label},
            case_url(limit.filing),
            str(limit.filing),
        )
        yield _dated(row, limit, seen)
    for make_up in MakeUp.objects.filter(
        slot__department_id=seen.by.organisation_id, done_at=None
    ).select_related("slot__filing"):
        row = Row(
            _("补做意见"),
            reverse("prereview:opinions", args=[make_up.slot.filing.public_id]),
            str(make_up.slot.filing),
        )
        yield _dated(row, make_up, seen)


def _enterprise(seen: Seen) -> Iterator[Row]:
    mine = _filings(ENTERPRISE_TASKS).filter(enterprise_id=seen.by.organisation_id)
    for filing in mine.prefetch_related("letters"):
        signed = any(x.signed_at and not x.withdrawn_at for x in filing.letters.all())
        if filing.stage == Stage.COMMITTING and signed:
            continue
        yield _of_filing(filing, str(ENTERPRISE_TASKS[Stage(filing.stage)]), seen)
    gaps = Gap.objects.filter(
        filing__enterprise_id=seen.by.organisation_id, state__in=(GapState.OPEN, GapState.SUSPENDED)
    ).select_related("filing", "material")
    for gap in gaps:
        row = Row(
            _("补齐容缺材料：%(what)s") % {"what": gap.material},
            case_url(gap.filing),
            str(gap.filing),
            gap.get_state_display(),
        )
        yield _dated(row, gap, seen)


def _supervisor(seen: Seen) -> Iterator[Row]:
    yield from _slots(
        Slot.objects.filter(state=SlotState.ESCALATED), seen, reverse_name="prereview:matrix"
    )
    late = StageLimit.objects.filter(escalated_at__isnull=False, ended_at=None).select_related(
        "filing__enterprise", "item__item"
    )
    for limit in late:
        row = Row(
            _("逾期：%(what)s") % {"what": limit.declared.name},
            case_url(limit.filing),
            str(limit.filing),
            str(limit.declared.actor),
        )
        yield _dated(row, limit, seen)


LISTS = {
    Role.WINDOW: (_window,),
    Role.CONVENOR: (_convenor,),
    Role.CLERK: (_department,),
    Role.HEAD: (_department,),
    Role.ENTERPRISE: (_enterprise,),
    Role.SUPERVISOR: (_supervisor,),
}


def waiting_for(by: Membership, at: datetime) -> list[Row]:
    """Return what waits for a person, earliest due first; the number of queries does not grow with the rows."""
    seen = Seen(by, at, calendar_or_none(at))
    rows = [row for make in LISTS.get(Role(by.role), ()) for row in make(seen)]
    return sorted(rows, key=lambda row: row.due_at.timestamp() if row.due_at else FAR)


_WINDOW, _COMPANY, _ALL = gettext_lazy("窗口"), gettext_lazy("企业"), gettext_lazy("各部门")
WAITS_ON = {
    Stage.SUBMITTED: _WINDOW, Stage.LISTED: _COMPANY, Stage.RECEIVED: _WINDOW, Stage.CORRECTING: _COMPANY,
    Stage.ACCEPTED: gettext_lazy("召集人"), Stage.SURVEYING: _ALL, Stage.PREREVIEWING: _ALL,
    Stage.COMMITTING: _COMPANY, Stage.COMMITTED: _WINDOW, Stage.NOTICED: gettext_lazy("社会公众"),
    Stage.CLEARED: gettext_lazy("部门与窗口"),
}  # fmt: skip


def waiting_for_others(by: Membership, at: datetime, mine: set[str], most: int = 20) -> list[Row]:
    """Return running cases a person follows in which somebody else has the move."""
    seen = Seen(by, at, calendar_or_none(at))
    running = (
        Filing.objects.visible_to(by)
        .running()
        .select_related("enterprise")
        .prefetch_related(running_limits())
    ).order_by("-stage_since")
    rows = [
        _of_filing(f, str(f), seen, who=str(WAITS_ON.get(Stage(f.stage), "")))
        for f in running[: most * 2]
        if case_url(f) not in mine
    ]
    return rows[:most]


def week_of(by: Membership, at: datetime) -> list[dict[str, Any]]:
    """Return seven days from today with the sessions and due dates that concern a person."""
    today = timezone.localdate(at)
    sessions = (
        Session.objects.visible_to(by)
        .filter(opens_at__gte=at - timedelta(days=1), opens_at__lt=at + timedelta(days=8))
        .exclude(stage=SessionStage.CANCELLED)
    )
    events: dict[Any, list[dict[str, str]]] = {}
    for session in sessions:
        local = timezone.localtime(session.opens_at)
        events.setdefault(local.date(), []).append(
            {"label": session.get_kind_display(), "url": reverse("prereview:session", args=[session.public_id]),
             "time": f"{local:%H:%M}"}
        )  # fmt: skip
    calendar = calendar_or_none(at)
    days = []
    for offset in range(7):
        day = today + timedelta(days=offset)
        off = (
            ""
            if calendar is None or not calendar.covers(day) or calendar.is_working(day)
            else _("休")
        )
        days.append({"date": day, "today": offset == 0, "off": off, "events": events.get(day, [])})
    return days
