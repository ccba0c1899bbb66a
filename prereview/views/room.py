"""What the page of one session shows: agenda, roll, and for a department its own summons and opinions."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.stages import Role
from approvals.models import Filing
from core.deadlines.queries import calendar_or_none, left_in_words, light, rulebook_at, value_of
from core.steps.templatetags.look import deadline
from prereview import policies, rules
from prereview.models import AgendaItem, Invitation, MinutesDraft, Session, Slot
from prereview.queries.bearing import SEEN_ONLY, no_consequence
from prereview.queries.room import closed_by
from prereview.stages import Answer, DraftState, SessionStage, SlotState
from prereview.views.base import DEPARTMENT, matrix_url
from prereview.views.words import cards


def room(session: Session, by: Membership, at: datetime) -> dict[str, Any]:
    """Return the context of the page: a fixed number of queries, however many filings and departments."""
    summons = list(session.invitations.all())
    for one in summons:
        one.session = session  # every row asks its session; it is this one
    mine = next(
        (i for i in summons if by.role in DEPARTMENT and i.department_id == by.organisation_id),
        None,
    )
    calendar = calendar_or_none(at)
    return {
        "session": session,
        "now": at,
        "agenda": agenda_rows(session, by),
        **ways(session, by, mine is not None),
        "roll": [] if mine else [roll_row(i, by, at, calendar) for i in summons],
        "counts": tallies(summons),
        "warning": warning(session, mine, at),
        "mine": roll_row(mine, by, at, calendar) if mine else None,
        "my_filings": own_opinions(session, by, at) if mine else [],
    }


def agenda_rows(session: Session, by: Membership) -> list[dict[str, Any]]:
    """Return the items of the agenda with how many opinions are in, and what can be done now."""
    items = list(session.agenda.all())
    seen = set(
        Filing.objects.visible_to(by)
        .filter(pk__in=[i.filing_id for i in items])
        .values_list("pk", flat=True)
    )
    counted: dict[int, Any] = {
        row["agenda_id"]: row
        for row in Slot.objects.in_play()
        .filter(agenda__session=session)
        .order_by()
        .values("agenda_id")
        .annotate(asked=Count("pk"), settled=Count("pk", filter=Q(state=SlotState.SETTLED)))
    }
    runs = policies.convenor(session, by)
    reading = MinutesDraft.objects.filter(agenda__session=session, state=DraftState.READ)
    read = set(reading.values_list("agenda_id", flat=True)) if session.recorder_id else set()
    keeps = policies.keeps_the_room(session, by)
    busy = any(item.opened_at and not item.closed_at for item in items)
    rows = [
        _agenda_row(item, session, item.filing_id in seen, counted.get(item.pk, {}), runs)
        for item in items
    ]
    for row in rows:
        row["can_open"] = row["can_open"] and not busy  # one at a time
        row["reading"] = item_url("reading", row["item"]) if row["item"].pk in read else ""
        open_to = keeps and row["item"].opened_at and not row["item"].conclusion
        row["add_action"] = item_url("add_action", row["item"]) if open_to else ""
        if row["reading"]:
            row["conclude"] = ""
    return rows


def item_url(name: str, item: AgendaItem) -> str:
    """Return the address of a step of an agenda item."""
    return reverse(f"prereview:{name}", args=[item.pk])


def ways(session: Session, by: Membership, mine: bool) -> dict[str, Any]:
    """Return the ways into the room: the screen for the staff, the own page for a department, what is printed."""
    if session.stage == SessionStage.CANCELLED:
        return {}
    offered = [(_("本单位会议页"), "me")] if mine else []
    prints: list[tuple[str, str]] = []
    if policies.staff(session, by):
        offered.append((_("会场大屏"), "screen"))
        names = ((_("签到表"), "sign_in"), (_("议程"), "agenda"), (_("桌签"), "cards"))
        prints = [(label, f"print_{name}") for label, name in names]
    if policies.session_is_closed(session) and policies.recorder(session, by):
        done = session.roll_confirmed_at or closed_by(session, by)
        offered += [] if done else [(_("确认到会名单"), "confirm_roll")]
    if policies.convenor(session, by) and policies.recorder_can_be_replaced(session):
        offered.append((_("更换记录人"), "recorder"))
    return {"room_links": _links(session, offered), "room_prints": _links(session, prints)}


def _links(session: Session, named: list[tuple[str, str]]) -> list[dict[str, str]]:
    return [
        {"label": label, "url": reverse(f"prereview:{name}", args=[session.public_id])}
        for label, name in named
    ]


def _agenda_row(
    item: AgendaItem, session: Session, seen: bool, counted: dict[str, Any], runs: bool
) -> dict[str, Any]:
    is_open = session.stage == SessionStage.OPEN
    concludes = runs and not session.is_survey and item.closed_at and not item.conclusion
    return {
        "item": item,
        "filing": item.filing,
        "url": reverse("desk:case", args=[item.filing.public_id]) if seen else "",
        "matrix": matrix_url(item.filing) if seen else "",
        "asked": counted.get("asked", 0),
        "settled": counted.get("settled", 0),
        "state": _stands(item),
        "can_open": runs and is_open and item.opened_at is None,
        "can_close": runs and is_open and item.opened_at is not None and item.closed_at is None,
        "conclude": reverse("prereview:conclude", args=[item.pk]) if concludes else "",
    }


def _stands(item: AgendaItem) -> str:
    if item.conclusion:
        return item.conclusion_label
    if item.closed_at:
        return _("已结束")
    return _("审议中") if item.opened_at else _("未开始")


def roll_row(summons: Invitation, by: Membership, at: datetime, calendar: Any) -> dict[str, Any]:
    """Return one summons: how it was served, what came of it, and what this person can do with it."""
    session = summons.session
    is_open, is_called = session.stage == SessionStage.OPEN, session.stage == SessionStage.CALLED
    door = is_open and policies.convenor_or_department(summons, by)
    own = policies.own_department(summons, by)
    return {
        "summons": summons,
        "department": summons.department.label,
        "attempts": summons.attempts.all(),
        "light": light(summons, at, calendar),
        "left": left_in_words(summons, at, calendar) if summons.running else "",
        "sign_by": _sign_by(summons),
        "whereabouts": whereabouts(summons),
        "acknowledge": own and not summons.proven and session.stage != SessionStage.CANCELLED,
        "answer": own and is_called,
        "excuse": is_called and policies.head_of_department(summons, by),
        "head_signs": is_called and own and by.role == Role.CLERK,
        "check_in": door and summons.checked_in_at is None,
        "by_code": _by_code(summons, own and door),
        "online": _may_go_online(summons, by, is_called or is_open),
        "leave": door and summons.checked_in_at is not None and summons.left_at is None,
        "back": is_open and summons.left_at is not None and policies.keeps_the_room(session, by),
        "decide": policies.convenor(summons, by) and summons.answer == Answer.EXCUSE,
        "serve": policies.window(summons, by) and not summons.proven and (is_called or is_open),
    }


def _by_code(summons: Invitation, door: bool) -> bool:
    wanted = summons.session.recorder_id is not None and summons.online_at is None
    return door and wanted and summons.checked_in_at is None


def _may_go_online(summons: Invitation, by: Membership, running: bool) -> bool:
    open_to = running and summons.checked_in_at is None and summons.online_at is None
    return open_to and not summons.session.is_survey and policies.convenor(summons, by)


def _sign_by(summons: Invitation) -> str:
    if summons.proven or summons.due_at is None:
        return ""
    return _("%(until)s前签收；逾期改用第二种方式送达。") % {"until": deadline(summons.due_at)}


def whereabouts(summons: Invitation) -> dict[str, str]:
    """Say whether the department is in the room, with a sign of its own."""
    if summons.left_at:
        return {"state": "held", "label": _("已离开")}
    if summons.checked_in_at:
        return {"state": "agree", "label": _("在场")}
    if summons.answer == Answer.GRANTED:
        return {"state": "none", "label": _("准假")}
    if summons.session.stage == SessionStage.CALLED:
        return {"state": "awaited", "label": _("未开始")}
    return {"state": "disagree", "label": _("未到")}


def tallies(summons: list[Invitation]) -> list[dict[str, Any]]:
    """Return the counters over the roll."""
    return [
        {"label": _("通知部门"), "value": len(summons)},
        {"label": _("已签收"), "value": sum(i.proven for i in summons)},
        {"label": _("答复到会"), "value": sum(i.answer == Answer.COMING for i in summons)},
        {
            "label": _("请假"),
            "value": sum(i.answer in (Answer.EXCUSE, Answer.GRANTED) for i in summons),
        },
        {"label": _("已签到"), "value": sum(i.checked_in_at is not None for i in summons)},
    ]


def warning(session: Session, mine: Invitation | None, at: datetime) -> str:
    """Say what absence and silence come to, as it is printed on the summons; nothing once it is called off."""
    if session.stage == SessionStage.CANCELLED:
        return ""
    second = session.second_visits.exists()
    if none := SEEN_ONLY if second else mine and no_consequence(mine, second=second):
        return str(none)
    rule = rules.SURVEY_OPINION if session.is_survey else rules.OPINION
    days = {"days": value_of(rulebook_at(at), rule.code).number}
    if mine is not None and mine.in_room:
        return _present(session, days)
    if session.is_survey:
        return (
            _(
                "无正当理由缺席的，勘察结束时对勘察记录视同无异议，不得要求再次勘察。"
                "到场而没有提出意见的，勘察结束后%(days)s个工作日内提出；逾期同样处理。"
            )
            % days
        )
    return (
        _(
            "无正当理由缺席的，议程结束时本单位事项视同无异议，程序继续，应办的审批仍须办理；红线事项转效能监督督办，不视为同意。"
            "到会而没有当场提出意见的，议程结束后%(days)s个工作日内提出；逾期同样处理。"
        )
        % days
    )


def _present(session: Session, days: dict[str, int]) -> str:
    """Say to who has come what silence comes to, and leaving: nothing of an absence that is none."""
    if session.stage == SessionStage.CLOSED:
        return ""
    if session.is_survey:
        said = _(
            "已到场：没有提出意见的，勘察结束后%(days)s个工作日内提出；逾期的，对勘察记录视同无异议，不得要求再次勘察。"
            "勘察结束以前离开的，按不在场处理。"
        )
    else:
        said = _(
            "已到会：没有当场提出意见的，议程结束后%(days)s个工作日内提出；逾期的，视同无异议，程序继续，应办的审批仍须办理；"
            "红线事项转效能监督督办，不视为同意。提前离开的，离开后才结束的议程按不在场处理。"
        )
    return said % days


def own_opinions(session: Session, by: Membership, at: datetime) -> list[dict[str, Any]]:
    """Return what a department owes in this session, by filing."""
    slots = list(
        Slot.objects.in_play()
        .filter(agenda__session=session, department_id=by.organisation_id)
        .select_related(
            "agenda__session", "filing__rulebook", "department", "item__item", "opinion", "calendar"
        )
        .order_by("agenda__order", "pk")
    )
    grouped: dict[int, dict[str, Any]] = {}
    for shown in cards(slots, at):
        filing = shown["slot"].filing
        group = grouped.setdefault(
            filing.pk,
            {
                "filing": filing,
                "cards": [],
                "url": reverse("prereview:opinions", args=[filing.public_id]),
            },
        )
        group["cards"].append(shown)
        group["waits"] = group.get("waits", 0) + (shown["slot"].state != SlotState.SETTLED)
    return list(grouped.values())
