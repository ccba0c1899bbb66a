"""The catalogue for those who keep it: its editions, the items of one in words, and whom a new one would touch."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from approvals.models import CatalogueEdition, Filing
from approvals.queries import catalogue_of
from approvals.rules import questionnaire
from approvals.rules.questionnaire import ItemRow, QuestionRow
from approvals.stages import Stage
from desk.models import CatalogueDraft
from desk.rules.editions import RowChange
from desk.rules.pack.catalogue import Tables

MOST = 200  # cases that a page lists; the counts are of all
IN_FORCE, TO_COME, PAST, REVOKED = "in_force", "to_come", "past", "revoked"


def editions(at: datetime) -> list[CatalogueEdition]:
    """Return the editions, newest first, each with `standing`, its number of items and of filings that pinned it."""
    day = timezone.localdate(at)
    rows: list[CatalogueEdition] = list(
        CatalogueEdition.objects.select_related("tables", "draft", "revoked_by__edition")
        .annotate(count=Count("items"))
        .order_by("-number")
    )
    pinned = dict(
        Filing.objects.exclude(submitted_at=None).values_list("catalogue").annotate(Count("pk"))
    )
    now = next((row.number for row in rows if row.in_force_from <= day), 0)
    for row in rows:
        row.pinned = pinned.get(row.pk, 0)  # type: ignore[attr-defined]
        row.standing = _standing(row, now, day)  # type: ignore[attr-defined]
    return rows


def _standing(row: CatalogueEdition, now: int, day: date) -> str:
    if hasattr(row, "revoked_by"):
        return REVOKED
    if row.in_force_from > day:
        return TO_COME
    return IN_FORCE if row.number == now else PAST


def standing_words() -> dict[str, str]:
    """Return how an edition stands, in words."""
    return {
        IN_FORCE: _("现行"), TO_COME: _("将施行"), PAST: _("已被替代"), REVOKED: _("施行前撤销"),
    }  # fmt: skip


def drafts() -> QuerySet[CatalogueDraft]:
    """Return the drafts, newest first, with whom they name."""
    return CatalogueDraft.objects.select_related(
        "base", "edition", "opened_by__user", "proposed_by__user", "decided_by__user"
    ).order_by("-pk")


# — whom a new edition would touch ———————————————————————————————————————————————————————


@dataclass(frozen=True)
class Reach:
    """Open cases, which keep their edition, and enterprises' drafts: how many, and how many a new edition touches."""

    kept: int
    cases: list[Filing]
    drafts: int
    touched: int
    most: int = MOST


def reach_of(base: CatalogueEdition, tables: Tables, changes: Iterable[RowChange]) -> Reach:
    """Return whom tables would touch and whom not; a fixed number of statements.

    A case keeps the edition in force when it was submitted. What an enterprise is still drafting is its own: of drafts
    nothing but the number is told.
    """
    open_cases = Filing.objects.running()
    cases = open_cases.select_related("enterprise", "catalogue").order_by("-submitted_at", "-pk")
    answers = list(Filing.objects.filter(stage=Stage.DRAFT).values_list("answers", flat=True))
    old, new = catalogue_of(base), _rules_of(tables)
    codes = {change.key[0] for change in changes}
    touched = 0
    for said in answers if new else ():
        was, will = _listed(said, old.questions, old.items), _listed(said, *(new or ((), ())))
        touched += was != will or bool((was | will) & codes)
    return Reach(open_cases.count(), list(cases[:MOST]), len(answers), touched)


def _rules_of(tables: Tables) -> tuple[list[QuestionRow], list[ItemRow]] | None:
    """Return tables as the questionnaire's rules read them; None while a cell cannot be read."""
    try:
        questions = [QuestionRow.from_row(row) for row in tables["questions.csv"]]
    except ValueError:
        return None
    return questions, [ItemRow.from_row(row) for row in tables["catalogue.csv"]]


def _listed(
    said: Mapping[str, Any], questions: Sequence[QuestionRow], items: Sequence[ItemRow]
) -> set[str]:
    """Return the codes of the items that a project with these answers has or may have."""
    try:
        facts = questionnaire.derive(said, questions)
        return {item.code for item in questionnaire.applicable(items, facts)}
    except ValueError:
        return set()
