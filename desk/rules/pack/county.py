"""county.yaml: what is decided once for the county."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

import yaml
from django.utils.translation import gettext as _

from approvals.rules import fees, standing
from desk.rules.pack.faults import Fault
from desk.rules.pack.tables import Row
from desk.rules.pack.tolerance import KEY, WANTED, misread

FILE: Final = "county.yaml"
_SHAPE: Final[Mapping[str, type]] = {
    "code": str,
    "name_zh": str,
    "name_en": str,
    "timezone": str,
    "edition": str,
    "window_department": str,
    "supervisor_organisation": str,
    "publication.anonymous_objections": bool,
    "service.proof_channels": list,
    "service.first_channel": str,
    "service.second_channel": str,
    "excuse.decided_by": list,
    "excuse.grounds_zh": list,
    "never_tolerable": list,
    "standing_materials": list,
    "fees": dict,
    "rooms": list,
    "planning.meeting_minutes": int,
    "planning.stop_minutes": int,
    "planning.travel_minutes": int,
    "planning.horizon_days": int,
    "contact.demonstration": bool,
    "contact.address_zh": str,
    "contact.telephone": str,
    "contact.supervision_telephone": str,
    "contact.email": str,
}
_TYPES: Final = {str: "文字", int: "整数", bool: "true 或 false", list: "列表", dict: "“名称: 值”"}


def read_county(
    data: bytes, tables: Mapping[str, list[Row]], faults: list[Fault]
) -> Mapping[str, Any]:
    """The settings as nested mappings; empty where the file cannot be read."""
    try:
        root = yaml.compose(data, Loader=yaml.SafeLoader)
        county = yaml.safe_load(data)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        text = _("不是有效的 YAML：%(why)s") % {"why": error.problem or ""}
        faults.append(Fault(FILE, line, "-", text))
        return {}
    except yaml.YAMLError:
        faults.append(Fault(FILE, 1, "-", _("不是有效的 YAML：%(why)s") % {"why": ""}))
        return {}
    if not isinstance(county, dict) or root is None:
        faults.append(Fault(FILE, 1, "-", _("应为“名称: 值”的形式")))
        return {}
    lines = dict(_lines(root, ""))
    for path, kind in _SHAPE.items():
        _check_type(path, kind, county, lines, faults)
    _check_meaning(county, lines, tables, faults)
    return county


def _check_type(
    path: str, kind: type, county: Mapping[str, Any], lines: Mapping[str, int], faults: list[Fault]
) -> None:
    value = _at(county, path)
    if value is None:
        line = lines.get(path.partition(".")[0], 1)
        faults.append(Fault(FILE, line, path, _("缺少此项")))
    elif not isinstance(value, kind):
        text = _("应为%(kind)s") % {"kind": _TYPES[kind]}
        faults.append(Fault(FILE, lines.get(path, 1), path, text))


def _check_meaning(
    county: Mapping[str, Any],
    lines: Mapping[str, int],
    tables: Mapping[str, list[Row]],
    faults: list[Fault],
) -> None:
    def refuse(path: str, text: str) -> None:
        faults.append(Fault(FILE, lines.get(path, 1), path, text % {"value": _at(county, path)}))

    for path, file in (
        ("window_department", "departments.csv"),
        ("supervisor_organisation", "departments.csv"),
        ("leadership_organisation", "departments.csv"),
        ("code", "regions.csv"),
    ):
        value, rows = _at(county, path), tables.get(file)
        if rows is not None and value is not None and value not in {row["code"] for row in rows}:
            refuse(path, _("“%(value)s”不在部门表或区划表中"))
    try:
        ZoneInfo(str(_at(county, "timezone") or "UTC"))
    except (KeyError, ValueError, OSError):
        refuse("timezone", _("没有名为“%(value)s”的时区"))
    for place in misread(county):
        text = _("第%(place)d项须写明 %(names)s") % {"place": place + 1, "names": "、".join(WANTED)}
        faults.append(Fault(FILE, lines.get(KEY, 1), KEY, text))
    channels = _at(county, "service.proof_channels")
    for path in ("service.first_channel", "service.second_channel"):
        if isinstance(channels, list) and _at(county, path) not in (None, *channels):
            refuse(path, _("送达方式“%(value)s”不在 proof_channels 之内"))

    _check_statements(county, lines, faults)


def _check_statements(
    county: Mapping[str, Any], lines: Mapping[str, int], faults: list[Fault]
) -> None:
    """Check what the county says of standing materials, of rooms and of fees."""
    wanted = {"code": str, "name_zh": str, "name_en": str, "seats": int}
    for place, room in enumerate(county.get("rooms") or [], start=1):
        if not isinstance(room, dict) or any(
            not isinstance(room.get(name), kind) for name, kind in wanted.items()
        ):
            text = _("第%(place)d项须写明 %(names)s") % {"place": place, "names": "、".join(wanted)}
            faults.append(Fault(FILE, lines.get("rooms", 1), "rooms", text))
    for place in standing.misread(county):
        text = _("第%(place)d项须写明 %(names)s，代码不能重复") % {
            "place": place + 1,
            "names": "、".join(standing.WANTED),
        }
        faults.append(Fault(FILE, lines.get(standing.KEY, 1), standing.KEY, text))
    for where in fees.misread(county.get("fees") or {}):
        path = f"fees.{where}".rstrip(".")
        text = _("收费说明须写明 zh、en、certainty 和 charge（free、charged、unknown）")
        faults.append(Fault(FILE, lines.get(path, 1), path, text))


def _at(county: Any, path: str) -> Any:
    for key in path.split("."):
        county = county.get(key) if isinstance(county, Mapping) else None
    return county


def _lines(node: yaml.Node, path: str) -> Iterator[tuple[str, int]]:
    """The line of every key, by its dotted path."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            name = f"{path}.{key.value}" if path else str(key.value)
            yield name, key.start_mark.line + 1
            yield from _lines(value, name)
