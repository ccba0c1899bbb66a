"""What a department's slot has come to: a pure function of what was served, answered, decided and counted.

Whether a program ran, when, or how often, is no argument here (design decision 1). The instants come in
already reckoned by the calendar; the law of it: 县规则 P5b, P12, P15; no default without proof of service.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from core.steps.papers import CHINESE
from prereview.stages import Answer, ContestResult, Position, SlotState


@dataclass(frozen=True)
class Facts:
    """Everything that bears on one slot. Times are aware; None means it has not happened."""

    default: str  # deemed | escalate
    proven: bool  # service is proven: acknowledged, or received by the second channel
    notice_kept: bool  # the minimum notice before the opening was kept
    answer: str  # the answer to the summons
    present: bool  # checked in before the item's close and had not left
    closed_at: datetime | None  # the agenda item's recorded close
    due_at: datetime | None  # end of the opinion limit; None while provisional
    provisional: bool
    given_at: datetime | None  # when a valid opinion was received
    dismissed_at: datetime | None  # the lead unit dismissed the default
    confirmed_at: datetime | None  # the lead unit confirmed it
    candidate_from: datetime | None  # 00:00 of the working day after expiry
    settles_at: datetime | None  # 00:00 of the working day on which it confirms itself
    escalation_ends: datetime | None  # end of the supervisor's limit
    suspended: bool = False  # the opinion limit's clock stands still
    withdrawn_at: datetime | None = None  # two persons took a default back
    invalid_form: bool = False  # an opinion came by another channel that is none in form
    marked: bool = True  # a default is expressly allowed, with basis and approver
    roll: str = ""  # what came of the department's contest of the roll, where it lodged one


@dataclass(frozen=True)
class Verdict:
    """The state of a slot, the position where one is settled, effective when, and when to look again."""

    state: str
    position: str = ""
    effective_at: datetime | None = None
    look_at: datetime | None = None
    why: Any = ""


NO_PROOF = _("没有送达凭证：请补正送达，送达后重新起算")
SHORT_NOTICE = _("通知少于规定的提前天数：请重新送达")
EXCUSE_OPEN = _("缺席理由尚未决定：请召集人决定")
ROLL_CONTESTED = _("对到会记录的异议尚未决定：请效能监督决定")
ROLL_WRONG = _("对到会记录的异议成立，不能以缺席论：请重新送达，给出新的期限")
NO_CALENDAR = _("到期日落在尚未公布放假安排的年度：公布后自动重算")
INVALID_FORM = _("收到的意见形式不合：请该部门在系统内提出，或者重新送达")
NOT_MARKED = _("事项没有明确标记允许默认：重新送达后逾期转督办，不视为同意")
DISMISSED = _("默认已被驳回：请重新送达，给出新的期限")
WITHDRAWN = _("默认已撤回：请重新送达，给出新的期限")


def in_words(why: Any) -> str:
    """Return the reason of a held slot as it is kept: in Chinese, whoever's language it was found in."""
    with translation.override(CHINESE):
        return str(why)[:200]


def stayed_away(present: bool, answer: str) -> bool:
    """Absence: not present, and neither excused nor with an excuse still to be decided."""
    return not present and answer not in (Answer.GRANTED, Answer.EXCUSE)


def is_absent(facts: Facts) -> bool:
    """Whether the department of a slot stayed away."""
    return stayed_away(facts.present, facts.answer)


def doubts_decided(facts: Facts, excuse: datetime | None, roll: datetime | None) -> list[datetime]:
    """Return when the doubts that bore on a slot were decided: an excuse of who came after all bears on nothing."""
    bore = (excuse, not facts.present), (roll, is_absent(facts) and bool(facts.roll))
    return [at for at, doubt in bore if at is not None and doubt]


def expiry(facts: Facts) -> datetime | None:
    """When the slot's time ends: the item's close for the absent, the limit's end for all others."""
    return facts.closed_at if is_absent(facts) else facts.due_at


