"""What the rows of many defaults cost a database at the least: written in few statements, from those of one default.

Two floors. `copied` copies the rows as they are and reckons nothing. `reckoned` does for each default what its rows
bind it to: it puts the department, the item, the hour and the number into notice and proof, digests the notice, says
both in the ledger, and chains each book's entries (by an aggregate of our own, as a window function). It reads
no rule, counts no day, checks no person and no paper: what a default is, it does not know.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from benchmarks.silences import Portion

DUE = (
    "CREATE TEMPORARY TABLE due AS SELECT slot.id, slot.book_id, book.code AS book, "
    "row_number() OVER (PARTITION BY slot.book_id ORDER BY slot.id) AS nth, "
    "office.name AS office, office.code AS department, coalesce(item.code, '') AS item, "
    "filing.project_name AS project, slot.filing_id, slot.\"default\" = 'deemed' AS deemed, "
    "CAST(slot.due_at AS text) AS due_at, CAST(agenda.closed_at AS text) AS closed_at "
    "FROM prereview_slot AS slot JOIN ledger_book AS book ON book.id = slot.book_id "
    "JOIN accounts_organisation AS office ON office.id = slot.department_id "
    "JOIN approvals_filing AS filing ON filing.id = slot.filing_id "
    "JOIN prereview_agendaitem AS agenda ON agenda.id = slot.agenda_id "
    "LEFT JOIN approvals_checklistitem AS item ON item.id = slot.item_id "
    "WHERE slot.id > %s AND slot.id < %s AND slot.ended_at IS NULL"
)
SETTLED = "UPDATE prereview_slot SET state = 'settled', ended_at = %s, act_at = NULL"
TURNED = (
    "UPDATE ledger_book SET sequence = (SELECT max(sequence) FROM ledger_entry AS e WHERE e.book_id = ledger_book.id), "
    "head = {head}, next_due = NULL WHERE id IN (SELECT book_id FROM due)"
)
LAST = (
    "(SELECT digest FROM ledger_entry AS e WHERE e.book_id = ledger_book.id "
    "ORDER BY sequence DESC LIMIT 1)"
)
DRAWN = "(SELECT id FROM prereview_opinion AS drawn WHERE drawn.stands_in_id = due.id)"
PAPER = "(SELECT id FROM documents_paper AS paper WHERE paper.number = 'F' || due.id)"
SLOT, BOOK, NAME, NAMES = "due.id", "due.book_id", "'F' || due.id", "'F' || due.id || '-' || k.n"
FACTS = "due.office || due.due_at || '前未提出意见，本项议程于' || due.closed_at || '结束'"
# By database: a content with values of its own, a digest, a text as JSON, and the chain of a window.
WORDS = {
    "sqlite": {
        "content": "json_set(kept.content, '$.number', 'F' || due.id, '$.department', due.office, '$.facts_text', "
        f"{FACTS}, '$.project.name', due.project, '$.matters[0].item', due.item, "
        "'$.effective_text', due.due_at, '$.verify_url', 'https://example.invalid/' || due.id)",
        "proof": "json_set(kept.proof, '$.department', due.department, '$.item', due.item, '$.due_at', due.due_at, "
        "'$.closed_at', due.closed_at, '$.effective_at', due.due_at)",
        "digest": "sha256({})",
        "quoted": "json_quote({})",
        "chain": "chain(head)",
    },
    "postgresql": {
        "content": "kept.content || jsonb_build_object('number', 'F' || due.id, 'department', due.office, "
        f"'facts_text', {FACTS}, 'project', kept.content->'project' || jsonb_build_object('name', due.project), "
        "'matters', jsonb_build_array(kept.content->'matters'->0 || jsonb_build_object('item', due.item)), "
        "'effective_text', due.due_at, 'verify_url', 'https://example.invalid/' || due.id)",
        "proof": "kept.proof || jsonb_build_object('department', due.department, 'item', due.item, "
        "'due_at', due.due_at, 'closed_at', due.closed_at, 'effective_at', due.due_at)",
        "digest": "encode(sha256(convert_to(CAST({} AS text), 'UTF8')), 'hex')",
        "quoted": "CAST(to_json(CAST({} AS text)) AS text)",
        "chain": "pg_temp.chain(head)",
    },
}
LINK = (
    "CREATE OR REPLACE FUNCTION pg_temp.link(before text, head text) RETURNS text LANGUAGE sql IMMUTABLE AS "
    "$$SELECT encode(sha256(convert_to(head || before || '\"]', 'UTF8')), 'hex')$$; "
    "CREATE OR REPLACE AGGREGATE pg_temp.chain(text) (SFUNC = pg_temp.link, STYPE = text, INITCOND = '{genesis}')"
)
CHAINED = (
    "INSERT INTO ledger_entry (book_id, sequence, act, actor_id, event_at, entered_at, payload, previous, digest) "
    "WITH k(n) AS (SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3), "
    "said AS (SELECT due.book_id, due.book, "
    "row_number() OVER (PARTITION BY due.book_id ORDER BY due.nth, k.n) AS place, "
    "CASE k.n WHEN 1 THEN 'deemed_timeout' WHEN 2 THEN 'issue_paper' ELSE 'escalate' END AS act, CASE k.n WHEN 1 THEN "
    '\'{{"department":"\' || due.department || \'","item":"\' || due.item || \'","kind":"meeting"}}\' '
    'WHEN 2 THEN \'{{"kind":"DOC14","paper":"F\' || due.id || \'","sha256":"\' || paper.content_sha256 || \'"}}\' '
    'ELSE \'{{"item":"","rule":"P5c"}}\' END AS payload FROM due CROSS JOIN k '
    "LEFT JOIN documents_paper AS paper ON paper.number = 'F' || due.id "
    "WHERE k.n = 1 OR (k.n = 2 AND due.deemed) OR (k.n = 3 AND due.nth = 1)), "
    "bound AS (SELECT book_id, place, act, payload, '[' || {code} || ',' || place || ',\"' || act || %s || "
    "{said} || ',\"' AS head FROM said), "
    "linked AS (SELECT *, {chain} OVER w AS digest FROM bound WINDOW w AS (PARTITION BY book_id ORDER BY place)) "
    "SELECT book_id, place, act, %s, %s, %s, payload, "
    "coalesce(lag(digest) OVER (PARTITION BY book_id ORDER BY place), %s), digest FROM linked"
)


class Chain:
    """The digest of each entry of a book over that of the entry before: for SQLite, which asks at every row."""

    def __init__(self) -> None:
        """Begin a book."""
        from core.ledger.models import GENESIS

        self.digest = GENESIS

    def step(self, head: str) -> None:
        """Bind the next entry."""
        self.digest = sha256(f'{head}{self.digest}"]')

    def value(self) -> str:
        """Return the digest of the entry that was bound last."""
        return self.digest

    finalize = value

    def inverse(self, head: str) -> None:
        """Nothing leaves a window that begins where its book begins."""
        raise NotImplementedError(head)


def sha256(text: str) -> str:
    """Return the SHA-256 of a text, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Like:
    """The default whose rows are copied, the limit that followed it, and how many messages told of one of each."""

    opinion: Any
    limit: Any
    entry: Any
    message: Any
    messages: dict[str, int]  # by department
    alarm: Any
    alarms: int

    @classmethod
    def of(cls, swept: Portion) -> "Like":
        """Take one of a portion that the sweep has written."""
        from approvals.models import StageLimit
        from core.ledger.models import Entry
        from core.notify.models import Message
        from prereview.models import Opinion

        drawn = Opinion.objects.filter(slot__in=swept.slots(), paper__isnull=False).order_by("pk")
        begun = StageLimit.objects.filter(book__in=swept.books(), escalated_at__isnull=False)
        limit = begun.order_by("-pk")[0]
        told = {
            one.slot.department.code: Message.objects.filter(key__startswith=f"default:{one.pk}>")
            for one in drawn.select_related("slot__department")[:60]
        }
        alarms = Message.objects.filter(
            key__startswith=f"escalated:approvals.stagelimit:{limit.pk}:"
        )
        entry = Entry.objects.filter(book__in=swept.books()).order_by("-pk")[0]
        counts = {code: messages.count() for code, messages in told.items()}
        first = next(iter(told.values()))[0]
        return cls(drawn[0], limit, entry, first, counts, alarms[0], alarms.count())


