"""默认通知书: the numbered notice of a default, which carries its own proof."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.once import once, shared
from accounts.services import system_actor
from approvals.models import ChecklistItem
from approvals.services import words
from approvals.services.checklist import editions
from approvals.stages import Approval, Channel, StartGate
from core.composed import Piece, joined, piece, put_together
from core.deadlines.models import RulebookEdition
from core.deadlines.queries import value_of
from core.documents.models import Paper
from core.steps.papers import Sheet, date_text, in_chinese, issue, time_text
from prereview.models import Invitation, MakeUp, Opinion, Session, Slot
from prereview.services.alike import alike
from prereview.services.proof import days_of, notice_began, notice_rule, printed_limit, run_shared
from prereview.stages import Answer, Position, SessionKind

OWED = {
    StartGate.SERVICE_DONE: "政府统一服务，须在开工前完成",
    StartGate.COMMITMENT: "尚未取得；承诺书签署并经公示后由承诺代替，建设中和验收时核查",
    StartGate.PAPER: "尚未出具；由部门凭承诺出具，开工前须取得",
    StartGate.PRIOR: "应办的审批仍须办理，开工前须取得",
}
APPROVALS = {
    Approval.REPLACED: "由企业承诺代替，无尚欠审批",
    Approval.ISSUED: "已取得",
    Approval.REFUSED: "批准已被拒绝",
    Approval.LAPSED: "附解除条件的决定已失效，应办的审批仍须办理，开工前须取得",
    Approval.NONE: "无须审批",
}
CONDITIONAL = "容缺通过（附解除条件，材料未补齐），开工前须补齐"
EXCUSES = {
    Answer.NONE: "未提出", Answer.COMING: "未提出（答复到会）", Answer.GRANTED: "准假",
    Answer.REFUSED: "提出后未获准许", Answer.SUBSTITUTE: "须派员代替到会", Answer.EXCUSE: "待决定",
}  # fmt: skip


def approval_text(item: ChecklistItem | None) -> str:
    """Return what is owed apart from any opinion: what opens the start gate for the item says what must be there."""
    if item is None:
        return "不涉及审批"
    if item.approval == Approval.OWED:
        return OWED[StartGate(item.start_gate)]
    if item.conditional:
        return CONDITIONAL  # 模式二: what was decided against a promise is never called simply obtained
    return APPROVALS[Approval(item.approval)]


@once
def _channel(channel: str) -> str:
    return str(Channel(channel).label)


def _service(invitation: Invitation) -> list[dict[str, str]]:
    row = {
        "channel": _channel(invitation.channel),
        "served_text": time_text(invitation.reached_at),
        "receiver": invitation.received_by
        or (invitation.acknowledged_by.user.name if invitation.acknowledged_by else "—"),
    }
    if invitation.acknowledged_at:
        row["acknowledged_text"] = time_text(invitation.acknowledged_at or invitation.served_at)
    return [row]


def _notice_period(slot: Slot, invitation: Invitation) -> Piece:
    """Return the notice ahead of the opening, which an absence rests on, as a limit with its day table."""
    began, rulebook = notice_began(slot, invitation), slot.filing.pinned_rulebook
    ahead = notice_rule(slot)

    def make() -> Piece:
        value = value_of(rulebook, ahead)
        rows = words.day_table(printed_limit(slot, began, value.number))
        limit = {
            "name": value.name,
            "starts_text": date_text(timezone.localdate(began)),
            "due_text": rows[-1]["date_text"],
            "days_text": f"{value.number}个工作日",
        }
        return piece({"limit": limit, "day_table": rows})

    return shared(("ahead", rulebook.pk, slot.rule, began, slot.calendar_id), make)


def _limit(slot: Slot) -> Piece:
    limit = {
        "name": str(slot.declared.name),
        "starts_text": date_text(timezone.localdate(slot.started_at)),
        "due_text": words.last_day_text(slot),
        "days_text": words.days_text(slot.length or 0, slot.unit),
    }
    return piece({"limit": limit, "day_table": days_of(slot)})


def _facts_text(slot: Slot, invitation: Invitation, *, absent: bool) -> str:
    session = slot.agenda.session
    signed = time_text(invitation.acknowledged_at or invitation.served_at)
    served = f"你单位于{signed}签收{_kind(session.kind)}通知。"
    if absent:
        away = "不在会场" if invitation.checked_in_at else "未签到"
        return f"{served}至本项议程于{time_text(slot.agenda.recorded_close)}结束，你单位{away}，也没有获准的请假。"
    closed = f"本项议程于{time_text(slot.agenda.recorded_close)}结束。"
    return f"{served}{closed}至{words.last_day_text(slot)}，未收到你单位的意见。"


RULE = (
    "部门收到通知，无正当理由缺席或者逾期未提出意见的，对所议事项的意见视同无异议，程序继续；"
    "法律规定应当办理的审批不因此取得。"
)
RESPONSIBILITY = "因缺席或者逾期造成的后果由你单位承担；应办的审批仍由你单位依法按期办理。"
# What must hold before silence may come to a default, as the notice says it.
EXCLUSIONS = {
    "marked": "事项在统一事项清单中列明可以视同无异议。",
    "no_red_line": "上列事项不属于法律规定未经批准不得开工的红线事项。",
    "service_proven": "通知已经送达，有签收、凭证，或者已经到会。",
    "notice_kept": "通知的提前天数符合规定，或者已经到会。",
    "excuse_decided": "没有待决定的请假。",
    "roll_stands": "没有待决定或者已成立的到会记录异议。",
    "calendar_published": "期限内各日的放假安排均已公布。",
    "not_dismissed": "召集人没有驳回。",
    "not_given": "期限届满前没有收到意见。",
}
NONE = "无"


def _stops_text(rows: list[dict[str, Any]]) -> str:
    """Return suspensions or extensions as the notice prints them; each row carries its own words."""
    return "；".join(str(row["text"]) for row in rows) or NONE


@once
def _kind(kind: str) -> str:
    return str(SessionKind(kind).label)


def _rule(slot: Slot, *, absent: bool) -> Piece:
    rulebook = slot.filing.pinned_rulebook
    value = value_of(rulebook, notice_rule(slot) if absent else slot.rule)
    return piece({
        "kind_text": "缺席默认" if absent else "超时默认",
        "rule": {
            "name": "缺席默认规则" if absent else "超时默认规则",
            "clause": f"第{value.code}条",
            "basis": words.rule_basis(rulebook, value),
            "text": RULE,
        },
        "responsibility": RESPONSIBILITY,
        "objection": _objection(rulebook),
        "remedies": REMEDIES,
    })  # fmt: skip


def _matter(slot: Slot, due: str) -> Piece:
    """Return what was defaulted, what that does, and what is owed apart from it."""
    item, owed = slot.item, approval_text(slot.item)
    record = "对勘察记录视同无异议，不得要求再次勘察"
    matter = {
        "item": f"{item.item.name}（{item.code}）" if item else "联合勘察记录",
        "effect": "视同无异议，程序继续" if item else record,
        "approval": owed,
        "owed_due_text": f"书面意见，{due}前",
    }
    of = (item.item_id, item.code) if item else None
    return shared(("matter", of, owed, due), lambda: piece({"matters": [matter]}))


def _duty(due: str) -> Piece:
    return piece(
        {"makeup": [f"于{due}前补做对上列事项的意见；补做的意见另行存记，不改变本次认定。"]}
    )


def _objection(rulebook: RulebookEdition) -> str:
    value = value_of(rulebook, "P17")
    return (
        f"对认定的事实有异议的，可以自收到本通知书之日起{words.days_text(value.number, value.unit)}内"
        "向制发单位提出，由召集人书面决定；撤回认定的，须另有一人批准。"
    )


REMEDIES = [
    "异议成立的，撤回本次认定；异议期间程序不停止。每件默认只能提出一次异议。",
    "确未送达、有正当理由未能到会或者答复的，在异议中写明。",
]


def default_notice(slot: Slot, opinion: Opinion, make_up: MakeUp, at: datetime) -> Paper:
    """Issue the numbered notice of one default (DOC14 超时, DOC15 缺席), worded 视同无异议."""
    sheet = notice_sheet(slot, opinion, make_up, at)
    return issue(
        sheet.template, sheet.content, book=sheet.book, kind=sheet.kind, by=system_actor(), at=at
    )


@in_chinese
def notice_sheet(slot: Slot, opinion: Opinion, make_up: MakeUp, at: datetime) -> Sheet:
    """Return the notice as it is to be issued; what several notices of a batch share is written out once."""
    due = words.last_day_text(make_up)
    pieces = alike(slot, "notice", lambda: _alike(slot, opinion, due, at))
    content = put_together(*pieces, _matter(slot, due))
    kind = "DOC15" if opinion.position == Position.DEEMED_ABSENCE else "DOC14"
    return Sheet("default_notice", content, slot.book, kind)


def _alike(slot: Slot, opinion: Opinion, due: str, at: datetime) -> tuple[Piece, Piece]:
    """Return what the notices of a sitting say, and what those of slots that are alike say, whatever their items."""
    invitation, filing = slot.invitation, slot.filing
    absent = opinion.position == Position.DEEMED_ABSENCE
    until = "" if absent else words.last_day_text(slot)
    case = ("notice of", filing.pk, slot.calendar_id, at)
    office = ("office", slot.department_id, at)
    facts = ("facts", slot.agenda_id, invitation.pk, absent, until)
    checks = tuple(one["check"] for one in opinion.proof["exclusions"] if one["holds"])
    return shared(
        (
            "notices of",
            slot.agenda_id,
            filing.rulebook_id,
            slot.calendar_id,
            slot.rule,
            absent,
            due,
        ),
        lambda: joined(
            shared(case, lambda: _case(slot, at)),
            _sitting(slot.agenda.session),
            _rule(slot, absent=absent),
            _duty(due),
        ),
    ), joined(
        shared(office, lambda: piece({"department": words.department(slot.department, at)})),
        shared(facts, lambda: _facts(slot, invitation, absent=absent)),
        _notice_period(slot, invitation)
        if absent
        else run_shared("own", slot, lambda: _limit(slot)),
        _stops(opinion),
        _times(opinion),
        shared(
            ("excluded", checks), lambda: piece({"exclusions": [EXCLUSIONS[c] for c in checks]})
        ),
    )


def _case(slot: Slot, at: datetime) -> Piece:
    calendar = f"第{slot.calendar.number}版" if slot.calendar else "—"
    return piece({
        **words.head(slot.filing, at),
        "editions": [*editions(slot.filing), {"name": "工作日日历", "value": calendar}],
        "copy_to": [slot.filing.enterprise.name],
    })  # fmt: skip


def _sitting(session: Session) -> Piece:
    held = time_text(session.opened_at or session.opens_at)
    title = f"{_kind(session.kind)}（{session.number}）"
    signed = session.convenor.user.name
    return piece({"session": {"title": title, "held_text": held}, "signed_by": signed})


def _facts(slot: Slot, invitation: Invitation, *, absent: bool) -> Piece:
    return piece({
        "facts_text": _facts_text(slot, invitation, absent=absent),
        "service": _service(invitation),
        "excuse_text": EXCUSES[Answer(invitation.answer)],
    })  # fmt: skip


def _stops(opinion: Opinion) -> Piece:
    stops = _stops_text(opinion.proof["suspensions"])
    longer = _stops_text(opinion.proof["extensions"])
    said = {"suspension_text": stops, "extension_text": longer}
    return shared(("stops", stops, longer), lambda: piece(said))


def _times(opinion: Opinion) -> Piece:
    effective, recorded = opinion.effective_at, opinion.recorded_at
    said = {"effective_text": time_text(effective), "recorded_text": time_text(recorded)}
    return shared(("times", effective, recorded), lambda: piece(said))
