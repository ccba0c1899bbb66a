"""The questionnaire: which questions stand, what the answers say, and whether the scheme is open."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from django.utils.translation import gettext as _

from approvals.rules.conditions import UNKNOWN, UNSURE, FactValue, Truth, parse
from approvals.rules.questionnaire.rows import QuestionRow

Answer = bool | str | Sequence[str] | None
_NONE: Final = "none"
_condition = cache(parse)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the scheme is not open: the question, the words shown beside it, and what was answered."""

    kind: str
    fact: str
    condition: str
    why_zh: str
    why_en: str
    because: tuple[tuple[str, Answer], ...]


class Facts(Mapping[str, FactValue]):
    """What is known of a project. A fact never mentioned is UNKNOWN to a condition."""

    def __init__(
        self,
        values: Mapping[str, FactValue],
        questions: Iterable[QuestionRow] = (),
        answers: Mapping[str, Answer] | None = None,
        skipped: Collection[str] = (),
    ) -> None:
        self._values = dict(values)
        self._rows = {q.fact: q for q in questions}
        self._answers = dict(answers or {})
        self._skipped = frozenset(skipped)

    def __getitem__(self, fact: str) -> FactValue:
        return self._values[fact]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Facts({self._values!r})"

    def skipped(self, fact: str) -> bool:
        """Whether a question was not asked, for what was answered before."""
        return fact in self._skipped

    def because(self, text: str) -> tuple[tuple[str, Answer], ...]:
        """The questions, with their answers, that make the condition what it is.

        A question that was not asked answers nothing: the answers that spared it are named in its place.
        """
        found: dict[str, Answer] = {}
        for fact in _condition(text).deciding(self):
            row = self._rows.get(fact)
            if row is not None and row.order is None and row.derived_from:
                found.update(self.because(row.derived_from))
            elif row is not None and fact in self._skipped:
                found.update(self.because(row.asked_if))
            else:
                found[fact] = self._answers.get(fact)
        return tuple(found.items())


def derive(answers: Mapping[str, Answer], questions: Sequence[QuestionRow]) -> Facts:
    """All facts, asked and derived.

    An open question is UNKNOWN and so is "unsure"; a question that is not asked is answered no,
    whatever an earlier form may have left there.
    """
    ordered = _in_order(questions)
    values: dict[str, FactValue] = {}
    kept: dict[str, Answer] = {}
    skipped: set[str] = set()
    derived = [q for q in questions if q.order is None]
    for question in ordered:
        _settle(derived, values)
        stands = _condition(question.asked_if or "always").evaluate(values)
        if stands is False:
            values[question.fact] = frozenset() if question.multiple else False
            skipped.add(question.fact)
            continue
        answer = answers.get(question.fact)
        kept[question.fact] = answer
        values[question.fact] = _value(question, answer)
    _settle(derived, values)
    return Facts(values, questions, kept, skipped)


def _settle(derived: Sequence[QuestionRow], values: dict[str, FactValue]) -> None:
    """Derive what can be derived so far; a derived fact may rest on another one, and once it is known it stays."""
    moved = True
    while moved:
        moved = False
        for row in derived:
            if values.setdefault(row.fact, UNKNOWN) is UNKNOWN:
                truth = _condition(row.derived_from).evaluate(values)
                if truth is not None:
                    values[row.fact], moved = truth, True


def _value(question: QuestionRow, answer: Answer) -> FactValue:
    if answer is None or answer in ("", UNSURE):
        return UNKNOWN
    if question.multiple:
        chosen = [answer] if isinstance(answer, str) else answer
        chosen = chosen if isinstance(chosen, Sequence) else []
        return frozenset(chosen) if chosen else UNKNOWN
    if isinstance(answer, bool):
        return answer
    [one] = [answer] if isinstance(answer, str) else answer[:1] or [UNSURE]
    if one == UNSURE:
        return UNKNOWN
    return one == "yes" if question.type == "yes_no" else one


