"""The rows of notices as a file has them, read as the text they are: all of them at a fraction of the cost.

What a row says is defined in `open_rows`, which makes pages; a test demands the same cells of both on each database.
The database hands out columns as text, without a model, a decoded content or an instant in between. Parts are read on
by key, so that a reader who takes the file slowly holds no snapshot open.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from approvals.models import Filing, Industry, Region
from core.documents.models import Paper
from public_notice.models import Notice
from public_notice.queries import over
from public_notice.rules.gate import mask
from public_notice.stages import NoticeStage

PART = 2_000  # rows that are read together
NEWEST = 2**62
FROM = f"""
    FROM {Notice._meta.db_table} n JOIN {Filing._meta.db_table} f ON f.id = n.filing_id
    JOIN {Paper._meta.db_table} p ON p.id = n.paper_id
    LEFT JOIN {Region._meta.db_table} r ON r.id = f.site_id
    LEFT JOIN {Industry._meta.db_table} i ON i.id = f.industry_id
"""
BEFORE = " WHERE n.id < %s ORDER BY n.id DESC LIMIT %s"
# The content is opened once for each row: it is long, and to unpack it is most of the work.
POSTGRES = f"""
    SELECT n.id, n.public_id, n.title, c.project->>'code', c.project->>'name', c.enterprise->>'name',
           c.enterprise->>'uscc', c.project->>'location', r.code, i.section, c.project->>'scale',
           c.project->>'investment_text', c.letter_number,
           to_char(n.published_at AT TIME ZONE %s, 'YYYY-MM-DD"T"HH24:MI:SS'), n.starts_on::text, n.ends_on::text,
           n.stage, to_char(n.closed_at AT TIME ZONE %s, 'YYYY-MM-DD"T"HH24:MI:SS'), n.end_reason,
           f.stage, n.due_at < %s, c.gaps_text <> '', p.number,
           CASE WHEN p.corrects_id IS NOT NULL THEN p.content->'corrects'->>'number' END,
           CASE WHEN p.corrects_id IS NOT NULL
                THEN to_char(p.issued_at AT TIME ZONE %s, 'YYYY-MM-DD"T"HH24:MI:SS') END,
           CASE WHEN p.corrects_id IS NOT NULL THEN p.content->'corrects'->>'reason' END
    {FROM} CROSS JOIN LATERAL jsonb_to_record(n.content)
           AS c(project jsonb, enterprise jsonb, letter_number text, gaps_text text)
    {BEFORE}"""
SQLITE = f"""
    SELECT n.id, n.public_id, n.title, json_extract(n.content, '$.project.code'),
           json_extract(n.content, '$.project.name'), json_extract(n.content, '$.enterprise.name'),
           json_extract(n.content, '$.enterprise.uscc'), json_extract(n.content, '$.project.location'),
           r.code, i.section, json_extract(n.content, '$.project.scale'),
           json_extract(n.content, '$.project.investment_text'),
           json_extract(n.content, '$.letter_number'),
           strftime('%%Y-%%m-%%dT%%H:%%M:%%S', n.published_at, %s), n.starts_on, n.ends_on,
           n.stage, strftime('%%Y-%%m-%%dT%%H:%%M:%%S', n.closed_at, %s), n.end_reason,
           f.stage, n.due_at < %s, json_extract(n.content, '$.gaps_text') <> '', p.number,
           CASE WHEN p.corrects_id IS NOT NULL THEN json_extract(p.content, '$.corrects.number') END,
           CASE WHEN p.corrects_id IS NOT NULL THEN strftime('%%Y-%%m-%%dT%%H:%%M:%%S', p.issued_at, %s) END,
           CASE WHEN p.corrects_id IS NOT NULL THEN json_extract(p.content, '$.corrects.reason') END
    {FROM} {BEFORE}"""


def notice_cells(at: datetime) -> Iterator[list[Any]]:
    """Yield all notices, newest first, in the order of the fields that are described (`open_fields.NOTICES`)."""
    sqlite = connection.vendor == "sqlite"
    asked = SQLITE if sqlite else POSTGRES
    local = timezone.localtime(
        at
    )  # the county's zone has had one distance from UTC since long before the first notice
    offset = local.isoformat()[-6:]
    zone = f"{offset}" if sqlite else settings.TIME_ZONE
    instant = connection.ops.adapt_datetimefield_value(at)
    stands = lru_cache(maxsize=None)(_stands)  # of the language that is asked in now
    before = NEWEST
    while rows := _part(asked, [zone, zone, instant, zone, before, PART]):
        before = rows[-1][0]
        for row in rows:
            yield _cells(row, offset, stands)
        if len(rows) < PART:
            return


def _part(asked: str, params: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(asked, params)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _cells(row: tuple[Any, ...], offset: str, stands: Any) -> list[Any]:
    public_id, stage, closed, reason = row[1], row[16], row[17], row[18]
    number, corrects, corrected, why = row[22:]
    word, still_open = stands(stage, row[19], bool(row[20]), bool(row[21]))
    return [
        *row[1:11],
        row[11] or "",
        f"{settings.SITE_URL}/notices/{public_id}/",
        row[12],
        row[13] + offset,
        row[14],
        row[15],
        stage,
        word,
        still_open,
        closed + offset if closed else None,
        mask(reason) if reason else "",
        number,
        corrects,
        corrected + offset if corrected else None,
        why,
    ]


def _stands(stage: str, filing_stage: str, late: bool, gaps: bool) -> tuple[str, str]:
    ended = over(stage, filing_stage, late=late, gaps=gaps)
    return (str(NoticeStage.RUNNING.label), "true") if ended is None else (ended[0], "false")
