"""What the rows of many defaults cost a database at the least: written in few statements, one for each table.

Two floors. `copied` copies the rows of one default as often as wanted and reckons nothing. `reckoned` writes what the
sweep writes, to the byte: each notice, proof, digest, entry with its chain and message of each default is put together
by the database from that default's own rows (`texts.py`). It is told what the rules found (`told.py`); it reads no
rule, counts no day, checks no paper and asks for no right.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from benchmarks.silences import Portion
from benchmarks.texts import beside, due
from benchmarks.told import MARK, Told, rows_of
from benchmarks.wording import WORDS, Words, literal, put

SETTLED = (
    "UPDATE prereview_slot SET state = 'settled', held_because = '', act_at = NULL, ended_at = due.effective_at "
    "FROM due WHERE due.id = prereview_slot.id"
)
TURNED = (
    "UPDATE ledger_book SET sequence = last.sequence, head = last.digest, next_due = {next_due}, "
    "counted_by = {edition} FROM (SELECT e.book_id, e.sequence, e.digest FROM ledger_entry AS e "
    "JOIN (SELECT book_id, max(sequence) AS sequence FROM ledger_entry "
    "WHERE book_id IN (SELECT book_id FROM due) GROUP BY book_id) AS top "
    "ON top.book_id = e.book_id AND top.sequence = e.sequence) AS last WHERE ledger_book.id = last.book_id"
)
SERIES = (
    "INSERT INTO documents_series (mark, year, last) SELECT {mark}, {year}, count(*) FROM due WHERE deemed "
    "ON CONFLICT (mark, year) DO UPDATE SET last = documents_series.last + excluded.last"
)
DRAWN = "JOIN prereview_opinion AS drawn ON drawn.stands_in_id = due.id"
LATE = (
    "FROM minutes JOIN approvals_stagelimit AS late ON late.filing_id = minutes.filing AND late.rule = 'P5c' "
    "AND late.escalated_at IS NOT NULL JOIN approvals_filing AS filing ON filing.id = minutes.filing"
)
CHAINED = (
    "INSERT INTO ledger_entry (book_id, sequence, act, actor_id, event_at, entered_at, payload, previous, digest) "
    "WITH told_acts AS (SELECT book_id, book, nth, 1 AS step, position AS act, effective_at AS event_at, "
    "{outcome} AS payload FROM due "
    "UNION ALL SELECT due.book_id, due.book, due.nth, 2, 'issue_paper', {now}, {paper} FROM due "
    "JOIN documents_paper AS paper ON due.deemed AND paper.number = due.number "
    "UNION ALL SELECT filing.book_id, book.code, 1000000, 3, 'escalate', minutes.due_at, {late} "
    "FROM minutes JOIN approvals_filing AS filing ON filing.id = minutes.filing "
    "JOIN ledger_book AS book ON book.id = filing.book_id), "
    "acts AS (SELECT *, row_number() OVER (PARTITION BY book_id ORDER BY nth, step) AS place FROM told_acts), "
    "bound AS (SELECT book_id, place, act, event_at, payload, '[' || {book} || ',' || place || ',\"' || act || {actor} "
    "|| {event} || ',' || {entered} || ',' || {said} || ',\"' AS head FROM acts), "
    "linked AS (SELECT *, {link} OVER w AS digest FROM bound WINDOW w AS (PARTITION BY book_id ORDER BY place)) "
    "SELECT book_id, place, act, {by}, event_at, {now}, payload, "
    "coalesce(lag(digest) OVER (PARTITION BY book_id ORDER BY place), {genesis}), digest FROM linked"
)


def held(value: Any) -> str:
    """Return a value as SQL holds it."""
    from django.db import connection

    if value is None:
        return "NULL"
    if isinstance(value, datetime):
        instant = literal(str(connection.ops.adapt_datetimefield_value(value)))
        return f"CAST({instant} AS timestamptz)" if connection.vendor == "postgresql" else instant
    return str(int(value)) if type(value) is int else literal(str(value))


def _alike(row: Any) -> dict[str, str]:
    """Return by column what a row says, as SQL holds it."""
    from django.db import connection, models

    found = {}
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if isinstance(field, models.JSONField):
            value = "[]" if value == [] else "{}"
        if isinstance(value, bool):
            value = str(value).lower() if connection.vendor == "postgresql" else int(value)
        found[field.column] = held(
            value if value is None or isinstance(value, datetime | int) else str(value)
        )
    del found["id"]
    return found


def _insert(cursor: Any, row: Any, own: Mapping[str, str], source: str) -> None:
    """Write rows that are like one, with columns of their own, from a source."""
    from django.db import connection

    quote = connection.ops.quote_name
    values = _alike(row) | dict(own)
    names = ", ".join(map(quote, values))
    cursor.execute(
        f"INSERT INTO {quote(row._meta.db_table)} ({names}) SELECT {', '.join(values.values())} {source}"
    )


def reckoned(portion: Portion, told: Told, now: datetime) -> int:
    """Write what the sweep would write for a portion; return how many slots there were. `tell` comes before it."""
    from django.db import connection, transaction

    words = WORDS[connection.vendor]
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in (*beside(portion, words), due(portion, told, now, words)):
            cursor.execute(statement)
        _outcomes(cursor, told, words)
        _messages(cursor, told, now)
        cursor.execute(SETTLED)
        _minutes(cursor, told)
        _chained(cursor, told, now, words)
        make_up = told.like["MakeUp"]
        cursor.execute(
            TURNED.format(next_due=held(make_up.act_at), edition=make_up.calendar.number)
        )
        cursor.execute(SERIES.format(mark=literal(MARK), year=now.year))
        cursor.execute("SELECT count(*) FROM due")
        (count,) = cursor.fetchone()
        for name in ("due", "sent", "filed", "sat"):
            cursor.execute(f"DROP TABLE {name}")
    return int(count)


def _outcomes(cursor: Any, told: Told, words: Words) -> None:
    """Write notices, outcomes and duties."""
    kinds = "CASE due.position WHEN 'deemed_absence' THEN {0} ELSE {1} END"
    kind = kinds.format("'DOC15'", "'DOC14'")
    title = "(SELECT name FROM documents_paperkind AS sort WHERE sort.code = " + kind + ")"
    _insert(cursor, told.like["Paper"], {
        "book_id": "due.book_id", "kind": kind, "title": title, "number": "due.number", "code": "due.code",
        "content": words.json("due.content"), "content_sha256": words.digest("due.content"),
    }, "FROM due WHERE due.deemed ORDER BY due.place")  # fmt: skip
    _insert(cursor, told.like["Opinion"], {
        "slot_id": "due.id", "stands_in_id": "due.id", "paper_id": "paper.id", "position": "due.position",
        "red_line": "due.red", "effective_at": "due.effective_at", "proof": words.json("due.proof"),
        "mark_basis": "due.basis", "mark_approver": "due.approver",
    }, "FROM due LEFT JOIN documents_paper AS paper ON due.deemed AND paper.number = due.number "
       "ORDER BY due.place")  # fmt: skip
    _insert(cursor, told.like["MakeUp"], {
        "book_id": "due.book_id", "slot_id": "due.id", "opinion_id": "drawn.id",
    }, f"FROM due {DRAWN} WHERE due.deemed")  # fmt: skip


def _sentence(msgid: str, names: Mapping[str, tuple[str, str]]) -> tuple[str, str]:
    """Return a sentence in Chinese and English, with columns in its places, as SQL."""
    from django.utils import translation
    from django.utils.translation import gettext

    found = []
    for nth, language in enumerate(("zh-hans", "en")):
        with translation.override(language):
            text = literal(gettext(msgid))
        for name, own in names.items():
            text = text.replace(f"%({name})s", f"' || {own[nth]} || '")
        found.append(text)
    return found[0], found[1]


def _labels(column: str) -> tuple[str, str]:
    from django.utils import translation

    from benchmarks.wording import chosen
    from prereview.stages import DEEMED, Position

    said = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            said.append(chosen(column, {name: str(Position(name).label) for name in DEEMED}))
    return said[0], said[1]


def _messages(cursor: Any, told: Told, now: datetime) -> None:
    """Tell each default's department, its enterprise and the supervisors."""
    from django.utils import timezone

    from prereview.services.telling import DEFAULTED

    day = literal(timezone.localdate(now).isoformat())
    subject, english = _sentence(DEFAULTED, {
        "project": ("due.project_name",) * 2, "department": ("due.office", "due.office_en"),
        "position": _labels("due.position"),
    })  # fmt: skip
    _insert(cursor, told.like["Message"], {
        "to_id": "person.id", "subject": subject, "subject_en": english, "link": "due.link",
        "key": "'default:' || drawn.id || '>' || person.id",
    }, f"FROM due {DRAWN} JOIN accounts_membership AS person ON (person.organisation_id IN "
       "(due.department_id, due.enterprise_id) OR person.role = 'supervisor') "
       f"AND person.valid_from <= {day} AND (person.valid_to IS NULL OR person.valid_to >= {day}) "
       "WHERE due.deemed")  # fmt: skip


