"""Issuing papers: number and frozen content with the act, the PDF once, right after; both in the ledger."""

import hashlib
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache, wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.functional import Promise

from accounts.asked import Asked
from accounts.models import Membership
from accounts.once import shared
from accounts.services import system_actor
from core.beside import Beside
from core.composed import Composed, Piece, piece, put_together
from core.documents import pdf
from core.documents.models import Paper, PaperKind, new_code
from core.documents.services import draw_numbers
from core.ledger.models import Book
from core.ledger.services import lock, record, record_with
from core.ledger.witness import place_of
from core.rows import write_all
from core.sets import made

log = logging.getLogger("chengnuo.papers")

CHINESE = "zh-hans"  # papers are written in it, whatever the language of the page on which the act was done


def in_chinese(write: Callable[..., Any]) -> Callable[..., Any]:
    """Let a function that writes a paper's content speak Chinese."""

    @wraps(write)
    def written(*args: Any, **kwargs: Any) -> Any:
        if translation.get_language() == CHINESE:
            return write(*args, **kwargs)
        with translation.override(CHINESE):
            return write(*args, **kwargs)

    return written


@dataclass(frozen=True)
class Addition:
    """What a desk adds to papers of its books (an English summary, where one was asked for).

    `wanted` says of some books, in one look, to whose papers anything is added at all.
    """

    make: Callable[[PaperKind, Mapping[str, Any], Book, datetime], Mapping[str, Any]]
    wanted: Callable[[Collection[int]], set[int]]


ADDITIONS: list[Addition] = []  # filled in ready()
# What apps know of contents that must not reach strangers: such a sheet is kept from them, whatever the list says.
KEPT_INSIDE: list[Callable[[Mapping[str, Any]], bool]] = []
# What apps read in a produced file again: the sentence why it must not be served, or nothing. Filled in ready(), both.
READ_AGAIN: list[Callable[[Paper, bytes], str]] = []


@dataclass(frozen=True)
class Sheet:
    """A paper to be issued: template, content, book, and its code in the county's list of papers (DOC01 …)."""

    template: str
    content: Mapping[str, Any]
    book: Book
    kind: str
    public: bool = True  # False keeps this sheet from strangers, whatever the list says
    subject: str = ""  # what it is made of, where it is made out on request
    corrects: Paper | None = None


def issue(
    template: str,
    content: Mapping[str, Any],
    *,
    book: Book,
    kind: str,
    by: Membership,
    at: datetime,
    public: bool = True,
    subject: str = "",
    corrects: Paper | None = None,
) -> Paper:
    """Issue a paper: number and frozen content now, in the act's transaction; the PDF follows.

    `kind` is its code in the county's list of papers (DOC01 …), which says whether it is published; `public`
    False keeps this sheet from strangers all the same. Raises ValidationError, naming the field,
    for a content that lacks something or cannot be printed: no paper with a blank is issued.
    """
    sheet = Sheet(template, content, book, kind, public, subject, corrects)
    # What is refused is refused before a number is drawn, so nothing of it has to be taken back within the act.
    with nullcontext() if connection.in_atomic_block else transaction.atomic():
        (paper,) = _numbered([sheet], by=by, at=at)
        record_with(book, ISSUE, [Beside(paper)], by=by, at=at, evidence=issued(paper))
    return paper


ISSUE = "issue_paper"


def issued(paper: Paper) -> dict[str, Any]:
    """Return what the ledger says of a paper that was issued."""
    return {"paper": paper.number, "kind": paper.kind, "sha256": paper.content_sha256}


def issue_all(sheets: Sequence[Sheet], *, by: Membership, at: datetime) -> list[Paper]:
    """Write many papers, in their order, as `issue` does for each, in few statements; the caller writes the ledger.

    Raises ValidationError as `issue` does, and then none is issued.
    """
    papers = _numbered(sheets, by=by, at=at)
    write_all(papers, keys=True)
    return papers


def _numbered(sheets: Sequence[Sheet], *, by: Membership, at: datetime) -> list[Paper]:
    """Draw the numbers of papers and freeze their contents; the series are locked in one order, and last of all."""
    kinds = {kind.code: kind for kind in _kinds(tuple(sorted({s.kind for s in sheets})))}
    marks = [kinds[sheet.kind].mark or sheet.kind for sheet in sheets]
    books = {sheet.book.pk for sheet in sheets}
    added = [(addition.make, addition.wanted(books)) for addition in ADDITIONS]
    contents = []
    for sheet in sheets:
        content = sheet.content
        for make, wanted in added:
            if sheet.book.pk in wanted:
                content = _with(content, make(kinds[sheet.kind], content, sheet.book, at))
        contents.append(_pieces(content))
        _check(sheet.template, contents[-1], at)
    year = timezone.localtime(at).year
    numbers = {
        mark: iter(draw_numbers(mark, year, marks.count(mark))) for mark in sorted(set(marks))
    }
    papers = []
    for sheet, mark, pieces in zip(sheets, marks, contents, strict=True):
        kind, number, code = kinds[sheet.kind], next(numbers[mark]), new_code()
        frozen = _frozen(pieces, number=number, code=code, at=at)
        papers.append(made(
            Paper, book=sheet.book, kind=sheet.kind, title=kind.name, template=sheet.template, number=number, code=code,
            content=frozen, content_sha256=pdf.content_digest(frozen), issued_by=by, issued_at=at,
            public=kind.public and sheet.public and not any(inside(frozen) for inside in KEPT_INSIDE),
            subject=sheet.subject, corrects=sheet.corrects,
        ))  # fmt: skip
    return papers


