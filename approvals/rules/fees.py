"""What an item costs the enterprise, as the county has said it; what it has not said is never taken for free. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

FREE: Final = ("free", "charged", "unknown")
# Of an item of which the county's pack says nothing at all.
UNSAID: Final = {
    "zh": "收费情况待县公布",
    "en": "Whether it is charged is still for the county to publish",
    "charge": "unknown",
    "basis": "",
    "certainty": "I",
}


@dataclass(frozen=True)
class Fee:
    """The county's statement; `charge` is free, charged or unknown, `certainty` a letter of the pack's scale."""

    zh: str
    en: str
    charge: str
    basis: str
    certainty: str


def fee_of(said: Mapping[str, Any], code: str, item_class: str) -> Fee:
    """Return the statement on an item: its own, else that of its class, else that nothing was said."""
    found = said.get("items", {}).get(code) or said.get("classes", {}).get(item_class) or UNSAID
    return Fee(**{name: str(found.get(name, UNSAID[name])) for name in UNSAID})


def misread(said: Any) -> list[str]:
    """Return the places, e.g. `items.C11`, at which a statement lacks a word or a known `charge`."""
    if not isinstance(said, Mapping):
        return [""]
    wrong = []
    for part in ("classes", "items"):
        rows = said.get(part, {})
        if not isinstance(rows, Mapping):
            wrong.append(part)
            continue
        wrong += [f"{part}.{key}" for key, row in rows.items() if not _whole(row)]
    return wrong


def _whole(row: Any) -> bool:
    if not isinstance(row, Mapping):
        return False
    words = all(isinstance(row.get(name), str) and row[name] for name in ("zh", "en", "certainty"))
    return words and row.get("charge") in FREE
