"""The rows of an edition of the catalogue, written from its tables: of a pack, and of a draft that is adopted."""

from accounts.models import Organisation
from approvals.models import (
    CatalogueClause,
    CatalogueEdition,
    CatalogueItem,
    CatalogueMaterial,
    CatalogueNode,
    Question,
)
from approvals.stages import ToleranceModel
from desk.models import EditionTables
from desk.rules.pack.catalogue import Tables, stored
from desk.rules.pack.tables import Row, split
from desk.stages import EditionOrigin


def write_catalogue(
    edition: CatalogueEdition, tables: Tables, *, origin: EditionOrigin, reason: str = "",
    revokes: CatalogueEdition | None = None,
) -> None:  # fmt: skip
    """Save an edition with its items, materials, clauses, questions and nodes, and its tables as they came."""
    edition.save()
    offices = {o.code: o for o in Organisation.objects.filter(code__in=_offices(tables))}
    items = {row["code"]: _item(row, edition, offices) for row in tables["catalogue.csv"]}
    for row in tables["catalogue.csv"]:
        items[row["code"]].save()
        items[row["code"]].co_departments.set(offices[c] for c in split(row["co_departments"]))
    CatalogueMaterial.objects.bulk_create(_material(row, items) for row in tables["materials.csv"])
    CatalogueClause.objects.bulk_create(
        _clause(row, items, offices) for row in tables["clauses.csv"]
    )
    Question.objects.bulk_create(
        Question(
            edition=edition,
            fact=row["fact"],
            row=dict(row),
            order=int(row["order"]) if row["order"] else None,
        )
        for row in tables["questions.csv"]
    )
    CatalogueNode.objects.bulk_create(_node(row, edition) for row in tables["nodes.csv"])
    EditionTables.objects.create(
        edition=edition, tables=stored(tables), origin=origin, reason=reason, revokes=revokes
    )


def _node(row: Row, edition: CatalogueEdition) -> CatalogueNode:
    return CatalogueNode(
        edition=edition,
        code=row["code"],
        order=int(row["order"]),
        name=row["name_zh"],
        name_en=row["name_en"],
        reported_by=row["reported_by"],
        evidence=row["evidence_zh"],
        source=row["source"],
        certainty=row["certainty"],
    )


def _offices(tables: Tables) -> set[str]:
    found = {row["checked_by"] for row in tables["clauses.csv"]}
    for row in tables["catalogue.csv"]:
        found |= {row["department_code"], *split(row["co_departments"])}
    return found


def _item(row: Row, edition: CatalogueEdition, offices: dict[str, Organisation]) -> CatalogueItem:
    return CatalogueItem(
        edition=edition,
        code=row["code"],
        name=row["name_zh"],
        name_en=row["name_en"],
        item_class=row["class"],
        department=offices[row["department_code"]],
        legal_basis=row["legal_basis_zh"],
        statutory_days=_number(row["statutory_days"]),
        statutory_unit=row["statutory_unit"],
        promised_days=_number(row["promised_days"]),
        red_line=row["red_line"],
        red_line_basis=row["red_line_basis"],
        applies_if=row["applies_if"],
        opinion_default=row["opinion_default"],
        condition_fact=row["condition_fact"],
        start_gate=row["start_gate"],
        silence_note=row["silence_note"],
        note=row["note"],
        source=row["source"],
        certainty=row["certainty"],
        legal_certainty=row["legal_certainty"],
        default_basis=row["default_basis"],
        default_approver=row["default_approver"],
        tolerance_model=row.get("tolerance_model") or ToleranceModel.COMPLETE,
    )


def _material(row: Row, items: dict[str, CatalogueItem]) -> CatalogueMaterial:
    return CatalogueMaterial(
        item=items[row["item_code"]],
        name=row["name_zh"],
        name_en=row["name_en"],
        form=row["form"],
        copies=int(row["copies"]),
        tolerable=row["tolerable"] == "yes",
        hint=row["template_hint"],
        needed_by=row["needed_by"],
        produced_by=row["produced_by"],
        only_if=row["only_if"],
        certainty=row["certainty"],
    )


def _clause(
    row: Row, items: dict[str, CatalogueItem], offices: dict[str, Organisation]
) -> CatalogueClause:
    return CatalogueClause(
        item=items[row["item_code"]],
        number=row["number"],
        text=row["text_zh"],
        text_en=row["text_en"],
        standard=row["standard_zh"],
        checked_when=row["checked_when"],
        checked_by=offices[row["checked_by"]],
        certainty=row["certainty"],
        how=row.get("how_zh", ""),
        evidence=row.get("evidence_zh", ""),
        severity=row.get("severity", ""),
        safety=row.get("safety") == "yes",
    )


def _number(text: str) -> int | None:
    return int(text) if text else None
