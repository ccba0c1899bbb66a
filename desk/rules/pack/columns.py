"""The columns of every CSV file of a county pack, and what each may hold."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from desk.rules.pack.tables import Cell, Table
from public_notice.stages import Matter, OpenEvent


def one_of(*values: str, required: bool = True, several: bool = False) -> Cell:
    return Cell(required=required, allowed=frozenset(values), several=several)


def text(longest: int, *, required: bool = True) -> Cell:
    return Cell(required=required, longest=longest)


def word(longest: int, *, required: bool = True) -> Cell:
    return Cell(required=required, longest=longest, word=True)


TEXT: Final = Cell()
FREE: Final = Cell(required=False)
YES_NO: Final = one_of("yes", "no")
CERTAINTY: Final = one_of("A", "B", "C", "D", "I")
YEAR: Final = Cell(required=False, least=1949)
POSITIVE: Final = Cell(least=1)
MAYBE_POSITIVE: Final = Cell(required=False, least=1)
NEEDED_BY: Final = one_of("intake", "prereview", "paper", "acceptance")
NO_NODES: Final = _("报告开工时不问建设节点；补上这张表再载入，从新的清单版次起才有节点")
NODES: Final = Table("nodes.csv", ("code",), {
    "code": word(8), "order": POSITIVE, "name_zh": text(40), "name_en": text(80),
    "reported_by": one_of("start", "progress", "completion"), "evidence_zh": text(200, required=False),
    "source": TEXT, "certainty": CERTAINTY,
}, may_be_empty=True, lacking=NO_NODES)  # fmt: skip
TABLES: Final = (
    Table(
        "regions.csv",
        ("code",),
        {
            "code": TEXT,
            "name_zh": TEXT,
            "name_en": TEXT,
            "level": one_of("province", "prefecture", "county", "town", "township", "urban_area"),
            "parent_code": FREE,
            "first_edition_seen": Cell(required=False, dated=True),
            "last_edition_seen": Cell(required=False, dated=True),
            "source": TEXT,
            "certainty": CERTAINTY,
        },
    ),
    Table(
        "departments.csv",
        ("code",),
        {
            "code": TEXT,
            "name_zh": TEXT,
            "name_zh_2018": FREE,
            "name_en": TEXT,
            "name_2018_valid_from": YEAR,
            "name_2018_valid_to": YEAR,
            "name_valid_from": YEAR,
            "name_valid_to": YEAR,
            "roles": one_of(
                "window",
                "lead",
                "reviewer",
                "supervisor",
                "decider",
                "acceptance_lead",
                several=True,
            ),
            "source": TEXT,
            "certainty": CERTAINTY,
            "led_from_above_since": YEAR,
        },
        optional=("led_from_above_since",),
    ),
    Table(
        "industries.csv",
        ("section", "edition_year"),
        {
            "section": TEXT,
            "name_zh": TEXT,
            "name_en": TEXT,
            "division_from": POSITIVE,
            "division_to": POSITIVE,
            "edition_year": Cell(least=1949),
            "source": TEXT,
            "certainty": CERTAINTY,
        },
    ),
    Table(
        "questions.csv",
        ("fact",),
        {
            "fact": word(40),
            "question_zh": TEXT,
            "question_en": TEXT,
            "type": one_of("yes_no", "choice"),
            "choices": FREE,
            "why_zh": FREE,
            "why_en": FREE,
            "asked_if": FREE,
            "order": MAYBE_POSITIVE,
            "eligibility_effect": FREE,
            "multiple": YES_NO,
            "derived_from": FREE,
            "certainty": CERTAINTY,
        },
    ),
    Table(
        "catalogue.csv",
        ("code",),
        {
            "code": word(8),
            "name_zh": text(120),
            "name_en": text(200),
            "class": one_of("service", "commitment", "retained"),
            "department_code": TEXT,
            "legal_basis_zh": TEXT,
            "statutory_days": MAYBE_POSITIVE,
            "statutory_unit": one_of("working_day", "natural_day", required=False),
            "promised_days": MAYBE_POSITIVE,
            "red_line": one_of("yes", "conditional", "no"),
            "red_line_basis": FREE,
            "applies_if": text(200),
            "opinion_default": one_of("yes", "if_condition_absent", "escalate", "none"),
            "condition_fact": text(40, required=False),
            "start_gate": one_of(
                "service_done",
                "commitment",
                "paper_on_commitment",
                "paper_on_commitment_if_condition",
                "prior_approval",
                "prior_approval_if_condition",
            ),
            "source": text(80),
            "certainty": CERTAINTY,
            "co_departments": FREE,
            "silence_note": FREE,
            "legal_certainty": CERTAINTY,
            "note": FREE,
            "default_basis": text(200, required=False),
            "default_approver": text(120, required=False),
            "tolerance_model": one_of("1", "2", required=False),
        },
        optional=("tolerance_model",),
    ),
    Table(
        "materials.csv",
        ("item_code", "name_zh"),
        {
            "item_code": TEXT,
            "name_zh": text(200),
            "name_en": text(300),
            "form": one_of("original", "copy", "electronic"),
            "copies": POSITIVE,
            "tolerable": YES_NO,
            "template_hint": FREE,
            "source": TEXT,
            "certainty": CERTAINTY,
            "needed_by": NEEDED_BY,
            "produced_by": text(40, required=False),
            "only_if": text(120, required=False),
        },
    ),
    Table(
        "documents.csv",
        ("code",),
        {
            "code": TEXT,
            "name_zh": TEXT,
            "name_en": TEXT,
            "issuer": TEXT,
            "recipient": TEXT,
            "stage": TEXT,
            "required_fields": TEXT,
            "number_series": FREE,
            "public": YES_NO,
            "source": TEXT,
            "certainty": CERTAINTY,
        },
    ),
    Table(
        "rulebook.csv",
        ("id",),
        {
            "id": TEXT,
            "group": one_of("statute_or_source", "county_default"),
            "name_zh": TEXT,
            "name_en": TEXT,
            "value": TEXT,
            "unit": TEXT,
            "starts_at": TEXT,
            "bound": one_of("max", "min", "fixed", required=False),
            "within": FREE,
            "basis": TEXT,
            "certainty": CERTAINTY,
            "configurable": YES_NO,
            "note": FREE,
        },
    ),
    Table(
        "excuses.csv",
        ("name_zh",),
        {
            "name_zh": TEXT,
            "name_en": TEXT,
            "basis": TEXT,
            "certainty": CERTAINTY,
            "note": FREE,
        },
    ),
    Table(
        "survey.csv",
        ("topic", "department_code"),
        {
            "topic": word(20),
            "question_zh": text(120),
            "question_en": text(200),
            "department_code": TEXT,
            "item_codes": FREE,
            "substantive": YES_NO,
            "basis": text(120),
            "source": TEXT,
            "certainty": CERTAINTY,
            "asker_certainty": CERTAINTY,
            "note": FREE,
        },
    ),
    Table(
        "clauses.csv",
        ("item_code", "number"),
        {
            "item_code": TEXT,
            "number": POSITIVE,
            "text_zh": TEXT,
            "text_en": TEXT,
            "standard_zh": TEXT,
            "checked_when": one_of("construction", "acceptance"),
            "checked_by": TEXT,
            "certainty": CERTAINTY,
            "how_zh": text(120, required=False),
            "evidence_zh": text(200, required=False),
            "severity": one_of("minor", "general", "serious", required=False),
            "safety": one_of("yes", "no", required=False),
        },
        optional=("how_zh", "evidence_zh", "severity", "safety"),
    ),
    NODES,
    Table(
        "openness.csv",
        ("code",),
        {
            "code": word(8),
            "kind": one_of(*Matter.values),
            "name_zh": text(120),
            "name_en": text(200),
            "content_zh": text(500),
            "content_en": text(800),
            "publisher": TEXT,
            "form_zh": text(120),
            "form_en": text(200),
            "event": one_of(*OpenEvent.values, required=False),
            "rule": FREE,
            "address": FREE,
            "basis": text(200),
            "source": TEXT,
            "certainty": CERTAINTY,
        },
    ),
    Table(
        "mailbox.csv",
        ("code",),
        {
            "code": word(12),
            "name_zh": text(40),
            "name_en": text(80),
            "complaint": YES_NO,
            "source": TEXT,
            "certainty": CERTAINTY,
        },
    ),
    Table(
        "satisfaction.csv",
        ("code",),
        {
            "code": word(8),
            "text_zh": text(200),
            "text_en": text(300),
            "overall": YES_NO,
            "source": TEXT,
            "certainty": CERTAINTY,
        },
    ),
)
