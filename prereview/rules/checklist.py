"""One checklist of a visit out of what every department asks: a pure function, in which no point stands twice."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Ask:
    """What one department asks: the point's name and words, the items for which it is asked (none: always)."""

    topic: str
    words: str
    department: str
    items: tuple[str, ...] = ()
    substantive: bool = False
    basis: str = ""


@dataclass(frozen=True)
class Point:
    """One point of the checklist with everyone who asks it; `two_from` are those who must look with two persons."""

    topic: str
    words: str
    askers: tuple[str, ...] = ()
    two_from: frozenset[str] = field(default=frozenset())
    bases: tuple[str, ...] = ()

    def of(self, departments: Collection[str]) -> "Point":
        """Return the point as these departments see it: who asks it is named only where they are on the visit."""
        askers = tuple(code for code in self.askers if code in departments)
        return replace(self, askers=askers, two_from=self.two_from & set(departments))


def merged(
    asks: Iterable[Ask], items: Collection[str], departments: Collection[str]
) -> list[Point]:
    """Return the points for a filing with these items, asked by the departments of its visit, in the county's order.

    What several ask appears once and names them all; what only belongs to items that the filing has not, not at all.
    """
    found: dict[str, list[Ask]] = {}
    for ask in asks:
        wanted = not ask.items or any(code in items for code in ask.items)
        if wanted and ask.department in departments:
            found.setdefault(ask.topic, []).append(ask)
    return [_point(topic, same) for topic, same in found.items()]


def _point(topic: str, asks: list[Ask]) -> Point:
    return Point(
        topic=topic,
        words=asks[0].words,
        askers=tuple(dict.fromkeys(ask.department for ask in asks)),
        two_from=frozenset(ask.department for ask in asks if ask.substantive),
        bases=tuple(dict.fromkeys(ask.basis for ask in asks)),
    )