def _minutes(cursor: Any, told: Told) -> None:
    """Start the limits of the minutes, let them pass, and tell the supervisors of each."""
    from approvals.services.timeouts import OVERDUE
    from core.deadlines.rules import RULES

    _insert(cursor, told.like["StageLimit"], {
        "book_id": "filing.book_id", "filing_id": "filing.id", "started_at": "minutes.started_at",
        "due_at": "minutes.due_at", "escalated_at": "minutes.due_at",
    }, "FROM minutes JOIN approvals_filing AS filing ON filing.id = minutes.filing")  # fmt: skip
    named = _spoken(RULES["P5c"].name)
    subject, english = _sentence(OVERDUE, {"project": ("filing.project_name",) * 2, "limit": named})
    _insert(cursor, told.like["Alarm"], {
        "to_id": "person.id", "subject": subject, "subject_en": english,
        "link": "'/cases/' || filing.public_id || '/'",
        "key": "'escalated:approvals.stagelimit:' || late.id || ':P5c>' || person.id",
    }, f"{LATE} JOIN accounts_membership AS person ON person.role = 'supervisor'")  # fmt: skip


def _spoken(label: Any) -> tuple[str, str]:
    from django.utils import translation

    said = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            said.append(literal(str(label)))
    return said[0], said[1]


