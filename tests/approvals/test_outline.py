"""The county's outline: what is refused, who sees it, and how degrees become a picture."""

import copy
import json
from itertools import pairwise
from math import cos, radians

import pytest

from approvals.rules.outline import MOST_POINTS, misread, outline_of, public_outline
from approvals.rules.sketch import BOX, frame_of, sketched
from desk.rules.pack import PackError, read_pack
from desk.rules.pack.outline import FILE, read_outline
from tests.desk.test_pack_faults import SHIPPED, folder  # noqa: F401 - a copy of the pack

RING = [[113.1, 36.8], [113.8, 36.8], [113.8, 37.2], [113.1, 37.2], [113.1, 36.8]]


def feature(ring=RING, **about):
    said = {
        "source": "示例", "note_zh": "草图", "note_en": "a sketch", "certainty": "I", "datum": "unknown",
        "review_number": "",
    }  # fmt: skip
    geometry = {"type": "Polygon", "coordinates": [copy.deepcopy(ring)]}
    return {"type": "Feature", "properties": said | about, "geometry": geometry}


def places(said):
    return [place for place, _message in misread(said)]


@pytest.mark.parametrize(
    ("ring", "place"),
    [
        (RING[:-1], "geometry.coordinates.0.3"),
        ([RING[0], RING[1], RING[0]], "geometry.coordinates.0"),
        ([*RING[:2], [213.8, 37.2], *RING[3:]], "geometry.coordinates.0.2"),
        ([*RING[:2], [37.2, 113.8], *RING[3:]], "geometry.coordinates.0.2"),
        ([*RING[:2], ["113.8", 37.2], *RING[3:]], "geometry.coordinates.0.2"),
        ([*RING[:2], [True, 37.2], *RING[3:]], "geometry.coordinates.0.2"),
        ([*RING[:2], [113.8], *RING[3:]], "geometry.coordinates.0.2"),
        ([*RING[:2], [float("nan"), 37.2], *RING[3:]], "geometry.coordinates.0.2"),
        ([*RING[:2], None, *RING[3:]], "geometry.coordinates.0.2"),
        ("RING", "geometry.coordinates.0"),
        ([RING[0]] * 5, "geometry.coordinates"),
        ([[100, 30], [109, 30], [109, 31], [100, 30]], "geometry.coordinates"),
        ([*RING[:2] * MOST_POINTS, RING[0]], "geometry.coordinates"),
    ],
)
def test_a_broken_ring_is_refused_by_its_place(ring, place):
    assert place in places(feature(ring))


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ([], "type"),
        ({"type": "FeatureCollection"}, "type"),
        ({"type": "Feature"}, "properties"),
        (feature() | {"geometry": {"type": "Point", "coordinates": [113, 37]}}, "geometry"),
        (feature() | {"geometry": {"type": "Polygon", "coordinates": []}}, "geometry"),
        (feature(datum="bd09"), "properties.datum"),
        (feature(certainty="Z"), "properties.certainty"),
        (feature(source=" "), "properties.source"),
        (feature(review_number=7), "properties.review_number"),
        (feature(seat=[37, 113]), "properties.seat"),
    ],
)
def test_what_is_said_of_it_is_looked_at_too(said, place):
    assert place in places(said)


def test_parts_apart_and_a_hole_are_an_outline():
    island = [[x + 1, y] for x, y in RING]
    said = feature(seat=[113.4, 37.0])
    said["geometry"] = {"type": "MultiPolygon", "coordinates": [[RING], [island]]}
    assert misread(said) == []
    assert len(outline_of({"outline": said}).rings) == 2


def test_without_a_review_number_only_a_demonstration_shows_it():
    bare, numbered = feature(), feature(review_number="示例审图号")
    assert public_outline({}) is None
    assert public_outline({"outline": bare}) is None
    assert public_outline({"outline": bare, "contact": {"demonstration": False}}) is None
    assert public_outline({"outline": bare, "contact": {"demonstration": True}})
    assert public_outline({"outline": numbered, "contact": {"demonstration": False}})


