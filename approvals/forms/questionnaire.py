"""The guided questionnaire as a form: the questions that stand, each with why it is asked."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from approvals.rules.questionnaire import Answer, QuestionRow, faults_in

YES_NO = (("yes", _("是")), ("no", _("否")))


def in_language(zh: str, en: str) -> str:
    """Return the text in the language of the page."""
    return en if en and get_language() == "en" else zh


def choices_of(question: QuestionRow) -> list[tuple[str, Any]]:
    """Return what can be answered."""
    if question.type == "yes_no":
        return list(YES_NO)
    return [(choice.value, in_language(choice.zh, choice.en)) for choice in question.choices]


def as_given(question: QuestionRow, answer: Answer) -> Any:
    """Return a kept answer as its field shows it."""
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    if question.multiple and isinstance(answer, str):
        return [answer] if answer else []
    return answer


class QuestionnaireForm(forms.Form):
    """Nothing is required: what is open stays open, and the page says what it keeps back."""

    def __init__(
        self,
        *args: Any,
        questions: Sequence[QuestionRow],
        answers: Mapping[str, Answer],
        **kwargs: Any,
    ) -> None:
        self.questions = list(questions)
        kwargs["initial"] = {q.fact: as_given(q, answers.get(q.fact)) for q in self.questions}
        super().__init__(*args, **kwargs)
        for question in self.questions:
            self.fields[question.fact] = self._field(question)

    @staticmethod
    def _field(question: QuestionRow) -> forms.Field:
        said: dict[str, Any] = {
            "label": in_language(question.question_zh, question.question_en),
            "help_text": escape(in_language(question.why_zh, question.why_en)),
            "choices": choices_of(question),
            "required": False,
        }
        if question.multiple:
            return forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, **said)
        return forms.ChoiceField(widget=forms.RadioSelect, **said)

    def clean(self) -> dict[str, Any]:
        """Refuse answers that exclude each other."""
        given = super().clean() or {}
        for fact, fault in faults_in(given, self.questions).items():
            self.add_error(fact, fault)
        return given
