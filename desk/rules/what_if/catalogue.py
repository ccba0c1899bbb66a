"""The same cases with another list: what would have been asked of whom, and what silence would have meant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from approvals.rules import questionnaire
from approvals.rules.questionnaire import ItemRow, QuestionRow
from approvals.stages import OpinionDefault, StartGate
from desk.rules.what_if.facts import (
    AgendaFacts,
    CaseFacts,
    ItemFacts,
    LimitFacts,
    Outcome,
    SlotFacts,
)
from prereview.rules import OPINION, SURVEY_OPINION
from prereview.stages import SessionKind


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    """One item of a catalogue as this looks at it; departments by code."""

    code: str
    name: str
    item_class: str
    department: str
    beside: tuple[str, ...]
    applies_if: str
    opinion_default: str
    condition_fact: str
    start_gate: str
    promised_days: int | None

    @property
    def row(self) -> ItemRow:
        """The item as the questionnaire's rules read it."""
        return ItemRow(
            self.code, self.item_class, self.applies_if, self.opinion_default, self.condition_fact, self.start_gate,
        )  # fmt: skip


@dataclass(frozen=True)
class OtherCatalogue:
    """Another catalogue: a whole one, or single columns of single items (`cells`) and items taken out.

    `questions` are its own, or None: each case keeps those of its edition.
    """

    whole: Mapping[str, CatalogueRow] | None = None
    questions: tuple[QuestionRow, ...] | None = None
    cells: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    removed: frozenset[str] = frozenset()

    def rows_for(self, pinned: Mapping[str, CatalogueRow]) -> dict[str, CatalogueRow]:
        """Return the items to be looked at anew for a case of an edition."""
        if self.whole is not None:
            return dict(self.whole)
        return {
            code: _with_cells(pinned[code], cells)
            for code, cells in self.cells.items()
            if code in pinned
        }


def _with_cells(row: CatalogueRow, cells: Mapping[str, str]) -> CatalogueRow:
    said: dict[str, object] = {}
    for column, text in cells.items():
        if column in CHECKED_ONLY:
            continue
        if column == "promised_days":
            said["promised_days"] = int(text) if text else None
        elif column == "co_departments":
            said["beside"] = tuple(part.strip() for part in text.split(";") if part.strip())
        else:
            said[COLUMNS[column]] = text
    return replace(row, **said)  # type: ignore[arg-type]


# Columns of catalogue.csv that bear on a case, and where they stand here.
COLUMNS = {
    "class": "item_class",
    "department_code": "department",
    "co_departments": "beside",
    "applies_if": "applies_if",
    "opinion_default": "opinion_default",
    "condition_fact": "condition_fact",
    "start_gate": "start_gate",
    "promised_days": "promised_days",
}

# What is said beside them; it is checked, and nothing is reckoned from it.
CHECKED_ONLY = ("red_line", "red_line_basis")


def under(
    case: CaseFacts,
    other: OtherCatalogue,
    pinned: Mapping[str, CatalogueRow],
    questions: Sequence[QuestionRow],
    reviewers: frozenset[str],
) -> tuple[CaseFacts, bool]:
    """Return a case with the list that another catalogue gives it, and whether it would not have been eligible.

    What was struck off by hand stays off, what was declined stays declined.
    """
    asked = other.questions or tuple(questions)
    facts = questionnaire.derive(case.answers, asked)
    rows = other.rows_for(pinned)
    will = _items(case, other, rows, facts, reviewers)
    barred = bool(other.questions) and _barred(case, asked, facts, questions)
    agendas = tuple(_agenda(agenda, case.items, will) for agenda in case.agendas)
    wanted = frozenset(item.code for item in will if item.gate != StartGate.COMMITMENT)
    promised = {item.code: item.promised for item in will}
    limits = tuple(_capped(limit, promised) for limit in case.limits)
    made = replace(
        case, items=will, agendas=agendas, limits=limits, gate=replace(case.gate, wanted=wanted)
    )
    return made, barred


def _barred(
    case: CaseFacts,
    asked: Sequence[QuestionRow],
    facts: questionnaire.Facts,
    questions: Sequence[QuestionRow],
) -> bool:
    before = questionnaire.derive(case.answers, questions)
    was = questionnaire.eligibility(questions, before)
    return bool(questionnaire.eligibility(asked, facts)) and not was


def _items(
    case: CaseFacts,
    other: OtherCatalogue,
    rows: Mapping[str, CatalogueRow],
    facts: questionnaire.Facts,
    reviewers: frozenset[str],
) -> tuple[ItemFacts, ...]:
    """Return the items of a case: those the other catalogue speaks of by it, all others as they are listed."""
    kept = [] if other.whole is not None else [i for i in case.items if i.code not in rows]
    declined = [c for c in case.declined if c in rows and rows[c].item_class == "commitment"]
    for found in questionnaire.applicable([r.row for r in rows.values()], facts, declined):
        if found.code in case.struck:
            continue
        row = rows[found.code]
        beside = tuple(code for code in row.beside if code in reviewers)
        said = found.opinion_default, found.start_gate, row.promised_days
        kept.append(ItemFacts(row.code, row.department, beside, *said))
    return tuple(item for item in kept if item.code not in other.removed)


def _asked(items: Sequence[ItemFacts], *, survey: bool) -> dict[tuple[str, str], str]:
    """Return who is asked about what, and what silence means there: the slots of a session."""
    found: dict[tuple[str, str], str] = {}
    for item in items:
        if item.default == OpinionDefault.NONE:
            continue
        for department in dict.fromkeys((item.lead, *item.beside)):
            if survey:
                found.setdefault((department, ""), OpinionDefault.DEEMED)
            else:
                found[department, item.code] = item.default
    return found


def _agenda(
    agenda: AgendaFacts, was: Sequence[ItemFacts], will: Sequence[ItemFacts]
) -> AgendaFacts:
    """Return an item of an agenda with the slots that the other list gives it; nothing where none was called for."""
    if not agenda.slots:
        return agenda
    before, after = _asked(was, survey=agenda.survey), _asked(will, survey=agenda.survey)
    slots = []
    for slot in agenda.slots:
        key = slot.department, slot.item
        if key in before and key not in after:
            continue
        changed = key in after and after[key] != before.get(key, after[key])
        slots.append(replace(slot, default=after[key]) if changed else slot)
    there = {(slot.department, slot.item) for slot in agenda.slots}
    for key in after.keys() - before.keys() - there:
        slots.append(_added(agenda, key, after[key], -len(slots) - 1))
    return replace(agenda, slots=tuple(slots))


def _added(agenda: AgendaFacts, key: tuple[str, str], default: str, place: int) -> SlotFacts:
    kind, rule = (
        (SessionKind.SURVEY, SURVEY_OPINION) if agenda.survey else (SessionKind.MEETING, OPINION)
    )
    closed: datetime | None = agenda.closed_at
    return SlotFacts(
        pk=place - agenda.pk * 1000, agenda=agenda.pk, kind=kind, department=key[0], item=key[1],
        default=default, summons=None, present=True, closed_at=closed, served_again_at=None,
        rule=rule.code, length=None, acts=(), pending=False, recorded=Outcome(""), added=True,
    )  # fmt: skip


def _capped(limit: LimitFacts, promised: Mapping[str, int | None]) -> LimitFacts:
    """Return a gap's limit under the promised days of the other catalogue."""
    if limit.table != "gap" or not limit.of_items:
        return limit
    days = [n for code in limit.of_items if (n := promised.get(code))]
    return replace(limit, cap=min(days, default=None))
