"""The rows of notices as the open files have them, put together from texts that were kept when each was published.

What a row says is defined in `open_rows`; a test demands the same of both, byte by byte and on each database. The
database opens no content and the program makes no row: it puts what may change between the kept parts. Parts of the
whole file are read on by key, so that a reader who takes it slowly holds no snapshot open.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from approvals.models import Filing, Industry, Region
from core.documents.models import Paper
from public_notice.models import Notice, OpenText
from public_notice.queries import over
from public_notice.rules.gate import mask
from public_notice.rules.open_texts import (
    BETWEEN,
    EDITION,
    in_csv,
    in_json,
    known_in_csv,
    texts_of,
)
from public_notice.stages import NoticeStage

PART = 2_000  # rows that are read together
NEWEST = 2**62
LOCAL = {
    "postgresql": "to_char({column} AT TIME ZONE %s, 'YYYY-MM-DD\"T\"HH24:MI:SS')",
    "sqlite": "strftime('%%Y-%%m-%%dT%%H:%%M:%%S', {column}, %s)",
}
CORRECTS = {
    "postgresql": "p.content->'corrects'->>'{name}'",
    "sqlite": "json_extract(p.content, '$.corrects.{name}')",
}
DAY = {"postgresql": "{column}::text", "sqlite": "{column}"}
ASKED = f"""
    SELECT n.id, n.public_id, k.{{form}}, k.gaps, r.code, i.section, {{published}}, {{starts}}, {{ends}}, n.stage,
           {{closed}}, n.end_reason, f.stage, n.due_at < %s, p.number,
           CASE WHEN p.corrects_id IS NOT NULL THEN {{corrects}} END,
           CASE WHEN p.corrects_id IS NOT NULL THEN {{corrected}} END,
           CASE WHEN p.corrects_id IS NOT NULL AND p.public THEN {{why}} END
    FROM {Notice._meta.db_table} n JOIN {Filing._meta.db_table} f ON f.id = n.filing_id
    JOIN {Paper._meta.db_table} p ON p.id = n.paper_id
    LEFT JOIN {Region._meta.db_table} r ON r.id = f.site_id
    LEFT JOIN {Industry._meta.db_table} i ON i.id = f.industry_id
    LEFT JOIN {OpenText._meta.db_table} k ON k.notice_id = n.id AND k.edition = {EDITION}
    WHERE n.id < %s ORDER BY n.id DESC LIMIT %s"""  # noqa: S608 - tables of ours
Row = tuple[Any, ...]
Stands = Callable[..., tuple[str, bool]]


@lru_cache
def _asked(vendor: str, form: str) -> str:
    local, day, corrects = LOCAL[vendor], DAY[vendor], CORRECTS[vendor]
    return ASKED.format(
        form=form,
        published=local.format(column="n.published_at"),
        closed=local.format(column="n.closed_at"),
        starts=day.format(column="n.starts_on"),
        ends=day.format(column="n.ends_on"),
        corrects=corrects.format(name="number"),
        corrected=local.format(column="p.issued_at"),
        why=corrects.format(name="reason"),
    )


def notice_texts(at: datetime, before: int | None, most: int) -> tuple[list[str], int | None]:
    """Return a page of rows as JSON, newest first, and the key of its last where there are more."""
    rows = _read("as_json", at, before or NEWEST, most + 1)
    offset, stands = _offset(at), lru_cache(maxsize=None)(_stands)
    said = [_as_json(row, offset, stands) for row in rows[:most]]
    return said, rows[most - 1][0] if len(rows) > most else None


def notice_lines(at: datetime) -> Iterator[str]:
    """Yield all notices, newest first, as lines of a file, some of them at a time."""
    offset, before = _offset(at), NEWEST
    while rows := _read("as_csv", at, before, PART):
        before = rows[-1][0]
        stands = lru_cache(maxsize=None)(_stands)  # of the language that is asked in now
        yield "".join([_as_csv(row, offset, stands) for row in rows])
        if len(rows) < PART:
            return


def _offset(at: datetime) -> str:
    """The county's zone has had one distance from UTC since long before the first notice."""
    return timezone.localtime(at).isoformat()[-6:]


def _read(form: str, at: datetime, before: int, most: int) -> list[Row]:
    zone = _offset(at) if connection.vendor == "sqlite" else settings.TIME_ZONE
    instant = connection.ops.adapt_datetimefield_value(at)
    with connection.cursor() as cursor:
        cursor.execute(_asked(connection.vendor, form), [zone, zone, instant, zone, before, most])
        found: list[Row] = cursor.fetchall()
    lacking = [row[0] for row in found if row[2] is None]
    return _completed(found, lacking, form) if lacking else found


def _completed(rows: list[Row], lacking: list[int], form: str) -> list[Row]:
    """Put the texts together of rows that have none of this edition."""
    found = Notice.objects.filter(pk__in=lacking).order_by()
    columns = ("pk", "public_id", "title", "content")
    made = {key: texts_of(*said) for key, *said in found.values_list(*columns)}
    return [
        row if row[2] is not None else (*row[:2], made[row[0]][form], made[row[0]]["gaps"], *row[4:])
        for row in rows
    ]  # fmt: skip


def _as_json(row: Row, offset: str, stands: Stands) -> str:
    _key, public_id, text, gaps, town, industry, published, starts, ends, *now = row
    stage, closed, reason, filing, late, *version = now
    number, corrects, corrected, why = version
    first, second, third = text.split(BETWEEN)
    word, still = stands(stage, filing, bool(late), bool(gaps))
    return (
        f'{{{first},"town":{in_json(town)},"industry":{in_json(industry)},{second},'
        f'"url":"{settings.SITE_URL}/notices/{public_id}/",{third},"published_at":"{published}{offset}",'
        f'"starts_on":"{starts}","ends_on":{_quoted(ends)},"stage":"{stage}","standing":{in_json(word)},'
        f'"open":{"true" if still else "false"},"closed_at":{_quoted(closed and closed + offset)},'
        f'"end_reason":{in_json(mask(reason) if reason else "")},"number":{in_json(number)},'
        f'"corrects":{in_json(corrects)},"corrected_at":{_quoted(corrected and corrected + offset)},'
        f'"correction_reason":{in_json(why)}}}'
    )


def _quoted(said: str | None) -> str:
    return f'"{said}"' if said else "null"


def _as_csv(row: Row, offset: str, stands: Stands) -> str:
    _key, public_id, text, gaps, town, industry, published, starts, ends, *now = row
    stage, closed, reason, filing, late, *version = now
    number, corrects, corrected, why = version
    first, second, third = text.split(BETWEEN)
    word, still = stands(stage, filing, bool(late), bool(gaps))
    return (
        f"{first},{known_in_csv(town)},{known_in_csv(industry)},{second},"
        f"{settings.SITE_URL}/notices/{public_id}/,{third},{published}{offset},{starts},{ends or ''},{stage},"
        f"{known_in_csv(word)},{'true' if still else 'false'},{closed + offset if closed else ''},"
        f"{in_csv(mask(reason)) if reason else ''},{known_in_csv(number)},{known_in_csv(corrects or '')},"
        f"{corrected + offset if corrected else ''},{in_csv(why) if why else ''}\r\n"
    )


def _stands(stage: str, filing_stage: str, late: bool, gaps: bool) -> tuple[str, bool]:
    ended = over(stage, filing_stage, late=late, gaps=gaps)
    return (str(NoticeStage.RUNNING.label), True) if ended is None else (ended[0], False)
