"""An edition of the catalogue in words, for any reader: items by class, what may stand in a cell, conditions."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.models import CatalogueEdition, CatalogueItem
from approvals.models.catalogue import in_page_language
from approvals.queries import catalogue_of
from approvals.rules.citing import in_words as cited
from approvals.rules.conditions import Condition, Use, parse
from approvals.rules.questionnaire import QuestionRow
from approvals.stages import Gravity, ItemClass, NeededBy, StartGate, ToleranceModel
from core.steps.templatetags.look import span

YES_NO = {"yes": gettext_lazy("是"), "no": gettext_lazy("否")}
VALUES: dict[str, dict[str, Any]] = {
    "class": dict(ItemClass.choices),
    "statutory_unit": {"working_day": gettext_lazy("工作日"), "natural_day": gettext_lazy("自然日")},
    "red_line": {
        "yes": gettext_lazy("有，未经批准不得开工"),
        "conditional": gettext_lazy("视情形"),
        "no": gettext_lazy("无"),
    },
    "opinion_default": {
        "yes": gettext_lazy("视同无异议"),
        "if_condition_absent": gettext_lazy("条件事实不成立时视同无异议，否则转督办"),
        "escalate": gettext_lazy("转督办，不视为同意"), "none": gettext_lazy("政府出具的技术成果，无须表态"),
    },
    "start_gate": {
        **dict(StartGate.choices),
        "paper_on_commitment_if_condition": gettext_lazy("条件事实成立时凭承诺当即出具文书，否则承诺经公示"),
        "prior_approval_if_condition": gettext_lazy("条件事实成立时事先取得批准，否则承诺经公示"),
    },
    "tolerance_model": dict(ToleranceModel.choices),
    "form": {"original": gettext_lazy("原件"), "copy": gettext_lazy("复印件"), "electronic": gettext_lazy("电子件")},
    "tolerable": YES_NO, "multiple": YES_NO, "safety": YES_NO,
    "severity": dict(Gravity.choices),
    "needed_by": dict(NeededBy.choices),
    "reported_by": {
        "start": gettext_lazy("开工报告"), "progress": gettext_lazy("进度报告"),
        "completion": gettext_lazy("竣工报告"),
    },
    "checked_when": {"construction": gettext_lazy("建设中"), "acceptance": gettext_lazy("竣工验收时")},
    "type": {"yes_no": gettext_lazy("是非题"), "choice": gettext_lazy("选择题")},
}  # fmt: skip


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
            "why": in_page_language(cited(question.why_zh), question.why_en),
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
