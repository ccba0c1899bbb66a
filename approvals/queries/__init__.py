"""What the desks ask of filings and of the catalogue."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import Membership
from accounts.stages import Role
from approvals.models import (
    CatalogueEdition,
    CatalogueItem,
    CatalogueMaterial,
    Filing,
    Industry,
    Letter,
    Question,
    Region,
    StageLimit,
    Standing,
)
from approvals.rules import questionnaire as rules
from approvals.rules.identifiers import Section
from approvals.stages import ENDS, GAP_OVER, Stage
from core.deadlines.counting import load_interruptions
from core.deadlines.models import RulebookEdition, Timed, timed_models
from core.deadlines.queries import NoEdition, Value, rulebook_at, value_of
from core.documents.models import Attachment, Paper

MOST_DIGITS = 18  # what every database can compare with a key
SITE_LEVELS = ("town", "township", "urban_area")
# Files of other desks (joint sessions): each says whether a file concerns a person. Filled in ready().
FILES_SEEN: list[Callable[[Attachment, Membership], bool]] = []
# Files in a case's own book that are not for all who see the case (receipts of departments): each says whether a file
# is withheld from a person. Filled in ready().
FILES_WITHHELD: list[Callable[[Attachment, Membership], bool]] = []

# Which of those no bundle of the whole case holds, whoever fetches it: each names their keys. Filled in ready().
KEPT_BACK: list[Callable[[Filing], Iterable[int]]] = []

# Books of other desks in which a case's business stands too (joint sessions). Filled in ready().
BESIDE: list[Callable[[Filing], Iterable[int]]] = []


# Papers of other desks (the roll of a session): each names the keys of those that concern a person. Filled in ready().
PAPERS_SEEN: list[Callable[[Membership], QuerySet[Any]]] = []


def files_kept_back(filing: Filing) -> set[int]:
    """Return the keys of the files in a case's own book that only some of those who see the case may open."""
    return {pk for kept in KEPT_BACK for pk in kept(filing)}


def books_beside(filing: Filing) -> set[int]:
    """Return the books beside a filing's own in which it was heard."""
    return {book for books in BESIDE for book in books(filing)}


def catalogue_at(at: datetime) -> CatalogueEdition:
    """Return the catalogue edition in force at an instant; raise NoEdition when none is."""
    day = timezone.localdate(at)
    edition = CatalogueEdition.objects.filter(in_force_from__lte=day).order_by("-number").first()
    if edition is None:
        raise NoEdition(day)
    return edition


@dataclass(frozen=True)
class Catalogue:
    """An edition as the pure rules read it; editions never change, so it is read once."""

    edition_id: int
    questions: tuple[rules.QuestionRow, ...]
    items: tuple[rules.ItemRow, ...]
    materials: tuple[rules.MaterialRow, ...]


@lru_cache(maxsize=16)
def _catalogue(pk: int, digest: str) -> Catalogue:
    questions = [rules.QuestionRow.from_row(q.row) for q in Question.objects.filter(edition_id=pk)]
    items = [
        rules.ItemRow(
            i.code, i.item_class, i.applies_if, i.opinion_default, i.condition_fact, i.start_gate
        )
        for i in CatalogueItem.objects.filter(edition_id=pk).order_by("pk")
    ]
    rows = (
        CatalogueMaterial.objects.filter(item__edition_id=pk).select_related("item").order_by("pk")
    )
    materials = [
        rules.MaterialRow(
            row=place,
            item_code=row.item.code,
            name_zh=row.name,
            name_en=row.name_en,
            form=row.form,
            copies=row.copies,
            tolerable=row.tolerable,
            hint=row.hint,
            needed_by=row.needed_by,
            produced_by=tuple(filter(None, row.produced_by.split(";"))),
            only_if=row.only_if,
        )
        for place, row in enumerate(rows, start=2)
    ]
    return Catalogue(pk, tuple(questions), tuple(items), tuple(materials))