def _check(template: str, pieces: Sequence[Piece], at: datetime) -> None:
    """Refuse what lacks something or cannot be printed, before it has a number: what it gets besides is our own."""
    try:
        pdf.check(template, _frozen(pieces, number="—", code="—", at=at))
    except pdf.PaperError as error:
        raise ValidationError(str(error)) from error


@Asked
def _kinds(codes: tuple[str, ...]) -> QuerySet[PaperKind]:
    return PaperKind.objects.filter(code__in=codes)


def _with(content: Mapping[str, Any], more: Mapping[str, Any]) -> Mapping[str, Any]:
    """Add to a content what a desk adds."""
    if isinstance(content, Composed):
        return put_together(*content.pieces, piece(more))
    return {**content, **more}


def _pieces(content: Mapping[str, Any]) -> tuple[Piece, ...]:
    """Return a content written out; labels that wait for a language are said in Chinese."""
    if isinstance(content, Composed):
        return content.pieces
    try:
        return (piece(content),)
    except TypeError:
        return (piece(_said_in_chinese(content)),)


def _frozen(pieces: Sequence[Piece], *, number: str, code: str, at: datetime) -> Composed:
    """Add to a content what every paper bears; from here on it does not change."""
    own = piece({"number": number, "verify_url": f"{settings.SITE_URL}/papers/check/{code}/"})
    day = shared(
        ("day of papers", at), lambda: piece({"date_text": _day_of(at), "demo": settings.DEMO})
    )
    return put_together(*pieces, own, day)


def _day_of(at: datetime) -> str:
    return date_text(timezone.localdate(at))


def _said_in_chinese(value: Any) -> Any:
    """Turn labels that wait for a language into their Chinese."""
    if type(value) is str:
        return value
    if isinstance(value, Promise):
        with translation.override(CHINESE):
            return str(value)
    if isinstance(value, Mapping):
        return {key: _said_in_chinese(part) for key, part in value.items()}
    return [_said_in_chinese(part) for part in value] if isinstance(value, list) else value


@lru_cache(maxsize=1024)
def date_text(day: date) -> str:
    """Return a day as papers write it: 2018年6月15日."""
    return f"{day.year}年{day.month}月{day.day}日"


@lru_cache(maxsize=4096)
def time_text(at: datetime) -> str:
    """Return an instant as papers write it; midnight at the end of a limit is 24时 of the day before."""
    local = at.astimezone(timezone.get_default_timezone())
    if (local.hour, local.minute, local.second) == (0, 0, 0):
        return date_text((local - timedelta(microseconds=1)).date()) + "24时"
    return date_text(local.date()) + f"{local.hour}时{local.minute:02d}分"


def render_one(paper_id: int, now: datetime) -> bool:
    """Render a paper from its frozen content, once, and write its digest as a second entry."""
    paper = Paper.objects.get(pk=paper_id)
    if paper.ready:
        return False
    try:
        made = pdf.render(
            paper.template, paper.content, identifier=paper.code, created_at=paper.issued_at,
            witness=place_of(paper.book_id, paper.content_sha256),
        )  # fmt: skip
        _read_again(paper, made)
    except pdf.PaperError as error:
        log.exception("paper %s could not be rendered", paper.number)
        Paper.objects.filter(pk=paper_id).update(failure=str(error)[:300], rendered_at=now)
        return False
    with transaction.atomic():
        lock(paper.book_id)
        paper = Paper.objects.select_for_update(no_key=True).get(pk=paper_id)
        if paper.ready:
            return False
        paper.file_sha256 = hashlib.sha256(made).hexdigest()
        paper.file.save(f"papers/{paper.code}.pdf", ContentFile(made), save=False)
        paper.rendered_at = now
        paper.save(update_fields=["file", "file_sha256", "rendered_at"])
        record(
            paper.book,
            "render_paper",
            by=system_actor(),
            at=now,
            paper=paper.number,
            sha256=paper.file_sha256,
        )
    return True


def _read_again(paper: Paper, made: bytes) -> None:
    """Raise PaperError for a public file in which an app finds what must not be served."""
    if paper.public and (why := next(filter(None, (read(paper, made) for read in READ_AGAIN)), "")):
        raise pdf.PaperError(why)


def render_waiting(now: datetime, most: int = 20) -> int:
    """Render papers that were issued and not yet rendered; newest first, so that nobody waits for a backlog.

    Return how many were tried to the end: rendered, or put down with the reason why they cannot be. A fault
    of the machine (a full disk, a lost font) leaves a paper waiting and does not stop the others.
    """
    waiting = Paper.objects.filter(rendered_at=None).order_by("-pk").values_list("pk", flat=True)
    done = 0
    for pk in list(waiting[:most]):
        try:
            render_one(pk, now)
        except Exception:
            log.exception("paper %s could not be rendered now", pk)
        else:
            done += 1
    return done
