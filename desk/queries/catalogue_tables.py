"""An edition of the catalogue as the tables of a county pack, and what its next one is held against."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from accounts.models import County, Organisation, OrganisationName
from accounts.stages import Kind
from approvals.models import (
    CatalogueClause,
    CatalogueEdition,
    CatalogueItem,
    CatalogueMaterial,
    CatalogueNode,
    Question,
)
from core.documents.sheets import Sheet
from desk.models import CatalogueDraft, EditionTables
from desk.rules.pack.catalogue import FILES, TABLE_OF, Against, Tables, restored
from desk.rules.pack.redlines import CONDITIONAL, Spans
from desk.rules.pack.tables import Row
from desk.rules.pack.tolerance import grounds_of


def last_catalogue() -> CatalogueEdition | None:
    """Return the newest edition, in force or still to come; None before the county's pack is loaded."""
    return CatalogueEdition.objects.order_by("-number").first()


def tables_of(edition: CatalogueEdition) -> Tables:
    """Return an edition's tables; those of an edition loaded before they were kept are made from its rows."""
    kept = EditionTables.objects.filter(edition=edition).first()
    return restored(kept.tables) if kept is not None else _made_from(edition)


def tables_of_draft(draft: CatalogueDraft) -> Tables:
    """Return a draft's tables as they now are."""
    return restored(draft.tables)


def against(base: Tables | None) -> Against:
    """Return what a draft is held against; `base` is the edition before it."""
    county = County.objects.get()
    return Against(base, departments(), grounds_of(county.profile))


def departments() -> Spans:
    """Return the departments by code, each with the days of its names."""
    found: dict[str, list[tuple[date, date | None]]] = defaultdict(list)
    for code in Organisation.objects.filter(kind=Kind.DEPARTMENT).values_list("code", flat=True):
        found[code] = []
    names = OrganisationName.objects.filter(organisation__kind=Kind.DEPARTMENT)
    for code, first, last in names.values_list("organisation__code", "valid_from", "valid_to"):
        found[code].append((first, last))
    return dict(found)


def _made_from(edition: CatalogueEdition) -> Tables:
    """A material's source was not kept in its row; everything else is as it was loaded."""
    items = edition.items.select_related("department").prefetch_related("co_departments")
    of_edition = {"item__edition": edition}
    materials = CatalogueMaterial.objects.filter(**of_edition).select_related("item").order_by("pk")
    clauses = CatalogueClause.objects.filter(**of_edition).select_related("item", "checked_by")
    questions = Question.objects.filter(edition=edition).order_by("pk")
    return {
        "catalogue.csv": [_item(item) for item in items],
        "materials.csv": [_material(row) for row in materials],
        "clauses.csv": [_clause(row) for row in clauses.order_by("pk")],
        "questions.csv": [Row(question.row) for question in questions],
        "nodes.csv": [_node(node) for node in edition.nodes.all()],
    }


def _item(item: CatalogueItem) -> Row:
    same = (
        "statutory_unit", "red_line", "red_line_basis", "applies_if", "opinion_default", "condition_fact",
        "start_gate", "source", "certainty", "silence_note", "legal_certainty", "note", "default_basis",
        "default_approver",
    )  # fmt: skip
    return Row(
        code=item.code, name_zh=item.name, name_en=item.name_en, **{"class": item.item_class},
        department_code=item.department.code, legal_basis_zh=item.legal_basis,
        statutory_days=_text(item.statutory_days), promised_days=_text(item.promised_days),
        co_departments=";".join(sorted(one.code for one in item.co_departments.all())),
        **{column: getattr(item, column) for column in same},
        # The rule is written down nowhere in older tables, so only what departs from it is.
        **({"tolerance_model": item.tolerance_model} if item.tolerance_model == CONDITIONAL else {}),
    )  # fmt: skip


def _material(row: CatalogueMaterial) -> Row:
    return Row(
        item_code=row.item.code, name_zh=row.name, name_en=row.name_en, form=row.form,
        copies=str(row.copies), tolerable="yes" if row.tolerable else "no", template_hint=row.hint,
        source="未留存", certainty=row.certainty, needed_by=row.needed_by,
        produced_by=row.produced_by, only_if=row.only_if,
    )  # fmt: skip


def _clause(row: CatalogueClause) -> Row:
    return Row(
        item_code=row.item.code, number=row.number, text_zh=row.text, text_en=row.text_en,
        standard_zh=row.standard, checked_when=row.checked_when, checked_by=row.checked_by.code,
        certainty=row.certainty, **_checked_how(row),
    )  # fmt: skip


def _node(row: CatalogueNode) -> Row:
    return Row(
        code=row.code, order=str(row.order), name_zh=row.name, name_en=row.name_en, reported_by=row.reported_by,
        evidence_zh=row.evidence, source=row.source, certainty=row.certainty,
    )  # fmt: skip


def _checked_how(row: CatalogueClause) -> dict[str, str]:
    """Return what older tables do not say, where it is said."""
    said = {
        "how_zh": row.how, "evidence_zh": row.evidence, "severity": row.severity,
        "safety": "yes" if row.safety else "no",
    }  # fmt: skip
    return {column: text for column, text in said.items() if text}


def _text(number: int | None) -> str:
    return "" if number is None else str(number)


def sheets_of(tables: Tables, names: Mapping[str, str]) -> list[Sheet]:
    """Return tables as the sheets of a workbook, with the headings and values of the pack's files."""
    made = []
    for file in FILES:
        heads = TABLE_OF[file].offered(tables[file])
        rows = [[row.get(head, "") for head in heads] for row in tables[file]]
        made.append(Sheet(names[file], heads, rows))
    return made
