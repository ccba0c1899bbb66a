"""What a session came to for a department: where it was, and what it said; pure, from the roll as recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from prereview.stages import DEEMED, Answer, ContestResult, Position, Presence, SlotState, Spoken

PRESENCE = dict(Presence.choices)
CONTESTED = {ContestResult.OPEN: Presence.CONTESTED, ContestResult.UPHELD: Presence.CLEARED}


@dataclass(frozen=True)
class Ground:
    """What an absence rests on: proven service before the opening, the notice kept, no contest open or upheld."""

    proven: bool = True
    notice_kept: bool = True
    roll: str = ""  # what came of the contest of the roll, where one was lodged
    owes: bool = True  # of a second visit nobody owes a word, so staying away comes to nothing

    @property
    def counts(self) -> bool:
        """Whether staying away is an absence; in doubt it is none."""
        heard = self.roll in ("", ContestResult.REJECTED)
        return self.proven and self.notice_kept and self.owes and heard


def presence_of(
    summons: Any, items: Sequence[tuple[datetime, datetime]], ground: Ground
) -> Presence:
    """Return where a department was, item by item; `items` are opening and close of each.

    Late: an item had been opened before it came. Left: it was gone before one closed. Away from all of them and neither
    excused nor with an excuse undecided it was absent, where that counts; else the word says why it does not.
    """
    came, left = summons.checked_in_at, summons.left_at
    if came is None or all(came > closed for _opened, closed in items):
        return _away(summons, ground)
    if left is not None and any(left < closed for _opened, closed in items):
        return Presence.LEFT
    late = any(came > opened for opened, _closed in items)
    return Presence.LATE if late else Presence.PRESENT


def _away(summons: Any, ground: Ground) -> Presence:
    if summons.answer == Answer.GRANTED:
        return Presence.EXCUSED
    if summons.answer == Answer.EXCUSE:
        return Presence.UNDECIDED
    if ground.roll in CONTESTED:
        return CONTESTED[ContestResult(ground.roll)]
    if not ground.proven:
        return Presence.UNSERVED
    return Presence.ABSENT if ground.counts else Presence.AWAY


def said_of(slot: Any, opinion: Any, *, late: bool) -> Spoken:
    """Return what a department said on one item, or what its silence has come to so far.

    A default that is followed by a late word stays a default: `late` is told where nothing else was said.
    """
    if opinion is not None and opinion.position in DEEMED:
        return Spoken.DEFAULTED
    if opinion is not None:
        return Spoken.NO_OPINION if opinion.position == Position.NO_OPINION else Spoken.GIVEN
    if late:
        return Spoken.LATE
    if slot.state == SlotState.HELD:
        return Spoken.HELD
    return Spoken.ESCALATED if slot.state == SlotState.ESCALATED else Spoken.SILENT
