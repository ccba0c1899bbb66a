"""What the desk itself keeps: what the ladder has said, drafts of the catalogue, filings from before the system."""

from desk.models.catalogue import CatalogueDraft, DraftChange, EditionTables
from desk.models.ladder import Raised, Round
from desk.models.past import PastBatch, PastFiling
from desk.models.sheet_tasks import SheetTask

__all__ = [
    "CatalogueDraft",
    "DraftChange",
    "EditionTables",
    "PastBatch",
    "PastFiling",
    "Raised",
    "Round",
    "SheetTask",
]
