"""开放数据 as JSON, CSV and Atom, and the mark by which a cache knows whether anything has changed."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.utils import timezone
from django.utils.translation import override

from core.documents.sheets import CHUNK, Sheet, csv_pieces
from core.documents.sheets.writing import MARK
from core.grams import newest_first
from core.ledger.models import Entry
from public_notice.models import Notice, Tally
from public_notice.queries.feeds import TextFeed
from public_notice.queries.open_data import VERSION, DataSet
from public_notice.stages import NoticeStage

CHINESE = "zh-hans"
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
ON_FEED = 100
SOURCES = (
    "public_notice/queries/**/*.py",
    "public_notice/rules/**/*.py",
    "public_notice/stages.py",
)
LATE_COMERS = 10_000  # keys of the ledger behind its newest that are looked at again
_ENTRY, _NOTICE, _TALLY = (one._meta.db_table for one in (Entry, Notice, Tally))
NEWEST = f"""
    SELECT e.id, e.entered_at, e.digest, (SELECT COUNT(*) FROM {_ENTRY} l WHERE l.id > e.id - %s) AS behind,
           passed.over, passed.last_over, (SELECT SUM(shown_answers) FROM {_TALLY}) AS satisfaction
    FROM {_ENTRY} e, (SELECT COUNT(*) AS over, MAX(due_at) AS last_over FROM {_NOTICE}
                      WHERE stage = %s AND due_at < %s) passed
    ORDER BY e.id DESC LIMIT 1"""  # noqa: S608 - tables of ours


@dataclass(frozen=True)
class Stamp:
    """How far everything public has come: a mark that changes with it, and when the ledger last grew."""

    mark: str
    changed_at: datetime | None


def stamp(at: datetime) -> Stamp:
    """Return the mark of an instant: one narrow question, whatever the data sets hold.

    What somebody does has an entry in the ledger, but the answers of a questionnaire, of which the shown sum is
    looked at; time alone changes which notices are open, and with a day which
    edition is in force and which year is counted; another release may mask and word differently (`made_by`). Of the
    newest entry the digest is in the mark, too: after a restore its key is given a second time, for something else.
    On PostgreSQL a transaction may commit an entry with an older key after a newer one has been seen, so the keys
    that are there are counted, too, as far back as such a one can reasonably come.
    """
    newest = next(
        iter(Entry.objects.raw(NEWEST, [LATE_COMERS, NoticeStage.RUNNING.value, at])), None
    )
    said: tuple[Any, ...] = (0, "", 0, None, 0, None)
    if newest is not None:
        told = vars(newest)
        counted = (told["behind"], told["last_over"], told["over"], told["satisfaction"])
        said = (newest.pk, newest.digest, *counted)
    day = timezone.localdate(at)
    parts = (VERSION, made_by(), *said, day)
    return Stamp("-".join(map(str, parts)), newest.entered_at if newest else None)


@cache
def made_by() -> str:
    """Return a digest of the code that makes and masks the data sets: read once in a process."""
    found = [path for desk in SOURCES for path in sorted(Path(settings.BASE_DIR).glob(desk))]
    return sha256(b"".join(path.read_bytes() for path in found)).hexdigest()[:16]


def etag_of(found: Stamp, *about: str) -> str:
    """Return the validator of one answer, in its quotes."""
    said = "|".join((found.mark, settings.SITE_URL, *about))
    return f'"{sha256(said.encode()).hexdigest()[:32]}"'


def kept_under(etag: str, made: Callable[[], bytes]) -> bytes:
    """Return what was made under a validator; each process keeps some answers, and a new mark is another answer.

    What a cache elsewhere may hand out as long as its validator holds, this process may, too: it is made once.
    """
    said = caches["open"].get_or_set(etag, made)
    assert isinstance(said, bytes)
    return said


@dataclass(frozen=True)
class Part:
    """Some rows of a data set, and the key from which the next part goes on."""

    rows: list[dict[str, Any]]
    older: int | None


def part_of(one: DataSet, at: datetime, before: int | None) -> Part:
    """Return a page, newest first, by key: no page is slower than the first."""
    if one.things is None:
        return Part(list(one.rows((), at)), None)
    things = list(newest_first(one.things(), before)[: one.page + 1])
    more = len(things) > one.page
    things = things[: one.page]
    return Part(list(one.rows(things, at)), one.key(things[-1]) if more else None)


def json_of(one: DataSet, at: datetime, before: int | None) -> bytes:
    """Return a page as JSON: name, version, rows, and the address of the next page or null."""
    with override(CHINESE):
        rows, older = _rows_in_json(one, at, before)
    following = older and f"{one.address}.json?before={older}"
    head = f'{{"dataset":{_encode(one.name)},"version":{_encode(VERSION)},"rows":['
    return f'{head}{",".join(rows)}],"next":{_encode(following)}}}'.encode()


def _rows_in_json(one: DataSet, at: datetime, before: int | None) -> tuple[list[str], int | None]:
    if one.texts is not None:
        return one.texts(at, before, one.page)
    part = part_of(one, at, before)
    return [_encode(row) for row in part.rows], part.older


def csv_of(one: DataSet, at: datetime) -> Iterator[bytes]:
    """Yield a whole data set as CSV, in constant memory; no cell is a formula (core.documents.sheets)."""
    names = [column.name for column in one.fields]
    if one.lines is not None:
        return _in_chinese(_headed(names, one.lines(at)))
    things = () if one.things is None else newest_first(one.things()).iterator(chunk_size=CHUNK)
    rows = ([_cell(row[name]) for name in names] for row in one.rows(things, at))
    return _in_chinese(csv_pieces(Sheet(one.name, names, rows)))


def _headed(names: list[str], lines: Iterator[str]) -> Iterator[bytes]:
    """Yield a file from its lines: the mark of its characters, the names of its columns."""
    yield f"{MARK}{','.join(names)}\r\n".encode()
    for some in lines:
        yield some.encode()


def _cell(value: Any) -> Any:
    """Return a value as a program reads it: yes and no are the words of JSON."""
    return str(value).lower() if isinstance(value, bool) else value


def _in_chinese(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield pieces made in Chinese; what the thread does between two of them is in its own language."""
    while True:
        with override(CHINESE):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece


class _Feed(TextFeed):
    """A feed that says of itself when the ledger last grew: an empty one is the same bytes each time."""

    def latest_post_date(self) -> datetime:
        """Return when something public last changed."""
        return self.feed["changed_at"] or super().latest_post_date()


def atom_of(one: DataSet, at: datetime, changed_at: datetime | None) -> bytes:
    """Return the newest of a data set for feed readers; what carries no time of its own, changed with the ledger."""
    with override(CHINESE):
        part = part_of(one, at, None)
        page = f"{settings.SITE_URL}/open/"
        feed = _Feed(
            str(one.title), page, "", feed_url=f"{one.address}.atom", feed_guid=one.address,
            language=CHINESE, changed_at=changed_at,
        )  # fmt: skip
        for row in part.rows[:ON_FEED]:
            told = dict(one.told(row))
            for name in ("pubdate", "updateddate"):
                told[name] = datetime.fromisoformat(told[name]) if told[name] else changed_at
            feed.add_item(**told)
        return str(feed.writeString("utf-8")).encode()
