"""The guided questionnaire as a form: the questions that stand, each with why it is asked."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.html import escape

from approvals.models.catalogue import in_page_language
from approvals.queries.answers import as_given, choices_of
from approvals.rules.citing import in_words
from approvals.rules.questionnaire import Answer, QuestionRow, faults_in


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
            "label": in_page_language(question.question_zh, question.question_en),
            "help_text": escape(in_page_language(in_words(question.why_zh), question.why_en)),
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
