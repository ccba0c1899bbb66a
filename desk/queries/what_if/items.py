"""The lists of the cases and the catalogues they came from."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from approvals.models import CatalogueItem, ChecklistItem, Question
from approvals.rules.questionnaire import QuestionRow
from desk.rules.what_if.catalogue import CatalogueRow
from desk.rules.what_if.facts import ItemFacts

REVIEWER = "reviewer"


@dataclass(frozen=True)
class Listed:
    """By filing: the items that apply, those whose commitment was declined, those struck off."""

    of: dict[int, tuple[ItemFacts, ...]]
    declined: dict[int, frozenset[str]]
    struck: dict[int, frozenset[str]]


@dataclass(frozen=True)
class Catalogues:
    """By edition: its items by code, and its questions."""

    items: Mapping[int, Mapping[str, CatalogueRow]]
    questions: Mapping[int, tuple[QuestionRow, ...]]
    reviewers: frozenset[str] = field(default_factory=frozenset)


def _beside() -> dict[int, list[tuple[str, bool]]]:
    """Return by item of a catalogue the departments beside its own, and whether each reviews; one query."""
    found: dict[int, list[tuple[str, bool]]] = defaultdict(list)
    rows = CatalogueItem.co_departments.through.objects.order_by("pk").values_list(
        "catalogueitem_id", "organisation__code", "organisation__duties"
    )
    for item, code, duties in rows:
        found[item].append((code, REVIEWER in duties))
    return found


def items_of() -> Listed:
    """Return the lists of all filings; two queries."""
    beside = _beside()
    of: dict[int, list[ItemFacts]] = defaultdict(list)
    declined: dict[int, set[str]] = defaultdict(set)
    struck: dict[int, set[str]] = defaultdict(set)
    for row in ChecklistItem.objects.order_by("filing_id", "pk").values(
        "filing_id", "item_id", "code", "department__code", "applies", "opinion_default", "start_gate",
        "declined", "item__promised_days",
    ):  # fmt: skip
        pk, code = row["filing_id"], row["code"]
        if row["declined"]:
            declined[pk].add(code)
        if row["applies"] is False:
            struck[pk].add(code)
            continue
        reviewers = tuple(c for c, reviews in beside[row["item_id"]] if reviews)
        said = row["opinion_default"], row["start_gate"], row["item__promised_days"]
        of[pk].append(ItemFacts(code, row["department__code"], reviewers, *said))
    return Listed(
        {pk: tuple(rows) for pk, rows in of.items()},
        {pk: frozenset(codes) for pk, codes in declined.items()},
        {pk: frozenset(codes) for pk, codes in struck.items()},
    )


def catalogues() -> Catalogues:
    """Return every edition of the catalogue as the rules read it; three queries."""
    beside = _beside()
    items: dict[int, dict[str, CatalogueRow]] = defaultdict(dict)
    reviewers: set[str] = set()
    for found in beside.values():
        reviewers |= {code for code, reviews in found if reviews}
    for item in CatalogueItem.objects.select_related("department").order_by("edition_id", "pk"):
        items[item.edition_id][item.code] = CatalogueRow(
            code=item.code, name=item.name, item_class=item.item_class, department=item.department.code,
            beside=tuple(code for code, _reviews in beside[item.pk]), applies_if=item.applies_if,
            opinion_default=item.opinion_default, condition_fact=item.condition_fact,
            start_gate=item.start_gate, promised_days=item.promised_days,
        )  # fmt: skip
    questions: dict[int, list[QuestionRow]] = defaultdict(list)
    for row in Question.objects.order_by("pk"):
        questions[row.edition_id].append(QuestionRow.from_row(row.row))
    return Catalogues(
        items, {pk: tuple(rows) for pk, rows in questions.items()}, frozenset(reviewers)
    )
