"""The questionnaire in words: what can be answered, what was, and why an item or a doubt is there."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.models import CatalogueEdition
from approvals.models.catalogue import in_page_language
from approvals.queries import Preview, catalogue_of
from approvals.rules.citing import in_words
from approvals.rules.questionnaire import Answer, QuestionRow, Reason

YES_NO = (("yes", gettext_lazy("是")), ("no", gettext_lazy("否")))


def questions_of(edition: CatalogueEdition) -> dict[str, QuestionRow]:
    """Return an edition's questions by their fact."""
    return {question.fact: question for question in catalogue_of(edition).questions}


def choices_of(question: QuestionRow) -> list[tuple[str, Any]]:
    """Return what can be answered."""
    if question.type == "yes_no":
        return list(YES_NO)
    return [(choice.value, in_page_language(choice.zh, choice.en)) for choice in question.choices]


def as_given(question: QuestionRow, answer: Answer) -> Any:
    """Return a kept answer as its field shows it."""
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    if question.multiple and isinstance(answer, str):
        return [answer] if answer else []
    return answer


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
            "key": in_page_language(q.question_zh, q.question_en),
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
            "question": in_page_language(question.question_zh, question.question_en),
            "answer": answer_words(question, answer),
        }
        found.append(_("因为您对“%(question)s”回答了“%(answer)s”") % said)
    return found


def reason_rows(
    reasons: Iterable[Reason], questions: Mapping[str, QuestionRow]
) -> list[dict[str, Any]]:
    """Return why the mechanism does not apply, or may not, each with the answers that say so."""
    return [
        {
            "why": in_page_language(in_words(r.why_zh), r.why_en),
            "because": because(r.because, questions),
        }
        for r in reasons
    ]
