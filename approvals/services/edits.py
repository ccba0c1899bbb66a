"""几人同改一份草稿: nobody writes over what another has changed since the page was opened, unless they have seen it."""

from datetime import datetime
from typing import Any

from accounts.models import Membership
from approvals.models import DraftEdit, Filing
from approvals.queries.edits import changed_since, draft_number, edit_in_words
from core.notify.words import said as _
from core.steps.reasons import NotNow


class Stale(NotNow):
    """Somebody else has changed the same part since; the sentences say who, when and what. Nothing was saved."""


def refuse_stale(filing: Filing, base: int | None, part: str, *, by: Membership) -> None:
    """Raise Stale where another person has changed this part of the draft since the change numbered `base`.

    Who sends no `base` says that they do not build on what they have seen. The caller holds the lock.
    """
    if base is None:
        return
    if others := changed_since(filing, base, part, by):
        said = [edit_in_words(one, filing) for one in others]
        raise Stale([*said, _("这次没有保存；您填的都还在。核对以后，可以以本页为准再保存。")])


def note_edit(
    filing: Filing, part: str, changes: dict[str, Any], *, by: Membership, at: datetime
) -> None:
    """Keep who changed what to what; nothing where nothing was changed. The caller holds the lock."""
    if changes:
        number = draft_number(filing) + 1
        DraftEdit.objects.create(
            filing=filing, number=number, part=part, by=by, at=at, changes=changes
        )
