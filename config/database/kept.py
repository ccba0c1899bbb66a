"""Selects that are put together once: what a statement reads, joins and is ordered by is the same however it is asked.

Django puts the list of columns, the joins and the order of a statement together anew for each query: a third of the
processor's time of a page. All of it follows from the shape of the query, so it is kept by that shape. The conditions
are put together by Django each time: what is asked for is never kept. A query out of the ordinary (expressions beside
the columns, groups, distinct, unions) is Django's altogether; so is every other kind of statement.
"""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db.models.expressions import Col, Value
from django.db.models.sql.datastructures import BaseTable, Join
from django.db.models.sql.query import Query

MOST = 4000  # shapes in a process; a site has some hundreds


@dataclass(frozen=True, eq=False)
class Made:
    """What follows from a shape: the columns and how they are read, and the text before and after the conditions."""

    select: Any
    klass_info: Any
    annotation_col_map: Any
    head: str
    head_params: tuple[Any, ...]
    order: str
    order_params: tuple[Any, ...]
    held: tuple[Any, ...]  # what the shape names by its place in memory must not go away


MADE: dict[Any, Made | None] = {}  # None: of this shape Django puts each together
NEW: Any = object()


def shape_of(query: Any) -> tuple[tuple[Any, ...], tuple[Any, ...]] | None:
    """Return all that the text of a select depends on beside its conditions, and what it names; None: Django's own."""
    plain: Any = Query
    if (
        type(query) is not plain
        or query.distinct or query.combinator or query.group_by is not None
        or query.select_for_update_of or query.explain_info
        or query.extra or query.extra_tables or query.extra_order_by
        or query._filtered_relations  # noqa: SLF001 - joins with conditions of their own
    ):  # fmt: skip
        return None
    added = _added(query)
    columns = _columns(query.select)
    joins = _joins(query)
    ordered = all(type(name) is str and name != "?" for name in query.order_by)
    if added is None or columns is None or joins is None or not ordered:
        return None
    names, only = query.deferred_loading
    shape = (
        query.model, query.default_cols, added, columns[0], joins[0], query.order_by,
        None if query.selected is None else tuple(query.selected.items()),
        _frozen(query.select_related), frozenset(names), only,
        query.default_ordering, query.standard_ordering, query.alias_prefix,
        tuple(query.external_aliases.items()),
    )  # fmt: skip
    return shape, columns[1] + joins[1]


def _added(query: Any) -> tuple[Any, ...] | None:
    """Return what is read beside the columns: nothing, or the 1 of a question whether there is any; None: other."""
    if not query.annotations:
        return ()
    if list(query.annotations) != ["a"] or list(query.annotation_select) != ["a"]:
        return None
    one = query.annotations["a"]
    return ("a", 1) if type(one) is Value and type(one.value) is int and one.value == 1 else None


def _columns(select: Any) -> tuple[tuple[Any, ...], tuple[Any, ...]] | None:
    if any(type(column) is not Col for column in select):
        return None
    fields = tuple(field for column in select for field in (column.target, column.output_field))
    return tuple((c.alias, id(c.target), id(c.output_field)) for c in select), fields


def _joins(query: Any) -> tuple[tuple[Any, ...], tuple[Any, ...]] | None:
    said: list[tuple[Any, ...]] = []
    fields: list[Any] = []
    for alias, table in query.alias_map.items():
        counted = query.alias_refcount[alias]
        if type(table) is BaseTable:
            said.append((alias, counted, table.table_name, table.table_alias))
        elif type(table) is Join and table.filtered_relation is None:
            fields.append(table.join_field)
            said.append((
                alias, counted, table.table_name, table.table_alias, table.parent_alias, table.join_type,
                table.nullable, id(table.join_field),
            ))  # fmt: skip
        else:
            return None
    return tuple(said), tuple(fields)


def _frozen(related: Any) -> Any:
    if isinstance(related, dict):
        return tuple((name, _frozen(below)) for name, below in related.items())
    return related


