"""Many rows written by columns, in one statement for some hundred of them, whatever they say.

On PostgreSQL each column is one array, and what is the same in all rows is said once; SQLite is given one statement
and the values of each row. What comes in is what the database stores: `core.rows` asks the fields for it.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models

PORTION = 500  # rows in one statement
Columns = Sequence[Sequence[Any]]


def draw_keys(model: type[models.Model], count: int) -> list[int]:
    """Return the keys of the next rows of a table: from its sequence, or of the one writer that SQLite has."""
    table = model._meta.db_table
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        if connections[DEFAULT_DB_ALIAS].vendor == "postgresql":
            draw = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
            cursor.execute(draw, [f'"{table}"', count])
            return [key for (key,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = (cursor.fetchone() or (0,))[0]
        return list(range(last + 1, last + 1 + count))


def insert(
    model: type[models.Model], fields: Sequence[Any], columns: Columns, *, once: bool = False
) -> None:
    """Write new rows, in their order; with `once` a row that says again what is unique is left out."""
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    names = ", ".join(quote(field.column) for field in fields)
    head = f"INSERT INTO {quote(model._meta.db_table)} ({names})"
    _each_portion(fields, columns, head + " {values}" + " ON CONFLICT DO NOTHING" * once)


def update(model: type[models.Model], names: Sequence[str], columns: Columns) -> None:
    """Change columns of rows, the first of them the key by which each is found."""
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    all_fields: list[Any] = [model._meta.get_field(name) for name in names]
    key, *fields = all_fields
    table = quote(model._meta.db_table)
    if connections[DEFAULT_DB_ALIAS].vendor == "postgresql":
        said = ", ".join(f"{quote(field.column)} = given.c{n}" for n, field in enumerate(fields, 1))
        sql = f"UPDATE {table} SET {said} FROM ({{values}}) AS given WHERE {table}.id = given.c0"  # noqa: S608 - names of our tables
        _each_portion([key, *fields], columns, sql)
        return
    said = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        rows = list(zip(*columns[1:], columns[0], strict=True))
        cursor.executemany(f"UPDATE {table} SET {said} WHERE id = %s", rows)  # noqa: S608 - names of our tables


def _each_portion(fields: Sequence[Any], columns: Columns, sql: str) -> None:
    connection = connections[DEFAULT_DB_ALIAS]
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            row = f"VALUES ({', '.join(['%s'] * len(fields))})"
            cursor.executemany(sql.format(values=row), list(zip(*columns, strict=True)))
            return
        kinds = [_kind(field, connection.vendor) for field in fields]
        for first in range(0, len(columns[0]), PORTION):
            portion = [column[first : first + PORTION] for column in columns]
            marks, values = _arrays(kinds, portion)
            cursor.execute(sql.format(values=marks), values)


@cache
def _kind(field: Any, _vendor: str) -> str:
    """Return the type of a column, without the length that a cast would cut a text to."""
    return str(field.rel_db_type(connections[DEFAULT_DB_ALIAS])).partition("(")[0]


def _arrays(kinds: Sequence[str], columns: Columns) -> tuple[str, list[Any]]:
    """Return a read of some rows, and its values: an array for each column, but one value where all are the same."""
    said, arrays, own, shared = [], [], [], []
    for place, (kind, column) in enumerate(zip(kinds, columns, strict=True)):
        if place and column.count(column[0]) == len(column):
            said.append(f"%s::{kind} AS c{place}")
            shared.append(column[0])
        else:
            said.append(f"g.c{place}")
            arrays.append((place, kind))
            own.append(array(column))
    given = ", ".join(f"%s::{kind}[]" for _place, kind in arrays)
    names = ", ".join(f"c{place}" for place, _kind in arrays)
    return f"SELECT {', '.join(said)} FROM unnest({given}) AS g({names})", [*shared, *own]  # noqa: S608 - types of our columns


def array(values: Sequence[Any]) -> Any:
    """Return values as PostgreSQL reads an array; what is not all numbers, all texts or all instants does psycopg."""
    kinds = set(map(type, values))
    if kinds == {int}:
        return "{" + ",".join(map(str, values)) + "}"
    if kinds == {datetime}:
        return '{"' + '","'.join(map(str, values)) + '"}'
    if kinds != {str}:
        return list(values)
    text = "\0".join(values)
    if text.count("\0") != len(values) - 1:  # no text may hold it: the database says so
        return list(values)
    return '{"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\0", '","') + '"}'