def _in_time(facts: Facts, given_at: datetime, ends: datetime) -> bool:
    """Whether an opinion counts: behind a red line the supervisor obtains it until their limit ends, known or not."""
    if facts.default != "escalate":
        return given_at <= ends
    return facts.escalation_ends is None or given_at <= max(ends, facts.escalation_ends)


def _doubts(facts: Facts) -> list[Any]:
    """Return every reason why no default may be drawn, the first first. In doubt, no default."""
    away = not facts.present
    doubts = (
        (facts.dismissed_at is not None, DISMISSED),
        (facts.withdrawn_at is not None, WITHDRAWN),
        (facts.invalid_form, INVALID_FORM),
        (is_absent(facts) and facts.roll == ContestResult.OPEN, ROLL_CONTESTED),
        (is_absent(facts) and facts.roll == ContestResult.UPHELD, ROLL_WRONG),
        (away and facts.answer == Answer.EXCUSE, EXCUSE_OPEN),
        (away and not facts.proven, NO_PROOF),
        (away and not facts.notice_kept, SHORT_NOTICE),
        (facts.provisional and not is_absent(facts), NO_CALENDAR),
    )
    return [why for doubt, why in doubts if doubt]


def _hears(facts: Facts) -> bool:
    """Whether a doubt lets a word count that came after the end.

    A contest of the roll alone does not: to lodge one costs nothing, and it would turn silence into a veto. What is
    said meanwhile is kept as late, and counts when the contest is upheld.
    """
    return any(why != ROLL_CONTESTED for why in _doubts(facts))


def _unmarked(facts: Facts) -> bool:
    """Whether nobody expressly allowed a default: then silence comes to nothing, and a late word still counts."""
    return facts.default != "escalate" and not facts.marked


def _escalation(facts: Facts, now: datetime) -> Verdict:
    """Behind a red line: the supervisor's limit runs; past it no opinion was given, and nothing is deemed."""
    if facts.escalation_ends is not None and now > facts.escalation_ends:
        return Verdict(SlotState.SETTLED, Position.NO_OPINION, facts.escalation_ends)
    return Verdict(SlotState.ESCALATED, look_at=facts.escalation_ends)


def _default(facts: Facts, ends: datetime, now: datetime) -> Verdict:
    """Without a red line: expired, candidate, and settled by the lead unit's word or by itself."""
    if _unmarked(facts):
        return Verdict(SlotState.HELD, why=NOT_MARKED)
    if facts.confirmed_at is None and (facts.settles_at is None or facts.candidate_from is None):
        return Verdict(SlotState.HELD, why=NO_CALENDAR)
    if facts.confirmed_at is not None or (facts.settles_at and now >= facts.settles_at):
        position = Position.DEEMED_ABSENCE if is_absent(facts) else Position.DEEMED_TIMEOUT
        return Verdict(SlotState.SETTLED, position, ends)
    if facts.candidate_from and now >= facts.candidate_from:
        return Verdict(SlotState.CANDIDATE, look_at=facts.settles_at)
    return Verdict(SlotState.AWAITED, look_at=facts.candidate_from)


def verdict(facts: Facts, now: datetime) -> Verdict:
    """Return what a slot has come to at an instant.

    A reply received at or before the end counts, to the microsecond; one after it is late whether or not
    any sweep has run. What a statute keeps behind a red line is escalated and never deemed.
    """
    ends = expiry(facts) if facts.closed_at is not None else None
    if facts.given_at is not None and (
        ends is None or _in_time(facts, facts.given_at, ends) or _hears(facts) or _unmarked(facts)
    ):
        return Verdict(SlotState.SETTLED, "given", facts.given_at)
    if facts.closed_at is None:
        return Verdict(SlotState.AWAITED)
    if doubts := _doubts(facts):
        return Verdict(SlotState.HELD, why=doubts[0])
    if ends is None:
        held = Verdict(SlotState.HELD, why=NO_CALENDAR)
        return Verdict(SlotState.AWAITED) if facts.suspended else held
    if now <= ends:
        return Verdict(SlotState.AWAITED, look_at=ends)
    return _escalation(facts, now) if facts.default == "escalate" else _default(facts, ends, now)