class Kept:
    """Before Django's compiler of selects: a shape that was met before is not put together again."""

    made: Made | None = None
    col_count: int | None

    def as_sql(self: Any, with_limits: bool = True, with_col_aliases: bool = False) -> Any:
        """Return statement and values, as Django's own does; raises EmptyResultSet where nothing can be found."""
        found = None if with_col_aliases or not self._may_lock() else shape_of(self.query)
        if (
            found is None
            or self.query.where.contains_aggregate
            or self.query.where.contains_over_clause
        ):
            return super().as_sql(with_limits, with_col_aliases)  # type: ignore[misc]
        shape, held = (self.connection.vendor, *found[0]), found[1]
        if (made := MADE.get(shape, NEW)) is NEW:
            if len(MADE) >= MOST:
                MADE.pop(next(iter(MADE)), None)  # the one known longest
            made = MADE[shape] = self._put_together(held)
        if made is None:
            return super().as_sql(with_limits, with_col_aliases)  # type: ignore[misc]
        self.made, self.where, self.having, self.qualify = made, self.query.where, None, None
        self.select, self.klass_info = made.select, made.klass_info
        self.annotation_col_map, self.col_count = made.annotation_col_map, len(made.select)
        self.has_extra_select = False
        return self._filled_in(made, with_limits=with_limits)

    def _locks(self: Any) -> bool:
        """Whether the rows are locked: where a database knows no such lock, Django leaves the word out."""
        return bool(self.query.select_for_update and self.connection.features.has_select_for_update)

    def _may_lock(self: Any) -> bool:
        """Whether a lock, if one is wanted, is no mistake; what is one, Django says."""
        features = self.connection.features
        return not self._locks() or not (
            self.connection.get_autocommit() or features.for_update_after_from
        )

    def _filled_in(self: Any, made: Made, *, with_limits: bool) -> Any:
        parts, values = [made.head], [*made.head_params]
        try:
            where, asked = self.compile(self.where)
        except EmptyResultSet:
            if self.elide_empty:
                raise
            where, asked = "0 = 1", []
        except FullResultSet:
            where, asked = "", []
        if where:
            parts.append(f"WHERE {where}")
            values.extend(asked)
        if made.order:
            parts.append(made.order)
            values.extend(made.order_params)
        if with_limits and self.query.is_sliced:
            low, high = self.query.low_mark, self.query.high_mark
            parts.append(self.connection.ops.limit_offset_sql(low, high))
        if self._locks():
            lock = self.connection.ops.for_update_sql(
                nowait=self.query.select_for_update_nowait,
                skip_locked=self.query.select_for_update_skip_locked,
                no_key=self.query.select_for_no_key_update,
            )
            parts.append(lock)
        return " ".join(parts), tuple(values)

    def _put_together(self: Any, held: tuple[Any, ...]) -> Made | None:
        """Let Django put everything but the conditions together; the query stays as it was."""
        before = self.query.alias_refcount.copy()
        try:
            extra, order_by, group_by = self.pre_sql_setup()
            from_, from_params = self.get_from_clause()
        finally:
            self.query.reset_refcounts(before)
        if extra or group_by or self.having or self.qualify or not from_:
            return None
        quote, columns, values = self.connection.ops.quote_name, [], []
        for _column, (sql, params), alias in self.select:
            columns.append(f"{sql} AS {quote(alias)}" if alias else sql)
            values.extend(params)
        ordered = ", ".join(sql for _by, (sql, _params, _is_ref) in order_by or ())
        return Made(
            select=self.select, klass_info=self.klass_info, annotation_col_map=self.annotation_col_map,
            head=" ".join(["SELECT", ", ".join(columns), "FROM", *from_]),
            head_params=(*values, *from_params),
            order=ordered and f"ORDER BY {ordered}",
            order_params=tuple(v for _by, (_sql, params, _ref) in order_by or () for v in params),
            held=held,
        )  # fmt: skip

    def get_converters(self: Any, expressions: Any) -> Any:
        """Return how the columns of an answer are read: of a shape, once for each connection."""
        made = self.made
        own = made is not None and len(expressions) == len(made.select)
        if not own or any(
            e is not kept[0] for e, kept in zip(expressions, made.select, strict=True)
        ):
            return super().get_converters(expressions)  # type: ignore[misc]
        known = vars(self.connection).setdefault("kept_converters", {})
        if made not in known:
            if len(known) >= MOST:
                known.pop(next(iter(known)))
            known[made] = super().get_converters(expressions)  # type: ignore[misc]
        return known[made]
