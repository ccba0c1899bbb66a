"""What stopped, lengthened or, by a signature, shortened a limit."""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from core.deadlines.models import Extension, Suspension
from core.ledger.models import Entry
from desk.rules.what_if.numbers import UNBROKEN, Breaks


@dataclass(frozen=True)
class Broken:
    """By table and row: suspensions and extensions of each run, and the calendar to which somebody signed it over."""

    runs: Mapping[tuple[str, int], Mapping[datetime, Breaks]]
    signed: Mapping[tuple[str, int], tuple[datetime, str]]

    def of(self, model: type[Any], pk: int, *starts: datetime | None) -> dict[datetime, Breaks]:
        """Return what broke each run of a row; `starts` are the instants at which its runs began, in order."""
        key = model._meta.label_lower, pk
        found = dict(self.runs.get(key, {}))
        signed = self.signed.get(key)
        begun = [at for at in starts if at and signed and at <= signed[0]]
        if signed and begun:
            found[begun[-1]] = replace(found.get(begun[-1], UNBROKEN), signed=signed)
        return found


def breaks() -> Broken:
    """Return everything that broke a limit; three queries."""
    stops: dict[Any, list[tuple[datetime, datetime | None]]] = defaultdict(list)
    rows = Suspension.objects.order_by("since", "pk")
    for *run, since, until in rows.values_list("table", "row", "run_from", "since", "until"):
        stops[tuple(run)].append((since, until))
    longer: dict[Any, list[tuple[datetime, int]]] = defaultdict(list)
    added = Extension.objects.order_by("turn")
    for *run, at, days in added.values_list("table", "row", "run_from", "granted_at", "days"):
        longer[tuple(run)].append((at, days))
    runs: dict[tuple[str, int], dict[datetime, Breaks]] = defaultdict(dict)
    for table, row, begun in {**stops, **longer}:
        key = table, row, begun
        runs[table, row][begun] = Breaks(tuple(stops[key]), tuple(longer[key]))
    return Broken(runs, _signed())


def _signed() -> dict[tuple[str, int], tuple[datetime, str]]:
    found = {}
    entries = Entry.objects.filter(act="shorten_limit").order_by("pk")
    for at, payload in entries.values_list("event_at", "payload"):
        said = json.loads(payload)
        table, _colon, row = said["limit"].partition(":")
        found[table, int(row)] = at, str(said["calendar"])
    return found
