"""What is asked: other numbers, another catalogue; each checked as a county pack is, and refused whole."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext as _

from approvals.rules.questionnaire import QuestionRow
from core.deadlines.rules import RULES
from desk.rules.pack import Fault, PackError, Row
from desk.rules.pack.checks import Checker
from desk.rules.pack.columns import TABLES
from desk.rules.pack.rulebook import FILE, check_rulebook
from desk.rules.pack.tables import check_cells, read_table, split
from desk.rules.what_if.catalogue import CHECKED_ONLY, COLUMNS, CatalogueRow, OtherCatalogue
from desk.rules.what_if.numbers import Number, number_of
from prereview.rules import CONFIRMS_ITSELF, ESCALATION, MEETING_NOTICE, SURVEY_NOTICE

SET: Final = "set"  # the file that is named where a change was written by hand
CATALOGUE: Final = "catalogue.csv"
# What a catalogue is read with: its own where they come along, the county's otherwise.
BESIDE: Final = ("questions.csv", "departments.csv")
WITH_IT: Final = ("materials.csv", "clauses.csv")
REMOVED: Final = "-"
_TABLE: Final = {table.file: table for table in TABLES}
_NOT_LIMITS: Final = (SURVEY_NOTICE, MEETING_NOTICE, CONFIRMS_ITSELF, ESCALATION)


@dataclass(frozen=True)
class Asked:
    """What is to be other than it was: numbers by rule, and a catalogue."""

    numbers: Mapping[str, Number] = field(default_factory=dict)
    catalogue: OtherCatalogue | None = None
    service: str = ""  # what counts as service (P16a), where that is another word

    @property
    def nothing(self) -> bool:
        """Whether nothing is to be other than it was."""
        return not self.numbers and self.catalogue is None and not self.service


def bears(code: str) -> bool:
    """Whether a rule has any part in what is reckoned here."""
    return code in RULES or code in _NOT_LIMITS


def rulebook_from(data: bytes) -> dict[str, Number]:
    """Return the numbers of a rulebook.csv; PackError with file, line and column of every fault."""
    faults: list[Fault] = []
    rows = read_table(_TABLE[FILE], data, faults) or []
    if rows:
        check_rulebook(rows, faults)
    if faults:
        raise PackError(faults)
    numbers = {row["id"]: number_of(row["value"], row["unit"]) for row in rows}
    return {code: number for code, number in numbers.items() if number is not None}


def numbers_set(wanted: Sequence[tuple[str, str]], rows: Iterable[Row]) -> dict[str, Number]:
    """Return the numbers that are changed in the rulebook of `rows`; a fault names the change and its rule."""
    book = {row["id"]: _copy(row) for row in rows}
    faults: list[Fault] = []
    lines = {code: line for line, (code, _text) in enumerate(wanted, 1)}
    for code, text in wanted:
        if message := _not_to_be_set(book.get(code), code):
            faults.append(Fault(SET, lines[code], code, message))
        else:
            book[code]["value"] = text.strip()
    found: list[Fault] = []
    check_rulebook(list(book.values()), found)
    at = {row.line: code for code, row in book.items()}
    for fault in found:
        code = at.get(fault.line, fault.column)
        faults += [Fault(SET, lines[code], code, fault.message)] if code in lines else []
    if faults:
        raise PackError(faults)
    numbers = {code: number_of(book[code]["value"], book[code]["unit"]) for code, _text in wanted}
    return {code: number for code, number in numbers.items() if number is not None}


def _copy(row: Row) -> Row:
    again = Row(row)
    again.line = row.line
    return again


def _not_to_be_set(row: Row | None, code: str) -> str:
    if row is None:
        return _("没有编号为“%(id)s”的规则") % {"id": code}
    if row["unit"] == "word":
        return ""
    if number_of(row["value"], row["unit"]) is None:
        return _("这一条不是数字，不能在这里改")
    if row["configurable"] != "yes":
        return _("这一条是固定的，县里不能调整")
    return ""


def catalogue_from(files: Mapping[str, bytes], county: Mapping[str, bytes]) -> OtherCatalogue:
    """Return another catalogue from catalogue.csv and what comes along; PackError with every fault.

    Questions and departments are the county's where they do not come along.
    """
    faults: list[Fault] = []
    if CATALOGUE not in files:
        raise PackError([Fault(CATALOGUE, 1, "-", _("缺少此文件或无法读取"))])
    tables = _tables({**{n: county[n] for n in BESIDE if n in county}, **files}, faults)
    if CATALOGUE in tables:
        Checker(tables, faults).run()
    if faults:
        raise PackError(faults)
    questions = tables["questions.csv"] if "questions.csv" in files else None
    return OtherCatalogue(
        whole={row["code"]: _item(row) for row in tables[CATALOGUE]},
        questions=tuple(QuestionRow.from_row(row) for row in questions) if questions else None,
    )


def _tables(files: Mapping[str, bytes], faults: list[Fault]) -> dict[str, list[Row]]:
    tables: dict[str, list[Row]] = {}
    for name in (CATALOGUE, *BESIDE, *WITH_IT):
        if name in files:
            rows = read_table(_TABLE[name], files[name], faults)
            if rows is not None:
                tables[name] = rows
    return tables


def _item(row: Row) -> CatalogueRow:
    days = row["promised_days"]
    return CatalogueRow(
        code=row["code"], name=row["name_zh"], item_class=row["class"], department=row["department_code"],
        beside=tuple(split(row["co_departments"])), applies_if=row["applies_if"],
        opinion_default=row["opinion_default"], condition_fact=row["condition_fact"],
        start_gate=row["start_gate"], promised_days=int(days) if days else None,
    )  # fmt: skip


def cells_set(
    wanted: Sequence[tuple[str, str]], county: Mapping[str, bytes]
) -> OtherCatalogue | None:
    """Return the catalogue with single cells changed (`C05.opinion_default`) and items taken out (`C05`, `-`).

    None where nothing is; PackError names the change and its place. It is checked as the county's own is.
    """
    if not wanted:
        return None
    faults: list[Fault] = []
    files = {name: county[name] for name in (CATALOGUE, *BESIDE) if name in county}
    tables = _tables(files, faults)
    book = {row["code"]: row for row in tables.get(CATALOGUE, ())}
    cells: dict[str, dict[str, str]] = {}
    removed: set[str] = set()
    for line, (place, text) in enumerate(wanted, 1):
        code, _dot, column = place.partition(".")
        if message := _no_cell(book, code, column, text):
            faults.append(Fault(SET, line, place, message))
        elif not column:
            removed.add(code)
        else:
            book[code][column] = text.strip()
            cells.setdefault(code, {})[column] = text.strip()
    places = {}
    for line, (place, _text) in enumerate(wanted, 1):
        code = place.partition(".")[0]
        if code in book:
            places[book[code].line] = line, code
    faults += _checked(tables, places)
    if faults:
        raise PackError(faults)
    return OtherCatalogue(cells=cells, removed=frozenset(removed))


def _no_cell(book: Mapping[str, Row], code: str, column: str, text: str) -> str:
    if code not in book:
        return _("没有编码为“%(code)s”的事项") % {"code": code}
    if not column:
        return "" if text.strip() == REMOVED else _("去掉一个事项写作 %(code)s=-") % {"code": code}
    if column not in (*COLUMNS, *CHECKED_ONLY):
        known = "、".join((*COLUMNS, *CHECKED_ONLY))
        return _("这里只能改：%(known)s") % {"known": known}
    return ""


def _checked(tables: Mapping[str, list[Row]], places: Mapping[int, tuple[int, str]]) -> list[Fault]:
    """Return the faults of the changed rows, each at its change; the county's own rows are checked already."""
    found: list[Fault] = []
    check_cells(_TABLE[CATALOGUE], tables[CATALOGUE], found)
    if not found:
        Checker(tables, found).run()
    told = []
    for fault in found:
        if fault.file == CATALOGUE and fault.line in places:
            line, code = places[fault.line]
            told.append(Fault(SET, line, f"{code}.{fault.column}", fault.message))
    return told


def parted(texts: Iterable[str]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Part changes written as `P5b=5`, `C05.opinion_default=escalate`, `C05=-` into numbers and cells.

    PackError for one that is written otherwise, or twice.
    """
    numbers: list[tuple[str, str]] = []
    cells: list[tuple[str, str]] = []
    faults: list[Fault] = []
    seen: set[str] = set()
    for line, text in enumerate(texts, 1):
        place, equals, value = (part.strip() for part in text.partition("="))
        if not (place and equals and value):
            faults.append(Fault(SET, line, "-", _("“%(text)s”应写作 P5b=5") % {"text": text}))
        elif place in seen:
            faults.append(Fault(SET, line, place, _("写了两次")))
        elif "." in place or value == REMOVED:
            cells.append((place, value))
        else:
            numbers.append((place, value))
        seen.add(place)
    if faults:
        raise PackError(faults)
    return numbers, cells
