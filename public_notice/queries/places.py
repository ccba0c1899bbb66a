"""Where the published projects are: by town as the towns are set on a drawing, and as places on the county's sketch."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import sqrt
from typing import Any

from django.db.models import Count

from accounts.queries import county
from approvals.models.catalogue import in_page_language
from approvals.rules.outline import public_outline
from approvals.rules.sketch import sketched
from public_notice.queries import running
from public_notice.queries.register import Asked, matching
from public_notice.rules.people import COVER
from public_notice.stages import NoticeStage

ACROSS, STEP_X, STEP_Y = 4, 170, 120  # towns in a row, and units between their points
LEAST, MOST = 10, 40  # the radius of a point
ABOUT = 2  # decimals of the degrees that the public sees: about a kilometre, what 到村 tells anyway
MOST_PLACED = 500  # notices on one sketch, the newest


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


@dataclass(frozen=True)
class Place:
    """What was published about one place, which is told to about a kilometre."""

    number: int
    longitude: float
    latitude: float
    notices: list[tuple[str, str]]  # public id and title, newest first


def sketch_of(asked: Asked, at: datetime) -> tuple[dict[str, Any], list[Place]]:
    """Return the sketch that the public sees and its places, numbered from 1; two queries, no place without the first.

    The county decides that places are shown (`publication.map_points`). A notice that was taken down, or whose place
    was covered by the gate, has none.
    """
    profile = county().profile
    shown = profile.get("publication", {}).get("map_points") is True
    places = _places(asked, at) if shown else []
    marks = [(one.number, one.longitude, one.latitude) for one in places]
    return sketched(public_outline(profile), marks), places


def _places(asked: Asked, at: datetime) -> list[Place]:
    known = {"filing__longitude__isnull": False, "filing__latitude__isnull": False}
    found = matching(asked, at).filter(**known).exclude(stage=NoticeStage.WITHDRAWN)
    wanted = (
        "filing__longitude",
        "filing__latitude",
        "content__project__location",
        "public_id",
        "title",
    )
    held: dict[tuple[float, float], list[tuple[str, str]]] = {}
    for longitude, latitude, said, public_id, title in found.order_by("-pk").values_list(*wanted)[
        :MOST_PLACED
    ]:
        if COVER not in (said or ""):
            cell = round(float(longitude), ABOUT), round(float(latitude), ABOUT)
            held.setdefault(cell, []).append((public_id, title))
    return [Place(n, *cell, told) for n, (cell, told) in enumerate(held.items(), start=1)]
