"""outline.geojson: the county's outline. A pack may have none; a broken one is refused by its place."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from approvals.rules.outline import misread
from desk.rules.pack.faults import Fault

FILE: Final = "outline.geojson"
_COORDINATES: Final = "geometry.coordinates"


def read_outline(data: bytes, faults: list[Fault]) -> Mapping[str, Any]:
    """Return the feature as it is written; empty where it cannot be read."""
    try:
        text = data.decode()
        said = json.loads(text)
        _must_be_kept(said)
    except UnicodeDecodeError:
        faults.append(Fault(FILE, 1, "-", _("不是 UTF-8 编码")))
        return {}
    except json.JSONDecodeError as error:
        faults.append(
            Fault(FILE, error.lineno, "-", _("不是有效的 JSON：%(why)s") % {"why": error.msg})
        )
        return {}
    except (
        ValueError,
        RecursionError,
    ):  # a number of thousands of digits, brackets without end, or no JSON at all
        faults.append(Fault(FILE, 1, "-", _("不是有效的 JSON：%(why)s") % {"why": ""}))
        return {}
    for place, message in misread(said):
        faults.append(Fault(FILE, _line(text, said, place), place, message))
    return said if isinstance(said, dict) else {}


def _must_be_kept(said: Any) -> None:
    """Raise ValueError for what Python reads and no database keeps as JSON: NaN, half a letter, the letter zero."""
    text = json.dumps(said, allow_nan=False, ensure_ascii=False)
    text.encode()
    if "\\u0000" in text:
        raise ValueError


def _line(text: str, said: Any, place: str) -> int:
    """Return the line of a place: of its point where it names one, else of its last name that the file has."""
    if place.startswith(f"{_COORDINATES}."):
        start = text.find('"coordinates"')
        points = list(re.finditer(r"\[[^\[\]]*\]", text[start:]))
        before = _points_before(said["geometry"]["coordinates"], place)
        at = start + (points[before].start() if before < len(points) else 0)
        return text.count("\n", 0, at) + 1
    for name in reversed(place.split(".")):
        if (at := text.find(f'"{name}"')) >= 0:
            return text.count("\n", 0, at) + 1
    return 1


def _points_before(coordinates: Any, place: str) -> int:
    """Return how many points stand before a place among the coordinates."""
    before, inside = 0, coordinates
    for step in map(int, place.removeprefix(f"{_COORDINATES}.").split(".")):
        if not isinstance(inside, list) or step >= len(inside):
            break
        before += sum(_count(part) for part in inside[:step])
        inside = inside[step]
    return before


def _count(part: Any) -> int:
    """Return how many points a part holds, however deep they lie."""
    waiting, count = [part], 0
    while waiting:
        one = waiting.pop()
        if isinstance(one, list) and one and isinstance(one[0], list):
            waiting.extend(one)
        else:
            count += isinstance(one, list)
    return count