def catalogue_of(edition: CatalogueEdition) -> Catalogue:
    """Return an edition for the pure rules."""
    return _catalogue(edition.pk, edition.digest)


@dataclass(frozen=True)
class Preview:
    """What answers come to: the questions to ask, reasons against the mechanism, items and papers, what is left out."""

    asked: list[rules.QuestionRow]
    unanswered: list[rules.QuestionRow]
    reasons: list[rules.Reason]
    undecided: list[rules.Reason]
    items: list[rules.Applied]
    papers: list[rules.MaterialNeed]
    left_out: list[rules.LeftOut]


def preview(answers: Mapping[str, Any], edition: CatalogueEdition) -> Preview:
    """Return what the answers of a questionnaire come to under an edition; read it, never write into it."""
    return _preview(edition.pk, edition.digest, json.dumps(answers, sort_keys=True, default=list))


@lru_cache(maxsize=128)
def _preview(pk: int, digest: str, said: str) -> Preview:
    catalogue, answers = _catalogue(pk, digest), json.loads(said)
    facts = rules.derive(answers, catalogue.questions)
    items = rules.applicable(catalogue.items, facts)
    return Preview(
        asked=rules.asked(catalogue.questions, answers),
        unanswered=rules.unanswered(catalogue.questions, answers),
        reasons=rules.eligibility(catalogue.questions, facts),
        undecided=rules.undecided(catalogue.questions, facts),
        items=items,
        papers=rules.materials_for(items, catalogue.materials, facts),
        left_out=rules.left_out(catalogue.items, facts),
    )


def items_by_code(edition: CatalogueEdition) -> dict[str, CatalogueItem]:
    """Return the items of an edition by code, with their departments."""
    found = edition.items.select_related("department").prefetch_related(
        "co_departments", "clauses__checked_by", "department__names"
    )
    return {item.code: item for item in found}


def case_list(by: Membership) -> QuerySet[Filing]:
    """Return the filings a person may see, as a list shows them: one query with what each row needs."""
    found = Filing.objects.visible_to(by).select_related("enterprise", "site")
    return with_signature(with_gaps(found)).order_by("-stage_since", "-pk")


def with_gaps(rows: QuerySet[Filing]) -> QuerySet[Filing]:
    """Return filings each with the number of papers still to come, `gaps_open`; none where the case is over."""
    awaited = ~Q(gaps__state__in=GAP_OVER) & ~Q(stage__in=ENDS)
    still_open = Count("gaps", filter=awaited, distinct=True)
    return rows.annotate(gaps_open=still_open)


def with_signature(rows: QuerySet[Filing]) -> QuerySet[Filing]:
    """Return filings each with whether its present letter is signed and waits to be verified, `letter_signed`."""
    signed = Letter.objects.filter(
        filing=OuterRef("pk"), withdrawn_at=None, signed_at__isnull=False
    )
    return rows.annotate(letter_signed=Exists(signed))


def to_be_verified(filing: Filing) -> bool:
    """Whether the enterprise has signed its letter, so that the window has the move and not the enterprise."""
    if filing.stage != Stage.COMMITTING:
        return False
    known = getattr(filing, "letter_signed", None)
    if known is None:
        known = filing.letters.filter(withdrawn_at=None, signed_at__isnull=False).exists()
    return bool(known)


def sites_on(day: date) -> QuerySet[Region]:
    """Return the towns, townships and urban areas that exist on a day."""
    standing = Q(seen_from__lte=day) & (Q(seen_to__isnull=True) | Q(seen_to__gte=day))
    return Region.objects.filter(standing, level__in=SITE_LEVELS)


def sections() -> list[Section]:
    """Return the sections of the industry classification that is loaded, as the rules read them."""
    found = Industry.objects.values_list("section", "division_from", "division_to", "edition_year")
    return [Section(*row) for row in found]


