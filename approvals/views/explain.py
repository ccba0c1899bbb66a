"""Why an item, a paper or a doubt is there, in the words of the questionnaire; the rows of a list."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from approvals.forms.questionnaire import as_given, choices_of, in_language
from approvals.models import CatalogueEdition, CatalogueItem, ChecklistItem, Filing, Material
from approvals.queries import Preview, catalogue_of, items_by_code
from approvals.rules.questionnaire import Answer, QuestionRow, Reason
from approvals.stages import ItemClass, MaterialState, NeededBy, OpinionDefault, StartGate
from core import clock
from core.steps.templatetags.look import span

SILENCE_MARKS = {
    OpinionDefault.DEEMED: "deemed_timeout",
    OpinionDefault.ESCALATE: "escalated",
    OpinionDefault.NONE: "none",
}


def questions_of(edition: CatalogueEdition) -> dict[str, QuestionRow]:
    """Return an edition's questions by their fact."""
    return {question.fact: question for question in catalogue_of(edition).questions}


def answer_words(question: QuestionRow, answer: Answer) -> str:
    """Return an answer as the person gave it."""
    given = as_given(question, answer)
    if given in (None, "", []):
        return _("尚未回答")
    named = {value: str(label) for value, label in choices_of(question)}
    chosen = given if isinstance(given, list | tuple) else [given]
    return _("、").join(named.get(str(value), str(value)) for value in chosen)


def answers_said(
    seen: Preview, edition: CatalogueEdition, given: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Return the questions that stand, each with its answer in words."""
    rows = questions_of(edition)
    return [
        {
            "key": in_language(q.question_zh, q.question_en),
            "value": answer_words(rows[q.fact], given.get(q.fact)),
        }
        for q in seen.asked
    ]


def because(pairs: Iterable[Any], questions: Mapping[str, QuestionRow]) -> list[str]:
    """Return the answers that decided, each as a sentence; empty for what every project has."""
    found = []
    for fact, answer in pairs:
        question = questions.get(fact)
        if question is None:
            continue
        said = {
            "question": in_language(question.question_zh, question.question_en),
            "answer": answer_words(question, answer),
        }
        found.append(_("因为您对“%(question)s”回答了“%(answer)s”") % said)
    return found


def reason_rows(
    reasons: Iterable[Reason], questions: Mapping[str, QuestionRow]
) -> list[dict[str, Any]]:
    """Return why the mechanism does not apply, or may not, each with the answers that say so."""
    return [
        {"why": in_language(r.why_zh, r.why_en), "because": because(r.because, questions)}
        for r in reasons
    ]


@dataclass
class Row:
    """One item of a list, served or still previewed."""

    code: str
    label: str
    department: str
    applies: bool | None
    red_line: bool
    silence: str
    silence_mark: str
    gate: str
    basis: str
    red_line_basis: str
    statutory: str
    promised: str
    because: list[str]
    materials: list[dict[str, Any]] = field(default_factory=list)
    item: ChecklistItem | None = None


def _statutory(item: CatalogueItem) -> str:
    days = item.statutory_days
    return span(days, item.statutory_unit) if days else _("法律未规定期限")


def _promised(item: CatalogueItem) -> str:
    """Say the promised limit; a reference from another place is not passed off as ours."""
    if not item.promised_days:
        return _("待县公布")
    return _("%(days)s（参考）") % {"days": span(item.promised_days, "working_day")}


def _row(catalogue: CatalogueItem, found: Any, questions: Mapping[str, QuestionRow]) -> Row:
    """Shape an item; `found` is an Applied of the rules or a ChecklistItem: both name the same facts."""
    day = timezone.localdate(clock.now())
    default = OpinionDefault(found.opinion_default)
    return Row(
        code=found.code,
        label=catalogue.label,
        department=catalogue.department.label_on(day),
        applies=found.applies,
        red_line=default == OpinionDefault.ESCALATE,
        silence=str(default.label),
        silence_mark=SILENCE_MARKS[default],
        gate=str(StartGate(found.start_gate).label),
        basis=catalogue.legal_basis,
        red_line_basis=catalogue.red_line_basis,
        statutory=_statutory(catalogue),
        promised=_promised(catalogue),
        because=because(found.because, questions),
    )


def _grouped(rows: list[tuple[str, Row]]) -> list[dict[str, Any]]:
    by_class: dict[str, list[Row]] = defaultdict(list)
    for item_class, row in rows:
        by_class[item_class].append(row)
    return [
        {"label": kind.label, "rows": by_class[kind.value]}
        for kind in ItemClass
        if by_class[kind.value]
    ]


def preview_groups(seen: Preview, edition: CatalogueEdition) -> list[dict[str, Any]]:
    """Return the items that answers come to, by class."""
    catalogue, questions = items_by_code(edition), questions_of(edition)
    rows = [
        (catalogue[f.code].item_class, _row(catalogue[f.code], f, questions)) for f in seen.items
    ]
    by_code = {row.code: row for _kind, row in rows}
    for need in seen.papers:
        by_code[need.item_codes[0]].materials.append(
            {
                "name": in_language(need.name_zh, need.name_en),
                "when": NeededBy(need.needed_by).label,
                "tolerable": need.tolerable and not need.dependency,
                "looked_up": need.dependency,
                "certain": need.certain,
            }
        )
    return _grouped(rows)


def listed_groups(filing: Filing) -> list[dict[str, Any]]:
    """Return the items of a served list, by class, each with its papers."""
    questions = questions_of(filing.catalogue) if filing.catalogue else {}
    items = filing.items.select_related("item__department", "department").prefetch_related(
        "item__department__names"
    )
    rows = []
    for item in items:
        row = _row(item.item, item, questions)
        row.item = item
        rows.append((item.item_class, row))
    by_code = {row.code: row for _kind, row in rows}
    for paper in filing.materials.exclude(state=MaterialState.VOID):
        if paper.item_codes:  # what was asked for outside the list belongs to no item of it
            by_code[paper.item_codes[0]].materials.append(_paper(paper))
    return _grouped(rows)


def _paper(paper: Material) -> dict[str, Any]:
    return {
        "name": str(paper),
        "when": paper.get_needed_by_display(),
        "tolerable": paper.tolerable,
        "looked_up": paper.state == MaterialState.DEPENDENCY,
        "certain": True,
    }
