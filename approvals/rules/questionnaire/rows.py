"""The rows of questions.csv: what is asked, what can be answered, and what an answer does to eligibility."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from django.utils.translation import gettext as _

from approvals.rules.conditions import Condition, ConditionError, parse

_NOT_ELIGIBLE: Final = "not_eligible"


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What an answer does to eligibility; `column` is where its condition begins in the cell."""

    kind: str
    condition: Condition
    column: int


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One row of questions.csv; `order` is None for a derived fact, which is never asked."""

    fact: str
    question_zh: str
    question_en: str
    type: str
    choices: tuple[Choice, ...]
    why_zh: str
    why_en: str
    asked_if: str
    order: int | None
    eligibility_effect: str
    multiple: bool
    derived_from: str

    @classmethod
    def from_row(cls, row: Mapping[str, str]) -> QuestionRow:
        """Raises ConditionError or ValueError on a bad cell."""
        return cls(
            fact=row["fact"],
            question_zh=row["question_zh"],
            question_en=row["question_en"],
            type=row["type"],
            choices=parse_choices(row["choices"]),
            why_zh=row["why_zh"],
            why_en=row["why_en"],
            asked_if=row["asked_if"],
            order=int(row["order"]) if row["order"] else None,
            eligibility_effect=row["eligibility_effect"],
            multiple=row["multiple"] == "yes",
            derived_from=row["derived_from"],
        )

    @property
    def effects(self) -> tuple[Effect, ...]:
        return parse_effects(self.eligibility_effect)

    @property
    def values(self) -> frozenset[str]:
        if self.type == "yes_no":
            return frozenset({"yes", "no"})
        return frozenset(choice.value for choice in self.choices)


def parse_choices(text: str) -> tuple[Choice, ...]:
    """`value=中文|English; …`. Raises ValueError on a choice without all three."""
    choices: list[Choice] = []
    for part in filter(None, (p.strip() for p in text.split(";"))):
        value, equals, words = part.partition("=")
        zh, bar, en = words.partition("|")
        if not (equals and bar and value.strip() and zh.strip() and en.strip()):
            raise ValueError(_("选项“%(part)s”应写作 value=中文|English") % {"part": part})
        choices.append(Choice(value.strip(), zh.strip(), en.strip()))
    return tuple(choices)


@cache
def parse_effects(text: str) -> tuple[Effect, ...]:
    """`not_eligible if condition; …`. Raises ConditionError with the column inside the cell."""
    effects: list[Effect] = []
    begin = 0
    for part in text.split(";"):
        column = begin + len(part) - len(part.lstrip()) + 1
        begin += len(part) + 1
        if not part.strip():
            continue
        kind, word, condition = part.strip().partition(" if ")
        if kind != _NOT_ELIGIBLE or not word:
            raise ConditionError(column, _("应写作 not_eligible if 条件"))
        offset = column + len(kind) + len(word) - 1
        try:
            effects.append(Effect(kind, parse(condition), offset + 1))
        except ConditionError as error:
            raise ConditionError(offset + error.column, error.message) from error
    return tuple(effects)