def write(portion: Portion, like: Like, now: datetime, *, reckons: bool) -> int:
    """Write for each open slot of a portion the rows that one default wrote; return how many slots there were."""
    from django.db import connection, transaction

    from prereview.models import Opinion

    stored: Any = connection.ops.adapt_datetimefield_value(now)
    with transaction.atomic(), connection.cursor() as cursor:
        _taught(cursor)
        cursor.execute(DUE, [portion.above, portion.below])
        cursor.execute(f"{SETTLED} WHERE id IN (SELECT id FROM due)", [stored])
        _outcomes(cursor, like, WORDS[connection.vendor] if reckons else {})
        if reckons:
            _chained(cursor, like, now)
        else:
            _unchained(cursor, like)
        cursor.execute(TURNED.format(head=LAST if reckons else "'F'"))
        cursor.execute("DROP TABLE due")
    assert not portion.slots().filter(ended_at=None).exists()
    return Opinion.objects.filter(slot__in=portion.slots()).count()


def _outcomes(cursor: Any, like: Like, words: dict[str, str]) -> None:
    """Write notices, outcomes, duties and messages; without words for their contents these are copied."""
    from approvals.models import StageLimit
    from core.documents.models import Paper
    from core.notify.models import Message
    from prereview.models import MakeUp, Opinion

    own, digest, proof = {}, {}, {}
    if words:
        own, proof = {"content": words["content"]}, {"proof": words["proof"]}
        digest = {"content_sha256": words["digest"].format("own.content")}
    one, duty = like.opinion, like.opinion.make_up.pk
    deemed, last = "due.deemed", "due.nth = 1"
    _copies(
        cursor, Paper, one.paper_id, 1, own, deemed, number=NAME, code=NAME, book_id=BOOK, **digest
    )
    _copies(cursor, Opinion, one.pk, 1, slot_id=SLOT, stands_in_id=SLOT, paper_id=PAPER, **proof)
    _copies(cursor, MakeUp, duty, 1, where=deemed, opinion_id=DRAWN, slot_id=SLOT, book_id=BOOK)
    each = " ".join(f"WHEN '{code}' THEN {count}" for code, count in like.messages.items())
    told = f"due.deemed AND k.n <= CASE due.department {each} END"
    most = max(like.messages.values())
    _copies(cursor, Message, like.message.pk, most, where=told, key=NAMES)
    filing, alarm = "due.filing_id", f"'E' || {NAMES}"
    _copies(cursor, StageLimit, like.limit.pk, 1, where=last, filing_id=filing, book_id=BOOK)
    _copies(cursor, Message, like.alarm.pk, like.alarms, where=last, key=alarm)


