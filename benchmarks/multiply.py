"""A walked case copied as often as one likes, by the database itself: rows with new keys and names, references kept.

Copied is what belongs to the case: its book, its sessions and their books, and every row that refers to one of
these. Not copied: ledger entries (a copy's chain is empty), papers, messages and files.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models

from approvals.models import Filing
from core.documents.models import Attachment, Paper
from core.ledger.models import GENESIS, Book, Entry
from core.notify.models import Message

STEP = 1_000_000  # keys of the n-th copy are those of the first case plus n steps
LEFT_OUT = (Entry, Message, Paper, Attachment)
Owned = dict[type[models.Model], set[int]]


def _belongs(filing: Filing) -> Owned:
    """Return the rows of a case, by model."""
    sessions = {item.session for item in filing.agenda_items.select_related("session")}
    books = {filing.book_id, *(session.book_id for session in sessions)}
    owned: Owned = {Filing: {filing.pk}, Book: books}
    for session in sessions:
        owned.setdefault(type(session), set()).add(session.pk)
    while _referring(owned):
        pass
    return owned


def _references(model: type[models.Model]) -> Iterable[models.ForeignKey[Any, Any]]:
    return (field for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey))


def _referring(owned: Owned) -> bool:
    """Add the rows that refer to a row already owned; say whether there were any."""
    found = False
    for model in apps.get_models():
        if model in LEFT_OUT or model._meta.app_label in ("admin", "auth", "sessions"):
            continue
        for field in _references(model):
            keys = owned.get(field.related_model)  # type: ignore[arg-type]
            if not keys:
                continue
            rows = model._base_manager.filter(**{f"{field.name}__in": keys})
            more = set(rows.values_list("pk", flat=True)) - owned.get(model, set())
            if more:
                owned.setdefault(model, set()).update(more)
                found = True
    return found


def _unique(model: type[models.Model]) -> set[str]:
    """Return the names of the text columns of which no two rows may have the same value."""
    named = {field.name for field in model._meta.fields if field.unique}
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and len(constraint.fields) == 1:
            named |= set(constraint.fields)
    return {n for n in named if isinstance(model._meta.get_field(n), models.CharField)}


def _value(field: Any, owned: Owned, unique: set[str]) -> str:
    """Return what the n-th copy has in a column, in SQL."""
    column = connection.ops.quote_name(field.column)
    moved = f"{column} + n * {STEP}"
    if field.primary_key:
        return moved
    if isinstance(field, models.ForeignKey) and field.related_model in owned:
        keys = ", ".join(str(key) for key in owned[field.related_model])
        return f"CASE WHEN {column} IN ({keys}) THEN {moved} ELSE {column} END"
    if field.name in unique:
        room = (field.max_length or 200) - 8
        return f"CASE WHEN {column} = '' THEN '' ELSE 'k' || n || '-' || substr({column}, 1, {room}) END"
    return column


@contextmanager
def _no_triggers(cursor: Any) -> Iterator[None]:
    """A case begins as a draft, says the database; a copy does not. Its triggers are off while copies are written."""
    if connection.vendor == "postgresql":
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = DEFAULT")
        return
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    triggers = cursor.fetchall()
    for name, _sql in triggers:
        cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}")
    yield
    for _name, sql in triggers:
        cursor.execute(sql)


def multiply(filing: Filing, copies: int, after: int = 0) -> None:
    """Write so many copies of a case, its ledger heads at nought; `after` so many that were written before."""
    owned = _belongs(filing)
    checks_off = connection.constraint_checks_disabled()
    with checks_off, connection.cursor() as cursor, _no_triggers(cursor):
        for model, keys in owned.items():
            _copy(cursor, model, keys, owned, (after + 1, after + copies))
        Book.objects.filter(pk__gt=STEP).update(sequence=0, head=GENESIS)
        for statement in connection.ops.sequence_reset_sql(no_style(), list(owned)):
            cursor.execute(statement)


def _copy(
    cursor: Any, model: type[models.Model], keys: set[int], owned: Owned, numbers: tuple[int, int]
) -> None:
    fields, unique = model._meta.concrete_fields, _unique(model)
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    values = ", ".join(_value(field, owned, unique) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    wanted = ", ".join(str(key) for key in keys)
    cursor.execute(
        "WITH RECURSIVE k(n) AS (SELECT CAST(%s AS BIGINT) UNION ALL SELECT n + 1 FROM k WHERE n < %s) "
        f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table}, k WHERE id IN ({wanted})",
        list(numbers),
    )
