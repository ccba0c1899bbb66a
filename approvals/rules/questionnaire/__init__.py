"""From answers to facts, from facts to items and papers. Pure: rows in, decisions out."""

from approvals.rules.questionnaire.answers import (
    Answer,
    Facts,
    Reason,
    asked,
    derive,
    eligibility,
    faults_in,
    unanswered,
    undecided,
)
from approvals.rules.questionnaire.items import Applied, ItemRow, LeftOut, applicable, left_out
from approvals.rules.questionnaire.papers import (
    MaterialNeed,
    MaterialRow,
    Use,
    materials_for,
)
from approvals.rules.questionnaire.rows import Effect, QuestionRow, parse_effects

__all__ = [
    "Answer",
    "Applied",
    "Effect",
    "Facts",
    "ItemRow",
    "LeftOut",
    "MaterialNeed",
    "MaterialRow",
    "QuestionRow",
    "Reason",
    "Use",
    "applicable",
    "asked",
    "derive",
    "eligibility",
    "faults_in",
    "left_out",
    "materials_for",
    "parse_effects",
    "unanswered",
    "undecided",
]
