"""The catalogue for those who keep it: its editions, the items of one in words, and whom a new one would touch."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from approvals.models import CatalogueEdition, CatalogueItem, Filing
from approvals.models.catalogue import in_page_language
from approvals.queries import catalogue_of
from approvals.rules import questionnaire
from approvals.rules.conditions import Condition, Use, parse
from approvals.rules.questionnaire import ItemRow, QuestionRow
from approvals.stages import ItemClass, Stage
from core.steps.templatetags.look import span
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


# — an edition in words ——————————————————————————————————————————————————————————————————


def items_by_class(edition: CatalogueEdition, day: date, code: str = "") -> list[dict[str, Any]]:
    """Return the items of an edition (or the one of a code) by class, with departments as named on a day and in words.

    The same number of statements whatever the edition holds.
    """
    questions = {question.fact: question for question in catalogue_of(edition).questions}
    found: dict[str, list[CatalogueItem]] = defaultdict(list)
    rows = edition.items.select_related("department").prefetch_related(
        "department__names", "co_departments__names", "materials", "clauses__checked_by__names"
    )
    for item in rows.filter(code=code) if code else rows:
        bodies = [item.department, *item.co_departments.all()]
        item.offices = [body.label_on(day) for body in bodies]  # type: ignore[attr-defined]
        if item.statutory_days:
            item.statutory = span(item.statutory_days, item.statutory_unit)  # type: ignore[attr-defined]
        if item.promised_days:
            item.promised = span(item.promised_days, "working_day")  # type: ignore[attr-defined]
        item.applies = in_words(item.applies_if, questions)  # type: ignore[attr-defined]
        item.condition = in_words(item.condition_fact, questions)  # type: ignore[attr-defined]
        for clause in item.clauses.all():
            clause.office = clause.checked_by.label_on(day)  # type: ignore[attr-defined]
        for paper in item.materials.all():
            paper.only = in_words(paper.only_if, questions)  # type: ignore[attr-defined]
        found[item.item_class].append(item)
    return [{"label": kind.label, "rows": found[kind]} for kind in ItemClass if found[kind]]


def negative_list(edition: CatalogueEdition) -> list[dict[str, str]]:
    """Return the questions that make a project not eligible: which answers do, why, and how certain that is."""
    questions = {question.fact: question for question in catalogue_of(edition).questions}
    rows = {row.fact: row.row for row in edition.questions.all()}
    return [
        {
            "question": in_page_language(question.question_zh, question.question_en),
            "answers": _("；或者").join(words(e.condition, questions) for e in question.effects),
            "why": in_page_language(question.why_zh, question.why_en),
            "certainty": rows[question.fact].get("certainty", ""),
        }
        for question in questions.values()
        if question.eligibility_effect
    ]


def in_words(text: str, questions: Mapping[str, QuestionRow]) -> str:
    """Return a condition in the words of the questionnaire; empty for none."""
    return words(parse(text), questions) if text else ""


def words(condition: Condition, questions: Mapping[str, QuestionRow]) -> str:
    """Return a condition that was read in the words of the questionnaire."""
    parts = [
        _("并且").join(_term(term.use, term.negated, questions) for term in ands)
        for ands in condition.alternatives
    ]
    return _("；或者").join(parts)


def _term(use: Use | None, negated: bool, questions: Mapping[str, QuestionRow]) -> str:
    if use is None:
        return _("无") if negated else _("所有项目")
    question = questions.get(use.fact)
    said = in_page_language(question.question_zh, question.question_en) if question else use.fact
    no = use.negated != negated
    if use.value is None:
        return (_("不符合“%(said)s”") if no else _("符合“%(said)s”")) % {"said": said}
    choices = question.choices if question else ()
    label = next((in_page_language(c.zh, c.en) for c in choices if c.value == use.value), use.value)
    text = _("“%(said)s”不是“%(value)s”") if no else _("“%(said)s”是“%(value)s”")
    return text % {"said": said, "value": label}


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
