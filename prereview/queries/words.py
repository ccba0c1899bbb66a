"""Opinions in words: the mark, what is left, and what silence comes to."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.stages import OpinionDefault
from core.deadlines.calendar import Calendar
from core.deadlines.queries import left_in_words, light, start_of, value_of
from core.steps.templatetags.look import deadline
from prereview.models import Invitation, Slot
from prereview.queries.bearing import no_consequence
from prereview.rules.outcome import stayed_away
from prereview.stages import Position, SessionKind, SlotState

# One sentence per consequence; 视同 is the legal word and never softened.
DEEMED = gettext_lazy("未提出意见的，视同无异议，程序继续；应办的审批仍须办理。")
RECORD = gettext_lazy("未提出意见的，对勘察记录视同无异议，不得要求再次勘察。")
ESCALATED = gettext_lazy("未提出意见的，转效能监督督办，不视为同意。")

SHORT: dict[str, Any] = {
    Position.AGREE: gettext_lazy("同意"),
    Position.CONDITIONS: gettext_lazy("附条件"),
    Position.DISAGREE: gettext_lazy("不同意"),
    Position.NOT_OURS: gettext_lazy("不属"),
    Position.DEEMED_TIMEOUT: gettext_lazy("视同·超时"),
    Position.DEEMED_ABSENCE: gettext_lazy("视同·缺席"),
    Position.NO_OPINION: gettext_lazy("未表态"),
    SlotState.AWAITED: gettext_lazy("待提"),
    SlotState.CANDIDATE: gettext_lazy("拟视同"),
    SlotState.HELD: gettext_lazy("暂停"),
    SlotState.ESCALATED: gettext_lazy("督办"),
}


def summons_of(slots: Iterable[Slot]) -> dict[tuple[int, int], Invitation]:
    """Return the summons by session and department under which slots are owed: one query."""
    sessions = {slot.agenda.session_id for slot in slots}
    found = Invitation.objects.filter(session__in=sessions).select_related(
        "department", "acknowledged_by__user", "proof"
    )
    return {(i.session_id, i.department_id): i for i in found}


def what(slot: Slot) -> str:
    """Name what the opinion is about."""
    return slot.item.label if slot.item else _("联合勘察记录")


def consequence(slot: Slot) -> Any:
    """Say what silence does, one sentence per rule."""
    if slot.default == OpinionDefault.ESCALATE:
        return ESCALATED
    return RECORD if slot.kind == SessionKind.SURVEY else DEEMED


def absent(slot: Slot, summons: Invitation | None) -> bool:
    """Whether the department's time ended with the item because it stayed away.

    Of a slot that is still awaited the pages say what is known, that nobody came (未到会); 缺席 is what the rules come
    to afterwards, when service, notice and the roll have been looked at.
    """
    closed = slot.agenda.closed_at
    if summons is None or closed is None or slot.served_again_at is not None:
        return False
    return stayed_away(summons.present_at(closed), summons.answer)


def silence(slot: Slot, summons: Invitation | None) -> str:
    """Say until when, and what happens if the department stays silent; empty once there is an outcome."""
    if slot.state == SlotState.SETTLED:
        return ""
    if slot.state == SlotState.HELD:
        return _("%(why)s。处理以前不会视同无异议。") % {"why": slot.held_why}
    if slot.state == SlotState.CANDIDATE:
        return _("期限已届满，拟视同无异议；%(until)s前召集人没有驳回的，自动确认。") % {
            "until": deadline(slot.act_at)
        }
    if slot.state == SlotState.ESCALATED and (until := supervised_until(slot)) is not None:
        return _(
            "期限已届满，已转效能监督督办；%(until)s前仍未提出意见的，记为未表态，不视为同意。"
        ) % {"until": deadline(until)}
    if slot.state == SlotState.ESCALATED:
        return _("期限已届满，已转效能监督督办，不视为同意。")
    return _awaited(slot, summons)


def supervised_until(slot: Slot) -> datetime | None:
    """Return when the supervisor's limit of an escalated slot ends; None where no calendar reaches its end.

    It ends at 24:00; the sweep looks the grace (P24) later, which is nobody's date. Where the end is not known the
    sweep looks again at each midnight.
    """
    if slot.act_at is None:
        return None
    midnight = start_of(timezone.localdate(slot.act_at))
    return None if slot.act_at == midnight else midnight


def _awaited(slot: Slot, summons: Invitation | None) -> str:
    then = {"what": consequence(slot)}
    if slot.agenda.closed_at is None:
        return _before_the_close(slot, summons)
    if absent(slot, summons):
        return _("因未到会，期限已随议程结束届满：%(what)s") % then
    if slot.suspended:
        return _("期限中止，恢复后接着计算；逾期%(what)s") % then
    if slot.due_at is None:
        return _("到期日待放假安排公布后确定；逾期%(what)s") % then
    return _("%(until)s前%(what)s") % {**then, "until": deadline(slot.due_at)}


def _before_the_close(slot: Slot, summons: Invitation | None) -> str:
    """Say what silence and absence will come to; who is in the room is not warned of an absence."""
    assert slot.filing.rulebook is not None  # pinned when it was submitted
    days = value_of(slot.filing.rulebook, slot.rule).number
    then = {"what": consequence(slot), "days": days}
    if summons is not None and summons.in_room:
        return _("在场的，议程结束后%(days)s个工作日内%(what)s") % then
    if summons is not None and summons.added_because:
        summons.session = slot.agenda.session
        if none := no_consequence(summons, second=False):
            return str(none)
    return _("议程结束后%(days)s个工作日内%(what)s无正当理由缺席的，议程一结束期限即届满。") % then


def lamp(
    slot: Slot, summons: Invitation | None, at: datetime, calendar: Calendar | None
) -> tuple[str, str]:
    """Return the light of a slot with how much is left."""
    if slot.state == SlotState.SETTLED:
        return "grey", ""
    if slot.state == SlotState.HELD:
        return "yellow", _("暂停默认")
    if slot.state in (SlotState.CANDIDATE, SlotState.ESCALATED):
        return "red", str(slot.get_state_display())
    if slot.agenda.closed_at is None and slot.served_again_at is None:
        return "grey", _("议程结束后起算")
    if absent(slot, summons):
        return "red", _("未到会，期限已届满")
    return light(slot, at, calendar), left_in_words(slot, at, calendar)


def mark(slot: Slot) -> tuple[str, Any]:
    """Return the mark of a slot: its position once settled, else where it stands. Deemed is never agreed."""
    if slot.state == SlotState.SETTLED:
        return slot.opinion.position, slot.opinion.get_position_display()
    return slot.state, slot.get_state_display()
