"""双随机: who is drawn follows from the seed alone, so that anyone can repeat a draw with a list and SHA-256."""

import hashlib
from collections.abc import Iterable
from datetime import date, timedelta

MONTHS_IN_QUARTER = 3
DECEMBER = 12


def ranked(candidates: Iterable[str], seed: str) -> list[str]:
    """Return the candidates, each once, by the SHA-256 of `seed:candidate`; their order on the list plays no part."""

    def place(candidate: str) -> tuple[str, str]:
        return hashlib.sha256(f"{seed}:{candidate}".encode()).hexdigest(), candidate

    return sorted(set(candidates), key=place)


def draw(candidates: Iterable[str], share: int, seed: str) -> list[str]:
    """Return a share (percent, rounded up, at least one) of the candidates; none of none. ValueError for no share."""
    if not 0 < share <= 100:  # noqa: PLR2004 - percent
        raise ValueError(share)
    order = ranked(candidates, seed)
    return order[: max(1, -(-len(order) * share // 100))]


def quarter_of(day: date) -> str:
    """Return the quarter of a day: 2018Q2."""
    return f"{day.year}Q{(day.month - 1) // MONTHS_IN_QUARTER + 1}"


def last_day_of_quarter(day: date) -> date:
    """Return the last day of the quarter of a day."""
    month = (day.month - 1) // MONTHS_IN_QUARTER * MONTHS_IN_QUARTER + MONTHS_IN_QUARTER
    following = date(day.year + month // DECEMBER, month % DECEMBER + 1, 1)
    return following - timedelta(days=1)
