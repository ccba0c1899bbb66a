"""What a check of a spreadsheet has found, as plain values: kept by the background worker, shown by the page."""

from dataclasses import asdict
from datetime import date
from typing import Any

from desk.rules.editions import CellChange, RowChange
from desk.services.catalogue_import import Looked
from desk.services.past import Proposal

SHOWN = ("project_name", "year", "number", "enterprise")
DAYS = ("accepted_on", "completed_on")


def found_in_past(made: Proposal) -> dict[str, Any]:
    """Return what a file of past filings holds: how many rows, of which years, its first ones, faults and doubts."""
    return {
        "fits": not made.table.faults,
        "read": list(map(list, made.table.read.items())),
        "rows": len(made.rows),
        "years": [[year, count] for year, count in made.years.items()],
        "faults": made.faults,
        "wrong": len(made.table.faults),
        "doubts": made.doubts,
        "doubtful": len(made.table.doubts),
        "first": [_row(row) for row in made.first],
    }


def _row(row: Any) -> dict[str, Any]:
    days = {name: on.isoformat() if (on := row[name]) else "" for name in DAYS}
    said = {name: row[name] for name in SHOWN}
    return {
        **said,
        **days,
        "sheet": row.sheet,
        "line": row.line,
        "outcome": str(row["outcome"].label),
    }


def dated(found: dict[str, Any]) -> dict[str, Any]:
    """Return what was kept with its days as days, for a page; nothing where nothing was found yet."""
    if not found:
        return {}
    rows = [{**r, **{d: _day(r[d]) for d in DAYS}} for r in found.get("first", ())]
    return {**found, "first": rows}


def _day(said: str) -> date | None:
    return date.fromisoformat(said) if said else None


def found_in_tables(looked: Looked) -> dict[str, Any]:
    """Return what a file of tables would make of a draft: rows by table, faults, and each row that changes."""
    return {
        "fits": bool(looked.changes),
        "read": list(map(list, looked.read.items())),
        "rows": looked.rows,
        "faults": looked.faults,
        "changes": [asdict(change) for change in looked.changes],
        "version": looked.version,
    }


def changes_of(found: dict[str, Any]) -> list[RowChange]:
    """Return the changes that were kept."""
    return [
        RowChange(
            **{
                **change,
                "key": tuple(change["key"]),
                "cells": tuple(CellChange(**cell) for cell in change["cells"]),
            }
        )
        for change in found.get("changes", ())
    ]