def _chained(cursor: Any, told: Told, now: datetime, words: Words) -> None:
    """Write for each default its entries, chained."""
    from core.ledger.models import GENESIS

    opinion, quoted = told.like["Opinion"], words.quoted
    outcome = put({
        "department": quoted("due.department"), "item": quoted("due.item"), "kind": "'\"meeting\"'",
        "effective_at": words.instant("due.effective_at"), "proof": quoted(words.digest("due.proof")),
    }, {name: opinion.proof[name] for name in ("calendar", "rulebook")})  # fmt: skip
    kind = "CASE due.position WHEN 'deemed_absence' THEN 'DOC15' ELSE 'DOC14' END"
    paper = put({
        "kind": quoted(kind), "paper": quoted("due.number"), "sha256": quoted("paper.content_sha256"),
    })  # fmt: skip
    by = opinion.given_by
    cursor.execute(CHAINED.format(
        outcome=outcome, paper=paper, late=literal('{"item":"","rule":"P5c"}'), now=held(now), by=by.pk,
        book=quoted("book"), actor=literal(f'","{by.reference}",'), event=words.instant("event_at"),
        entered=words.instant(held(now)), said=quoted("payload"), link=words.link, genesis=literal(GENESIS),
    ))  # fmt: skip


def same(portion: Portion, told: Told) -> None:
    """Fail unless every row of a portion says what the sweep writes there, column by column."""
    ours = rows_of(portion)
    for table, rows in told.rows.items():
        for mine, theirs in zip(ours[table], rows, strict=True):
            assert mine == theirs, f"{table}: {mine} is not {theirs}"
