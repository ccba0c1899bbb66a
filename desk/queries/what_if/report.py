"""The whole answer: how many cases, whether the reckoning holds, and what would have been different."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from core.deadlines.models import RulebookEdition, RuleValue
from core.deadlines.queries import rulebook_at
from desk.queries.what_if.gather import Gathered, gather
from desk.queries.what_if.untouched import untouched
from desk.rules.pack import Row
from desk.rules.pack.columns import TABLES
from desk.rules.pack.tables import read_table
from desk.rules.what_if import (
    Asked,
    Both,
    Change,
    Figure,
    Loads,
    Mismatch,
    Moved,
    bears,
    cells_set,
    changes,
    figures,
    loads,
    mismatches,
    moves,
    numbers_set,
    parted,
)
from desk.rules.what_if.catalogue import OtherCatalogue, under
from desk.rules.what_if.facts import CaseFacts, served_by
from desk.rules.what_if.numbers import Numbers
from desk.rules.what_if.way import Way, way
from prereview.rules import SERVICE


@dataclass(frozen=True)
class Report:
    """What was asked and what came of it, as of an instant. `mismatches` says where the reckoning does not hold."""

    asked: Asked
    at: datetime
    rulebook: RulebookEdition
    values: Mapping[str, RuleValue]
    names: Mapping[str, str]
    cases: int
    slots: int
    mismatches: tuple[Mismatch, ...]
    figures: tuple[Figure, ...]
    moves: tuple[Moved, ...]
    loads: tuple[Loads, ...]
    changes: tuple[Change, ...]

    @property
    def touched(self) -> int:
        """How many cases come out otherwise in anything."""
        return len({change.case.pk for change in self.changes})


def what_if(asked: Asked, at: datetime) -> Report:
    """Return what the past cases come to under what is asked; reads, and writes nothing.

    Raises NoEdition where no rulebook is in force.
    """
    with untouched():
        found = gather(at)
        rulebook = rulebook_at(at)
        values = {row.code: row for row in rulebook.values.all()}
    ways = [_both(case, found, asked, at) for case in found.cases]
    wrong = [
        m
        for case, both in zip(found.cases, ways, strict=True)
        for m in mismatches(case, both.before)
    ]
    rows = [row for both in ways for row in changes(both, found.days)]
    return Report(
        asked=asked, at=at, rulebook=rulebook, values=values,
        names={code: str(office) for code, office in found.departments.items()},
        cases=len(ways), slots=sum(len(both.before.slots) for both in ways), mismatches=tuple(wrong),
        figures=tuple(figures(ways)), moves=tuple(moves(rows)), loads=tuple(loads(ways, found.days)),
        changes=tuple(rows),
    )  # fmt: skip


def _both(case: CaseFacts, found: Gathered, asked: Asked, at: datetime) -> Both:
    pinned = {edition.pk: edition.numbers for edition in found.editions}[case.rulebook]
    was = Numbers(pinned, found.editions)
    will = Numbers(pinned, found.editions, asked.numbers)
    before = way(case, was, found.days, at)
    other, barred = _listed(case, found, asked.catalogue)
    other = served_by(other, asked.service) if asked.service else other
    after: Way = way(other, will, found.days, at, before)
    return Both(case, other, before, after, will, barred=barred, service=asked.service)


def _listed(
    case: CaseFacts, found: Gathered, other: OtherCatalogue | None
) -> tuple[CaseFacts, bool]:
    """Return a case under another catalogue; one whose list was never served has none to change."""
    if other is None or not case.items:
        return case, False
    known = found.catalogues
    return under(
        case, other, known.items[case.catalogue], known.questions[case.catalogue], known.reviewers
    )


def asked_by(texts: list[str], at: datetime) -> Asked:
    """Return what changes in words come to (`P5b=5`, `C05.opinion_default=escalate`); PackError names each fault."""
    numbers, cells = parted(texts)
    made = numbers_set(numbers, rulebook_rows(at)) if numbers else {}
    catalogue = cells_set(cells, county_files()) if cells else None
    return Asked(numbers=made, catalogue=catalogue, service=dict(numbers).get(SERVICE, ""))


def rulebook_rows(at: datetime) -> list[Row]:
    """Return the rulebook in force as rows of a pack, each with the statute it may not pass."""
    within = {row["id"]: row["within"] for row in _shipped("rulebook.csv")}
    rows = []
    for line, value in enumerate(rulebook_at(at).values.order_by("pk"), 2):
        row = Row(
            id=value.code, group=value.group, value=value.value, unit=value.unit, bound=value.bound,
            within=within.get(value.code, ""), basis=value.basis,
            configurable="yes" if value.configurable else "no",
        )  # fmt: skip
        row.line = line
        rows.append(row)
    codes = {row["id"] for row in rows}
    for row in rows:
        row["within"] = row["within"] if row["within"] in codes else ""
    return rows


def _shipped(name: str) -> list[Row]:
    data = county_files().get(name)
    table = next(table for table in TABLES if table.file == name)
    return (read_table(table, data, []) if data else None) or []


def county_files() -> dict[str, bytes]:
    """Return the tables of the served county's pack by name."""
    return files_in(Path(settings.COUNTY_PACK))


def files_in(folder: Path) -> dict[str, bytes]:
    """Return the tables of a folder by name; what is not there is left out."""
    names = [table.file for table in TABLES]
    return {name: (folder / name).read_bytes() for name in names if (folder / name).is_file()}


def adjustable(at: datetime) -> list[RuleValue]:
    """Return the rows of the rulebook in force that the county may change and that bear on what is reckoned."""
    rows = rulebook_at(at).values.filter(group="county_default", configurable=True).order_by("pk")
    return [row for row in rows if row.value.isdecimal() and bears(row.code)]
