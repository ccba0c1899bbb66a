"""A sketch of places, north up, for an inline picture: degrees become units of a square, in true proportion. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any, Final

from approvals.rules.outline import Outline

BOX: Final = 420  # units each way; a phone shows the letters of 17 units at no less than 13 pixels
ROOM: Final = 1.12  # of the square, to what it must hold
LEAST: Final = 0.02  # degrees that a sketch shows at least
STEPS: Final = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)
LENGTHS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500)  # km that a scale may have
LINES: Final = 4  # each way, at most
EDGE: Final = 12  # units from the left at which the line of the scale begins
# Units across and down within which places share a label: as much room as its numbers take.
NEAR: Final = (48, 18)
NAMED: Final = 3  # numbers beside a mark; the others stand in the list
KM: Final = 111.2  # of a degree of latitude


@dataclass(frozen=True)
class Frame:
    """A square of ground by its middle in degrees; `side` in degrees of latitude."""

    longitude: float
    latitude: float
    side: float

    @property
    def _narrow(self) -> float:
        """How long a degree of longitude is here, beside one of latitude."""
        return cos(radians(self.latitude))

    def across(self, longitude: float) -> float:
        """Return units from the left."""
        return round((0.5 + (longitude - self.longitude) * self._narrow / self.side) * BOX, 1)

    def down(self, latitude: float) -> float:
        """Return units from the top."""
        return round((0.5 - (latitude - self.latitude) / self.side) * BOX, 1)

    def holds(self, longitude: float, latitude: float) -> bool:
        """Tell whether a place lies in the square."""
        return 0 <= self.across(longitude) <= BOX and 0 <= self.down(latitude) <= BOX

    def lines(self) -> dict[str, list[tuple[float, str]]]:
        """Return the lines of even degrees inside, each way: (units, degrees)."""
        step = next((s for s in STEPS if self.side / self._narrow / s <= LINES), STEPS[-1])
        half = self.side / 2
        return {
            "across": [(self.across(d), f"{d:g}°") for d in _even(self.longitude, half / self._narrow, step)],
            "down": [(self.down(d), f"{d:g}°") for d in _even(self.latitude, half, step)],
        }  # fmt: skip

    def scale(self) -> dict[str, Any]:
        """Return a length in whole km, about a quarter of the square at most, and where its line ends."""
        whole = self.side * KM
        km = max((n for n in LENGTHS if n <= whole / 4), default=LENGTHS[0])
        return {"km": km, "until": round(EDGE + km / whole * BOX, 1)}


@dataclass
class Mark:
    """Places that share a label; `numbers` are those of the list beside the picture, `dots` where each lies."""

    numbers: list[int]
    dots: list[tuple[float, float]]

    @property
    def x(self) -> float:
        """Where the label begins: beside the dot that is furthest to the right."""
        return max(x for x, _y in self.dots)

    @property
    def y(self) -> float:
        """The height of the first dot."""
        return self.dots[0][1]

    def is_near(self, x: float, y: float) -> bool:
        """Tell whether a dot there would lie in the label."""
        first = self.dots[0]
        return abs(first[0] - x) < NEAR[0] and abs(first[1] - y) < NEAR[1]

    @property
    def label(self) -> str:
        """The first numbers, and that there are more."""
        more = "…" if len(self.numbers) > NAMED else ""
        return ",".join(str(n) for n in self.numbers[:NAMED]) + more

    @property
    def leftwards(self) -> bool:
        """Whether the label would run out of the picture to the right."""
        return self.x > BOX * 0.8


def frame_of(places: Iterable[tuple[float, float]]) -> Frame | None:
    """Return the square that holds some places with room around; None for none."""
    held = list(places)
    if not held:
        return None
    west, east = min(p[0] for p in held), max(p[0] for p in held)
    south, north = min(p[1] for p in held), max(p[1] for p in held)
    middle = (south + north) / 2
    side = max((east - west) * cos(radians(middle)), north - south, LEAST) * ROOM
    return Frame((west + east) / 2, middle, side)


def sketched(outline: Outline | None, places: Sequence[tuple[int, float, float]]) -> dict[str, Any]:
    """Return what a picture needs of places as (number, longitude, latitude); empty where there is nothing.

    With an outline it gives the square: a place outside it is not drawn, and its number is among `outside`. Without
    one the places give it.
    """
    held = [p for ring in outline.rings for p in ring] if outline else [p[1:] for p in places]
    frame = frame_of(held)
    if frame is None:
        return {}
    inside = [place for place in places if frame.holds(*place[1:])]
    return {
        "box": BOX,
        "outline": outline,
        "path": _path(frame, outline) if outline else "",
        "seat": _seat(frame, outline),
        "marks": _marks(frame, inside),
        "outside": {place[0] for place in places} - {place[0] for place in inside},
        "scale": frame.scale(),
        **frame.lines(),
    }


def _even(middle: float, half: float, step: float) -> list[float]:
    first = int((middle - half) // step) + 1
    last = int((middle + half) // step)
    return [round(n * step, 4) for n in range(first, last + 1)]


def _path(frame: Frame, outline: Outline) -> str:
    rings = (
        "L".join(f"{frame.across(x)} {frame.down(y)}" for x, y in ring[:-1])
        for ring in outline.rings
    )
    return "".join(f"M{ring}Z" for ring in rings)  # fmt: skip


def _seat(frame: Frame, outline: Outline | None) -> tuple[float, float] | None:
    if outline is None or outline.seat is None or not frame.holds(*outline.seat):
        return None
    return frame.across(outline.seat[0]), frame.down(outline.seat[1])


def _marks(frame: Frame, places: Sequence[tuple[int, float, float]]) -> list[Mark]:
    marks: list[Mark] = []
    for number, longitude, latitude in places:
        x, y = frame.across(longitude), frame.down(latitude)
        near = next((mark for mark in marks if mark.is_near(x, y)), None)
        if near is None:
            marks.append(near := Mark([], []))
        near.numbers.append(number)
        near.dots.append((x, y))
    return marks
