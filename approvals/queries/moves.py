"""The stages a case has stood in, from its ledger: other things in the same book change their states, too."""

import json

from approvals.stages import Stage
from core.ledger.models import Entry
from core.ledger.queries import entries_of


def moves_of(book_id: int) -> list[tuple[Entry, str]]:
    """Return the entries by which the case itself went on, oldest first, each with the stage it came to: one query.

    Opinions and notices write into the case's book whence they came, too; none of their states is a stage of a case.
    """
    entries = entries_of(book_id).filter(payload__contains='"came_from":').order_by("sequence")
    said = [(entry, json.loads(entry.payload)) for entry in entries]
    return [
        (entry, one["stage"])
        for entry, one in said
        if one.get("came_from") in Stage.values and one.get("stage") in Stage.values
    ]
