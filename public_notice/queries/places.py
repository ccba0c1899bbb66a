"""Where the published projects are, by town, and how the towns are set on the drawing of the register."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import sqrt

from django.db.models import Count

from approvals.models.catalogue import in_page_language
from public_notice.queries import running
from public_notice.queries.register import Asked, matching

ACROSS, STEP_X, STEP_Y = 4, 170, 120  # towns in a row, and units between their points
LEAST, MOST = 10, 40  # the radius of a point


@dataclass(frozen=True)
class Town:
    """A town with its published projects; `runs` of them may still be objected to."""

    code: str
    name: str
    count: int
    runs: int


@dataclass(frozen=True)
class Point:
    """A town as it is drawn: its place in the order of codes, which is no geographic one, and a radius."""

    town: Town
    x: int
    y: int
    radius: int

    @property
    def below(self) -> int:
        """Where its name stands."""
        return self.y + MOST + 18


def towns_of(asked: Asked, at: datetime) -> list[Town]:
    """Return the towns of the notices that match, by code, those without a town last. One query."""
    place = ("filing__site__code", "filing__site__name", "filing__site__name_en")
    counted = matching(asked, at).order_by().values(*place)
    rows = counted.annotate(count=Count("pk"), runs=Count("pk", filter=running(at)))
    towns = [
        Town(
            row[place[0]] or "",
            in_page_language(row[place[1]] or "", row[place[2]] or ""),
            row["count"],
            row["runs"],
        )
        for row in rows
    ]
    return sorted(towns, key=lambda town: (not town.code, town.code))


def drawn(towns: Sequence[Town]) -> tuple[list[Point], int, int]:
    """Return the points of the towns with width and height of the drawing; the area of a point goes with its count."""
    placed = [town for town in towns if town.code]
    most = max((town.count for town in placed), default=1)
    points = [
        Point(
            town,
            STEP_X // 2 + STEP_X * (place % ACROSS),
            MOST + 10 + STEP_Y * (place // ACROSS),
            round(LEAST + (MOST - LEAST) * sqrt(town.count / most)),
        )
        for place, town in enumerate(placed)
    ]
    lines = -(-len(placed) // ACROSS)
    return points, STEP_X * min(ACROSS, len(placed) or 1), STEP_Y * lines
