"""What the figures of a year or a month rest on: a row for each opinion asked, one for each event; no person in it."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Min
from django.utils import timezone

from accounts.models import Organisation
from approvals.models import Filing
from core.deadlines.queries import NoEdition, rulebook_at, start_of, value_of
from public_notice.queries.bulletins import month_after
from public_notice.queries.figure_rows import events, opinions
from public_notice.rules.figures import FEWEST, NAMED, Decision, Event, apart, figures
from public_notice.rules.gate import FIGURES, admit

PROGRAM = Path(settings.BASE_DIR) / "docs" / "verify" / "chengnuo-figures.py"
PERIOD = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2]))?", re.ASCII)
TABLES: dict[str, tuple[str, ...]] = {"decisions": Decision._fields, "events": Event._fields}


class Span(NamedTuple):
    """A year or a month, from its first instant to the first after it."""

    period: str
    begins: datetime
    ends: datetime

    @property
    def year(self) -> int:
        """The year it is or lies in."""
        return int(self.period[:4])


def span_of(period: str) -> Span:
    """Return the span of 2018 or 2018-06; ValueError for anything else."""
    found = PERIOD.fullmatch(period)
    if found is None:
        raise ValueError(period)
    year, month = int(found[1]), int(found[2] or 1)
    first = date(year, month, 1)
    after = month_after(first) if found[2] else date(year + 1, 1, 1)
    return Span(period, start_of(first), start_of(after))


def years(at: datetime) -> list[int]:
    """Return the years for which there can be figures, newest first."""
    first = Filing.objects.aggregate(first=Min("accepted_at"))["first"]
    now = timezone.localdate(at).year
    return list(range(now, (timezone.localdate(first).year if first else now) - 1, -1))


def fewest_at(at: datetime) -> int | None:
    """Return how many rows a number must stand on, by the rulebook in force; None where none says."""
    try:
        return value_of(rulebook_at(at), FEWEST).number
    except (NoEdition, KeyError):
        return None


def named_at(at: datetime) -> bool:
    """Whether the county publishes by department; where no rule says so it does not."""
    try:
        return value_of(rulebook_at(at), NAMED).value == "yes"
    except (NoEdition, KeyError):
        return False


def decisions_of(span: Span, at: datetime) -> Counter[Decision]:
    """Return a row for each opinion whose limit began in a span, as it stands now, counted: through the gate.

    Days stand apart where too few opinions are behind them (`rules.figures.apart`).
    """
    bodies = {
        one.pk: one for one in Organisation.objects.exclude(code="").prefetch_related("names")
    }
    named = bodies if named_at(at) else {}
    counted = opinions(span.begins, min(span.ends, at), named)
    return _admitted("decisions", Decision, apart(counted, _enough(counted, fewest_at(at))))


def _enough(counted: Counter[Decision], fewest: int | None) -> int:
    """Return the smallest sample; where no rule says it, one that there is not."""
    return counted.total() + 1 if fewest is None else fewest


def events_of(span: Span, at: datetime) -> Counter[Event]:
    """Return a row for each acceptance, promised paper, demand outside the list and objection of a span, counted."""
    return _admitted("events", Event, events(span.begins, min(span.ends, at), at))


def _admitted(name: str, form: Any, counted: Counter[Any]) -> Counter[Any]:
    rows = sorted(counted, key=lambda row: tuple((one is None, one) for one in row))
    clean = admit({name: [row._asdict() for row in rows]}, FIGURES)[name]
    found: Counter[Any] = Counter()
    for row, told in zip(rows, clean, strict=True):
        found[form(**told)] += counted[row]
    return found


def figures_of(span: Span, at: datetime) -> dict[str, Any]:
    """Return the figures of a span with the rows they rest on, each row with how often it occurs."""
    decisions, happened = decisions_of(span, at), events_of(span, at)
    fewest = fewest_at(at)
    said = {**figures(decisions, happened, _enough(decisions, fewest)), "fewest": fewest}
    return {"period": span.period, "rows": decisions, "happened": happened, **said}


def written(name: str, rows: Iterable[tuple[Any, ...]]) -> str:
    """Return rows, listed, as the published file: one header line, codes and numbers."""
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(TABLES[name])
    out.writerows(rows)
    return text.getvalue()


def program_digest() -> str:
    """Return the SHA-256 of the program that is handed out."""
    return sha256(PROGRAM.read_bytes()).hexdigest()
