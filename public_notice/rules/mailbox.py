"""意见箱: whose step it is, what must be true first, and how letters are counted by year and kind."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from accounts.policies import administrator, supervisor, system, window
from accounts.stages import Role
from core.steps.reasons import because
from public_notice.stages import LetterStage

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.models import Membership
    from core.steps.reasons import Condition
    from public_notice.models import BoxLetter

__all__ = ["administrator", "supervisor", "system", "window"]

HANDLING = (Role.CLERK, Role.HEAD, Role.WINDOW, Role.CONVENOR, Role.SUPERVISOR)
REVIEWED = ("none", "complaints", "all")  # whose replies a second person reviews (P147)
SEES_ALL = (Role.SUPERVISOR, Role.ADMINISTRATOR)


def anyone(_letter: object, by: "Membership") -> bool:
    """A member of the public; the named actor stands for the writer in the ledger."""
    return by.role == Role.PUBLIC


def registers(_letter: object, by: "Membership | None") -> bool:
    """Who enters what the hotline hands over: the window and the supervisor."""
    return bool(window(None, by) or supervisor(None, by))


def works_on_letters(_letter: object, by: "Membership | None") -> bool:
    """Who has a desk of letters: everybody in office but the enterprises."""
    return by is not None and by.role in (*HANDLING, Role.ADMINISTRATOR)


def handles(letter: "BoxLetter | None", by: "Membership | None") -> bool:
    """Somebody of the department that the letter was assigned to."""
    if by is None or letter is None or by.role not in HANDLING:
        return False
    return letter.department_id is not None and letter.department_id == by.organisation_id


def handles_or_assigns(letter: "BoxLetter | None", by: "Membership | None") -> bool:
    """Whoever handles it, or the supervisor who assigned it."""
    return handles(letter, by) or bool(supervisor(None, by))


def knows_the_writer(_letter: object, by: "Membership | None") -> bool:
    """Who reads name and contact: the supervisor alone, never the department that is written about."""
    return bool(supervisor(None, by))


def hides(_letter: object, by: "Membership | None") -> bool:
    """Who proposes and decides that words are hidden: the supervisors and the administrator, two of them."""
    return by is not None and by.role in SEES_ALL


@because(_("这封来信已经复核过一次，复核只有一次；仍不满意的，可以拨打12345或者依法申请行政复议。"))
def first_round(letter: "BoxLetter") -> bool:
    """It was not looked at a second time yet."""
    return letter.round == 1


@because(_("这封来信不在待人工查看之列。"))
def is_held(letter: "BoxLetter") -> bool:
    """It came in a flood and nobody has looked at it."""
    return letter.held


@because(_("这封来信的文字已经隐藏。"))
def is_shown(letter: "BoxLetter") -> bool:
    """Nobody has hidden its words."""
    return letter.hidden_at is None


@because(_("已经有人提出隐藏，等待另一个人决定。"))
def no_hiding_waits(letter: "BoxLetter") -> bool:
    """Nobody has asked for it yet."""
    return letter.hiding_asked_by_id is None


@because(_("没有人提出隐藏，或者已经决定。"))
def hiding_waits(letter: "BoxLetter") -> bool:
    """Somebody has asked to hide its words, and nobody has decided."""
    return letter.hiding_asked_by_id is not None and letter.hidden_at is None


def hidden_by_another(by: "Membership") -> "Callable[[BoxLetter], bool]":
    """Return the condition that hiding is decided by another person than who asked for it."""

    @because(_("提出隐藏的人不能自己决定，换一个任职也不行：须由另一个人决定。"))
    def another(letter: "BoxLetter") -> bool:
        asked = letter.hiding_asked_by
        return asked is None or asked.user_id != by.user_id

    return another


def answered_by_another(by: "Membership") -> "Condition":
    """Return the condition that a second look is another person's than the first reply."""

    @because(_("复核须由首次答复以外的另一个人答复。"))
    def another(letter: "BoxLetter") -> bool:
        return not letter.replies.filter(by__user=by.user_id).exists()

    return another


@because(_("答复已经写好，等另一个人审核；要改写的，由审核的人退回。"))
def no_draft_waits(letter: "BoxLetter") -> bool:
    """No reply waits for its review."""
    return letter.drafted_by_id is None


@because(_("没有等待审核的答复。"))
def draft_waits(letter: "BoxLetter") -> bool:
    """A reply was written and nobody has reviewed it."""
    return letter.drafted_by_id is not None