def asked(questions: Sequence[QuestionRow], answers: Mapping[str, Answer]) -> list[QuestionRow]:
    """The questions that stand under these answers, answered or not, in order.

    A question whose condition rests on an open question waits for it, and what an earlier form left there counts for
    nothing; where that was answered "unsure" it is asked. The list ends where the answers show that the scheme is not
    open: more answers only add to what is known, so without a reason under all of them there was none on the way.
    """
    given, ordered = dict(answers), _in_order(questions)
    while True:
        facts = derive(given, questions)
        waits = {q.fact for q in ordered if _waits(q, facts, given)}
        left_over = [fact for fact in waits if given.get(fact) not in (None, "")]
        if not left_over:
            break
        for fact in left_over:
            del given[fact]
    standing = [q for q in ordered if q.fact not in waits and not facts.skipped(q.fact)]
    return (
        standing if not eligibility(questions, facts) else _until_closed(questions, standing, given)
    )


def _waits(question: QuestionRow, facts: Facts, given: Mapping[str, Answer]) -> bool:
    """Whether nobody knows yet if a question is asked, for want of an answer to an earlier one."""
    if not question.asked_if or _condition(question.asked_if).evaluate(facts) is not None:
        return False
    return any(given.get(fact) in (None, "") for fact, _said in facts.because(question.asked_if))


def _until_closed(
    questions: Sequence[QuestionRow], standing: list[QuestionRow], given: Mapping[str, Answer]
) -> list[QuestionRow]:
    so_far: dict[str, Answer] = {}
    for place, question in enumerate(standing, start=1):
        so_far[question.fact] = given.get(question.fact)
        if eligibility(questions, derive(so_far, questions)):
            return standing[:place]
    return standing


def unanswered(
    questions: Sequence[QuestionRow], answers: Mapping[str, Answer]
) -> list[QuestionRow]:
    """The questions that stand and still wait for an answer; "unsure" is an answer."""
    return [q for q in asked(questions, answers) if answers.get(q.fact) in (None, "", [], ())]


def eligibility(questions: Sequence[QuestionRow], facts: Facts) -> list[Reason]:
    """The reasons why the scheme is not open to this project; empty where none is known."""
    return _reasons(questions, facts, True)


def undecided(questions: Sequence[QuestionRow], facts: Facts) -> list[Reason]:
    """The reasons that an open or unsure answer could still bring about."""
    return _reasons(questions, facts, None)


def _reasons(questions: Sequence[QuestionRow], facts: Facts, wanted: Truth) -> list[Reason]:
    return [
        Reason(
            kind=effect.kind,
            fact=question.fact,
            condition=effect.condition.text,
            why_zh=question.why_zh,
            why_en=question.why_en,
            because=facts.because(effect.condition.text),
        )
        for question in _in_order(questions)
        for effect in question.effects
        if effect.condition.evaluate(facts) is wanted
    ]


def faults_in(answers: Mapping[str, Answer], questions: Sequence[QuestionRow]) -> dict[str, str]:
    """What is wrong with the answers as given, by fact; empty where nothing is."""
    faults: dict[str, str] = {}
    for question in _in_order(questions):
        answer = answers.get(question.fact)
        if answer is None or answer == "" or isinstance(answer, bool):
            continue
        chosen = {answer} if isinstance(answer, str) else set(answer)
        if chosen - question.values:
            faults[question.fact] = _("所选答案不在选项之内")
        elif len(chosen) > 1 and not question.multiple:
            faults[question.fact] = _("此题只能选一项")
        elif len(chosen) > 1 and _NONE in chosen:
            faults[question.fact] = _("选了“均不涉及”就不能再选其他项")
    return faults


def _in_order(questions: Sequence[QuestionRow]) -> list[QuestionRow]:
    return sorted((q for q in questions if q.order is not None), key=lambda q: q.order or 0)
