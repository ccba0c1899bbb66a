"""What may never be tolerated as missing: grounds that the county writes into county.yaml, each with its certainty."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from desk.rules.pack.faults import Fault
from desk.rules.pack.tables import Row

KEY: Final = "never_tolerable"
WANTED: Final = ("name_zh", "name_en", "words", "basis", "certainty")


@dataclass(frozen=True, slots=True)
class Ground:
    """Why a paper must be there at once, and the words in its name or hint by which it is known."""

    name_zh: str
    name_en: str
    words: tuple[str, ...]
    basis: str
    certainty: str

    def holds(self, row: Mapping[str, str]) -> bool:
        """Whether a material's name or hint has one of the words."""
        return any(word in row["name_zh"] or word in row["template_hint"] for word in self.words)


def grounds_of(county: Mapping[str, Any]) -> tuple[Ground, ...]:
    """Return the grounds of county.yaml; what cannot be read is left out, and named by `misread`."""
    return tuple(
        Ground(one["name_zh"], one["name_en"], tuple(one["words"]), one["basis"], one["certainty"])
        for one in county.get(KEY) or ()
        if _whole(one)
    )


def misread(county: Mapping[str, Any]) -> list[int]:
    """Return the places, from 0, of the grounds that are not whole."""
    found = county.get(KEY)
    return [n for n, one in enumerate(found if isinstance(found, list) else ()) if not _whole(one)]


def _whole(one: Any) -> bool:
    if not isinstance(one, Mapping) or not isinstance(one.get("words"), list):
        return False
    texts = [one.get(name) for name in WANTED if name != "words"] + one["words"]
    return bool(one["words"]) and all(isinstance(text, str) and text.strip() for text in texts)


def never_tolerated(rows: Iterable[Row], grounds: Iterable[Ground], faults: list[Fault]) -> None:
    """Write down each material that is marked tolerable though a ground holds for it."""
    for row in rows:
        if row["tolerable"] != "yes":
            continue
        for ground in grounds:
            if ground.holds(row):
                said = {
                    "name": row["name_zh"], "ground": ground.name_zh, "basis": ground.basis,
                    "certainty": ground.certainty,
                }  # fmt: skip
                text = _("“%(name)s”属于%(ground)s，不得容缺：%(basis)s［%(certainty)s］") % said
                faults.append(Fault("materials.csv", row.line, "tolerable", text))
                break
