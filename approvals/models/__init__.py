"""The filing and everything in its file."""

from approvals.models.catalogue import (
    CatalogueClause,
    CatalogueEdition,
    CatalogueItem,
    CatalogueMaterial,
    Industry,
    Question,
    Region,
)
from approvals.models.checklist import ChecklistItem
from approvals.models.commitment import Change, Clause, Letter
from approvals.models.filing import CorrectionCase, Filing
from approvals.models.later import LaterRequest
from approvals.models.limits import StageLimit
from approvals.models.materials import Gap, Material, MaterialFile
from approvals.models.service import Attempt
from approvals.models.standing import Standing, StandingFile

__all__ = [
    "Attempt",
    "CatalogueClause",
    "CatalogueEdition",
    "CatalogueItem",
    "CatalogueMaterial",
    "Change",
    "ChecklistItem",
    "Clause",
    "CorrectionCase",
    "Filing",
    "Gap",
    "Industry",
    "LaterRequest",
    "Letter",
    "Material",
    "MaterialFile",
    "Question",
    "Region",
    "StageLimit",
    "Standing",
    "StandingFile",
]