def test_north_is_above_and_a_kilometre_is_as_long_each_way():
    frame = frame_of([(113.1, 36.8), (113.8, 37.2)])
    assert frame.down(37.2) < frame.down(36.8)
    north = frame.down(36.9) - frame.down(37.0)
    east = frame.across(113.5) - frame.across(113.4)
    assert -north / east == pytest.approx(-1 / cos(radians(37)), rel=0.01)
    assert frame_of([]) is None
    alone = frame_of([(113.4, 37.0)])
    assert (alone.across(113.4), alone.down(37.0)) == (BOX / 2, BOX / 2)


def test_a_place_far_off_is_told_and_not_drawn_and_neighbours_share_a_mark():
    outline = outline_of({"outline": feature()})
    drawn = sketched(outline, [(1, 113.4, 37.0), (2, 113.4001, 37.0), (3, 121.5, 31.2)])
    assert [mark.numbers for mark in drawn["marks"]] == [[1, 2]]
    assert drawn["outside"] == {3}
    assert drawn["path"].startswith("M")
    many = sketched(outline, [(n, 113.4, 37.0) for n in range(1, 7)])
    assert many["marks"][0].label == "1,2,3…"


def test_a_pack_without_one_draws_the_places_alone():
    assert sketched(None, []) == {}
    drawn = sketched(None, [(1, 113.4, 37.0), (2, 121.5, 31.2)])
    assert drawn["path"] == ""
    assert len(drawn["marks"]) == 2
    assert all(len(drawn[way]) >= 1 for way in ("across", "down"))


# — the file of the pack ————————————————————————————————————————————————————————————


def test_the_shipped_outline_is_a_sketch_of_the_county():
    outline = outline_of({"outline": read_pack(SHIPPED).outline})
    [ring] = outline.rings
    assert ring[0] == ring[-1]
    assert 100 < len(ring) < 400
    squeeze = cos(radians(37))
    area = abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))) / 2 * squeeze * 111.2**2
    assert area == pytest.approx(2028, rel=0.01)  # km², as the county is commonly said to have
    assert (outline.review_number, outline.certainty, outline.datum) == ("", "C", "gcj02")


def test_a_pack_may_have_none(folder):  # noqa: F811
    (folder / "outline.geojson").unlink()
    assert read_pack(folder).outline == {}


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("[113.7625, 37.0687]", "[213.7625, 37.0687]", "geometry.coordinates.0.1"),
        ("[113.7625, 37.0687]", "[37.0687, 113.7625]", "geometry.coordinates.0.1"),
        ('"gcj02"', '"bd09"', "properties.datum"),
        ('"Feature",', '"Feature"', "-"),
    ],
)
def test_a_fault_in_the_file_is_named_by_line(old, new, column):
    text = (SHIPPED / FILE).read_text(encoding="utf-8")
    line = text.count("\n", 0, text.index(old)) + (2 if column == "-" else 1)
    faults = []
    read_outline(text.replace(old, new, 1).encode(), faults)
    assert (FILE, line, column) in [(f.file, f.line, f.column) for f in faults]


SHOWN = (SHIPPED / FILE).read_bytes()
DEEP = b"[" * 900 + b"]" * 900
ODD = (
    b'{"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [%b, 1]}}' % DEEP,
    *(b"\xff\xfe", b"[" * 100_000, b"1" * 5000, b"{}", b"null"),
    *(
        SHOWN.replace(b'"datum"', b'"more": %b, "datum"' % more)
        for more in (b"NaN", b"1e999", b'"\\ud800"', b'"\\u0000"')
    ),
)


@pytest.mark.parametrize("data", ODD, ids=range(len(ODD)))
def test_rubbish_is_refused(data):
    faults = []
    read_outline(data, faults)
    assert {f.file for f in faults} == {FILE}


def test_a_pack_with_a_broken_one_is_refused_whole(folder):  # noqa: F811
    (folder / FILE).write_bytes(b"{}")
    with pytest.raises(PackError):
        read_pack(folder)


def test_the_shipped_file_is_what_it_says():
    said = json.loads((SHIPPED / "outline.geojson").read_text(encoding="utf-8"))
    assert "标准地图" in said["properties"]["note_zh"]
    assert "standard map" in said["properties"]["note_en"]
