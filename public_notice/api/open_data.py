"""开放数据 in the schema of the interface: its addresses are files beside it, under the same description."""

from typing import Any

from django.utils.translation import gettext as _

from core.steps.api.problems import KINDS, MEDIA_TYPE
from public_notice.queries.open_data import SETS, VERSION, DataSet
from public_notice.queries.open_fields import Field

CSV, ATOM = "text/csv", "application/atom+xml"
TEXT = {"type": "string"}


def described(result: dict[str, Any], **_more: Any) -> dict[str, Any]:
    """Add the data sets to the schema (a hook of drf-spectacular); each field with its kind and meaning."""
    for one in SETS.values():
        name = f"OpenData{one.name.capitalize()}"
        result["components"]["schemas"][name] = _row(one)
        for form, answer in (
            ("json", ("application/json", _page(one, name))),
            ("csv", (CSV, TEXT)),
            ("atom", (ATOM, TEXT)),
        ):
            result["paths"][f"/open/v1/{one.name}.{form}"] = {"get": _operation(one, form, answer)}
    return result


def _kind(field: Field) -> dict[str, Any]:
    date = field.kind in ("date", "date-time")
    kind = "string" if date else field.kind
    said: dict[str, Any] = {"type": [kind, "null"] if field.empty else kind}
    if date:
        said["format"] = field.kind
    return {**said, "description": str(field.means)}


def _row(one: DataSet) -> dict[str, Any]:
    return {
        "type": "object",
        "description": str(one.defined),
        "properties": {field.name: _kind(field) for field in one.fields},
        "required": [field.name for field in one.fields],
    }


def _page(one: DataSet, name: str) -> dict[str, Any]:
    properties = {
        "dataset": {"type": "string", "const": one.name},
        "version": {"type": "string", "const": VERSION},
        "rows": {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}},
        "next": {
            "type": ["string", "null"],
            "format": "uri",
            "description": _("下一页的地址；没有下一页时为空"),
        },
    }
    return {"type": "object", "properties": properties, "required": [*properties]}


def _operation(one: DataSet, form: str, answer: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    asks: list[dict[str, Any]] = [
        {"name": "If-None-Match", "in": "header", "schema": TEXT, "description": _("收到过的 ETag")}
    ]
    if form == "json" and one.things is not None:
        key = {"type": "integer", "minimum": 0, "maximum": 10**18 - 1}
        asks.append({"name": "before", "in": "query", "schema": key, "description": "next"})
    kind, schema = answer
    marked = {"ETag": {"schema": TEXT, "required": True}}
    found: dict[str, Any] = {
        "200": {"description": str(one.title), "content": {kind: {"schema": schema}}, "headers": marked},
        "304": {"description": _("没有变化")},
    }  # fmt: skip
    if len(asks) > 1:
        refusal = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        found["422"] = {"description": str(KINDS[422][1]), "content": refusal}
    return {
        "operationId": f"open_{one.name}_{form}",
        "tags": [_("开放数据")],
        "summary": f"{one.title} ({form.upper()})",
        "description": str(one.defined),
        "parameters": asks,
        "security": [{}],
        "responses": found,
    }
