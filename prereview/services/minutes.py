"""会议纪要: assembled from what happened in the room and what silence came to."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError

from accounts.models import Membership
from approvals.models import Change, ChecklistItem, Filing
from approvals.rules.changes import item_named
from approvals.services import words
from core.notify.words import said as _
from core.steps.papers import date_text, in_chinese, time_text
from prereview.models import AgendaItem, Invitation, Opinion, Slot
from prereview.queries.absence import grounds_of
from prereview.rules.after import CONTESTED, PRESENCE, Ground
from prereview.services.default_notice import approval_text
from prereview.stages import DEEMED, Answer, Authority, CameBy, Conclusion, ContestResult, Position

LONGEST_CHANGE = Change._meta.get_field("text").max_length or 0


@dataclass
class Decision:
    """What the convenor concludes: the conclusion, its reasons, and the changes wanted with their day.

    A line of `changes` may begin with the code of an item: its department checks it, otherwise the window.
    """

    conclusion: str
    reasons: str = ""
    changes: list[str] = field(default_factory=list)
    changes_due: date | None = None


def _attendance(agenda: AgendaItem, at: datetime) -> dict[str, list[dict[str, str]]]:
    roll: dict[str, list[dict[str, str]]] = {"present": [], "excused": [], "absent": []}
    concerned = set(agenda.slots.in_play().values_list("department_id", flat=True))
    summoned = list(
        agenda.session.invitations.filter(department_id__in=concerned).select_related("department")
    )
    grounds = grounds_of(agenda.session, summoned, agenda.filing, [agenda.recorded_close])
    for i in summoned:
        name = words.department(i.department, at)
        if i.present_at(agenda.recorded_close):
            bare = "" if i.authority != Authority.NONE else "（未出示授权，按到会未表态处理）"
            row = {"department": name, "name": (i.representative or "代表") + bare}
            if i.came_by == CameBy.ONLINE:
                row["note"] = "线上参加"
            roll["present"].append(row)
        elif i.answer == Answer.GRANTED:
            roll["excused"].append({"department": name, "reason": i.excuse_text or i.excuse_ground})
        else:
            roll["absent"].append(
                {"department": name, "note": why_absent(i, agenda.recorded_close, grounds[i.pk])}
            )
    if not roll["present"]:
        roll["present"].append(
            {"department": words.issuer(at)["name"], "name": agenda.session.convenor.user.name}
        )
    return roll


def why_absent(invitation: Invitation, closed: datetime, ground: Ground) -> str:
    """Return in words why a department was not there when an item closed, and where that is no absence."""
    if ground.roll in CONTESTED:
        return str(PRESENCE[CONTESTED[ContestResult(ground.roll)]])
    if not ground.proven:
        where = "会前没有有效送达"
    elif invitation.left_at and invitation.left_at < closed:
        where = "本项议程结束前离会"
    else:
        where = "本项议程结束后到会" if invitation.checked_in_at else "已送达，未到会"
    if invitation.answer == Answer.EXCUSE:
        return f"{where}，请假待决定"
    return where if ground.counts or not ground.owes else f"{where}，不以缺席论"


def _item_name(slot: Slot) -> str:
    return slot.item.item.name if slot.item else "联合勘察记录"


def _statements(opinions: list[Opinion], at: datetime) -> list[dict[str, str]]:
    rows = []
    for o in opinions:
        text = "；".join(o.conditions) or o.reason
        row = {
            "department": words.department(o.slot.department, at),
            "item": _item_name(o.slot),
            "opinion": "视同无异议" if o.deemed else o.get_position_display(),
        }
        if o.deemed:
            row["text"] = "缺席" if o.position == Position.DEEMED_ABSENCE else "逾期未提出意见"
        elif text:
            row["text"] = text
        if o.clause:
            row["basis"] = o.clause
        rows.append(row)
    return rows


def _defaults(agenda: AgendaItem, opinions: list[Opinion], at: datetime) -> list[dict[str, str]]:
    return [
        {
            "department": words.department(o.slot.department, at),
            "project": agenda.filing.project_name,
            "item": _item_name(o.slot),
            "ground": "缺席默认" if o.position == Position.DEEMED_ABSENCE else "超时默认",
            "effective_text": time_text(o.effective_at),
            "owed": approval_text(o.slot.item),
            **({"notice_number": o.paper.number} if o.paper else {}),
        }
        for o in opinions
        if o.position in DEEMED
    ]


def _differences(agenda: AgendaItem, opinions: list[Opinion], at: datetime) -> str:
    """Say who was against what, and how each contradiction was settled: the last word on an item counts."""
    lines = [
        f"{words.department(o.slot.department, at)}：{o.reason}（{o.clause}）"
        for o in opinions
        if o.position == Position.DISAGREE
    ]
    settled = {one.item_id: one for one in agenda.settlements.select_related("item__item")}
    lines += [f"关于{one.item.item.name}，处理意见：{one.reasons}" for one in settled.values()]
    return "；".join(lines) or "无。"


def changes_wanted(filing: Filing, decision: Decision) -> list[tuple[ChecklistItem | None, str]]:
    """Return the changes of a decision, each with the item of the list that its line begins with (C05：…), or None.

    ValidationError where a line names a code that is not on the list, or is too long.
    """
    listed = filing.items.exclude(applies=False).select_related("item", "department")
    items = {item.code: item for item in listed.prefetch_related("department__names")}
    found = []
    for line in decision.changes:
        try:
            code, text = item_named(line, items)
        except ValueError as unknown:
            said = _("清单上没有事项%(code)s：%(line)s") % {"code": unknown, "line": line[:60]}
            raise ValidationError({"changes": said}) from None
        if len(text) > LONGEST_CHANGE:
            said = _("一条修改内容最多%(n)d字：%(line)s") % {"n": LONGEST_CHANGE, "line": line[:60]}
            raise ValidationError({"changes": said})
        found.append((items.get(code), text))
    return found


def _changes(agenda: AgendaItem, decision: Decision, at: datetime) -> list[dict[str, str]]:
    if not decision.changes_due or decision.conclusion == Conclusion.PASS:
        return []
    due = date_text(decision.changes_due) + "前"
    return [
        {"text": text, "due_text": due}
        if item is None
        else {
            "text": f"{item.code} {item.item.name}：{text}",
            "department": words.department(item.department, at),
            "due_text": due,
        }
        for item, text in changes_wanted(agenda.filing, decision)
    ]


def _conclusion(
    agenda: AgendaItem, opinions: list[Opinion], decision: Decision, at: datetime
) -> dict[str, Any]:
    """Return what the minutes say of the filing: who said what, where they differed, what was concluded."""
    filing, label = agenda.filing, agenda.conclusion_label
    nobody = {"department": words.issuer(at)["name"], "item": "—", "opinion": "无须部门表态的事项"}
    usual = f"{label}。企业按承诺书签署承诺，应办的审批按清单办理。"
    return {
        "project": words.project(filing),
        "enterprise": words.enterprise(filing),
        "issue": f"“{filing.project_name}”第{agenda.round}轮联合预审",
        "statements": _statements(opinions, at) or [nobody],
        "differences": _differences(agenda, opinions, at),
        "conclusion": str(label),
        "decision": decision.reasons or usual,
        "changes": _changes(agenda, decision, at),
    }


def _no_opinion(agenda: AgendaItem, opinions: list[Opinion], at: datetime) -> list[dict[str, str]]:
    return [
        {
            "department": words.department(o.slot.department, at),
            "project": agenda.filing.project_name,
            "item": _item_name(o.slot),
            "text": "红线事项，经督办仍未表态；不视为同意，应办的审批仍须办理",
        }
        for o in opinions
        if o.position == Position.NO_OPINION
    ]


def _actions(
    agenda: AgendaItem, opinions: list[Opinion], decision: Decision, at: datetime
) -> list[dict[str, str]]:
    """Return what is still to be done: what was resolved, and a disagreement that was overruled is answered."""
    resolved = agenda.actions.filter(dropped_at=None).select_related("owner")
    rows = [
        {
            "task": one.text,
            "owner": words.department(one.owner, at),
            "due_text": date_text(one.due_on) + "前",
        }
        for one in resolved
    ]
    if decision.conclusion not in (Conclusion.PASS, Conclusion.CHANGES):
        return rows
    return rows + [
        {
            "task": f"向{words.department(o.slot.department, at)}书面说明不采纳的理由",
            "owner": words.issuer(at)["name"],
            "due_text": "10日内",
        }
        for o in opinions
        if o.position == Position.DISAGREE
    ]


@in_chinese
def minutes_of(
    agenda: AgendaItem, decision: Decision, at: datetime, proposed_by: Membership
) -> dict[str, Any]:
    """Return the content of the minutes (DOC13), assembled from what happened, as `proposed_by` answers for it."""
    session = agenda.session
    opinions = list(
        Opinion.objects.filter(stands_in__agenda=agenda)
        .select_related("slot__item__item", "slot__department", "paper")
        .prefetch_related("slot__department__names")
        .order_by("slot__department__code", "slot__pk")
    )
    opened, closed = session.opened_at or session.opens_at, agenda.recorded_close
    convenor = session.convenor.user.name
    proposer = proposed_by.user.name
    recorder = session.recorder.user.name if session.recorder else proposer
    by_two = (
        {"confirmed": f"本纪要由召集人{proposer}提出，当场宣读，记录人{recorder}确认。"}
        if session.recorder
        else {}
    )
    return {
        "issuer": words.issuer(at),
        "heading": f"{words.issuer(at)['name']}联合预审会议纪要",
        "meeting": {
            "title": f"{session.number}企业投资项目联合预审会",
            "held_text": f"{time_text(opened)}至{time_text(closed)}",
            "place": session.place,
            "host": convenor,
            "recorder": recorder,
        },
        **_attendance(agenda, at),
        "agenda": [_conclusion(agenda, opinions, decision, at)],
        "defaults": _defaults(agenda, opinions, at),
        "no_opinion": _no_opinion(agenda, opinions, at),
        "actions": _actions(agenda, opinions, decision, at),
        **by_two,
        "signed_by": proposer,
    }
