"""The English summary page of a paper, where the enterprise asked for one; frozen with the rest of its content."""

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from accounts.asked import Asked
from approvals.models import Filing
from approvals.rules.summaries import SUMMARIES
from approvals.services import words
from core.documents.models import PaperKind
from core.ledger.models import Book
from core.steps.papers import Addition

WRITTEN = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日(?:(\d{1,2})时(?:(\d{1,2})分)?)?")
UNKNOWN = "to be fixed once the public holidays of that year are published"
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip


def want_english(books: Collection[int]) -> set[int]:
    """Return the books of filings whose enterprise asked for English beside its papers."""
    return set(_wanting(list(books)))


@Asked
def _wanting(books: list[int]) -> QuerySet[Any]:
    wanting = Filing.objects.filter(book__in=books, papers_in_english=True)
    return wanting.order_by().values_list("book_id", flat=True)


def english_summary(
    kind: PaperKind, content: Mapping[str, Any], book: Book, at: datetime
) -> dict[str, Any]:
    """Return the summary to be added to a paper of a filing that wants one; nothing where its kind has none."""
    summary = SUMMARIES.get(kind.code)
    if summary is None:
        return {}
    filing = Filing.objects.get(book=book)
    until = _at(content, summary.until)
    english = {
        "title": kind.name_en,
        "date": english_date(timezone.localdate(at)),
        "project": _at(content, "project.name") or filing.project_name,  # in public, masked
        "code": words.project(filing)["code"],
        "enterprise": filing.enterprise.name,
        "issuer": words.office_in_english(str(_at(content, "issuer.code") or "")),
        "meaning": summary.meaning,
        "todo": summary.todo,
    }
    return {"english": english | ({"until": english_instant(str(until))} if until else {})}


ENGLISH = Addition(english_summary, want_english)


def english_date(day: date) -> str:
    """Return a day as English papers write it: 15 June 2018."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def english_instant(text: str) -> str:
    """Return the date that a Chinese paper writes out, in English: 15 June 2018, 24:00."""
    found = WRITTEN.search(text)
    if found is None:
        return UNKNOWN
    year, month, day, hour, minute = found.groups()
    said = english_date(date(int(year), int(month), int(day)))
    return said if hour is None else f"{said}, {int(hour):02d}:{int(minute or 0):02d}"


def _at(content: Any, path: str) -> Any:
    """Return what stands at a path of a content; None where there is no such place."""
    for step in filter(None, path.split(".")):
        try:
            content = content[int(step) if isinstance(content, list) else step]
        except (KeyError, IndexError, TypeError):
            return None
    return content if path else None