def draft_by_another(by: "Membership") -> "Condition":
    """Return the condition that a reply is reviewed by another person than who wrote it."""

    @because(_("写答复的人不能自己审核，换一个任职也不行：须由另一个人审核。"))
    def another(letter: "BoxLetter") -> bool:
        writer = letter.drafted_by
        return writer is None or writer.user_id != by.user_id

    return another


@because(_("来信已经答复，没有答复期限可以延长。"))
def waits_for_reply(letter: "BoxLetter") -> bool:
    """Its reply is still to come."""
    return letter.stage in (LetterStage.RECEIVED, LetterStage.ASSIGNED)


@because(_("答复期限已经延长过一次，每封来信只延长一次。"))
def not_lengthened_yet(letter: "BoxLetter") -> bool:
    """Its limit was not lengthened."""
    return letter.longer_at is None


@dataclass(frozen=True)
class Counted:
    """What the yearly figures look at in a letter; `in_time` is None without a first reply."""

    kind: str
    received_at: datetime
    due_late: bool  # without a reply, and past its end
    in_time: bool | None
    again: bool  # was looked at once more
    satisfied: bool | None  # what the writer said last


@dataclass(frozen=True)
class Figures:
    """One line: letters received in a year (of one kind, or all) and what became of them until now.

    received = answered + running + overdue; on_time ≤ answered; the shares are None below the smallest sample.
    """

    kind: str
    received: int
    answered: int
    on_time: int
    running: int
    overdue: int
    again: int
    judged: int
    satisfied: int
    fewest: int | None
    apart: frozenset[str] = (
        frozenset()
    )  # parts that are not told: their sample, or that of the others, is too small

    @property
    def on_time_told(self) -> int | None:
        """How many first replies came in time, where that may be told."""
        return None if "on_time" in self.apart else self.on_time

    @property
    def satisfied_told(self) -> int | None:
        """How many writers were satisfied, where that may be told."""
        return None if "satisfied" in self.apart else self.satisfied

    @property
    def on_time_share(self) -> int | None:
        """Percent of the first replies that came in time, where it does not tell their number."""
        if "on_time" in self.apart:
            return None
        return _share(self.on_time, self.answered, self.fewest)

    @property
    def satisfied_share(self) -> int | None:
        """Percent of the writers who said anything last that were satisfied; silence is in neither."""
        if "satisfied" in self.apart:
            return None
        return _share(self.satisfied, self.judged, self.fewest)


def _share(part: int, whole: int, fewest: int | None) -> int | None:
    return None if fewest is None or whole < max(1, fewest) else round(100 * part / whole)


def figures(rows: Iterable[Counted], kind: str, fewest: int | None) -> Figures:
    """Count letters; nothing is reckoned as a remainder."""
    found: list[Any] = list(rows)
    judged = [one for one in found if one.satisfied is not None]
    return Figures(
        kind=kind,
        received=len(found),
        answered=sum(one.in_time is not None for one in found),
        on_time=sum(one.in_time is True for one in found),
        running=sum(one.in_time is None and not one.due_late for one in found),
        overdue=sum(one.in_time is None and one.due_late for one in found),
        again=sum(one.again for one in found),
        judged=len(judged),
        satisfied=sum(one.satisfied is True for one in judged),
        fewest=fewest,
    )


def kept_apart(lines: Sequence[Figures]) -> list[Figures]:
    """Return the lines of a table, the sum last, without the parts of samples that are too small.

    What is left out of the lines is the difference to the sum: it is never one line alone, nor too small itself.
    """
    hidden: dict[int, set[str]] = {place: set() for place in range(len(lines))}
    for part, whole in (("on_time", "answered"), ("satisfied", "judged")):
        for place in _too_small([getattr(line, whole) for line in lines], lines[-1].fewest):
            hidden[place].add(part)
    return [replace(line, apart=frozenset(hidden[place])) for place, line in enumerate(lines)]


def _too_small(counts: Sequence[int], fewest: int | None) -> set[int]:
    """Return the places of the counts whose parts are not told; the last count is the sum of the others."""
    among = [place for place in range(len(counts) - 1) if counts[place]]
    if fewest is None or 0 < counts[-1] < fewest:
        return {place for place in range(len(counts)) if counts[place]}
    found = [place for place in among if counts[place] < fewest]
    for place in sorted(among, key=lambda one: counts[one]):
        enough = len(found) > 1 and sum(counts[one] for one in found) >= fewest
        if not found or enough:
            break
        if place not in found:
            found.append(place)
    return set(found)
