"""Which limits exist and what silence may mean there; numbers and legal bases come from the county's rulebook."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

Handler = TypeVar("Handler", bound=Callable[[Any, datetime], Any])


class Silence(models.TextChoices):
    """What happens when a limit passes and nobody acted."""

    ESCALATES = "escalates", _("转效能监督督办")
    DEEMED_ACCEPTED = "deemed_accepted", _("视为受理")
    NO_OBJECTION = "no_objection", _("视同无异议，程序继续；应办的审批仍须办理")
    NO_OPINION = "no_opinion", _("记为未表态，不视为同意；应办的审批仍须办理")
    SECOND_CHANNEL = "second_channel", _("改用第二种方式送达")
    RETURNED = "returned", _("退件，可重新申报")
    SUSPENDED = "suspended", _("中止办理")
    REMINDED = "reminded", _("催办一次")
    LAPSED = "lapsed", _("承诺程序失效，不计入信用记录")
    CLOSES = "closes", _("期满自行结束")
    UNHEARD = "unheard", _("视为放弃陈述、申辩，可以作出决定")
    OFFICE_DECIDES = "office_decides", _("由行政机关决定是否公开，不视为同意")
    AGREES_TO_DISCLOSE = "agrees_to_disclose", _("视为同意公开")
    ENDS_UNSAID = "ends_unsaid", _("期满办结，不算满意也不算不满意")
    ABANDONED = "abandoned", _("视为放弃申请，不再处理")


class StopKind(models.TextChoices):
    """Why the clock of a limit may stand still; whether a county uses it, and its basis, say rows of the rulebook."""

    CORRECTION = "correction", _("补正材料")
    EXPERT_REVIEW = "expert_review", _("专家评审、检验检测、鉴定")
    HEARING = "hearing", _("听证")
    PUBLIC_NOTICE = "public_notice", _("法定公示")
    THIRD_PARTY = "third_party", _("征求第三方或者其他机关意见")
    FORCE_MAJEURE = "force_majeure", _("不可抗力")
    STOP_ORDER = "stop_order", _("责令停工")


K = StopKind
# The row of the rulebook that says whether a kind is used, and on which law it rests.
STOP_RULES = {
    K.CORRECTION: "Z1", K.EXPERT_REVIEW: "Z2", K.HEARING: "Z3", K.PUBLIC_NOTICE: "Z4", K.THIRD_PARTY: "Z5",
    K.FORCE_MAJEURE: "Z6", K.STOP_ORDER: "P144",
}  # fmt: skip
# These are no general rule: each needs the special law that says so, named with its article.
NEEDS_CLAUSE = (K.PUBLIC_NOTICE, K.THIRD_PARTY)
# These begin and end with an act of their own, and nobody stops a limit or lets it go on by them by hand.
WITH_ITS_ACT = (K.STOP_ORDER,)
# A statute's own limit is stopped only by what a statute leaves out of it; the county's limits by all kinds; the time
# that departments have for an opinion by what keeps it from being formed; the enterprise's time by force majeure.
BY_STATUTE = (K.EXPERT_REVIEW, K.HEARING, K.PUBLIC_NOTICE, K.THIRD_PARTY)
BY_COUNTY = tuple(kind for kind in StopKind if kind not in WITH_ITS_ACT)
BY_OPINION = (K.EXPERT_REVIEW, K.HEARING, K.FORCE_MAJEURE)
BY_FORCE = (K.FORCE_MAJEURE,)


@dataclass(frozen=True)
class Rule:
    """One limit: the rulebook row that gives its number, its name, what silence means, who must act.

    `stops` are the kinds of suspension that may stop its clock; `extension` is the rulebook row with the most days
    that may be added to it at a time; without one it is never extended. `extensions` is the row that says how often,
    once where there is none.
    """

    code: str
    name: Any
    silence: Silence
    actor: Any
    received: bool = (
        False  # the clock starts with a receipt: on a day off it counts from the next working day
    )
    length: int | None = field(default=None)  # only where the number is fixed by the rule itself
    stops: tuple[StopKind, ...] = ()
    extension: str = ""
    extensions: str = ""


RULES: dict[str, Rule] = {}
HANDLERS: dict[str, Callable[[Any, datetime], Any]] = {}

# Called with the keys of rows that are due, each book's in the order in which they are acted on, and the instant; acts
# on all that are plain, writes in sets, and returns the keys of those. What comes after one that is not stays too.
InSets = Callable[[Sequence[int], datetime], set[int]]
SETS: dict[tuple[Any, str], InSets] = {}  # by table and rule


@dataclass(frozen=True)
class Move:
    """A limit that has another end now, its end before (None: it had no date), and why where the county decided it."""

    limit: Any
    before: datetime | None
    reason: str = ""


# Called with a limit that goes on after a stop or has been lengthened, and the instant: what hangs on it is looked at.
Look = Callable[[Any, datetime], None]
WENT_ON: list[Look] = []

# Called with limits that have another end now, and the instant: who is concerned is told.
Tell = Callable[[Sequence[Move], datetime], None]
MOVED: list[Tell] = []


def declare(rule: Rule) -> Rule:
    """Put a rule on the list; the same code twice is a mistake in the code."""
    if rule.code in RULES:
        raise ValueError(rule.code)
    RULES[rule.code] = rule
    return rule


def on_silence(*rules: Rule) -> Callable[[Handler], Handler]:
    """Name the function that acts, as the system, when a limit of these rules has passed in silence.

    It is called with the locked row and the instant of the sweep, and must set the row's next `act_at`.
    """

    def register(handler: Handler) -> Handler:
        for rule in rules:
            if rule.code in HANDLERS:
                raise ValueError(rule.code)
            HANDLERS[rule.code] = handler
        return handler

    return register


def in_sets(model: Any, *rules: Rule) -> Callable[[InSets], InSets]:
    """Name the function that does for many rows of a table and these rules at once what `on_silence` does for each."""

    def register(handler: InSets) -> InSets:
        SETS.update({(model, rule.code): handler for rule in rules})
        return handler

    return register


def on_moved(tell: Tell) -> Tell:
    """Name a function that tells those whom a limit concerns that it was dated, lengthened or shortened."""
    MOVED.append(tell)
    return tell


def on_going_on(look: Look) -> Look:
    """Name a function that looks at a limit which goes on after a stop, or has been lengthened."""
    WENT_ON.append(look)
    return look
