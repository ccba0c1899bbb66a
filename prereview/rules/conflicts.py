"""Where departments contradict each other on one item: a pure function of what they said."""

from collections.abc import Iterable
from typing import NamedTuple

from prereview.stages import Position


class Said(NamedTuple):
    """What one department said on one item; `item` is None for the record of a survey."""

    item: int | None
    position: str
    opinion: int


def contradictions(said: Iterable[Said]) -> dict[int | None, list[int]]:
    """Return the items in conflict, each with the keys of its opinions in order.

    One agrees and another does not, or two make conditions of their own, which somebody has to hold beside each other.
    What was drawn from silence contradicts nobody.
    """
    found: dict[int | None, list[Said]] = {}
    for one in said:
        found.setdefault(one.item, []).append(one)
    return {
        item: sorted(one.opinion for one in words)
        for item, words in found.items()
        if _against([one.position for one in words])
    }


def _against(positions: list[str]) -> bool:
    agreed = {Position.AGREE, Position.CONDITIONS} & set(positions)
    return bool(Position.DISAGREE in positions and agreed) or (
        positions.count(Position.CONDITIONS) > 1
    )
