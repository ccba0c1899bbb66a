"""The filing and everything in its file."""

from approvals.models.catalogue import (
    CatalogueClause,
    CatalogueEdition,
    CatalogueItem,
    CatalogueMaterial,
    CatalogueNode,
    Industry,
    Question,
    Region,
)
from approvals.models.checklist import ChecklistItem
from approvals.models.commitment import Change, Clause, Letter
from approvals.models.correction import CorrectionCase
from approvals.models.counter import Fetched
from approvals.models.credit import ApplicationBar, CreditBar
from approvals.models.filing import Filing
from approvals.models.later import LaterRequest
from approvals.models.limits import StageLimit
from approvals.models.materials import Gap, Material, MaterialFile
from approvals.models.people import Authority, DraftEdit, HandOver, PaperIntake
from approvals.models.service import Attempt
from approvals.models.standing import Standing, StandingFile

__all__ = [
    "ApplicationBar",
    "Attempt",
    "Authority",
    "CatalogueClause",
    "CatalogueEdition",
    "CatalogueItem",
    "CatalogueMaterial",
    "CatalogueNode",
    "Change",
    "ChecklistItem",
    "Clause",
    "CorrectionCase",
    "CreditBar",
    "DraftEdit",
    "Fetched",
    "Filing",
    "Gap",
    "HandOver",
    "Industry",
    "LaterRequest",
    "Letter",
    "Material",
    "MaterialFile",
    "PaperIntake",
    "Question",
    "Region",
    "StageLimit",
    "Standing",
    "StandingFile",
]