def _unchained(cursor: Any, like: Like) -> None:
    """Copy entries, each at its place in its book, bound to nothing."""
    from core.ledger.models import Entry

    place = "due.nth * 3 + k.n"
    at = {"book_id": BOOK, "sequence": place, "digest": NAMES}
    which = "(k.n = 1 OR (k.n = 2 AND due.deemed) OR (k.n = 3 AND due.nth = 1))"
    _copies(cursor, Entry, like.entry.pk, 3, where=which, **at)


def _taught(cursor: Any) -> None:
    """Teach the connection what the statements ask."""
    from django.db import connection

    from core.ledger.models import GENESIS

    if connection.vendor == "sqlite":
        connection.connection.create_function("sha256", 1, sha256, deterministic=True)
        connection.connection.create_window_function("chain", 1, Chain)
    else:
        cursor.execute(LINK.format(genesis=GENESIS))


def _chained(cursor: Any, like: Like, now: datetime) -> None:
    """Write for each due slot its entries, chained."""
    from django.db import connection
    from django.utils import timezone

    from core.ledger.models import GENESIS

    words = WORDS[connection.vendor]
    stored: Any = connection.ops.adapt_datetimefield_value(now)
    instant = timezone.localtime(now).isoformat()
    code, said = words["quoted"].format("book"), words["quoted"].format("payload")
    bound = f'","{like.entry.actor.reference}","{instant}","{instant}",'
    sql = CHAINED.format(code=code, said=said, chain=words["chain"])
    cursor.execute(sql, [bound, like.entry.actor_id, stored, stored, GENESIS])


def _copies(
    cursor: Any,
    model: Any,
    row: int,
    times: int,
    own: dict[str, str] | None = None,
    where: str = "",
    **changed: str,
) -> None:
    """Copy a row for due slots, so many times, some columns changed; `own` are reckoned once, for other columns."""
    from django.db import connection

    quote, own = connection.ops.quote_name, own or {}
    names = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    values = {name: f"kept.{quote(name)}" for name in names} | changed
    values |= {name: f"own.{quote(name)}" for name in own}
    columns = ", ".join(quote(name) for name in names)
    reckoned = ", ".join([*(f"{value} AS {quote(name)}" for name, value in own.items()), "due.id"])
    cursor.execute(
        f"WITH RECURSIVE k(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM k WHERE n < {times}), "
        f"own AS MATERIALIZED (SELECT {reckoned} FROM due, {model._meta.db_table} AS kept WHERE kept.id = %s) "
        f"INSERT INTO {model._meta.db_table} ({columns}) SELECT {', '.join(values[name] for name in names)} "
        f"FROM due JOIN own ON own.id = due.id CROSS JOIN k "
        f"CROSS JOIN {model._meta.db_table} AS kept WHERE kept.id = %s"
        + f" AND {where}"
        * bool(where),
        [row, row],
    )
