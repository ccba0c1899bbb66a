"""The outline of the county as its pack gives it: what makes one usable, and when the public sees it. Pure.

An outline is a GeoJSON feature (RFC 7946): closed rings of decimal degrees, longitude first. Maps that the public sees
are reviewed and bear a review number (地图管理条例 art. 15 and 22, certainty D); one without it stays inside.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.rules.project import LATITUDES, LONGITUDES

KEY: Final = "outline"
LEAST_POINTS: Final = 4  # of a closed ring: three corners, and the first again
MOST_POINTS: Final = 2000  # of all rings; a page draws them each time
WIDEST: Final = 8  # degrees; no county reaches so far
CERTAINTIES: Final = "ABCDI"
DATUMS: Final = {
    "cgcs2000": "CGCS2000",
    "wgs84": "WGS-84",
    "gcj02": gettext_lazy("GCJ-02（网络地图的偏移坐标）"),
    "unknown": gettext_lazy("坐标系不明"),
}
Ring = list[tuple[float, float]]


@dataclass(frozen=True)
class Outline:
    """Closed rings of (longitude, latitude) with where they are from; `seat` is the county's government, if given."""

    rings: tuple[Ring, ...]
    seat: tuple[float, float] | None
    note_zh: str
    note_en: str
    source: str
    certainty: str
    datum: str
    review_number: str

    @property
    def datum_label(self) -> str:
        """The name of the system of coordinates."""
        return str(DATUMS[self.datum])


def outline_of(profile: Mapping[str, Any]) -> Outline | None:
    """Return the outline that a county's settings hold, None where its pack has none."""
    said = profile.get(KEY)
    if not said:
        return None
    about, seat = said["properties"], said["properties"].get("seat")
    words = ("note_zh", "note_en", "source", "certainty", "datum", "review_number")
    return Outline(
        tuple([(p[0], p[1]) for p in ring] for _where, ring in _rings(said["geometry"])),
        (seat[0], seat[1]) if seat else None,
        **{name: str(about.get(name, "")) for name in words},
    )


def public_outline(profile: Mapping[str, Any]) -> Outline | None:
    """Return the outline if the public may see it: with a review number, or marked as an example in a demonstration."""
    found = outline_of(profile)
    shown = found and (found.review_number or profile.get("contact", {}).get("demonstration"))
    return found if shown else None


def misread(said: Any) -> list[tuple[str, str]]:
    """Return what is wrong as (place, sentence); `geometry.coordinates.0.12` is the 13th point of a ring."""
    if not isinstance(said, Mapping) or said.get("type") != "Feature":
        return [("type", _("应为一个 GeoJSON Feature"))]
    return [*_in_words(said.get("properties")), *_in_geometry(said.get("geometry"))]


def _in_words(about: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(about, Mapping):
        yield "properties", _("缺少此项")
        return
    for name in ("source", "note_zh", "note_en"):
        if not (isinstance(about.get(name), str) and about[name].strip()):
            yield f"properties.{name}", _("缺少此项")
    for name, known in (("certainty", list(CERTAINTIES)), ("datum", list(DATUMS))):
        if about.get(name) not in known:
            yield f"properties.{name}", _("应为 %(known)s 之一") % {"known": "、".join(known)}
    if not isinstance(about.get("review_number", ""), str):
        yield "properties.review_number", _("应为文字；没有审图号的留空")
    if about.get("seat") and (fault := _in_point(about["seat"])):
        yield "properties.seat", fault


def _in_geometry(geometry: Any) -> Iterator[tuple[str, str]]:
    known = isinstance(geometry, Mapping) and geometry.get("type") in ("Polygon", "MultiPolygon")
    rings = list(_rings(geometry)) if known else []
    if not rings:
        yield "geometry", _("应为 Polygon 或者 MultiPolygon，至少有一条界线")
        return
    faults = [fault for where, ring in rings for fault in _in_ring(where, ring)]
    yield from faults
    if not faults:
        yield from _in_extent([point for _where, ring in rings for point in ring])


def _rings(geometry: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the rings with their places; what is no list at all is one ring, for `_in_ring` to refuse."""
    found = geometry.get("coordinates")
    parts = found if geometry["type"] == "MultiPolygon" else [found]
    for n, part in enumerate(parts if isinstance(parts, list) else [parts]):
        place = f".{n}" if geometry["type"] == "MultiPolygon" else ""
        for m, ring in enumerate(part if isinstance(part, list) else [part]):
            yield f"geometry.coordinates{place}.{m}", ring


def _in_ring(where: str, ring: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(ring, list) or len(ring) < LEAST_POINTS:
        yield where, _("一条界线至少有%(least)d个点，首尾相同") % {"least": LEAST_POINTS}
        return
    wrong = [(f"{where}.{n}", fault) for n, p in enumerate(ring) if (fault := _in_point(p))]
    yield from wrong
    if not wrong and ring[0] != ring[-1]:
        yield f"{where}.{len(ring) - 1}", _("界线没有闭合：最后一点应与第一点相同")


def _in_point(point: Any) -> str:
    """Return what is wrong with one pair of degrees; empty where nothing is."""
    pair = isinstance(point, list) and len(point) == 2  # noqa: PLR2004 - longitude and latitude
    if not pair or any(isinstance(n, bool) or not isinstance(n, int | float) for n in point):
        return _("应为 [经度, 纬度]")
    longitude, latitude = point
    if not LONGITUDES[0] <= longitude <= LONGITUDES[1]:
        return _("经度%(value)s不在73至136度之间") % {"value": longitude}
    if not LATITUDES[0] <= latitude <= LATITUDES[1]:
        return _("纬度%(value)s不在3至54度之间") % {"value": latitude}
    return ""


def _in_extent(points: list[Any]) -> Iterator[tuple[str, str]]:
    where = "geometry.coordinates"
    if len(points) > MOST_POINTS:
        yield (
            where,
            _("界线共%(count)d个点，最多%(most)d个") % {"count": len(points), "most": MOST_POINTS},
        )
    for n in (0, 1):
        degrees = [point[n] for point in points]
        if not 0 < max(degrees) - min(degrees) <= WIDEST:
            yield (
                where,
                _("界线的范围不像一个县：经度和纬度都应跨越大于0、不超过%(most)d度")
                % {"most": WIDEST},
            )
