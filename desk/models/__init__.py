"""What the desk itself keeps: words of the ladder, drafts of the catalogue, packs of evidence, filings from before."""

from desk.models.catalogue import CatalogueDraft, DraftChange, EditionTables
from desk.models.evidence import EvidencePack
from desk.models.ladder import Raised, Round
from desk.models.past import PastBatch, PastFiling
from desk.models.sheet_tasks import SheetTask

__all__ = [
    "CatalogueDraft",
    "DraftChange",
    "EditionTables",
    "EvidencePack",
    "PastBatch",
    "PastFiling",
    "Raised",
    "Round",
    "SheetTask",
]
