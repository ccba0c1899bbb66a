"""The texts of a notice in the open files: what was frozen of it, written out as JSON and as CSV. Pure."""

import csv
import io
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from core.documents.sheets.rules import plain

EDITION = 1  # raised by whoever changes what the parts say
BETWEEN = "\x1f"  # parts the parts: JSON writes it otherwise, and no cell may hold it
END = "\r\n"  # of a line; a cell that has any of it is in quotes
# Between the first two go town and industry, before the last goes the address: they are looked up when it is asked.
PARTS = (
    ("id", "title", "project_code", "project_name", "enterprise", "uscc", "location"),
    ("scale", "investment"),
    ("letter_number",),
)
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def frozen(public_id: str, title: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is frozen of a notice, by the names of the fields."""
    project, enterprise = content["project"], content["enterprise"]
    return {
        "id": public_id,
        "title": title,
        "project_code": project["code"],
        "project_name": project["name"],
        "enterprise": enterprise["name"],
        "uscc": enterprise["uscc"],
        "location": project["location"],
        "scale": project["scale"],
        "investment": project.get("investment_text", ""),
        "letter_number": content["letter_number"],
    }


def texts_of(public_id: str, title: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of the kept text of a notice."""
    said = frozen(public_id, title, content)
    return {
        "edition": EDITION,
        "as_json": BETWEEN.join(_members(said, names) for names in PARTS),
        "as_csv": BETWEEN.join(",".join(in_csv(said[name]) for name in names) for names in PARTS),
        "gaps": bool(content.get("gaps_text")),
    }


def _members(said: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return ",".join(f"{_encode(name)}:{_encode(said[name])}" for name in names)


def in_csv(value: Any) -> str:
    """Return a value as a cell of a line, never a formula, in quotes where it needs them."""
    text = plain(value)
    if text.isalnum() or not text:
        return text
    made = io.StringIO()
    csv.writer(made, lineterminator=END).writerow([text, ""])
    return made.getvalue()[: -len(f",{END}")]


@lru_cache(maxsize=1024)
def in_json(value: str | None) -> str:
    """Return a word that many rows say, or null."""
    return _encode(value)


known_in_csv = lru_cache(maxsize=1024)(in_csv)  # the same
