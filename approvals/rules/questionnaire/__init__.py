"""From answers to facts, from facts to items and papers. Pure: rows in, decisions out."""

from approvals.rules.questionnaire.answers import (
    Answer,
    Effect,
    Facts,
    QuestionRow,
    Reason,
    asked,
    derive,
    eligibility,
    faults_in,
    parse_effects,
    unanswered,
    undecided,
)
from approvals.rules.questionnaire.items import Applied, ItemRow, applicable
from approvals.rules.questionnaire.papers import (
    MaterialNeed,
    MaterialRow,
    Use,
    materials_for,
)

__all__ = [
    "Answer",
    "Applied",
    "Effect",
    "Facts",
    "ItemRow",
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
    "materials_for",
    "parse_effects",
    "unanswered",
    "undecided",
]
