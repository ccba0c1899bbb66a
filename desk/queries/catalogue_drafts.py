"""What a draft of the catalogue comes to: its difference by direction, its faults, its reach, and its changes."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import get_language, gettext

from approvals.models import CatalogueEdition
from desk.models import CatalogueDraft
from desk.queries.catalogue import reach_of
from desk.queries.catalogue_tables import against, last_catalogue, tables_of, tables_of_draft
from desk.queries.catalogue_words import DIRECTIONS, TABLES, WHAT, column_words, value_words
from desk.rules.editions import EITHER, HEAVIER, LIGHTER, RowChange, difference, labels_of
from desk.rules.pack.catalogue import FILES, Tables, faults_in, name_of
from desk.rules.pack.faults import Fault
from desk.rules.pack.tables import Row
from desk.rules.rebase import Carried, Conflict, carry
from desk.stages import DraftState


def draft_page(draft: CatalogueDraft) -> dict[str, Any]:
    """Return everything a draft's page shows; a fixed number of statements."""
    base, tables = tables_of(draft.base), tables_of_draft(draft)
    changes = difference(base, tables)
    undecided = draft.state in (DraftState.OPEN, DraftState.PROPOSED)
    return {
        "draft": draft,
        "stale": stale(draft),
        "total": len(changes),
        "groups": grouped(changes),
        "faults": shown_faults(tables, _faults(draft, base, tables)) if undecided else [],
        "reach": reach_of(draft.base, tables, changes),
        "history": [_said(change) for change in draft.changes.select_related("by__user")],
        "tables": [table_rows(file, tables, changes) for file in FILES],
    }


def hands_of(draft: CatalogueDraft) -> set[int]:
    """Return the users who opened, changed or proposed a draft: none of them signs it."""
    found = set(draft.changes.values_list("by__user_id", flat=True))
    found |= {draft.opened_by.user_id}
    return found | ({draft.proposer_id} if draft.proposer_id else set())


def stale(draft: CatalogueDraft) -> CatalogueEdition | None:
    """Return the edition that came after an undecided draft was begun; None where it stands on the newest."""
    last = last_catalogue()
    undecided = draft.state in (DraftState.OPEN, DraftState.PROPOSED)
    return last if undecided and last is not None and last.pk != draft.base_id else None


def rebase_page(draft: CatalogueDraft, newest: CatalogueEdition) -> Carried:
    """Return what a draft comes to on a newer edition, nothing decided yet."""
    return carry(tables_of(draft.base), tables_of_draft(draft), tables_of(newest), {})


def both_ways(conflict: Conflict, number: int) -> tuple[str, str]:
    """Return how the two rows of a conflict read: the draft's, the edition's; only what differs."""
    draft = gettext("以草案为准：%(row)s") % {"row": _reads(conflict, conflict.ours)}
    said = {"number": number, "row": _reads(conflict, conflict.theirs)}
    return draft, gettext("以第%(number)s版为准：%(row)s") % said


def _reads(conflict: Conflict, row: Row | None) -> str:
    if row is None:
        return gettext("删除这一行")
    if not conflict.columns:
        return gettext("保留这一行")
    cells = [f"{column_words(c)}={value_words(c, row.get(c, ''))}" for c in conflict.columns]
    return gettext("；").join(cells)


def _faults(draft: CatalogueDraft, base: Tables, tables: Tables) -> list[Fault]:
    return faults_in(tables, against(base), draft.in_force_from)


def grouped(changes: Iterable[RowChange]) -> list[dict[str, Any]]:
    """Return changes by direction, each in words."""
    rows = [{"direction": change.direction, **in_words(change)} for change in changes]
    return [
        {"name": name or "other", "label": DIRECTIONS[name], "rows": found}
        for name in (HEAVIER, LIGHTER, EITHER)
        if (found := [row for row in rows if row["direction"] == name])
    ]


def in_words(change: RowChange) -> dict[str, Any]:
    """Return a change as a page shows it."""
    english = get_language() == "en" and change.label_en
    cells = [
        {
            "column": column_words(cell.column),
            "before": value_words(cell.column, cell.before),
            "after": value_words(cell.column, cell.after),
            "direction": DIRECTIONS[cell.direction] if cell.direction else "",
        }
        for cell in change.cells
    ]
    return {
        "table": TABLES[change.file],
        "what": WHAT[change.what],
        "label": change.label_en if english else change.label,
        "cells": cells,
    }


def shown_faults(tables: Tables, faults: Iterable[Fault]) -> list[dict[str, Any]]:
    """Return faults with the row that each is in."""
    rows = {(file, row.line): (file, row) for file, found in tables.items() for row in found}
    shown = []
    for fault in faults:
        place = rows.get((fault.file, fault.line))
        shown.append(
            {
                "label": labels_of(*place)[0] if place else "",
                "table": fault.file.removesuffix(".csv"),
                "row": name_of(*place) if place else "",
                "column": column_words(fault.column),
                "message": fault.message,
            }
        )
    return shown


def _said(change: Any) -> dict[str, Any]:
    cells = [
        (column_words(name), value_words(name, was), value_words(name, now))
        for name, was, now in change.said
        if name != "rows"
    ]
    return {"change": change, "table": TABLES[change.file], "cells": cells}


def rows_page(draft: CatalogueDraft, file: str) -> dict[str, Any]:
    """Return what the page of one table of a draft shows."""
    tables = tables_of_draft(draft)
    changes = difference(tables_of(draft.base), tables)
    return {"draft": draft, "table": table_rows(file, tables, changes)}


def table_rows(file: str, tables: Tables, changes: Iterable[RowChange]) -> dict[str, Any]:
    """Return a table's rows by name, each whether it was changed, for the list from which they are opened."""
    touched = {change.row for change in changes if change.file == file}
    rows = []
    for row in tables[file]:
        zh, en = labels_of(file, row)
        name = name_of(file, row)
        label = en if get_language() == "en" and en else zh
        rows.append({"name": name, "label": label, "touched": name in touched})
    return {
        "name": file.removesuffix(".csv"), "label": TABLES[file], "rows": rows, "changed": len(touched),
    }  # fmt: skip