def sees_book(book_id: int, by: Membership) -> bool:
    """Tell whether a book is that of a case this person may see."""
    return Filing.objects.visible_to(by).filter(book_id=book_id).exists()


def sees_paper(paper: Paper, by: Membership) -> bool:
    """Tell whether a paper is of a case this person may see, or concerns them at another desk."""
    this = Paper.objects.filter(pk=paper.pk)
    beside = (this.filter(pk__in=seen(by)).exists() for seen in PAPERS_SEEN)
    return sees_book(paper.book_id, by) or any(beside)


def sees_file(kept: Attachment, by: Membership) -> bool:
    """Tell whether a file belongs to a case this person may see, or concerns them at another desk."""
    if any(withheld(kept, by) for withheld in FILES_WITHHELD):
        return False
    if (
        by.role == Role.ENTERPRISE
        and Standing.objects.of(by).filter(files__attachment=kept).exists()
    ):
        return True
    return sees_book(kept.book_id, by) or any(seen(kept, by) for seen in FILES_SEEN)


def rule_value(filing: Filing, code: str, at: datetime) -> tuple[RulebookEdition, Value] | None:
    """Return a number of the rulebook pinned to a case with its edition; of the one in force where that is older."""
    if not code:
        return None
    for edition_of in (lambda: filing.rulebook, lambda: rulebook_at(at)):
        edition = edition_of()
        try:
            if edition is not None:
                return edition, value_of(edition, code)
        except KeyError:
            continue
    return None


def most_days(limit: Timed, filing: Filing, at: datetime) -> int:
    """Return the most that may be added to a limit, in its unit: its cap, where that has the same unit; else 0."""
    found = rule_value(filing, limit.extension_rule, at)
    return found[1].number if found and found[1].unit == limit.unit else 0


def most_times(limit: Timed, filing: Filing, at: datetime) -> int:
    """Return how often a limit may be lengthened: by the pinned rulebook alone; once where that knows no such row."""
    if not limit.declared.extensions or filing.rulebook is None:
        return 1
    try:
        return value_of(filing.rulebook, limit.declared.extensions).number
    except KeyError:
        return 1


def basis_of(limit: Timed, filing: Filing, at: datetime) -> str:
    """Return what a limit's days rest on: the item's own law, or the rulebook with its certainty."""
    if isinstance(limit, StageLimit) and limit.own_basis:
        return limit.own_basis
    found = rule_value(filing, limit.rule, at)
    return f"{found[1].basis} [{found[1].certainty}]" if found else ""


def limits_of_case(filing: Filing) -> list[Any]:
    """Return what runs in a case's book and can be stopped, and every limit of the filing; soonest first."""
    found: list[Any] = []
    for model in timed_models():
        running = model._default_manager.filter(book_id=filing.book_id, ended_at=None)
        found += running.exclude(started_at=None).select_related("calendar", *_about(model))
    shown = [x for x in found if isinstance(x, StageLimit) or x.declared.stops or x.interrupted]
    load_interruptions(shown)
    return sorted(shown, key=lambda x: (x.due_at is None, x.due_at or x.begun_at, x.rule, x.pk))


def _about(model: type[Any]) -> list[str]:
    """Return what names a row of a timed model: its item, its department."""
    names = {field.name for field in model._meta.get_fields()}
    related = ("item__item", "department", "material", "agenda__session")
    return [path for path in related if path.partition("__")[0] in names]


def name_in_case(limit: Timed) -> str:
    """Return the name of a limit in the addresses of its case: its table and its key."""
    return f"{limit._meta.model_name}-{limit.pk}"


def limit_named(filing: Filing, name: str) -> Any | None:
    """Return a limit of a case by its name in addresses; None where the case has none such."""
    table, _dash, key = name.partition("-")
    model = next((one for one in timed_models() if one._meta.model_name == table), None)
    if model is None or not key.isdecimal() or len(key) > MOST_DIGITS:
        return None
    return model._default_manager.filter(book_id=filing.book_id, pk=int(key)).first()
